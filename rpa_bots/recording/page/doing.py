"""How is each kind of step done, whatever page it is on? What cannot be done ends the row with a sentence."""

import re
from collections.abc import Callable
from time import monotonic
from typing import Final

from playwright.sync_api import ElementHandle, Error, Frame, Page

from rpa_bots import charset
from rpa_bots.recording.page import acting
from rpa_bots.recording.page.carrying import FIRST_ERROR
from rpa_bots.recording.page.endings import Ending, Proposed, StoppedError
from rpa_bots.recording.page.finding import Found, glances
from rpa_bots.recording.page.uploading import NotToBeUploadedError, put_files
from rpa_bots.recording.page.visit import Visit, standing_otherwise
from rpa_bots.recording.tape.addresses import is_start_page
from rpa_bots.recording.tape.binding import PASSWORD, is_bound
from rpa_bots.recording.tape.steps import (
    Change,
    Click,
    Close,
    CustomStep,
    DoubleClick,
    EmulateNetworkConditions,
    Hover,
    KeyDown,
    KeyUp,
    Navigate,
    OnElement,
    Scroll,
    SetViewport,
    Step,
    WaitForElement,
    WaitForExpression,
)
from rpa_bots.recording.tape.submit_step import presses, says_it_changes

UTF_8: Final = "UTF-8"
SPACE: Final = " "
PRESSES_NOTHING: Final = "登録しそうなボタンは、照会では押しません"


class Doing:
    """Does the steps of one visit."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._entered: tuple[int, int, Found] | None = None
        """The step that went into a field, what had happened until then, and the field."""

    def do(self, step: Step) -> None:
        """Do any step but the registering one. Raises StoppedError."""
        match step:
            case Navigate():
                self._go(step)
            case Change():
                self._change(step)
            case Click() if self._only_enters(step):
                self._enter(step)
            case Click() | DoubleClick() | Hover():
                self._press(step)
            case KeyDown() | KeyUp():
                self._press_key(step)
            case WaitForElement():
                self._await_element(step)
            case WaitForExpression():
                self._await_expression(step)
            case _:
                self._change_the_window(step)

    def _press(self, step: Click | DoubleClick | Hover) -> None:
        found = self.found(step)
        if found.described.type == "file":
            return  # the box is filled by its own step; nobody chooses in a window of the browser
        if not isinstance(step, Hover):
            self.must_only_look(found)
        self.acted(found.frame.page, step, lambda: press(step, found, self._visit.plan.ms(step)))

    def _press_key(self, step: KeyDown | KeyUp) -> None:
        page = self._page_of(step)
        if presses(step) or step.key == SPACE:
            self._must_only_look_by_key(page)
        self.acted(page, step, lambda: press_key(step, page))

    def _only_enters(self, step: Click) -> bool:
        """Tell whether a press is into what the very next step fills in, as recordings of typing are."""
        steps, place = self._visit.plan.recording.steps, self._visit.place
        recorded, after = steps[place], steps[place + 1] if place + 1 < len(steps) else None
        return (
            isinstance(recorded, Click)
            and isinstance(after, Change)
            and step.button == "primary"
            and not step.asserted_events
            and (recorded.target, recorded.frame, recorded.selectors) == (after.target, after.frame, after.selectors)
        )

    def _enter(self, step: Click) -> None:
        visit, found = self._visit, self.found(step)
        if not acting.is_typed_into(found.described):
            self._must_not_change(found)
            self.acted(found.frame.page, step, lambda: press(step, found, visit.plan.ms(step)))
            return
        before = visit.happenings
        self.acted(found.frame.page, step, lambda: acting.enter(found.element))
        if found.proposal is None:
            self._entered = visit.place, before, found

    def _just_entered(self) -> Found | None:
        """Give the field that the step before has found and gone into, while the page is the same."""
        entered, self._entered = self._entered, None
        if entered is None or (entered[0] + 1, entered[1]) != (self._visit.place, self._visit.happenings):
            return None
        return entered[2]

    def _change(self, step: Change) -> None:
        if entered := self._just_entered():
            try:
                self._put(step, entered)
            except StoppedError:
                if acting.is_there(entered.element):
                    raise
            else:
                return
        self._put(step, self.found(step))

    def _change_the_window(self, step: Step) -> None:
        match step:
            case SetViewport():
                acting.set_viewport(self._page_of(step), step)
            case EmulateNetworkConditions():
                acting.slow_down(self._visit.context, self._page_of(step), step)
            case Close():
                self._page_of(step).close()
            case Scroll():
                self._scroll(step)
            case CustomStep():
                pass  # of somebody else's runner, or a mark of ours

    def found(self, step: OnElement) -> Found:
        """Find the element of a step; what a person must look at is noted. Raises StoppedError."""
        visit = self._visit
        try:
            value = step.value if isinstance(step, Change) else None
            found = visit.finder.element(step, visit.plan.ms(step), value)
        except StoppedError as stopped:
            visit.look_for_nothing()
            if visit.finder.last_proposal and not self._sign_in_is_asked():
                visit.proposed.append(Proposed(visit.place + 1, visit.finder.last_proposal))
            raise self._as_sign_in(stopped) from None
        if found.proposal:
            visit.proposed.append(Proposed(visit.place + 1, found.proposal))
        return found

    def must_only_look(self, found: Found) -> None:
        """Let a recording that only looks press nothing that says it registers, and ask for what was put in alone.

        Raises StoppedError.
        """
        if self._visit.plan.looks is None:
            return
        self._must_not_change(found)
        self._visit.about_to_press()

    def _must_not_change(self, found: Found) -> None:
        """A box or a choice is only ticked: its words say what is asked for."""
        chooses = found.described.tag == "select" or found.described.type in acting.WITHOUT_TEXT
        if self._visit.plan.looks is None or chooses:
            return
        if any(map(says_it_changes, acting.words_pressed(found.element))):
            raise StoppedError(Ending.REFUSED, PRESSES_NOTHING)

    def _must_only_look_by_key(self, page: Page) -> None:
        """The Enter key presses where the caret stands, or the button of the form around it. Raises StoppedError."""
        if self._visit.plan.looks is None:
            return
        if any(says_it_changes(word) for frame in page.frames for word in acting.words_pressed_by_key(frame)):
            raise StoppedError(Ending.REFUSED, PRESSES_NOTHING)
        self._visit.about_to_press()

    def acted(self, page: Page, step: Step, act: Callable[[], None], seconds: float = 0.0) -> None:
        """Act, let what was sent be carried, and wait for the change of pages that was recorded.

        `seconds`: how long something may take to happen where no change was recorded. Raises StoppedError.
        """
        already = len(self._visit.carrier.answers)
        try:
            self._act(page, step, act, seconds)
        finally:
            self._visit.note_what_was_sent(already)
        self._visit.look_for_nothing()

    def _act(self, page: Page, step: Step, act: Callable[[], None], seconds: float) -> None:
        visit, before = self._visit, self._visit.happenings
        try:
            act()
        except Error:
            if not page.is_closed() or page is visit.main:  # a popup may close in its own click
                raise
        awaits = bool(step.asserted_events)
        until = monotonic() + (visit.plan.ms(step) / 1000 if awaits else seconds)
        visit.carrier.carry()
        if visit.carrier.refused:
            raise StoppedError(Ending.DONE, "リハーサル: 送信の手前まで終わりました(送信はしていません)")
        for glance in glances():
            if visit.happenings != before or page.is_closed() or visit.dialogs.has_unknown or monotonic() >= until:
                break
            visit.pause(glance)
        if page.is_closed():
            return
        if visit.happenings != before:
            page.wait_for_load_state("domcontentloaded", timeout=visit.plan.answer_seconds * 1000)
        elif awaits and not visit.dialogs.has_unknown:
            raise StoppedError(Ending.FAILED, "録画のときのように画面が切り替わりません")

    def _as_sign_in(self, stopped: StoppedError) -> StoppedError:
        """Say what it is where the page asks for a password: tried once more, an account may be locked."""
        if not self._sign_in_is_asked():
            return stopped
        if self._visit.typed_password:
            return StoppedError(Ending.FAILED, "サインインを断られたようです", stops_all=True)
        return StoppedError(Ending.FAILED, "サインインの画面が出ました")

    def _sign_in_is_asked(self) -> bool:
        return self._visit.finder.report is not None and self._visit.finder.report.asks_password

    def _go(self, step: Navigate) -> None:
        if is_start_page(step.url):
            return
        visit = self._visit
        place = visit.finder.page(step, visit.plan.ms(step))
        frame = place.main_frame if isinstance(place, Page) else place
        address, timeout = visit.plan.addresses.today(step.url), visit.plan.answer_seconds * 1000
        try:
            answer = frame.goto(address, wait_until="domcontentloaded", timeout=timeout)
        except Error:
            raise StoppedError(Ending.FAILED, "対象システムから応答がありません") from None
        if answer is not None and answer.status >= FIRST_ERROR:
            raise StoppedError(Ending.FAILED, f"対象システムがエラー({answer.status})を返しました")

    def _put(self, step: Change, found: Found) -> None:
        visit = self._visit
        recorded, element = visit.plan.recording.steps[visit.place], found.element
        if found.described.type == "file":
            self._put_files(step, found)
            return
        value = self._password(step, recorded) if found.described.type == "password" else step.value
        if value == PASSWORD:
            raise StoppedError(Ending.REFUSED, about(element, "はパスワードの欄ではないため、パスワードを入れません"))
        _must_be_carried(value, found)
        if is_bound(recorded):
            visit.carrier.watch()
        try:
            wanted = acting.put(found.frame.page, element, found.described, value, visit.plan.ms(step))
        except acting.DoesNotFitError:
            raise StoppedError(Ending.REFUSED, about(element, "に入れられない値です(選択肢、日付)")) from None
        except Error:
            raise StoppedError(Ending.FAILED, about(element, "に入力できません")) from None
        field = acting.Field(visit.place, found.frame, visit.pages_shown, element, wanted)
        if standing_otherwise([field]):
            raise StoppedError(Ending.REFUSED, about(element, "に値が入りきらないか、別の値になります"))
        visit.fields[step.frame, step.selectors] = field

    def _put_files(self, step: Change, found: Found) -> None:
        visit, element = self._visit, found.element
        if not visit.plan.steps_by_place[visit.place].uploads:
            raise StoppedError(Ending.REFUSED, about(element, ": どのファイルを入れるか、録画に書かれていません"))
        try:
            uploads = visit.plan.uploads(step.value) if step.value.strip() else ()
        except NotToBeUploadedError as refused:
            raise StoppedError(Ending.REFUSED, str(refused)) from None
        if not uploads:
            raise StoppedError(Ending.REFUSED, about(element, "に入れるファイルが、この記録にありません"))
        visit.carrier.watch()
        try:
            wanted = put_files(element, uploads, visit.plan.ms(step))
        except Error:
            raise StoppedError(Ending.REFUSED, about(element, "に、このファイルを入れられません")) from None
        visit.fields[step.frame, step.selectors] = acting.Field(
            visit.place, found.frame, visit.pages_shown, element, wanted
        )

    def _password(self, step: Change, recorded: Step) -> str:
        if is_bound(recorded):
            raise StoppedError(Ending.REFUSED, "パスワードの欄に、データの列は入れられません")
        self._visit.typed_password = self._visit.carrier.lets_sign_in = True
        if step.value != PASSWORD:
            return step.value
        if self._visit.plan.password is None:
            raise StoppedError(Ending.FAILED, "パスワードが渡されていません", stops_all=True)
        return self._visit.plan.password.reveal()

    def _scroll(self, step: Scroll) -> None:
        timeout = self._visit.plan.ms(step)
        if step.selectors:
            element = self._visit.finder.element(step, timeout).element
            element.evaluate("(element, [x, y]) => element.scrollTo(x, y)", [step.x, step.y])
        else:
            frame = self._visit.finder.frame(step, timeout)
            frame.evaluate("([x, y]) => window.scrollTo(x, y)", [step.x, step.y])

    def _await_element(self, step: WaitForElement) -> None:
        visit, until = self._visit, monotonic() + self._visit.plan.ms(step) / 1000
        while not self._is_there(step, visit.finder.frame(step, visit.plan.ms(step))):
            if monotonic() > until:
                visit.verdict = None
                raise self._as_sign_in(StoppedError(Ending.FAILED, "待っていた項目が現れません"))
            visit.pause()
        visit.is_proven()

    def _is_there(self, step: WaitForElement, frame: Frame) -> bool:
        try:
            return acting.wait_is_over(step, self._visit.finder.every(step, frame), frame)
        except Error:
            return False  # the page is being replaced

    def _await_expression(self, step: WaitForExpression) -> None:
        visit, timeout = self._visit, self._visit.plan.ms(step)
        try:
            visit.finder.frame(step, timeout).wait_for_function(step.expression, timeout=timeout)
        except Error:
            visit.verdict = None
            raise StoppedError(Ending.FAILED, "待っていたことが起きません") from None
        visit.is_proven()

    def _page_of(self, step: Step) -> Page:
        place = self._visit.finder.page(step, self._visit.plan.ms(step))
        return place if isinstance(place, Page) else place.page


def about(field: ElementHandle, said: str) -> str:
    """Give a sentence on a field, by the name that the browser calls it; asked only where there is something to say."""
    return f"「{acting.name_of(field)}」{said}"


def press(step: OnElement, found: Found, timeout_ms: float, *, carefully: bool = False) -> None:
    """Press or point at what was found, once. Raises Playwright's Error where it cannot be reached in time."""
    if isinstance(step, Click | DoubleClick):
        acting.press(step, found.frame.page, found.element, found.described, timeout_ms, carefully=carefully)
    else:
        found.element.hover(timeout=timeout_ms)


def press_key(step: KeyDown | KeyUp, page: Page) -> None:
    if isinstance(step, KeyDown):
        page.keyboard.down(step.key)
    else:
        page.keyboard.up(step.key)


def _must_be_carried(value: str, found: Found) -> None:
    """The browser corrupts what a Shift_JIS page cannot carry, without a word."""
    if found.charset == UTF_8:
        return
    if lost := charset.trouble(re.sub(r"[\r\n\t]", "", value)):
        raise StoppedError(Ending.REFUSED, f"対象システムで使えない文字があります: {' '.join(lost)}")
