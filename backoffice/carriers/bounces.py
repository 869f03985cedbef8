"""What does a mail that came back say of the address it came back from? Whatever it cannot be sure of, it leaves alone.

The envelope says whose mail it was (VERP); the report inside says what happened (RFC 3464, complaints: RFC 5965);
flufl.bounce reads what is written otherwise. Anybody may send a mail to these addresses.
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.iterators import typed_subpart_iterator
from email.message import Message
from enum import StrEnum

from flufl.bounce import all_failures

from backoffice.carriers.verp import recipient_of

LARGEST = 1024 * 1024
"""Bounces quote what was sent, and a notice is small."""
MOST_PARTS = 60
PARTS = re.compile(rb"boundary|message/", re.IGNORECASE)
OURS = re.compile(r"bounce\+[a-z2-7]{29}@[a-z0-9.-]{1,255}", re.IGNORECASE | re.ASCII)
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


class Kind(StrEnum):
    PERMANENT = "permanent"
    TEMPORARY = "temporary"
    COMPLAINT = "complaint"
    """The person called the notice spam."""
    NOT_A_BOUNCE = "not_a_bounce"


@dataclass(frozen=True)
class Bounce:
    recipient: int | None
    """Whose notice it was, as our own mark says; None: it carries none."""
    kind: Kind
    status: str = ""
    """5.1.1, where the report says one."""
    addresses: frozenset[str] = frozenset()
    """Which addresses it speaks of. Only what a stranger wrote: nobody is found by it alone."""


def read_bounce(raw: bytes, envelope_to: str, *, key: bytes, domain: str) -> Bounce:
    """Read a mail that came to an envelope address. This function will answer NOT_A_BOUNCE for what it cannot read."""
    recipient = recipient_of(envelope_to, key=key, domain=domain)
    if len(raw) > LARGEST or len(PARTS.findall(raw)) > MOST_PARTS:
        return Bounce(recipient, Kind.NOT_A_BOUNCE)
    try:
        kind, status, addresses = _read(email.message_from_bytes(raw))
    except Exception:  # noqa: BLE001 -- strangers write these, and readers of mail fail in ways that nobody lists
        return Bounce(recipient, Kind.NOT_A_BOUNCE)
    if kind is not Kind.NOT_A_BOUNCE and recipient is None:
        recipient = _quoted(raw, key, domain)
    return Bounce(recipient, kind, status, addresses)


def _read(message: Message) -> tuple[Kind, str, frozenset[str]]:
    if _is_complaint(message):
        return Kind.COMPLAINT, "", frozenset()
    temporary, permanent = all_failures(message)
    addresses = frozenset(address.decode("ascii") for address in (permanent or temporary))
    if not addresses:
        return Kind.NOT_A_BOUNCE, "", addresses
    said = ("fail", "error") if permanent else ("delayed",)
    statuses = sorted(status for action, status in _reported(message) if action.startswith(said))
    # Of several recipients the gravest: each of our mails has one.
    return Kind.PERMANENT if permanent else Kind.TEMPORARY, statuses[-1] if statuses else "", addresses


def _is_complaint(message: Message) -> bool:
    for part in _blocks(message, "feedback-report"):
        said = str(part.get("Feedback-Type", "")).strip().lower()
        if said and said != "not-spam":
            return True
    return False


def _reported(message: Message) -> Iterator[tuple[str, str]]:
    """Read what a delivery report says of each recipient: what was done, and the status."""
    for block in _blocks(message, "delivery-status"):
        action, status = str(block.get("Action", "")).strip().lower(), STATUS.search(str(block.get("Status", "")))
        if action and status:
            yield action, status[0]


def _blocks(message: Message, subtype: str) -> Iterator[Message]:
    """Give the blocks of fields in the parts of one type; some senders leave them as text."""
    for part in typed_subpart_iterator(message, "message", subtype):
        assert isinstance(part, Message)  # noqa: S101 -- what walk() gives
        held = part.get_payload()
        for block in held if isinstance(held, list) else [email.message_from_string(str(held))]:
            if isinstance(block, Message):
                # A type that the parser does not know is read as one message whose payload is the fields.
                yield block


def _quoted(raw: bytes, key: bytes, domain: str) -> int | None:
    """Find our own mark in what is quoted: complaints come to another address than the envelope's."""
    text = raw.decode("ascii", "replace")
    found = (recipient_of(match[0], key=key, domain=domain) for match in OURS.finditer(text))
    return next((number for number in found if number is not None), None)
