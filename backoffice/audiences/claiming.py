"""Whose turn is it, and may each of them be written to, this minute? What a worker takes in hand is committed first."""

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, or_, select

from backoffice.audiences import conditions, lanes
from backoffice.audiences.conditions import A_MOMENT, Candidate
from backoffice.audiences.models import NoticeBatch, NoticeRun, Recipient
from backoffice.audiences.moving import move, stop
from backoffice.audiences.workflow import Reason, RecipientState, RunState
from backoffice.consents.models import Registrant, RegistrantChannel
from backoffice.consents.portal import ADDRESS
from backoffice.consents.workflow import ChannelKind
from backoffice.db.among import among
from backoffice.drawing.queries import closures
from backoffice.reachability.queries import is_alive
from backoffice.residents import stop_queries
from backoffice.services import TOKYO
from backoffice.work import Work
from workflows.notices.hours import closes_at, is_open, open_minutes

LINE_REQUEST = "notice_batch.people"
MAILS_AT_ONCE = 400
LINE_SIZES = (500, 50, 7, 1)
"""People in one call: what the platform takes (Messaging API); after a refusal ever fewer, to find for whom."""
TRIES_OF_AN_OUTAGE = 3
"""A LINE request that came to nothing so often, or that LINE let nobody make: nothing new is asked before it is."""
MOST_PUT_OFF = 20
"""So many LINE requests that came to nothing wait for another try; nobody more is taken in hand meanwhile."""
CLAIM_HOLDS = timedelta(seconds=60)
"""The minute of sending: what was not handed over by then is asked anew."""


class Rest(StrEnum):
    """Why there is nothing to be sent now."""

    NOTHING_DUE = "nothing_due"
    QUIET = "quiet"
    """Night, a holiday: nobody is written to."""
    NOT_SENDING = "not_sending"
    """Paused, cancelled, done."""
    NOBODY = "nobody"
    """Of those whose turn it was nobody may be written to now; the next ones are to be asked for."""
    STALE_FEED = "stale_feed"
    """Who has died, moved or is to be protected has not been heard for too long."""
    NO_SERVER = "no_server"
    """No server of this channel is named, or it does not answer."""
    SHUT = "shut"
    """After a restore sending stays shut until a person opens it."""


@dataclass(frozen=True)
class Addressee:
    """Somebody who may be written to, as far as a message needs it."""

    recipient_id: int
    registrant_id: int
    body_id: int
    language: str
    reference: str
    sealed_address: bytes = field(repr=False)


@dataclass(frozen=True)
class LineRequest:
    """What goes to LINE, each time the same."""

    retry_key: str
    body_id: int
    sealed_people: bytes = field(repr=False)
    tries: int
    first_tried_at: datetime


@dataclass(frozen=True)
class Claimed:
    """Some people whom this worker writes to until `until`."""

    batch_id: int
    run_id: int
    until: datetime
    people: Sequence[Addressee]
    """Of LINE nobody: whom a request names stands in it, sealed."""
    line: LineRequest | None = None


def claim(work: Work, run_id: int, kind: ChannelKind) -> Claimed | Rest:
    """Take the next people of a run in hand, or say why there are none.

    LINE batches that were attempted come back as they stand, whatever became of their people since.
    """
    run = work.session.scalars(select(NoticeRun).where(NoticeRun.id == run_id).with_for_update(read=True)).one()
    lanes.keep_lane(work, run_id)
    lanes.settle_dead(work)
    lanes.settle_old_keys(work)
    rest = why_rest(work, run)
    if rest is not None:
        return rest
    if kind is ChannelKind.LINE:
        begun = _attempted_before(work, run_id)
        if begun is not None:
            return begun
        if _line_is_out(work):
            return Rest.NO_SERVER
    due = _due(work, run, kind)
    if not due:
        return Rest.NOTHING_DUE
    return _take(work, run, kind, due) or Rest.NOBODY


def why_rest(work: Work, run: NoticeRun) -> Rest | None:
    """Say why a run may not send now; None where it may."""
    if run.state != RunState.SENDING:
        return Rest.NOT_SENDING
    if work.office.settings.pause_path.exists():
        return Rest.SHUT
    age = stop_queries.feed_age(work.session, work.now)
    if age is None or age > timedelta(hours=work.office.settings.stop_feed_hours):
        return Rest.STALE_FEED
    return None if is_open(work.now, closures(work.session)) else Rest.QUIET


def elapsed(work: Work, run: NoticeRun) -> int:
    """Give how many minutes of sending a run has had."""
    began = run.began_at or work.now
    return open_minutes(began, work.now, closures(work.session)) - run.minutes_lost


def _due(work: Work, run: NoticeRun, kind: ChannelKind) -> Mapping[int, int]:
    """Give people whose turn has come and their registrants, of LINE all with the same text.

    Nobody else can take them meanwhile.
    """
    whose = (
        Recipient.run_id == run.id,
        Recipient.state == RecipientState.WAITING,
        Recipient.kind == kind,
        Recipient.turn <= elapsed(work, run),
        or_(Recipient.not_before.is_(None), Recipient.not_before <= work.now),
    )
    waiting = select(Recipient.id, Recipient.registrant_id).where(*whose).order_by(Recipient.turn, Recipient.id)
    waiting = waiting.with_for_update(skip_locked=True)
    if kind is ChannelKind.MAIL:
        return _by_id(work, waiting.limit(MAILS_AT_ONCE))
    first = work.session.execute(waiting.add_columns(Recipient.body_id, Recipient.tries).limit(1)).one_or_none()
    if first is None:
        return {}
    _id, _registrant, body_id, tries = first
    alike = waiting.where(Recipient.body_id == body_id, Recipient.tries == tries)
    return _by_id(work, alike.limit(LINE_SIZES[tries]))


def _by_id(work: Work, found: Select[int, int]) -> Mapping[int, int]:
    return {recipient_id: registrant_id for recipient_id, registrant_id in work.session.execute(found)}  # noqa: C416 -- rows are no pairs to mypy


def _take(work: Work, run: NoticeRun, kind: ChannelKind, due: Mapping[int, int]) -> Claimed | None:
    """Take those of the people in hand who may be written to; None where nobody may."""
    if work.now.astimezone(TOKYO).date() > run.last_day:
        stop(work, run.id, list(due), Reason.TOO_LATE, work.now)
        return None
    # Before they are touched: the database asks for the registrant of a row that is changed twice, and would wait.
    locked = _locked(work, due.values())
    free = [at for at, registrant_id in due.items() if registrant_id in locked]
    if not free:
        _hold(work, run.id, RecipientState.WAITING, list(due), work.now + A_MOMENT)
        return None
    batch = _batch(work, run, kind, free)
    people = _people(work, batch.id)
    answer = conditions.ask(work, run, batch.id, [person for person, _addressee in people])
    for reason in sorted(set(answer.stopped.values())):
        stop(work, run.id, [at for at, why in answer.stopped.items() if why is reason], reason, work.now)
    for until in sorted(set(answer.held.values())):
        _hold(work, run.id, RecipientState.TAKEN, [at for at, when in answer.held.items() if when == until], until)
    not_now = {*answer.stopped, *answer.held}
    going = [addressee for person, addressee in people if addressee and person.recipient_id not in not_now]
    if not going:
        work.session.delete(batch)
        return None
    if kind is ChannelKind.LINE:
        _begin_attempt(work, batch, going)
    return _claimed(work, batch, going)


def _locked(work: Work, registrants: Collection[int]) -> set[int]:
    """Lock registrants and give them. Nobody is waited for: whoever is being changed stays for the next batch."""
    lock = select(Registrant.id).where(among(Registrant.id, registrants)).order_by(Registrant.id)
    return set(work.session.scalars(lock.with_for_update(skip_locked=True)))


def _hold(work: Work, run_id: int, before: RecipientState, ids: Sequence[int], until: datetime) -> None:
    """Let people wait until a later moment."""
    held = {"not_before": until, "batch_id": None}
    move(work, run_id, before, RecipientState.WAITING, among(Recipient.id, ids), **held)


def _batch(work: Work, run: NoticeRun, kind: ChannelKind, people: Sequence[int]) -> NoticeBatch:
    """Put people under one batch."""
    is_line = kind is ChannelKind.LINE
    batch = NoticeBatch(
        run_id=run.id,
        kind=kind,
        worker_id=work.office.settings.worker_id,
        is_open=True,
        taken_at=work.now,
        retry_key=str(uuid.UUID(bytes=work.office.services.random_bytes(16), version=4)) if is_line else None,
    )
    work.session.add(batch)
    work.session.flush()
    taken = {"batch_id": batch.id, "handed_at": None}
    move(work, run.id, RecipientState.WAITING, RecipientState.TAKEN, among(Recipient.id, people), **taken)
    return batch


def _people(work: Work, batch_id: int) -> list[tuple[Candidate, Addressee | None]]:
    """Read what is known of the people of a batch; an address only where it is alive."""
    channel = RegistrantChannel
    there = (channel.registrant_id == Recipient.registrant_id) & (channel.kind == Recipient.kind) & is_alive()
    rows = work.session.execute(
        select(
            Recipient.id,
            Recipient.registrant_id,
            Recipient.pattern_id,
            Registrant.mark,
            Recipient.body_id,
            Recipient.language,
            Recipient.reference,
            channel.sealed_address,
        )
        .join(Registrant, Registrant.id == Recipient.registrant_id)
        .outerjoin(channel, there)
        .where(Recipient.batch_id == batch_id)
        .order_by(Recipient.id)
    )
    people: list[tuple[Candidate, Addressee | None]] = []
    for at, registrant_id, pattern_id, mark, body_id, language, reference, address in rows:
        addressee = Addressee(at, registrant_id, body_id, language, reference, address) if address else None
        people.append((Candidate(at, registrant_id, pattern_id, mark, address is not None), addressee))
    return people


def _begin_attempt(work: Work, batch: NoticeBatch, going: Sequence[Addressee]) -> None:
    """Of LINE the attempt begins with the batch: it goes out under this key or not at all."""
    taken, handing = RecipientState.TAKEN, RecipientState.HANDING
    move(work, batch.run_id, taken, handing, Recipient.batch_id == batch.id, handed_at=work.now)
    batch.body_id = going[0].body_id
    batch.sealed_people = _sealed(work, going)
    batch.attempts = 1


def _sealed(work: Work, people: Sequence[Addressee]) -> bytes:
    """Keep whom a request names: a second attempt under its key must be the same, whoever moved meanwhile.

    Of two who read the same account it is named once: LINE takes no request that names somebody twice.
    """
    opened = work.office.cipher.open
    to = list(dict.fromkeys(opened(each.sealed_address, ADDRESS).decode() for each in people))
    return work.office.cipher.seal(json.dumps(to).encode(), LINE_REQUEST)


def _attempted_before(work: Work, run_id: int) -> Claimed | None:
    """Give a LINE batch of this worker that is to be attempted again, with the very people it had."""
    for batch in lanes.open_batches(work, ChannelKind.LINE):
        if batch.run_id == run_id and (batch.not_before is None or batch.not_before <= work.now):
            batch.attempts += 1
            return _claimed(work, batch, ())
    return None


def _line_is_out(work: Work) -> bool:
    """Say whether LINE takes nothing of the city's now: whom a new request names would be in hand, and wait in vain."""
    put_off = select(NoticeBatch.tries).where(
        NoticeBatch.is_open, NoticeBatch.kind == ChannelKind.LINE, NoticeBatch.not_before > work.now
    )
    most = work.session.scalars(put_off.order_by(NoticeBatch.tries.desc()).limit(MOST_PUT_OFF)).all()
    return len(most) == MOST_PUT_OFF or any(tries >= TRIES_OF_AN_OUTAGE for tries in most)


def _claimed(work: Work, batch: NoticeBatch, people: Sequence[Addressee]) -> Claimed:
    until = min(work.now + CLAIM_HOLDS, closes_at(work.now))
    if batch.retry_key is None or batch.body_id is None or batch.sealed_people is None:
        return Claimed(batch.id, batch.run_id, until, people)
    line = LineRequest(batch.retry_key, batch.body_id, batch.sealed_people, batch.tries, batch.taken_at)
    return Claimed(batch.id, batch.run_id, until, (), line)
