"""How do mails that came back reach the office? The mail server puts them into a folder (Maildir); the worker reads.

Only what came back to an address that this office made for one message counts: anybody can write that somebody's
address is dead. What names no such address waits in a folder for a person. To the same addresses people's mail programs
write when their reader wants no more (RFC 2369).
"""

from collections.abc import Callable, Iterator, Mapping
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import structlog
from sqlalchemy.orm import Session

from backoffice.carriers.bounces import LARGEST, Bounce, Kind
from backoffice.carriers.mime import STOP_SUBJECT
from backoffice.carriers.statuses import speaks_of_us
from backoffice.identity import Actor, Origin
from backoffice.reachability import queries, service, stopping
from backoffice.reachability.events import BounceDoubted, MailCameBack
from backoffice.reachability.models import DoubtfulMail
from backoffice.reachability.service import Written
from backoffice.reachability.workflow import Failure, StopWay
from backoffice.web.translations import _
from backoffice.work import Office

log = structlog.get_logger("gijo.bounces")

WORKER = Actor.house(Origin.WORKER)
MOST_A_TICK = 2_000
_NEW, _CUR, _DOUBTFUL = "new", "cur", "doubtful"
_SEEN = ":2,S"
_ENVELOPE = ("Delivered-To", "X-Original-To")
_OF_THE_ADDRESS = ("5.0.", "5.1.", "5.2.")
"""Beginnings of enhanced status codes (RFC 3463)."""


class Reader(Protocol):
    """Reads a mail that came to an envelope address; what it cannot read says nothing."""

    def __call__(self, raw: bytes, envelope_to: str) -> Bounce: ...


Whose = Callable[[Session, int], Written | None]
"""Finds a message by the number of its recipient."""


class Doubt(StrEnum):
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    NOT_OURS = "not_ours"
    UNKNOWN = "unknown"
    """Ours by its mark, but the message is not to be found."""


DOUBT_NAMES: Mapping[Doubt, str] = {
    Doubt.TOO_LARGE: _("大きすぎる"),
    Doubt.UNREADABLE: _("読み取れない"),
    Doubt.NOT_OURS: _("市が送ったお知らせの宛先がない"),
    Doubt.UNKNOWN: _("そのお知らせの記録がない"),
}


def tick(office: Office, read: Reader, whose: Whose) -> int:
    """Take the mails that came back since the last time, each once, and give how many."""
    box = office.settings.bounce_maildir
    if box is None:
        return 0
    some = list(_waiting(box))
    for path in some:
        doubt = _take(office, path, read, whose)
        if doubt is None:
            _move(path, box / _CUR / (path.name.partition(":")[0] + _SEEN))
        else:
            _keep_apart(office, box, path, doubt)
    return len(some)


def _waiting(box: Path) -> Iterator[Path]:
    folder = box / _NEW
    names = sorted(each.name for each in folder.iterdir() if each.is_file()) if folder.is_dir() else []
    return (folder / name for name in names[:MOST_A_TICK])


def _take(office: Office, path: Path, read: Reader, whose: Whose) -> Doubt | None:
    """Read a mail and keep what it says; the reason where it is not one of ours."""
    if path.stat().st_size > LARGEST:
        return Doubt.TOO_LARGE
    raw = path.read_bytes()
    try:
        headers = BytesHeaderParser(policy=compat32).parsebytes(raw)
        said = read(raw, _envelope_to(headers))
    except Exception as trouble:  # noqa: BLE001 -- anybody writes to this box: one mail that nobody foresaw stops no other
        log.warning("bounce unreadable", trouble=type(trouble).__name__)
        return Doubt.UNREADABLE
    if said.recipient is None:
        return Doubt.NOT_OURS
    failure = failure_of(said)
    with office.unit(WORKER) as work:
        written = whose(work.session, said.recipient)
        if written is None:
            return Doubt.UNKNOWN
        if said.kind is not Kind.NOT_A_BOUNCE:
            work.record(MailCameBack(written.recipient, said.kind))
        if failure is not None:
            service.take_bounce(work, written, failure)
        elif _asks_to_stop(headers):
            stopping.stop(work, written.registrant_id, written.topic, StopWay.ONE_CLICK)
    return None


def failure_of(said: Bounce) -> Failure | None:
    """Say what a mail that came back says of the address itself; None where it says nothing.

    A server that refuses what we send, for its signature, its words or its size, would else close the addresses of all
    whom it serves, and after one fault of ours nobody in the city could be reached.
    """
    if said.kind is Kind.COMPLAINT:
        return Failure.COMPLAINT
    if said.kind is Kind.NOT_A_BOUNCE or speaks_of_us(said.status):
        return None
    is_dead = said.kind is Kind.PERMANENT and (not said.status or said.status.startswith(_OF_THE_ADDRESS))
    return Failure.PERMANENT if is_dead else Failure.TEMPORARY


def _asks_to_stop(headers: Message) -> bool:
    """Say whether somebody's mail program wrote to the address that List-Unsubscribe names, with its subject."""
    return str(headers["Subject"] or "").strip().lower() == STOP_SUBJECT and "Auto-Submitted" not in headers


def _envelope_to(headers: Message) -> str:
    """Give to whom the mail server delivered it; the first such line is the last hop's own."""
    return next((str(headers[name]).strip() for name in _ENVELOPE if headers[name]), "")


def _keep_apart(office: Office, box: Path, path: Path, doubt: Doubt) -> None:
    with office.unit(WORKER) as work:
        if queries.doubtful_mail(work.session, path.name) is None:
            kept = DoubtfulMail(name=path.name[:200], why=doubt, at=work.now)
            work.session.add(kept)
            work.session.flush()
            work.record(BounceDoubted(kept.id, doubt))
    _move(path, box / _DOUBTFUL / path.name)


def _move(path: Path, to: Path) -> None:
    """Put a mail away after what it says is kept: a worker that dies in between reads it again, to no effect."""
    to.parent.mkdir(exist_ok=True)
    path.rename(to)
