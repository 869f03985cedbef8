"""How do the days of a running case change? Another feature names new ones, and what waits is due anew."""

from collections.abc import Mapping

from sqlalchemy import select, update

from backoffice.inbox.due import deadlines, due_day
from backoffice.inbox.events import CaseRedated
from backoffice.inbox.models import Case, Task, TrayEntry
from backoffice.inbox.moving import add_entry, lock_case, route_of
from backoffice.inbox.workflow import WAITING, CaseState
from backoffice.work import Work
from forms.field_types import Value


def redate(work: Work, case_id: int, said: Mapping[str, Value], words: str) -> Case:
    """Write new days into a running case, by the keys of its form, and let the steps that wait be due by them.

    What else is said goes with them: a fact on which the days hang.

    What has been reminded of or passed on stays so. A case that is over keeps its days.
    """
    case = lock_case(work, case_id)
    if case.state != CaseState.RUNNING:
        return case
    case.answers = {"schema": 1, "values": case.answers["values"] | dict(said)}
    steps = route_of(case).steps
    for task in work.session.scalars(select(Task).where(Task.case_id == case.id, Task.state.in_(WAITING))):
        step = steps[task.step_id]
        if due_day(case, step) is not None:
            task.due_at, task.remind_at, task.escalate_at = deadlines(work, case, step)
            work.session.execute(update(TrayEntry).where(TrayEntry.task_id == task.id).values(sort_at=task.due_at))
    add_entry(work, case, "redated", words=words)
    work.record(CaseRedated(case.id))
    return case
