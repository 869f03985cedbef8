"""How is a recording done for one row? Step by step, and once it may have registered, nothing is called a failure."""

from dataclasses import replace

from playwright.sync_api import Browser, Error, ViewportSize

from rpa_bots.browser import HEIGHT, WIDTH
from rpa_bots.outcomes import TargetTroubleError
from rpa_bots.recording.judged.proof import DOUBLE, NOT_PROVEN, TROUBLE
from rpa_bots.recording.judged.registering import how_it_ends_before, register
from rpa_bots.recording.page.doing import Doing
from rpa_bots.recording.page.endings import Ended, Ending, Proposed, StoppedError
from rpa_bots.recording.page.visit import Plan, Visit
from rpa_bots.recording.tape.binding import Row, filled, is_bound, masked, tells_of
from rpa_bots.recording.tape.steps import Recording, SetViewport


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
        proposed = tuple(_without_values(each, row) for each in visit.proposed)
        return Ended(ending, visit.place + 1, message, proposed, stops_all, visit.receipt)
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
    except TargetTroubleError as trouble:
        return *_seen_from_registering(visit, StoppedError(Ending.FAILED, trouble.reason)), False
    except Error:
        # Playwright's own texts quote what was typed, so they go no further.
        said = "対象システムの画面で、この手順ができませんでした"
        return *_seen_from_registering(visit, StoppedError(Ending.FAILED, said)), False


def _steps(visit: Visit) -> tuple[Ending, str]:
    doing, bound = Doing(visit), any(is_bound(step) for step in visit.plan.recording.steps)
    visit.carrier.only_looks = visit.plan.rehearse and visit.plan.submit is None
    for place, recorded in enumerate(visit.plan.recording.steps):
        visit.place = place
        step = filled(recorded, visit.row)
        if visit.plan.submit is None and (visit.plan.rehearse or is_bound(recorded) or not bound):
            visit.carrier.watch()
        if visit.plan.rehearse and place in visit.plan.perhaps and (early := how_it_ends_before(visit)):
            return early
        if place != visit.plan.submit:
            doing.do(step)
            visit.check_dialogs()
            if visit.plan.onlooker:
                visit.plan.onlooker.did(visit)
            continue
        if early := how_it_ends_before(visit):
            return early
        register(visit, doing, step)
    visit.let_it_finish()
    if visit.plan.submit is None:
        return Ending.DONE, "最後の手順まで終わりました"
    return visit.verdict or (Ending.UNKNOWN, NOT_PROVEN)


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
