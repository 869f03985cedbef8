"""Whose notice came back? The envelope's own mark names the recipient; what follows is up to `reachability`."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audiences.messages import bounce_domain, bounce_keys
from backoffice.audiences.models import NoticeRun, Recipient
from backoffice.audiences.topics import topic_of
from backoffice.carriers.bounces import Bounce, read_bounce
from backoffice.carriers.verp import recipient_of
from backoffice.consents.models import RegistrantChannel
from backoffice.consents.workflow import ChannelKind
from backoffice.reachability import bounces
from backoffice.reachability.service import Written
from backoffice.work import Office


def tick(office: Office) -> int:
    """Take the mails that came back since the last time, and give how many."""
    keys, domain = bounce_keys(office), bounce_domain(office.settings)

    def read(raw: bytes, envelope_to: str) -> Bounce:
        made_it = (key for key in keys if recipient_of(envelope_to, key=key, domain=domain) is not None)
        return read_bounce(raw, envelope_to, key=next(made_it, keys[0]), domain=domain)

    return bounces.tick(office, read, written_to)


def written_to(session: Session, recipient_id: int) -> Written | None:
    """Give the mail that was handed over for a recipient; None where none was.

    Without a mark where they have set another address since: what came back says nothing of that one.
    """
    found = session.execute(
        select(Recipient, NoticeRun.topic, RegistrantChannel)
        .join(NoticeRun, NoticeRun.id == Recipient.run_id)
        .outerjoin(
            RegistrantChannel,
            (RegistrantChannel.registrant_id == Recipient.registrant_id) & (RegistrantChannel.kind == Recipient.kind),
        )
        .where(Recipient.id == recipient_id, Recipient.kind == ChannelKind.MAIL)
    ).one_or_none()
    if found is None or found.Recipient.handed_at is None:
        return None
    recipient, channel = found.Recipient, found.RegistrantChannel
    is_same = channel is not None and channel.set_at <= recipient.handed_at
    mark = channel.mark if is_same else ""
    return Written(recipient.id, recipient.registrant_id, topic_of(found.topic), mark, recipient.handed_at)
