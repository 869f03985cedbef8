"""Who has this case open now?"""

from sqlalchemy import select

from backoffice.inbox.models import Presence
from backoffice.work import Work


def is_here(work: Work, case_id: int) -> None:
    """Note that the person has the case open; the page says so every half minute while it is visible."""
    mine = select(Presence).where(Presence.case_id == case_id, Presence.staff_id == work.actor.staff_id)
    known = work.session.scalars(mine).one_or_none()
    if known is None:
        work.session.add(Presence(case_id=case_id, staff_id=work.actor.staff_id, seen_at=work.now))
    else:
        known.seen_at = work.now
