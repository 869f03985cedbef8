"""Which letters have come? The worker looks into the mailbox every while; each letter becomes a row, then moves away.

The row is committed before the letter moves: killed in between, the worker knows it by its number, or as a second copy
of what it has, and only moves it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backoffice.db.numbering import next_number
from backoffice.errors import Overtaken, Unavailable
from backoffice.identity import Actor, Department, Origin
from backoffice.inbox.stuck import is_momentary
from backoffice.log import place_of
from backoffice.mail_in.enclosures import Enclosed, EnclosureKind, look_at
from backoffice.mail_in.events import LetterCame
from backoffice.mail_in.mailbox import OpenMailbox, Waiting, WithheldError, mailbox_of
from backoffice.mail_in.models import MailAddress, MailEnclosure, MailLetter
from backoffice.mail_in.queries import has_copy
from backoffice.mail_in.reading import LetterRead, read_letter
from backoffice.mail_in.sorting import sort_by_rules
from backoffice.mail_in.workflow import LetterState
from backoffice.vault import StoredFile
from backoffice.web.translations import _
from backoffice.work import Office, Work

HOUSE = Actor.house(Origin.WORKER)
AT_ONCE = 20
"""So many letters a tick puts away; those that cannot be kept are not among them."""
LONGEST_AT_ONCE = timedelta(seconds=20)
"""So long a tick takes letters: a full mailbox holds up nothing else of what the worker does."""
SERIES = "受信"
CANNOT_BE_KEPT = _("取り込めないメールです。受信箱の処理済みのフォルダーにある元のメールで確かめてください。")

log = structlog.get_logger("gijo.mail_in")


@dataclass(frozen=True)
class Came:
    """A letter as it was fetched, read and looked at, before any unit opens."""

    origin: str
    read: LetterRead
    files: Sequence[Enclosed]
    refusal: str


def tick(office: Office) -> int:
    """Take some of the letters that wait in the mailbox, and give how many were new."""
    box = mailbox_of(office.settings)
    if box is None:
        return 0
    with office.look(HOUSE) as work:
        otherwise = department_called(work.session, office.settings.mail_in_department)
    if otherwise is None:
        log.warning("no department of this name sorts mail")
        return 0
    try:
        with box.open() as opened:
            return _take_some(office, opened, otherwise)
    except Unavailable as trouble:
        log.error("mailbox does not answer", trouble=type(trouble.__cause__).__name__)  # noqa: TRY400 -- a traceback may quote people's addresses
        return 0


def department_called(session: Session, name: str) -> int | None:
    """Give the one open department with this code in the personnel system, or else of this name."""
    found = session.scalars(
        select(Department).where(or_(Department.code == name, Department.name == name), Department.closed.is_(False))
    ).all()
    only = [each for each in found if each.code == name] or found
    return only[0].id if len(only) == 1 else None


def _take_some(office: Office, box: OpenMailbox, otherwise: int) -> int:
    begun, new = office.services.now(), 0
    left = AT_ONCE
    for waiting in box.waiting():
        if not left or office.services.now() - begun > LONGEST_AT_ONCE:
            break
        origin = box.origin(waiting.uid)
        if not _is_known(office, origin):
            kept = _kept(office, box, waiting, otherwise)
            if kept is None:
                continue
            new += kept
        box.put_away([waiting.uid])
        left -= 1
    return new


def _kept(office: Office, box: OpenMailbox, waiting: Waiting, otherwise: int) -> int | None:
    """Keep a letter; None where that cannot be done: it stays in the mailbox, and those behind it are taken."""
    try:
        came = _came(office, box, waiting)
    except WithheldError:
        log.error("letter not handed out")  # noqa: TRY400 -- a traceback may quote people's data
        return None
    try:
        return keep(office, came, otherwise)
    except Exception as trouble:  # noqa: BLE001 -- whatever one letter raises, the others are taken all the same
        log.error("letter not kept", trouble=type(trouble).__name__, where=place_of(trouble))  # noqa: TRY400 -- a traceback may quote people's data
        # A full disk or a locked database is no fault of the letter: the next tick tries again.
        return None if is_momentary(trouble) or isinstance(trouble, OSError) else _told(office, came, otherwise)


def _told(office: Office, came: Came, otherwise: int) -> int | None:
    """Keep that there is a letter which cannot be kept, and nothing of it: people are told, and it is fetched once."""
    unknown = LetterRead(hashlib.sha256(came.origin.encode()).hexdigest())
    try:
        return keep(office, Came(came.origin, unknown, (), CANNOT_BE_KEPT), otherwise)
    except Exception as trouble:  # noqa: BLE001 -- as above
        log.error("letter not told", trouble=type(trouble).__name__, where=place_of(trouble))  # noqa: TRY400 -- as above
        return None


def _is_known(office: Office, origin: str) -> bool:
    with office.look(HOUSE) as work:
        return work.session.scalar(select(MailLetter.id).where(MailLetter.origin == origin).limit(1)) is not None


def _came(office: Office, box: OpenMailbox, waiting: Waiting) -> Came:
    origin = box.origin(waiting.uid)
    limit = office.settings.mail_in_limit_bytes
    raw = box.whole(waiting.uid, limit) if waiting.size <= limit else b""
    if waiting.size > limit or len(raw) > limit:
        read = read_letter(box.heading(waiting.uid))
        # Nothing of the body is known: its size tells two apart that share a Message-ID.
        read = replace(read, digest=f"{read.digest[:44]}{waiting.size:020d}")
        return Came(origin, read, (), _("大きすぎるため、見出しだけを受け取りました。"))
    return came_as(origin, raw, limit)


def came_as(origin: str, raw: bytes, limit: int) -> Came:
    """Read a letter and look at its attachments: slow, and done before any unit opens."""
    read = read_letter(raw)
    files: tuple[Enclosed, ...] = ()
    try:
        files = tuple(look_at(read.parts, limit))
    except Exception as trouble:  # noqa: BLE001 -- strangers enclose these, and readers of files fail in ways that nobody lists
        log.error("attachments not looked at", trouble=type(trouble).__name__, where=place_of(trouble))  # noqa: TRY400 -- a traceback may quote people's data
        read = replace(read, unreadable=True)
    refusal = _("メールの形が壊れていて読み取れません。元のメールで確かめてください。") if read.unreadable else ""
    return Came(origin, read, files, refusal)


def keep(office: Office, came: Came, otherwise: int) -> int | None:
    """Keep a letter for each department it was sent to, sorted by its rules. Give how many that were: 0 if known.

    None where somebody else was quicker, with this letter or with a number it needs: the next tick sees which.

    All of them in one unit: killed between two, the worker would find the letter known, and one would never see it.
    """
    with office.look(HOUSE) as work:
        places = _departments(work.session, came.read.to) or [otherwise]
    now = office.services.now()
    stored = {place: [_stored(office, each, now) for each in came.files] for place in places}
    try:
        with office.unit(HOUSE) as work:
            return sum(_keep(work, came, files, place) for place, files in stored.items())
    except Overtaken:
        log.info("another worker was quicker, maybe with this letter")
        return None


def _departments(session: Session, addresses: Sequence[str]) -> list[int]:
    """Give the open departments among those whose addresses these are."""
    wanted = select(MailAddress.department_id).join(Department, Department.id == MailAddress.department_id)
    mine = wanted.where(MailAddress.address.in_(addresses), Department.closed.is_(False))
    return sorted(set(session.scalars(mine)))


def _stored(office: Office, each: Enclosed, now: datetime) -> StoredFile | None:
    return None if each.refusal else office.files.put(each.content, each.media_type, now)


def _keep(work: Work, came: Came, files: Sequence[StoredFile | None], department_id: int) -> bool:
    read = came.read
    if has_copy(work.session, department_id, read.digest, came.origin):
        return False
    letter = MailLetter(
        number=next_number(work.session, SERIES, work.today),
        department_id=department_id,
        origin=came.origin,
        digest=read.digest,
        state=LetterState.TO_SORT,
        sender=read.sender,
        subject=read.subject,
        text=read.text,
        from_html=read.from_html,
        passed_on=read.passed_on,
        refusal=came.refusal,
        written_at=read.written_at,
        came_at=work.now,
        rule_id=None,
        sorted_by_id=None,
        looked_at=False,
        erased_at=None,
        acts=[],
        files=[
            MailEnclosure(
                name=each.name,
                kind=each.kind,
                size=each.size,
                file=file,
                refusal=each.refusal,
                params=dict(each.params),
            )
            for each, file in zip(came.files, files, strict=True)
        ],
    )
    work.session.add(letter)
    work.session.flush()
    refused = sum(each.kind is EnclosureKind.REFUSED for each in came.files)
    work.record(LetterCame(letter.id, len(came.files), refused))
    sort_by_rules(work, letter)
    return True
