"""How long is something heard of addresses kept? As long as it decides anything; and nothing of what is nobody's."""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists
from sqlalchemy.orm import Session

from backoffice.consents.models import RegistrantChannel
from backoffice.reachability.models import AddressStanding, LineEvent, SoftFailure
from backoffice.reachability.workflow import AddressState

LINE_EVENTS_KEPT = timedelta(days=30)
"""LINE tells again for a day."""


def forget_old(session: Session, now: datetime, soft_days: int) -> None:
    """Forget what waited long ago, what LINE will not tell again, and how addresses stand that nobody has any more.

    An address whose owner complained is remembered: a stranger who names it later must not open it.
    """
    is_somebodys = exists().where(
        RegistrantChannel.mark == AddressStanding.mark, RegistrantChannel.kind == AddressStanding.kind
    )
    session.execute(delete(SoftFailure).where(SoftFailure.at < now - timedelta(days=soft_days)))
    session.execute(delete(LineEvent).where(LineEvent.heard_at < now - LINE_EVENTS_KEPT))
    session.execute(
        delete(AddressStanding).where(AddressStanding.state != AddressState.COMPLAINED, ~is_somebodys),
        execution_options={"synchronize_session": False},
    )
