"""How long are a night's pictures kept? So many days after they were taken; what was stored, and when, stays."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from backoffice.automation.events import EvidenceErased
from backoffice.automation.models import Evidence, WorkItem
from backoffice.automation.workflow import OPEN
from backoffice.identity import Actor, Origin
from backoffice.work import Office

HOUSE = Actor.house(Origin.WORKER)
AT_ONCE = 500
"""A unit each: a night keeps keying between two of them."""


def forget_old(office: Office) -> int:
    """Destroy the keys of old pictures and give how many; of what still awaits people, a picture is kept."""
    erased = 0
    while (found := _forget_some(office)) > 0:
        erased += found
    return erased


def _forget_some(office: Office) -> int:
    with office.unit(HOUSE) as work:
        over = (
            Evidence.taken_at < work.now - timedelta(days=office.settings.evidence_days),
            WorkItem.state.not_in(OPEN),
        )
        wanted = select(Evidence).join(WorkItem, WorkItem.id == Evidence.item_id).where(*over)
        old = work.session.scalars(
            wanted.options(selectinload(Evidence.file)).order_by(Evidence.id).limit(AT_ONCE)
        ).all()
        for each in old:
            office.files.erase(each.file, work.now)
            work.session.delete(each)
        if old:
            work.record(EvidenceErased(len(old)))
        return len(old)
