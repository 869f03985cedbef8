"""By when is a step due? So many business days after it opened, or on the calendar day that the case itself names."""

from datetime import date, datetime

from backoffice.drawing.queries import closures
from backoffice.inbox.models import Case
from backoffice.work import Work
from workflows.calendar import add_business_days, closing, office_day
from workflows.routes import Step

Deadlines = tuple[datetime | None, datetime | None, datetime | None]


def deadlines(work: Work, case: Case, step: Step) -> Deadlines:
    """Give when a step that opens now is due, when it is reminded of, and when it goes further up.

    A day of the law runs over weekends and holidays and is not moved to the next working day: earlier is safe.
    """
    if step.due_days is None:
        return None, None, None
    closed = closures(work.session)
    day = due_day(case, step) or add_business_days(office_day(work.now), step.due_days, closed)
    remind = escalate = None
    if step.remind_days is not None:
        early = add_business_days(day, -step.remind_days, closed)
        remind = closing(max(early, add_business_days(office_day(work.now), 0, closed)))
    if step.escalate_days is not None:
        escalate = closing(add_business_days(day, step.escalate_days, closed))
    return closing(day), remind, escalate


def due_day(case: Case, step: Step) -> date | None:
    """Give the day that the case names for this step; None where the step asks for none, or the case says nothing."""
    said = case.answers["values"].get(step.due_fact) if step.due_fact is not None else None
    return date.fromisoformat(said) if isinstance(said, str) and said else None
