"""Whose mail came back? The worker reads the box, and the envelope address says which recipient's it was."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audiences.messages import bounce_domain, bounce_key
from backoffice.audiences.models import Recipient
from backoffice.carriers.bounces import Bounce, Kind, read_bounce
from backoffice.consents.models import RegistrantChannel
from backoffice.consents.workflow import ChannelKind
from backoffice.reachability import bounces
from backoffice.reachability.service import Written
from backoffice.reachability.workflow import Failure
from backoffice.work import Office

_FAILURES = {
    Kind.PERMANENT: Failure.PERMANENT,
    Kind.TEMPORARY: Failure.TEMPORARY,
    Kind.COMPLAINT: Failure.COMPLAINT,
}


@dataclass(frozen=True)
class Told:
    """What a mail says, as addresses are kept."""

    bounce: Bounce

    @property
    def recipient(self) -> int | None:
        return self.bounce.recipient

    @property
    def failure(self) -> Failure | None:
        """Given up after days of trying says nothing for good of the address."""
        found = _FAILURES.get(self.bounce.kind)
        return Failure.TEMPORARY if found is Failure.PERMANENT and not self.bounce.is_address_dead else found


def tick(office: Office) -> int:
    """Take the mails that came back since the last time, and give how many."""
    key, domain = bounce_key(office), bounce_domain(office.settings)

    def read(raw: bytes, envelope_to: str) -> Told:
        return Told(read_bounce(raw, envelope_to, key=key, domain=domain))

    return bounces.tick(office, read, written_to)


def written_to(session: Session, recipient_id: int) -> Written | None:
    """Give to which address a message went; None where it was none of ours, or went to one that is no longer theirs."""
    found = session.execute(
        select(Recipient.registrant_id, Recipient.handed_at, RegistrantChannel.mark)
        .join(RegistrantChannel, RegistrantChannel.registrant_id == Recipient.registrant_id)
        .where(
            Recipient.id == recipient_id,
            Recipient.kind == ChannelKind.MAIL,
            RegistrantChannel.kind == ChannelKind.MAIL,
            RegistrantChannel.set_at <= Recipient.handed_at,
        )
    ).one_or_none()
    return None if found is None else Written(recipient_id, found.registrant_id, found.mark, found.handed_at)
