"""How long are a night's pictures kept, and what it took home? So many days; what was stored, and when, stays."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from backoffice.automation.events import EvidenceErased, TakenHomeErased
from backoffice.automation.models import Evidence, WorkItem
from backoffice.automation.queue.change_models import QueueChange, QueueChangeItem
from backoffice.automation.queue.next_models import HandOn
from backoffice.automation.taken.models import ItemFile, ItemReading
from backoffice.automation.workflow import OPEN
from backoffice.db.among import among
from backoffice.identity import Actor, Origin
from backoffice.records.models import RecordFile
from backoffice.work import Office

HOUSE = Actor.house(Origin.WORKER)
AT_ONCE = 500
"""A unit each: a night keeps keying between two of them."""


def forget_old(office: Office) -> int:
    """Destroy the keys of old pictures and files, and give how many; of what still awaits people all is kept.

    What was read goes with them; the records that came of it stay in their lists.
    """
    erased = 0
    while (found := _forget_some(office)) > 0:
        erased += found
    while (found := _forget_some_files(office)) > 0:
        erased += found
    while _forget_some_readings(office) > 0:
        pass
    _forget_undos(office)
    return erased


def _forget_undos(office: Office) -> None:
    """Keep that something was changed about many items, but no longer how each stood: nobody undoes it by then."""
    with office.unit(HOUSE) as work:
        before = work.now - timedelta(days=office.settings.evidence_days)
        old = select(QueueChange.id).where(QueueChange.made_at < before)
        work.session.execute(delete(QueueChangeItem).where(QueueChangeItem.change_id.in_(old)))


def _forget_some_files(office: Office) -> int:
    """A file that answers a question of a record stays as that record's."""
    with office.unit(HOUSE) as work:
        over = ItemFile.taken_at < work.now - timedelta(days=office.settings.evidence_days)
        wanted = select(ItemFile).join(WorkItem, WorkItem.id == ItemFile.item_id)
        wanted = wanted.where(over, WorkItem.state.not_in(OPEN)).options(selectinload(ItemFile.file))
        old = work.session.scalars(wanted.order_by(ItemFile.id).limit(AT_ONCE)).all()
        answers = select(RecordFile.file_id).where(among(RecordFile.file_id, [each.file_id for each in old]))
        kept = set(work.session.scalars(answers))
        for each in old:
            if each.file_id not in kept:
                office.files.erase(each.file, work.now)
            work.session.delete(each)
        if old:
            work.record(TakenHomeErased(len(old)))
        return len(old)


def _forget_some_readings(office: Office) -> int:
    """What still waits to be told to the next bot is kept: it would go on without it, and nobody would see."""
    with office.unit(HOUSE) as work:
        over = ItemReading.read_at < work.now - timedelta(days=office.settings.evidence_days)
        wanted = select(ItemReading).join(WorkItem, WorkItem.id == ItemReading.item_id)
        waits = select(HandOn.item_id).where(HandOn.waits())
        wanted = wanted.where(over, WorkItem.state.not_in(OPEN), WorkItem.id.not_in(waits))
        old = work.session.scalars(wanted.limit(AT_ONCE)).all()
        for each in old:
            work.session.delete(each)
        if old:
            work.record(TakenHomeErased(len(old)))
        return len(old)


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
