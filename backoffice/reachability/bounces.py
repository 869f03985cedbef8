"""How do mails that came back reach the office? The mail server puts them into a folder (Maildir); the worker reads.

Only what came back to an address that this office made for one message counts: anybody can write that somebody's
address is dead. What names no such address waits in a folder for a person.
"""

from collections.abc import Callable, Iterator, Mapping
from email.parser import BytesHeaderParser
from email.policy import compat32
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import structlog
from sqlalchemy.orm import Session

from backoffice.identity import Actor, Origin
from backoffice.reachability import queries, service
from backoffice.reachability.events import BounceDoubted
from backoffice.reachability.models import DoubtfulMail
from backoffice.reachability.service import Written
from backoffice.reachability.workflow import Failure
from backoffice.web.translations import _
from backoffice.work import Office

log = structlog.get_logger("gijo.bounces")

WORKER = Actor.house(Origin.WORKER)
MOST_A_TICK = 2_000
LARGEST = 2 * 1024 * 1024
"""Servers send back the whole message at most, and ours are small."""
_NEW, _CUR, _DOUBTFUL = "new", "cur", "doubtful"
_SEEN = ":2,S"
_ENVELOPE = ("Delivered-To", "X-Original-To")


class Said(Protocol):
    """What a reader makes of a mail."""

    @property
    def recipient(self) -> int | None:
        """Whose message came back, by the address that was made for it; None where it names none of ours."""

    @property
    def failure(self) -> Failure | None:
        """None: it says nothing about the address, an automatic answer for one."""


class Reader(Protocol):
    def __call__(self, raw: bytes, envelope_to: str) -> Said: ...


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
        said = read(raw, _envelope_to(raw))
    except Exception as trouble:  # noqa: BLE001 -- anybody writes to this box: one mail that nobody foresaw stops no other
        log.warning("bounce unreadable", trouble=type(trouble).__name__)
        return Doubt.UNREADABLE
    if said.recipient is None:
        return Doubt.NOT_OURS
    with office.unit(WORKER) as work:
        written = whose(work.session, said.recipient)
        if written is None:
            return Doubt.UNKNOWN
        if said.failure is not None:
            service.take_bounce(work, written, said.failure)
    return None


def _envelope_to(raw: bytes) -> str:
    """Give to whom the mail server delivered it; the first such line is the last hop's own."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(raw)
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
