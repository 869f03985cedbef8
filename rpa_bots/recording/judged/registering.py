"""How is the one step done that registers? Once, with everything compared before, and judged by what is shown after."""

from time import monotonic
from typing import Final

from playwright.sync_api import Frame, Page

from rpa_bots.recording.judged.proof import After, judge, receipt_in
from rpa_bots.recording.page import acting
from rpa_bots.recording.page.doing import Doing, press, press_key
from rpa_bots.recording.page.endings import Ending, StoppedError
from rpa_bots.recording.page.finding import Found
from rpa_bots.recording.page.seeing import Shown, shown_in
from rpa_bots.recording.page.visit import Visit, bare, standing_otherwise
from rpa_bots.recording.tape.steps import Click, DoubleClick, KeyDown, Step

SENDING_SECONDS: Final = 2.0
"""How long it may take to send something where the recording saw no change of pages."""
SHOWING_SECONDS: Final = 1.0
"""How long a script that has its answer may take to show it."""
SHORT: Final = 3
"""Values no longer than this are numbers of options and the like."""
LEAVE_AND_COME_BACK: Final = """() => {
  const field = document.activeElement;
  if (field && field !== document.body) { field.blur(); field.focus({ preventScroll: true }); }
}"""


def how_it_ends_before(visit: Visit) -> tuple[Ending, str] | None:
    """Look whether it may be registered; give how the row ends where it may not, or in a rehearsal."""
    _let_go_of_fields(visit)
    wrong = standing_otherwise(visit.fields.values())
    if wrong:
        names = "、".join(dict.fromkeys(acting.name_of(each.element, f"手順{each.step + 1}の欄") for each in wrong))
        return Ending.REFUSED, f"入力した値と、欄に入っている値が違います: {names}"
    if visit.proposed:
        return Ending.FAILED, "画面が録画のときと違うため、登録の前で止めました。提案を確かめてください"
    if visit.plan.rehearse:
        return Ending.DONE, "リハーサル: 登録の手前まで終わりました(登録はしていません)"
    return None


def _let_go_of_fields(visit: Visit) -> None:
    """Let pages do now what they do when a field is left, not in the very click that registers."""
    newest = {field.frame: field for field in sorted(visit.fields.values(), key=lambda each: each.step)}
    for field in newest.values():
        if acting.is_there(field.element):
            field.frame.evaluate(LEAVE_AND_COME_BACK)


def register(visit: Visit, doing: Doing, step: Step) -> None:
    """Do the step that registers, once. Raises StoppedError where what is shown afterwards speaks against it."""
    found = doing.found(step) if isinstance(step, Click | DoubleClick) else None
    if found and found.proposal:
        raise StoppedError(Ending.FAILED, "登録のボタンが録画と違うため、押しませんでした。提案を確かめてください")
    visit.check_dialogs()
    page = found.frame.page if found else visit.main
    before, already = shown_in(found.frame if found else page.main_frame), len(visit.carrier.answers)
    if visit.plan.before_registering:
        visit.plan.before_registering(page)
    visit.carrier.watch()
    visit.registering = visit.carrier.registering = True
    try:
        doing.acted(page, step, lambda: _press(visit, step, found), SENDING_SECONDS)
    finally:
        visit.carrier.registering = False
    answers = visit.carrier.answers[already:]
    visit.check_dialogs(Ending.UNKNOWN if answers else Ending.REFUSED)
    frame = _frame_of_the_answer(visit, found, page)
    after = _shown_soon(visit, frame, before) if answers else shown_in(frame)
    visit.receipt = receipt_in(after.text, _known(visit), before.text)
    seen = After(before, after, step.asserted_events, answers, _form_is_back(visit, after), _values(visit))
    visit.verdict = judge(seen) if answers or before != after else None
    if visit.verdict and visit.verdict[0] is not Ending.DONE:
        raise StoppedError(*visit.verdict)


def _press(visit: Visit, step: Step, found: Found | None) -> None:
    if found and isinstance(step, Click | DoubleClick):
        press(step, found, visit.plan.ms(step), carefully=True)
    elif isinstance(step, KeyDown):
        press_key(step, visit.main)


def _frame_of_the_answer(visit: Visit, found: Found | None, page: Page) -> Frame:
    if page.is_closed() or found is None:
        return visit.main.main_frame
    return page.main_frame if found.frame.is_detached() else found.frame


def _shown_soon(visit: Visit, frame: Frame, before: Shown) -> Shown:
    """Give a script that has its answer a moment to show it: until then the page says what it said before."""
    until = monotonic() + SHOWING_SECONDS
    after = shown_in(frame)
    while after == before and monotonic() < until:
        visit.pause()
        after = shown_in(frame)
    return after


def _form_is_back(visit: Visit, after: Shown) -> bool:
    """Tell whether a new page offers to register the same values again: fields of it hold them."""
    values = {bare(field.wanted) for field in visit.fields.values() if len(bare(field.wanted)) > 1}
    if not values or any(acting.standing(visit.fields.values())):
        return False
    return bool(values & {bare(value) for value in after.standing})


def _known(visit: Visit) -> list[str]:
    return [*(field.wanted for field in visit.fields.values()), *visit.row.values()]


def _values(visit: Visit) -> list[str]:
    return [field.wanted for field in visit.fields.values() if len(field.wanted) > SHORT]
