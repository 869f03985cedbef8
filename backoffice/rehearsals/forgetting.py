"""How long is what a rehearsal showed kept? So many days after its end; that it was, and how it ended, stays."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from backoffice.identity import Actor, Origin
from backoffice.recordings import proposing
from backoffice.rehearsals.events import RehearsalErased
from backoffice.rehearsals.models import Rehearsal, RehearsedRow, RehearsedStep
from backoffice.work import Office, Work

HOUSE = Actor.house(Origin.WORKER)


def forget_old(office: Office) -> int:
    """Erase old rehearsals, destroying the keys of their pictures, and give how many; old proposals go as well."""
    days = office.settings.rehearsal_days
    with office.unit(HOUSE) as work:
        over = (Rehearsal.ended_at < work.now - timedelta(days=days), Rehearsal.erased_at.is_(None))
        steps = selectinload(Rehearsal.rows).selectinload(RehearsedRow.steps).selectinload(RehearsedStep.file)
        old = work.session.scalars(select(Rehearsal).where(*over).options(steps).order_by(Rehearsal.id)).all()
        for rehearsal in old:
            _erase(work, rehearsal)
        proposing.forget_old(work, days)
    return len(old)


def _erase(work: Work, rehearsal: Rehearsal) -> None:
    rows = [row.id for row in rehearsal.rows]
    pictures = [step.file for row in rehearsal.rows for step in row.steps if step.file is not None]
    for picture in pictures:
        work.office.files.erase(picture, work.now)
    work.session.execute(delete(RehearsedStep).where(RehearsedStep.row_id.in_(rows)))
    work.session.execute(delete(RehearsedRow).where(RehearsedRow.id.in_(rows)))
    rehearsal.erased_at = work.now
    work.record(RehearsalErased(rehearsal.id, len(pictures)))
