"""Requests of persons for tests that look at pages: of one registrant, each decided but the last."""

from __future__ import annotations

from backoffice.consents.models import RegistrantLook
from backoffice.rights import service
from backoffice.rights.service import Asked
from backoffice.rights.workflow import Identity, RightsKind, RightsOutcome
from backoffice.work import Work

NOBODY = 2_000_000_000


def add_requests(work: Work, look_id: object, count: int) -> dict[str, object]:
    """Take so many requests at the counter; the first was granted."""
    look = work.session.get(RegistrantLook, look_id)
    if look is None or not count:
        return {"request_id": NOBODY}
    work.session.refresh(look, ["registrant"])
    taken = []
    for _ in range(count):
        asked = Asked(RightsKind.DISCLOSE, Identity.MY_NUMBER_CARD, work.today, "登録と同意のすべて")
        taken.append(service.take(work, look, asked))
        if len(taken) < max(2, count):
            taken[-1].outcome, taken[-1].settled_at = RightsOutcome.GRANTED, work.now
            work.session.flush()
    return {"request_id": taken[0].id}
