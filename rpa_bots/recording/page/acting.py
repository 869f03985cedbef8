"""How is one step done on the page? As a hand would, once; what cannot be done is told in the office's words."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from playwright.sync_api import BrowserContext, ElementHandle, Error, FloatRect, Frame, Page, ViewportSize

from rpa_bots.recording.page.looking import Element
from rpa_bots.recording.tape.steps import Click, DoubleClick, EmulateNetworkConditions, SetViewport, WaitForElement

Button: TypeAlias = Literal["left", "middle", "right"]
BUTTONS: Final[Mapping[str, Button]] = {"primary": "left", "auxiliary": "middle", "secondary": "right"}
TYPED_INTO: Final = ("input", "textarea")
PRESSED: Final = ("submit", "button", "image", "reset", "checkbox", "radio", "file", "color", "range")
WITHOUT_TEXT: Final = ("checkbox", "radio")
ON: Final = ("on", "true", "1", "checked", "はい", "有", "あり", "○", "〇")
OFF: Final = ("", "off", "false", "0", "いいえ", "無", "なし", "×")
PICKED: Final = ("date", "time", "datetime-local", "month", "week", "color", "range")
"""Kinds of fields into which nobody types letter by letter."""
ENTERED: Final = """element => {
  element.scrollIntoViewIfNeeded();
  const box = element.getBoundingClientRect();
  const where = { bubbles: true, cancelable: true, composed: true, view: window, detail: 1,
    clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 };
  const tell = (kind, Kind) => element.dispatchEvent(new Kind(kind, where));
  tell("pointerdown", PointerEvent);
  if (tell("mousedown", MouseEvent)) element.focus({ preventScroll: true });
  tell("pointerup", PointerEvent);
  tell("mouseup", MouseEvent);
  tell("click", PointerEvent);
}"""
"""A press into a field, told to the page without a mouse: no picture is waited for, and nothing else can be hit."""
FREE: Final = """(element, [x, y]) => {
  element.scrollIntoViewIfNeeded();
  const box = element.getBoundingClientRect();
  const inside = x !== null && y !== null && x >= 0 && y >= 0 && x < box.width && y < box.height;
  const [across, down] = inside ? [x, y] : [box.width / 2, box.height / 2];
  const hit = element.getRootNode().elementFromPoint(box.x + across, box.y + down);
  const free = element.contains(hit) && !element.matches(":disabled") && !element.closest("[aria-disabled=true]") &&
    element.checkVisibility({ visibilityProperty: true }) && !document.getAnimations().length;
  return [free, inside];
}"""
"""Whether a press would reach the element as it stands now: shown, enabled, under nothing, nothing moving."""
READY: Final = """element => {
  if (element.matches(":disabled") || element.readOnly || !element.checkVisibility({ visibilityProperty: true })) {
    return false;
  }
  element.focus();
  element.select();
  return element.getRootNode().activeElement === element;
}"""
"""Whether a text can be typed into the field now; what stands there is marked then, as by a hand that types over it."""
WORDS: Final = """
  const AT_MOST = 40;
  const PRESSABLE = "button,a,area,summary,input,[onclick],[role=button],[role=link],[role=menuitem],[role=tab]";
  const textOf = (part) => (part.innerText ?? part.textContent ?? "").trim();
  const saidBy = (part) => [part.computedName, part.title, part.alt,
    ["submit", "button", "image"].includes(part.type) ? part.value : "",
    textOf(part).length > AT_MOST ? "" : textOf(part)];
  const wordsOf = (element) => {
    let around = element;
    while (around.parentElement && !textOf(around)) around = around.parentElement;
    const pressed = element.closest(PRESSABLE);
    return [element, around, pressed].filter(Boolean).flatMap(saidBy).filter(Boolean);
  };
"""
PRESSED_BY_HAND: Final = f"element => {{ {WORDS} return wordsOf(element); }}"
"""What a person reads on what a press here presses: an icon within a button is the button, whatever its own name."""
PRESSED_BY_KEY: Final = f"""() => {{ {WORDS}
  let active = document.hasFocus() ? document.activeElement : null;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  if (!active || active === document.body) return [];
  const typed = active.matches("input:not([type=submit],[type=button],[type=image],[type=reset])");
  if (!typed && active.closest(PRESSABLE)) return wordsOf(active);
  const button = [...(active.form?.elements ?? [])].find((each) => ["submit", "image"].includes(each.type));
  return button ? wordsOf(button) : [];
}}"""
"""What is read on what the Enter key presses: where the caret stands, or the first button of the form around it."""
STANDING: Final = """element => element.type === "checkbox" || element.type === "radio" ? String(element.checked)
  : element.isContentEditable ? element.innerText : element.value"""
ALL_STANDING: Final = f"elements => elements.map({STANDING})"
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
    frame: Frame
    pages_shown: int
    """How many pages had been shown by then: fields with the same number stand on the same ones."""
    element: ElementHandle
    wanted: str


def is_typed_into(described: Element) -> bool:
    return described.tag in TYPED_INTO and described.type not in PRESSED


class DoesNotFitError(ValueError):
    """A select has no such option, or a date field takes no such date."""


def press(
    step: Click | DoubleClick,
    page: Page,
    element: ElementHandle,
    described: Element,
    timeout_ms: float,
    *,
    carefully: bool,
) -> None:
    """Press where the recording pressed; in the middle where the element has become smaller since.

    `carefully`: watch it for some pictures before, and once more while it is pressed. Otherwise that is done only where
    one look does not show that the press arrives.
    """
    times = 2 if isinstance(step, DoubleClick) else 1
    if step.button not in BUTTONS:
        _press_at_the_side(step, page, element, times)
        return
    if is_typed_into(described) and isinstance(step, Click):
        _enter(step, page, element)
        return
    free, inside = element.evaluate(FREE, [step.offset_x, step.offset_y])
    element.click(
        button=BUTTONS[step.button],
        click_count=times,
        delay=step.duration or 0,
        position={"x": step.offset_x or 0, "y": step.offset_y or 0} if inside else None,
        force=free and not carefully,
        timeout=timeout_ms,
    )


def enter(element: ElementHandle) -> None:
    """Go into a field that the very next step fills in: the press only brings the caret there."""
    element.evaluate(ENTERED)


def _enter(step: Click, page: Page, element: ElementHandle) -> None:
    """Press into a field. What follows names the field itself, so nobody waits here until it stands still."""
    box = _shown_box(element)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(x, y, button=BUTTONS[step.button], delay=step.duration or 0)


def _press_at_the_side(step: Click | DoubleClick, page: Page, element: ElementHandle, times: int) -> None:
    """Press the fourth or the fifth button of a mouse, which Playwright does not know."""
    box = _shown_box(element)
    place = {"x": box["x"] + (step.offset_x or 1), "y": box["y"] + (step.offset_y or 1)}
    session = page.context.new_cdp_session(page)
    for what in ("mousePressed", "mouseReleased"):
        session.send("Input.dispatchMouseEvent", {"type": what, "button": step.button, "clickCount": times, **place})


def _shown_box(element: ElementHandle) -> FloatRect:
    """Bring an element into view; gives where it stands on the screen. Playwright's own way waits two pictures more."""
    element.evaluate("element => element.scrollIntoViewIfNeeded()")
    if (box := element.bounding_box()) is None:
        raise Error("the element is not shown")
    return box


def put(page: Page, element: ElementHandle, described: Element, value: str, timeout_ms: float) -> str:
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
    if described.tag in TYPED_INTO and element.evaluate(READY):
        if value[:-1]:
            page.keyboard.insert_text(value[:-1])
        page.keyboard.type(value[-1])
        return value
    element.fill(value[:-1], timeout=timeout_ms)
    if described.tag not in TYPED_INTO:
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


def name_of(element: ElementHandle, otherwise: str = "欄") -> str:
    """Give what the browser calls a field, for whoever must look; `otherwise` where it has no name, or is gone."""
    try:
        name = str(element.evaluate("element => element.computedName ?? ''"))
    except Error:
        return otherwise
    return " ".join(name.split()) or otherwise


def words_pressed(element: ElementHandle) -> list[str]:
    """Give what a person reads on what a press on the element presses; nothing where it is gone."""
    try:
        return [str(word) for word in element.evaluate(PRESSED_BY_HAND)]
    except Error:
        return []


def words_pressed_by_key(frame: Frame) -> list[str]:
    return [str(word) for word in frame.evaluate(PRESSED_BY_KEY)]


def is_there(element: ElementHandle) -> bool:
    """Tell whether an element still belongs to the page that is shown."""
    try:
        return bool(element.evaluate("element => element.isConnected"))
    except Error:
        return False


def standing(fields: Iterable[Field]) -> Iterator[tuple[Field, str]]:
    """Give what stands in the fields that still belong to a page that is shown; asked once a page, not once a field."""
    together: dict[tuple[Frame, int], list[Field]] = {}
    for field in fields:
        together.setdefault((field.frame, field.pages_shown), []).append(field)
    for (frame, _), group in together.items():
        with suppress(Error):  # of a page before this one
            told: list[str] = frame.evaluate(ALL_STANDING, [field.element for field in group])
            yield from zip(group, told, strict=True)


def wait_is_over(step: WaitForElement, elements: list[ElementHandle], frame: Frame) -> bool:
    """Tell whether what is waited for is so now: `visible: false` turns the question round, as the Recorder's does."""
    return bool(
        frame.evaluate(MATCHES, [elements, step.count, step.operator, step.visible, step.properties, step.attributes])
    )


def set_viewport(page: Page, step: SetViewport) -> None:
    size: ViewportSize = {"width": step.width, "height": step.height}
    if page.viewport_size != size:  # each change draws the page anew
        page.set_viewport_size(size)
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
