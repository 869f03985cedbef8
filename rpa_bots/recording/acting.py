"""How is one step done on the page? As a hand would, once; what cannot be done is told in the office's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from playwright.sync_api import BrowserContext, ElementHandle, Error, Frame, Page, Position

from rpa_bots.recording.looking import Element
from rpa_bots.recording.steps import Click, DoubleClick, EmulateNetworkConditions, SetViewport, WaitForElement

Button: TypeAlias = Literal["left", "middle", "right"]
BUTTONS: Final[Mapping[str, Button]] = {"primary": "left", "auxiliary": "middle", "secondary": "right"}
TYPED_INTO: Final = ("input", "textarea")
PRESSED: Final = ("submit", "button", "image", "reset", "checkbox", "radio", "file", "color", "range")
WITHOUT_TEXT: Final = ("checkbox", "radio")
ON: Final = ("on", "true", "1", "checked", "はい", "有", "あり", "○", "〇")
OFF: Final = ("", "off", "false", "0", "いいえ", "無", "なし", "×")
PICKED: Final = ("date", "time", "datetime-local", "month", "week", "color", "range")
"""Kinds of fields into which nobody types letter by letter."""
STANDING: Final = """element => element.type === "checkbox" || element.type === "radio" ? String(element.checked)
  : element.isContentEditable ? element.innerText : element.value"""
MATCHES: Final = """([all, count, operator, visible, properties, attributes]) => {
  const alike = (a, b) => a === b || (a instanceof Object && b instanceof Object &&
    Object.entries(a).every(([key, value]) => alike(value, b[key])));
  const enough = { ">=": all.length >= count, "==": all.length === count, "<=": all.length <= count }[operator];
  const fit = enough && all.every((element) =>
    Object.entries(attributes).every(([name, value]) => element.getAttribute(name) === value) &&
    Object.entries(properties).every(([name, value]) => alike(value, element[name])));
  return fit === visible;
}"""


@dataclass(frozen=True)
class Field:
    """What was put into a field, to be compared with what stands there before anything is registered."""

    step: int
    label: str
    element: ElementHandle
    wanted: str


class DoesNotFitError(ValueError):
    """A select has no such option, or a date field takes no such date."""


def press(step: Click | DoubleClick, element: ElementHandle, described: Element, timeout_ms: float) -> None:
    """Press where the recording pressed; in the middle where the element has become smaller since."""
    times = 2 if isinstance(step, DoubleClick) else 1
    if step.button not in BUTTONS:
        _press_at_the_side(step, element, times)
        return
    if described.tag in TYPED_INTO and described.type not in PRESSED and isinstance(step, Click):
        _enter(step, element)
        return
    element.click(
        button=BUTTONS[step.button],
        click_count=times,
        delay=step.duration or 0,
        position=_place(step, element),
        timeout=timeout_ms,
    )


def _enter(step: Click, element: ElementHandle) -> None:
    """Press into a field. What follows names the field itself, so nobody waits here until it stands still."""
    element.scroll_into_view_if_needed()
    frame, box = element.owner_frame(), element.bounding_box()
    if frame is None or box is None:
        raise Error("the element is not shown")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    frame.page.mouse.click(x, y, button=BUTTONS[step.button], delay=step.duration or 0)


def _press_at_the_side(step: Click | DoubleClick, element: ElementHandle, times: int) -> None:
    """Press the fourth or the fifth button of a mouse, which Playwright does not know."""
    element.scroll_into_view_if_needed()
    frame, box = element.owner_frame(), element.bounding_box()
    if frame is None or box is None:
        raise Error("the element is not shown")
    place = {"x": box["x"] + (step.offset_x or 1), "y": box["y"] + (step.offset_y or 1)}
    session = frame.page.context.new_cdp_session(frame.page)
    for what in ("mousePressed", "mouseReleased"):
        session.send("Input.dispatchMouseEvent", {"type": what, "button": step.button, "clickCount": times, **place})


def _place(step: Click | DoubleClick, element: ElementHandle) -> Position | None:
    if step.offset_x is None or step.offset_y is None:
        return None
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    inside = box is not None and 0 <= step.offset_x < box["width"] and 0 <= step.offset_y < box["height"]
    return {"x": step.offset_x, "y": step.offset_y} if inside else None


def put(element: ElementHandle, described: Element, value: str, timeout_ms: float) -> str:
    """Put a value into a field; this function will give what must stand there. Raises DoesNotFitError.

    The last letter is typed as a key: old pages look a postal code up when a key comes up again.
    """
    if described.tag == "select":
        return _select(element, value, timeout_ms)
    if described.type in WITHOUT_TEXT:
        return _tick(element, value, timeout_ms)
    if described.type in PICKED:
        return _pick(element, value, timeout_ms)
    if not value or "\n" in value:
        element.fill(value, timeout=timeout_ms)
        return value
    element.fill(value[:-1], timeout=timeout_ms)
    if described.tag not in {"input", "textarea"}:
        element.press("End")
    element.type(value[-1], timeout=timeout_ms)
    return value


def _tick(element: ElementHandle, value: str, timeout_ms: float) -> str:
    """A box or a button of several: said to be on or off, or by the value that it stands for."""
    ticked = value.strip().lower() in ON or value == element.get_attribute("value")
    if not ticked and value.strip().lower() not in OFF:
        raise DoesNotFitError
    element.set_checked(ticked, timeout=timeout_ms)
    return str(ticked).lower()


def _pick(element: ElementHandle, value: str, timeout_ms: float) -> str:
    element.wait_for_element_state("editable", timeout=timeout_ms)
    try:
        element.fill(value, timeout=timeout_ms)
    except Error:
        raise DoesNotFitError from None
    return value


def _select(element: ElementHandle, value: str, timeout_ms: float) -> str:
    """By the option's value, as recorded, or by what a person reads."""
    options: list[list[str]] = element.evaluate("e => [...e.options].map((o) => [o.value, o.label.trim()])")
    exact = [one for one, _ in options if one == value] or [one for one, label in options if label == value.strip()]
    if len(exact) != 1:
        raise DoesNotFitError
    element.select_option(value=exact[0], timeout=timeout_ms)
    return exact[0]


def standing(element: ElementHandle) -> str:
    return str(element.evaluate(STANDING)).replace("\r\n", "\n")


def wait_is_over(step: WaitForElement, elements: list[ElementHandle], frame: Frame) -> bool:
    """Tell whether what is waited for is so now: `visible: false` turns the question round, as the Recorder's does."""
    return bool(
        frame.evaluate(MATCHES, [elements, step.count, step.operator, step.visible, step.properties, step.attributes])
    )


def set_viewport(page: Page, step: SetViewport) -> None:
    page.set_viewport_size({"width": step.width, "height": step.height})
    if step.device_scale_factor != 1 or step.is_mobile or step.has_touch:
        session = page.context.new_cdp_session(page)
        shown = {"width": step.width, "height": step.height, "mobile": step.is_mobile}
        session.send("Emulation.setDeviceMetricsOverride", {**shown, "deviceScaleFactor": step.device_scale_factor})
        session.send("Emulation.setTouchEmulationEnabled", {"enabled": step.has_touch})


def slow_down(context: BrowserContext, page: Page, step: EmulateNetworkConditions) -> None:
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": not step.download and not step.upload,
            "latency": step.latency,
            "downloadThroughput": step.download or -1,
            "uploadThroughput": step.upload or -1,
        },
    )
