"""How long does the house keep whom a list of grants names? Until no run is counted anew by it any more.

A list matters to the runs that began before its last day; those are counted for `take_up_days`, and for late lists some
time longer. Then its key is destroyed; the counts, and that there was a list, stay.
"""

from datetime import timedelta

from sqlalchemy import select

from backoffice.audiences.models import NoticeRun
from backoffice.identity import Actor, Origin
from backoffice.services import TOKYO
from backoffice.take_up.events import GrantsForgotten
from backoffice.take_up.models import GrantedList
from backoffice.vault import StoredFile
from backoffice.work import Office, Work

HOUSE = Actor.house(Origin.WORKER)
LATE_LISTS = timedelta(days=90)
"""So long after a run's days are over a list may still come in and be counted."""


def is_still_counted(work: Work, run: NoticeRun) -> bool:
    """Say whether a run is counted anew when a list comes in: all the lists that it rests on are there."""
    began = None if run.began_at is None else run.began_at.astimezone(TOKYO).date()
    return began is not None and began + _kept(work.office) >= work.today


def forget_old(office: Office) -> int:
    """Destroy the lists that no run needs any more, and give how many."""
    with office.unit(HOUSE) as work:
        old = (
            select(GrantedList, StoredFile)
            .join(StoredFile, StoredFile.id == GrantedList.file_id)
            .where(StoredFile.erased_at.is_(None), GrantedList.last_day < work.today - _kept(office))
        )
        found = work.session.execute(old.order_by(GrantedList.id).with_for_update(of=StoredFile)).all()
        for kept, file in found:
            office.files.erase(file, work.now)
            work.record(GrantsForgotten(kept.program_id, kept.id))
    return len(found)


def _kept(office: Office) -> timedelta:
    return timedelta(days=office.settings.take_up_days) + LATE_LISTS
