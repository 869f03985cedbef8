"""How is a recording done for one row? Step by step, and once it may have registered, nothing is called a failure."""

from dataclasses import replace
from typing import Final

from playwright.sync_api import Browser, Error, ViewportSize

from rpa_bots.browser import HEIGHT, WIDTH
from rpa_bots.outcomes import TargetTroubleError
from rpa_bots.recording.judged.proof import DOUBLE, NOT_PROVEN, TROUBLE
from rpa_bots.recording.judged.registering import how_it_ends_before, register
from rpa_bots.recording.page.doing import Doing
from rpa_bots.recording.page.endings import Ended, Ending, Proposed, StoppedError
from rpa_bots.recording.page.taking import Taking
from rpa_bots.recording.page.visit import Plan, Visit
from rpa_bots.recording.tape.binding import Row, UnusableDataError, is_bound, masked, tells_of
from rpa_bots.recording.tape.steps import Click, DoubleClick, Recording, SetViewport
from rpa_bots.recording.tape.turns import Turn, turns, whatever_is_told

LOOKED: Final = "照会しました"
LOOKS_ONLY: Final = "登録しそうな手順があるため、照会では行いません"


def replay(browser: Browser, plan: Plan, row: Row) -> Ended:
    """Do the recording for one row, in a browser context of its own: nothing of the row before is left there.

    Whatever happens on the pages, it ends in one of the four words.
    """
    context = browser.new_context(viewport=_window(plan.recording), locale="ja-JP", service_workers="block")
    try:
        visit = Visit(context, plan, row)
        ending, message, stops_all = _walked(visit)
        if plan.onlooker:
            plan.onlooker.ended(visit, ending)
        told = whatever_is_told(plan.steps, row)
        proposed = tuple(_without_values(each, told) for each in visit.proposed)
        ended = Ended(ending, visit.place + 1, message, proposed, stops_all, visit.receipt)
        return (
            replace(ended, readings=visit.readings, files=tuple(visit.files), nothing=visit.nothing)
            if (ending is Ending.DONE)
            else ended
        )
    finally:
        context.close()


def _window(recording: Recording) -> ViewportSize:
    """Give the size of the window in which the recording begins."""
    sizes = (step for step in recording.steps if isinstance(step, SetViewport))
    first = next(sizes, None)
    return {"width": first.width, "height": first.height} if first else {"width": WIDTH, "height": HEIGHT}


def _without_values(proposed: Proposed, row: Row) -> Proposed:
    """What is proposed is for every row, and is shown: nobody's name stands in it, and no way that finds one row's."""
    said = proposed.proposal
    old = tuple(masked(part, row) for part in said.old)
    new = None if said.new is None or tells_of(said.new, row) else said.new
    label = "" if tells_of(masked(said.label, row), row) else masked(said.label, row)
    return replace(proposed, proposal=replace(said, old=old, new=new, label=label))


def _walked(visit: Visit) -> tuple[Ending, str, bool]:
    try:
        return *_steps(visit), False
    except StoppedError as stopped:
        return *_seen_from_registering(visit, stopped), stopped.stops_all
    except UnusableDataError as wrong:
        return *_seen_from_registering(visit, StoppedError(Ending.REFUSED, str(wrong))), False
    except TargetTroubleError as trouble:
        return *_seen_from_registering(visit, StoppedError(Ending.FAILED, trouble.reason)), False
    except Error:
        # Playwright's own texts quote what was typed, so they go no further.
        said = "対象システムの画面で、この手順ができませんでした"
        return *_seen_from_registering(visit, StoppedError(Ending.FAILED, said)), False


def _steps(visit: Visit) -> tuple[Ending, str]:
    plan = visit.plan
    bound = any(is_bound(step) for step in plan.recording.steps)
    hands = Hands(visit)
    visit.carrier.only_looks = plan.rehearse and plan.submit is None and plan.looks is None
    for turn in turns(plan.steps, visit.row):
        visit.place = turn.marked.place
        if plan.submit is None and (plan.rehearse or is_bound(turn.marked.step) or not bound):
            visit.carrier.watch()
        if early := _ends_before(visit):
            return early
        if visit.place == plan.submit:
            hands.must_have_read()
            register(visit, hands.doing, turn.step)
            continue
        hands.do(turn)
        visit.check_dialogs()
        if plan.onlooker:
            plan.onlooker.did(visit)
    visit.let_it_finish()
    hands.must_have_taken()
    if plan.submit is None:
        return Ending.DONE, LOOKED if plan.looks else "最後の手順まで終わりました"
    return visit.verdict or (Ending.UNKNOWN, NOT_PROVEN)


def _ends_before(visit: Visit) -> tuple[Ending, str] | None:
    """Give how the row ends before a step that may not be done; None where it may."""
    plan = visit.plan
    may_register = visit.place in plan.perhaps
    if plan.looks:
        return (Ending.REFUSED, LOOKS_ONLY) if may_register else None
    if visit.place == plan.submit or (plan.rehearse and may_register):
        return how_it_ends_before(visit)
    return None


class Hands:
    """What does the turns of one visit: presses and fills, reads, catches what falls."""

    def __init__(self, visit: Visit) -> None:
        self.doing = Doing(visit)
        self._taking = Taking(visit, self.doing)
        self._visit = visit

    def do(self, turn: Turn) -> None:
        """Do any turn but the registering one. Raises StoppedError."""
        if turn.marked.reading:
            self._taking.read(turn, turn.marked.reading)
        elif turn.marked.download:
            self._taking.receive(turn, turn.marked.download)
        elif turn.marked.turns:
            self._taking.turn_pages(turn)
        else:
            self.doing.do(turn.step)
            if turn.marked.repeat and isinstance(turn.step, Click | DoubleClick):
                self._visit.forget_what_a_list_took(turn.marked.block)

    def must_have_read(self) -> None:
        self._taking.must_have_read()

    def must_have_taken(self) -> None:
        """Raise StoppedError where a recording that only looks has brought nothing home."""
        visit = self._visit
        visit.look_for_nothing()
        self.must_have_read()
        declared = any(each.reading or each.download for each in visit.plan.steps)
        if visit.plan.looks and declared and not visit.readings and not visit.files:
            raise StoppedError(Ending.FAILED, "読み取る手順が、1つも行われませんでした")


def _seen_from_registering(visit: Visit, stopped: StoppedError) -> tuple[Ending, str]:
    """Before the registering step it is a failure; behind it never."""
    if visit.registering and visit.verdict and visit.verdict[0] is Ending.DONE:
        return Ending.DONE, f"{visit.verdict[1]}。その後の手順はできませんでした({stopped.message})"
    if (visit.registering or visit.may_have_registered) and stopped.ending is Ending.FAILED:
        return Ending.UNKNOWN, stopped.message
    if stopped.ending is Ending.FAILED and not stopped.stops_all:
        return _seen_on_the_page(visit, stopped.message)
    return stopped.ending, stopped.message


def _seen_on_the_page(visit: Visit, message: str) -> tuple[Ending, str]:
    """Say more where a page tells why the next step was not there; trying again helps nobody who is registered."""
    text = visit.everything_shown()
    if DOUBLE.search(text):
        return Ending.REFUSED, "登録の前に、すでに登録されていると表示されました"
    return Ending.FAILED, f"{message}(エラーのような画面が出ています)" if TROUBLE.search(text) else message
