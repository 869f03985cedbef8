"""Where on the open pages is a step's element? Looked for until it is there or its time is over."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Final

from playwright.sync_api import BrowserContext, ElementHandle, Error, Frame, JSHandle, Page

from rpa_bots.recording.page.endings import Ending, StoppedError
from rpa_bots.recording.page.looking import Choice, Element, Proposal, Report, alike, choose, script
from rpa_bots.recording.tape.addresses import Addresses
from rpa_bots.recording.tape.steps import Alternatives, Change, OnElement, Scroll, Step

GLANCE_MS: Final = 25
LOADING_MS: Final = 250
PATIENCE_SECONDS: Final = 1.0
"""How long the first way may take to lead somewhere, once another does: pages build themselves piece by piece."""
FIRST_GLANCES_MS: Final = (2, 4, 8, 16)
"""Most pages are there at once; who waits longer looks less often."""
LOOK: Final = "(looker, asked) => looker.look(asked)"
Pause = Callable[[float], None]


def glances() -> Iterator[float]:
    """Give how long to wait before each further look, in milliseconds, without an end."""
    yield from FIRST_GLANCES_MS
    while True:
        yield GLANCE_MS


@dataclass(frozen=True)
class Found:
    frame: Frame
    element: ElementHandle
    described: Element
    charset: str
    proposal: Proposal | None


class Finder:
    """Of one row. `pause` lets the browser go on for a moment, with whatever must be done meanwhile."""

    def __init__(self, context: BrowserContext, main: Page, addresses: Addresses, pause: Pause) -> None:
        self._context = context
        self._main = main
        self._addresses = addresses
        self._pause = pause
        self._lookers: dict[Frame, JSHandle] = {}
        self.report: Report | None = None
        """What was seen at the last look."""
        self.last_proposal: Proposal | None = None
        """What a person may do where nothing was found."""

    def page(self, step: Step, timeout_ms: float) -> Page | Frame:
        """Wait for the page or frame of its own process that a step names. Raises StoppedError."""
        if step.target == "main":
            return self._main
        until = monotonic() + timeout_ms / 1000
        for glance in glances():
            if found := self._open(step.target, exactly=True):
                return found
            if monotonic() > until:
                break
            self._pause(glance)
        if found := self._open(step.target, exactly=False):
            return found
        raise StoppedError(Ending.FAILED, "録画のときに開いていた別の画面が開いていません")

    def _open(self, url: str, *, exactly: bool) -> Page | Frame | None:
        same = self._addresses.same if exactly else self._addresses.same_page
        pages = [page for page in self._context.pages if page is not self._main and same(url, page.url)]
        frames = [frame for page in self._context.pages for frame in page.frames[1:] if same(url, frame.url)]
        found: list[Page | Frame] = [*pages, *frames]
        return found[-1] if found and (exactly or len(found) == 1) else None

    def frame(self, step: Step, timeout_ms: float) -> Frame:
        """Wait for the frame that a step names: it is missing for a moment after each page. Raises StoppedError."""
        until = monotonic() + timeout_ms / 1000
        for glance in glances():
            place = self.page(step, max(0.0, (until - monotonic()) * 1000))
            if frame := _inner(place.main_frame if isinstance(place, Page) else place, getattr(step, "frame", ())):
                return frame
            if monotonic() > until:
                break
            self._pause(glance)
        raise StoppedError(Ending.FAILED, "録画のときにあった枠(フレーム)がありません")

    def element(self, step: OnElement | Scroll, timeout_ms: float, value: str | None = None) -> Found:
        """Wait for the one element that a step means. Raises StoppedError where there is none, or several."""
        ways: Alternatives = step.selectors or ()
        until, first_seen = monotonic() + timeout_ms / 1000, None
        for glance in glances():
            frame = self.frame(step, max(0.0, (until - monotonic()) * 1000))
            last_look = monotonic() > until
            looked = self._look(frame, step, value, drift=last_look or first_seen is not None)
            if looked is not None:
                looker, choice = looked
                first_seen = first_seen or monotonic()
                if choice.proposal is None or last_look or monotonic() - first_seen > PATIENCE_SECONDS:
                    return self._found(frame, looker, choice)
            elif last_look:
                break
            _let_it_load(frame)
            self._pause(glance)
        self._must_be_selectors()
        self.last_proposal = alike(ways, self.report) if self.report else None
        raise StoppedError(Ending.FAILED, self._why_not())

    def now(self, step: OnElement, timeout_ms: float) -> Found | None:
        """Look once for the one element that a step means; None where there is none, or only something like it."""
        looked = self._look(self.frame(step, timeout_ms), step, None, drift=False)
        if looked is None or looked[1].proposal is not None:
            return None
        return self._found(self.frame(step, timeout_ms), *looked)

    def every(self, step: OnElement, frame: Frame) -> list[ElementHandle]:
        """Give all elements of the first way that leads to any, shown or not."""
        looker = frame.evaluate_handle(script())
        handle = looker.evaluate_handle("(looker, ways) => looker.every(ways)", step.selectors)
        elements = (each.as_element() for each in handle.get_properties().values())
        return [each for each in elements if each is not None]

    def _look(
        self, frame: Frame, step: OnElement | Scroll, value: str | None, *, drift: bool
    ) -> tuple[JSHandle, Choice] | None:
        """Look once; a page that is just being replaced has nothing yet."""
        ways = step.selectors or ()
        try:
            looker, told = self._ask(frame, {"ways": ways, "fillable": isinstance(step, Change), "drift": drift})
        except Error:
            return None
        self.report = Report.model_validate(told)
        typed = (value if value is not None else step.value) if isinstance(step, Change) else None
        choice = choose(ways, self.report, typed)
        return (looker, choice) if choice else None

    def _ask(self, frame: Frame, asked: Mapping[str, object]) -> tuple[JSHandle, object]:
        """Ask what looks on the page of a frame; it goes with its page, and is brought into the next one."""
        if looker := self._lookers.pop(frame, None):
            with suppress(Error):
                told = looker.evaluate(LOOK, asked)
                self._lookers[frame] = looker
                return looker, told
        looker = frame.evaluate_handle(script())
        told = looker.evaluate(LOOK, asked)
        self._lookers[frame] = looker
        return looker, told

    def _found(self, frame: Frame, looker: JSHandle, choice: Choice) -> Found:
        report = self.report
        element = looker.evaluate_handle("(looker, place) => looker.at(place)", choice.element).as_element()
        if element is None or report is None:
            raise StoppedError(Ending.FAILED, "見つけた項目が画面から消えました")
        return Found(frame, element, report.elements[choice.element], report.charset, choice.proposal)

    def _must_be_selectors(self) -> None:
        if self.report and all(way.wrong for way in self.report.ways):
            raise StoppedError(Ending.FAILED, "この手順の見つけ方(selectors)の書き方が正しくありません")

    def _why_not(self) -> str:
        if self.report and any(way.count > 1 for way in self.report.ways):
            return "録画の項目が、画面に複数あって一つに決まりません"
        return "録画の項目が画面にありません"


def _let_it_load(frame: Frame) -> None:
    """Wait for a page that is just coming, for a moment: a look at half of one is in vain."""
    with suppress(Error):
        frame.wait_for_load_state("domcontentloaded", timeout=LOADING_MS)


def _inner(frame: Frame, places: tuple[int, ...]) -> Frame | None:
    for place in places:
        children = frame.child_frames
        if place >= len(children):
            return None
        frame = children[place]
    return frame
