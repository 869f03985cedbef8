"""How do the people of an audience become rows? In portions, so that no other writer waits long for them.

Whoever lacks a registration, a proof by card or an address is counted and not written down. All that can be made ready
for a portion is ready before its unit opens. A run that was cancelled is written down no further.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from sys import intern
from typing import Any

from sqlalchemy import delete, insert, select

from backoffice.audiences import queries
from backoffice.audiences.counting import Counted
from backoffice.audiences.models import NoticeRun, Recipient, RecipientKin, RunBody, RunPattern
from backoffice.audiences.moving import RECIPIENTS, key_of
from backoffice.audiences.wording import Wording
from backoffice.audiences.workflow import RecipientState, RunState
from backoffice.consents import service as consents
from backoffice.consents.models import Registrant, RegistrantChannel
from backoffice.consents.workflow import Assurance, ChannelKind
from backoffice.db import Base
from backoffice.identity import Actor, Origin
from backoffice.reachability.queries import is_alive
from backoffice.work import Office, Work
from workflows.notices.metering import Pace, turns
from workflows.rules.audience import Audience, Hit, hits_among

HOUSE = Actor.house(Origin.WORKER)
AT_ONCE = 250
"""On a busy machine nine of ten units of another writer took 0.3 s beside portions of 1,000, 0.08 s beside these."""
KIN = Base.metadata.tables[RecipientKin.__tablename__]
BodyKey = tuple[int, str, str]
"""Pattern, channel, language."""


@dataclass(frozen=True)
class ToWrite:
    run_id: int
    wording: Wording
    pace: Pace


@dataclass(frozen=True, slots=True)
class Reachable:
    """A registrant who may be written to."""

    registrant_id: int
    language: str
    kind: str


@dataclass(frozen=True)
class Planned:
    """Somebody of the audience, by where they are written to, and when their turn comes."""

    hit: Hit
    to: Reachable
    turn: int

    @property
    def body(self) -> BodyKey:
        return self.hit.pattern, self.to.kind, self.to.language


def forget_attempt(office: Office, run_id: int) -> None:
    """Remove what an attempt that was cut off wrote of a run that is being frozen, in portions as well."""
    while _forget_some(office, run_id):
        pass
    with office.unit(HOUSE) as work:
        if not _is_being_frozen(work, run_id):  # cancelled meanwhile: its people stand by these
            return
        work.session.execute(delete(RunBody).where(RunBody.run_id == run_id))
        work.session.execute(delete(RunPattern).where(RunPattern.run_id == run_id))


def _forget_some(office: Office, run_id: int) -> bool:
    with office.unit(HOUSE) as work:
        of_it = (Recipient.run_id == run_id, NoticeRun.state == RunState.FREEZING)
        some = select(Recipient.id).join(NoticeRun, NoticeRun.id == Recipient.run_id).where(*of_it)
        ids = work.session.scalars(some.order_by(Recipient.id).limit(AT_ONCE)).all()
        work.session.execute(delete(RecipientKin).where(RecipientKin.recipient_id.in_(ids)))
        work.session.execute(delete(Recipient).where(Recipient.id.in_(ids)))
        work.counted[key_of(run_id, RecipientState.WAITING)] -= len(ids)
    return bool(ids)


def write_down(office: Office, what: ToWrite, audience: Audience) -> Counted:
    """Write everybody of an audience who can be reached, and count them by channel, language and ward."""
    reachable = _reachable(office)
    wards, wanted = _looked_over(audience, reachable)
    patterns, bodies = _write_texts(office, what, audience, wanted)
    counted: Counted = Counter()
    waiting = _planned(audience, reachable, turns(wards, what.pace))
    while some := list(islice(waiting, AT_ONCE)):
        rows = [_row(office, what.run_id, each, patterns[each.hit.pattern], bodies[each.body]) for each in some]
        if not _write_some(office, what.run_id, rows, _kin(office, some)):
            break
        counted.update((each.to.kind, each.to.language, each.hit.ward) for each in some)
    return counted


def _looked_over(audience: Audience, reachable: Mapping[str, Reachable]) -> tuple[Sequence[str], set[BodyKey]]:
    """Give the ward of everybody who can be reached, in order, and which texts they need: no person is kept for it."""
    wards: list[str] = []
    wanted: set[BodyKey] = set()
    for hit in hits_among(audience, reachable):
        to = reachable[hit.pseudonym]
        wards.append(hit.ward)
        wanted.add((hit.pattern, to.kind, to.language))
    return wards, wanted


def _planned(audience: Audience, reachable: Mapping[str, Reachable], planned: Sequence[int]) -> Iterator[Planned]:
    """Give everybody who can be reached, each with the minute of their turn."""
    hits = hits_among(audience, reachable)
    return (Planned(each, reachable[each.pseudonym], turn) for each, turn in zip(hits, planned, strict=True))


def _reachable(office: Office) -> Mapping[str, Reachable]:
    """Give, by pseudonym, everybody who was proven with their card and has an address; LINE where there is one."""
    statement = (
        select(Registrant.id, Registrant.sealed_pseudonym, Registrant.language, RegistrantChannel.kind)
        .join(RegistrantChannel, RegistrantChannel.registrant_id == Registrant.id)
        .where(Registrant.assurance == Assurance.CARD_VERIFIED, is_alive())
    )
    found: dict[int, tuple[bytes, Reachable]] = {}
    with office.look(HOUSE) as work:
        for row in work.session.execute(statement, execution_options={"yield_per": AT_ONCE}):
            if row.id not in found or row.kind == ChannelKind.LINE:
                found[row.id] = row.sealed_pseudonym, Reachable(row.id, intern(row.language), intern(row.kind))
    opened = office.cipher.open
    return {opened(sealed, consents.PSEUDONYM).decode(): reachable for sealed, reachable in found.values()}


def _write_texts(
    office: Office, what: ToWrite, audience: Audience, wanted: set[BodyKey]
) -> tuple[Mapping[int, int], Mapping[BodyKey, int]]:
    """Write each pattern that somebody has, with its reasons, and each text once; give their ids."""
    used = sorted({pattern for pattern, _kind, _language in wanted})
    with office.unit(HOUSE) as work:
        patterns = {number: _pattern(what, audience, number) for number in used}
        work.session.add_all(patterns.values())
        bodies: dict[tuple[str, str, str], RunBody] = {}
        by_key: dict[BodyKey, RunBody] = {}
        for number, kind, language in sorted(wanted):
            content, sha256 = what.wording.body(kind, language, audience.states(number))
            like = kind, language, sha256
            if like not in bodies:
                bodies[like] = RunBody(run_id=what.run_id, kind=kind, language=language, sha256=sha256, content=content)
                work.session.add(bodies[like])
            by_key[number, kind, language] = bodies[like]
        work.session.flush()
        return {number: row.id for number, row in patterns.items()}, {key: row.id for key, row in by_key.items()}


def _pattern(what: ToWrite, audience: Audience, number: int) -> RunPattern:
    states = audience.states(number)
    own, household = audience.needs(number)
    return RunPattern(
        run_id=what.run_id,
        number=number,
        states=[str(state) for state in states],
        own_consents=own,
        household_consents=household,
        reasons=what.wording.reasons(states),
    )


def _row(office: Office, run_id: int, person: Planned, pattern_id: int, body_id: int) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "registrant_id": person.to.registrant_id,
        "kind": person.to.kind,
        "language": person.to.language,
        "pattern_id": pattern_id,
        "body_id": body_id,
        "ward": person.hit.ward,
        "turn": person.turn,
        "reference": office.services.random_bytes(8).hex(),
        "state": RecipientState.WAITING,
        "reason": "",
        "code": "",
        "tries": 0,
        "came_back": "",
    }


def _kin(office: Office, people: Sequence[Planned]) -> Sequence[tuple[int, str]]:
    """Give the marks of those at home, each by the registrant."""
    marked = partial(consents.mark_of, office.cipher)
    return [(each.to.registrant_id, marked(pseudonym)) for each in people for pseudonym in each.hit.others]


def _write_some(office: Office, run_id: int, rows: Sequence[Mapping[str, Any]], kin: Sequence[tuple[int, str]]) -> bool:
    """Write one portion in a unit; say whether the run is still being frozen: else nothing is written."""
    with office.unit(HOUSE) as work:
        if not _is_being_frozen(work, run_id):
            return False
        connection = work.session.connection()
        # Tables, not models, and asked for the ids afterwards: RETURNING for many took PostgreSQL seven times as long.
        connection.execute(insert(RECIPIENTS), rows)
        theirs = RECIPIENTS.c.registrant_id.in_([row["registrant_id"] for row in rows])
        written = select(RECIPIENTS.c.registrant_id, RECIPIENTS.c.id).where(RECIPIENTS.c.run_id == run_id, theirs)
        ids = dict(connection.execute(written).all())
        if kin:
            connection.execute(insert(KIN), [{"recipient_id": ids[key], "mark": mark} for key, mark in kin])
        work.counted[key_of(run_id, RecipientState.WAITING)] += len(rows)
    return True


def _is_being_frozen(work: Work, run_id: int) -> bool:
    return queries.lock_run(work.session, run_id).state == RunState.FREEZING
