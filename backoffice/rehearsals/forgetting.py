"""How long is what a rehearsal showed kept? So many days after its end; that it was, and how it ended, stays.

One whose worker never came back, and which nobody asked for again, ends here: what it showed must go as well.
"""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from backoffice.identity import Actor, Origin
from backoffice.recordings import proposing
from backoffice.rehearsals import keeping
from backoffice.rehearsals.events import RehearsalErased
from backoffice.rehearsals.models import Rehearsal, RehearsedRow, RehearsedStep
from backoffice.rehearsals.queries import is_silent
from backoffice.rehearsals.workflow import RehearsalState, WhyEnded
from backoffice.work import Office, Work

HOUSE = Actor.house(Origin.WORKER)


def forget_old(office: Office) -> int:
    """Erase old rehearsals, destroying the keys of their pictures, and give how many; old proposals go as well."""
    days = office.settings.rehearsal_days
    _end_the_silent(office)
    with office.unit(HOUSE) as work:
        over = (Rehearsal.ended_at < work.now - timedelta(days=days), Rehearsal.erased_at.is_(None))
        steps = selectinload(Rehearsal.rows).selectinload(RehearsedRow.steps).selectinload(RehearsedStep.file)
        old = work.session.scalars(select(Rehearsal).where(*over).options(steps).order_by(Rehearsal.id)).all()
        for rehearsal in old:
            _erase(work, rehearsal)
        proposing.forget_old(work, days)
    return len(old)


def _end_the_silent(office: Office) -> None:
    with office.unit(HOUSE) as work:
        under_way = select(Rehearsal).where(Rehearsal.state != RehearsalState.ENDED).order_by(Rehearsal.id)
        for rehearsal in work.session.scalars(under_way.with_for_update()):
            if is_silent(rehearsal, work.now):
                keeping.end(work, rehearsal.id, WhyEnded.BROKEN_OFF)


def _erase(work: Work, rehearsal: Rehearsal) -> None:
    rows = [row.id for row in rehearsal.rows]
    pictures = [step.file for row in rehearsal.rows for step in row.steps if step.file is not None]
    for picture in pictures:
        work.office.files.erase(picture, work.now)
    work.session.execute(delete(RehearsedStep).where(RehearsedStep.row_id.in_(rows)))
    work.session.execute(delete(RehearsedRow).where(RehearsedRow.id.in_(rows)))
    rehearsal.erased_at = work.now
    work.record(RehearsalErased(rehearsal.id, len(pictures)))
