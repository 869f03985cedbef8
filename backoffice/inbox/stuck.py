"""What comes due by itself and cannot be done: noted, tried again ever more seldom, and shown until it goes on."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, joinedload

from backoffice.errors import Overtaken, Unavailable
from backoffice.inbox.events import MatterMovesAgain, MatterStuck
from backoffice.inbox.models import CaseEntry, StuckMatter
from backoffice.web.translations import _
from backoffice.work import Work

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
DOUBLINGS = 6
SHOWN = 50
MOMENTS = 5
"""So often in a row a moment may be to blame."""


class Duty(StrEnum):
    """What the house does with cases unasked."""

    EFFECT = "effect"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    TIMER = "timer"


DUTY_NAMES = {
    Duty.EFFECT: _("発効"),
    Duty.REMINDER: _("期限の知らせ"),
    Duty.ESCALATION: _("上位への回付"),
    Duty.TIMER: _("時限"),
}


def is_momentary(trouble: Exception) -> bool:
    """Say whether it may be nobody's fault: a locked database, or a person who was quicker. The next tick tries again.

    What comes again at every tick is no moment: after `MOMENTS` in a row it is shown like any other.
    """
    return isinstance(trouble, OperationalError | Unavailable | Overtaken)


def may_be_tried(duty: Duty, record_id: ColumnElement[int], work: Work) -> ColumnElement[bool]:
    """Give the condition that a matter does not pause after having failed."""
    return ~exists().where(StuckMatter.duty == duty, StuckMatter.record_id == record_id, StuckMatter.next_at > work.now)


def note(work: Work, duty: Duty, record_id: int, case_id: int, trouble: Exception) -> None:
    """Keep that a matter failed; the case's story says so once, however often it is tried."""
    known = work.session.scalars(
        select(StuckMatter).where(StuckMatter.duty == duty, StuckMatter.record_id == record_id)
    ).one_or_none()
    if known is None:
        known = StuckMatter(duty=duty, record_id=record_id, case_id=case_id, since=work.now, tries=0, shown=False)
        work.session.add(known)
    known.tries += 1
    known.trouble = type(trouble).__name__[:80]
    if not known.shown and is_momentary(trouble) and known.tries < MOMENTS:
        known.next_at = work.now
        return
    if not known.shown:
        known.shown, known.tries = True, 1
        _add_line(work, case_id, "stuck")
        work.record(MatterStuck(case_id, str(duty), record_id))
    known.next_at = work.now + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(known.tries - 1, DOUBLINGS))


def forget_what_moved(work: Work, duty: Duty, still_due: Select[int]) -> None:
    """Take off the list what was done at last, and what is not due any more since people went on without it."""
    moved = work.session.scalars(
        select(StuckMatter).where(StuckMatter.duty == duty, StuckMatter.record_id.not_in(still_due))
    )
    for matter in moved.all():
        work.session.delete(matter)
        if not matter.shown:
            continue
        _add_line(work, matter.case_id, "moves_again")
        work.record(MatterMovesAgain(matter.case_id, str(duty), matter.record_id))


def is_any(session: Session, duty: Duty) -> bool:
    return session.scalars(select(StuckMatter.id).where(StuckMatter.duty == duty).limit(1)).first() is not None


def holds_up(session: Session, case_id: int) -> bool:
    held = select(StuckMatter.id).where(StuckMatter.case_id == case_id, StuckMatter.shown)
    return session.scalars(held.limit(1)).first() is not None


def count_all(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(StuckMatter).where(StuckMatter.shown)) or 0


def list_longest(session: Session) -> Sequence[StuckMatter]:
    """Give what has been waiting longest, with its case's number."""
    return session.scalars(
        select(StuckMatter)
        .where(StuckMatter.shown)
        .options(joinedload(StuckMatter.case))
        .order_by(StuckMatter.since, StuckMatter.id)
        .limit(SHOWN)
    ).all()


def _add_line(work: Work, case_id: int, kind: str) -> None:
    work.session.add(CaseEntry(case_id=case_id, at=work.now, kind=kind))
