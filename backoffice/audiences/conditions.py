"""May this person be written to, this minute? Asked of everybody in a batch at once, right before it leaves.

Each statement finds the people by their batch: it is written once, and reads hundreds as fast as it reads one.

What was true when the audience was frozen counts for nothing here. Whoever changes their mind while the batch is on its
way is stopped by `following`, which changes the very row that the sender must change too.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from backoffice.audiences.models import NoticeRun, Recipient, RecipientKin, RunPattern
from backoffice.audiences.topics import topic_of
from backoffice.audiences.workflow import REACHED, Reason, RecipientState
from backoffice.consents import service as consents
from backoffice.consents.models import Consent, Registrant
from backoffice.consents.queries import holds_on
from backoffice.consents.workflow import Assurance
from backoffice.reachability import queries as reach
from backoffice.residents import protecting, stop_queries
from backoffice.work import Work
from workflows.rules.vocabulary import ConsentClass

MOST_NOTICES, IN_TIME = 3, timedelta(days=7)
"""So many notices somebody gets in seven days, over all departments. To be confirmed by the office."""


A_MOMENT = timedelta(minutes=2)

Said = TypeVar("Said")

_OF_BATCH = aliased(Recipient)


@dataclass(frozen=True)
class Candidate:
    """Somebody whose turn it is."""

    recipient_id: int
    registrant_id: int
    pattern_id: int
    mark: str
    is_reached: bool
    """By the channel of the run, at an address that is alive."""


@dataclass(frozen=True)
class Answer:
    """What the conditions come to: whom not to write to, and whose turn comes later. All others may be written to."""

    stopped: Mapping[int, Reason]
    """By recipient."""
    held: Mapping[int, datetime]
    """By recipient, until when."""


@dataclass(frozen=True)
class _Asked:
    """The people of one batch; it may hold more of them than are asked for."""

    work: Work
    run: NoticeRun
    batch_id: int
    people: Sequence[Candidate]

    @property
    def registrants(self) -> Select[int]:
        return select(_OF_BATCH.registrant_id).where(_OF_BATCH.batch_id == self.batch_id)

    def by_registrant(self) -> Mapping[int, int]:
        return {each.registrant_id: each.recipient_id for each in self.people}


def ask(work: Work, run: NoticeRun, batch_id: int, people: Sequence[Candidate]) -> Answer:
    """Ask all conditions for people of a batch, whose registrants are locked by this unit."""
    asked = _Asked(work, run, batch_id, people)
    stopped: dict[int, Reason] = {}
    for reasons in (_gone(asked), _unconsented(asked), _protected(asked), _unreachable(asked), _told(asked)):
        stopped = reasons | stopped
    held = _too_many(asked) | _in_other_hands(asked)
    return Answer(stopped, {recipient_id: until for recipient_id, until in held.items() if recipient_id not in stopped})


def _unconsented(asked: _Asked) -> dict[int, Reason]:
    """Find whose consents, or whose household's, no longer open what was looked at when they were found."""
    patterns = _patterns(asked)
    held = _bits_held(asked.work, asked.registrants)
    found: dict[int, Reason] = {}
    for each in asked.people:
        needed = patterns[each.pattern_id].own_consents
        if needed & ~held.get(each.registrant_id, 0):
            found[each.recipient_id] = Reason.CONSENT
    shared = {each.recipient_id: patterns[each.pattern_id].household_consents for each in asked.people}
    if any(shared.values()):
        for recipient_id, bits in _bits_of_kin(asked):
            if shared.get(recipient_id, 0) & ~bits:
                found.setdefault(recipient_id, Reason.HOUSEHOLD)
    return found


def _patterns(asked: _Asked) -> Mapping[int, RunPattern]:
    theirs = select(RunPattern).where(RunPattern.id.in_({each.pattern_id for each in asked.people}))
    return {each.id: each for each in asked.work.session.scalars(theirs)}


def _bits_held(work: Work, registrants: Select[int]) -> Mapping[int, int]:
    """Give the bits of the consents that hold today; nobody is in it who was not proven with their card."""
    proven = (Registrant.id.in_(registrants), Registrant.assurance == Assurance.CARD_VERIFIED)
    given = select(Registrant.id, Consent.kind).where(*proven)
    bits: dict[int, int] = {}
    theirs = given.outerjoin(Consent, (Consent.registrant_id == Registrant.id) & holds_on(work.today))
    for registrant_id, kind in work.session.execute(theirs):
        bits[registrant_id] = bits.get(registrant_id, 0) | (ConsentClass(kind).bit if kind else 0)
    return bits


def _bits_of_kin(asked: _Asked) -> list[tuple[int, int]]:
    """Give, for each registered and proven person who lives with a recipient, the bits of their consents."""
    at_home = (
        select(RecipientKin.recipient_id, Registrant.id)
        .join(Registrant, Registrant.mark == RecipientKin.mark)
        .join(Recipient, Recipient.id == RecipientKin.recipient_id)
        .where(Recipient.batch_id == asked.batch_id, Registrant.assurance == Assurance.CARD_VERIFIED)
    )
    bits = _bits_held(asked.work, at_home.with_only_columns(Registrant.id))
    pairs = asked.work.session.execute(at_home)
    return [(recipient_id, bits.get(registrant_id, 0)) for recipient_id, registrant_id in pairs]


def _protected(asked: _Asked) -> dict[int, Reason]:
    """Find who is protected by now, or lives with somebody who is."""
    office, session = asked.work.office, asked.work.session
    hidden = protecting.protected_now(office, session).pseudonyms
    if not hidden:
        return {}
    marks = {consents.mark_of(office.cipher, pseudonym) for pseudonym in hidden}
    at_home = (
        select(RecipientKin.recipient_id, RecipientKin.mark)
        .join(Recipient, Recipient.id == RecipientKin.recipient_id)
        .where(Recipient.batch_id == asked.batch_id)
    )
    found = {each.recipient_id for each in asked.people if each.mark in marks}
    found |= {recipient_id for recipient_id, mark in session.execute(at_home) if mark in marks}
    return dict.fromkeys(found, Reason.GONE)


def _gone(asked: _Asked) -> dict[int, Reason]:
    """Find who has died or moved away, as the feed of stops says by today."""
    theirs = select(Registrant.mark).where(Registrant.id.in_(asked.registrants))
    gone = stop_queries.stopped_among(asked.work.session, theirs, asked.work.today)
    return {each.recipient_id: Reason.GONE for each in asked.people if each.mark in gone}


def _unreachable(asked: _Asked) -> dict[int, Reason]:
    """Find whose address is gone or dead, and who has stopped this topic, or all."""
    declined = reach.stopped_for(asked.work.session, asked.registrants, topic_of(asked.run.topic))
    return {each.recipient_id: Reason.CHANNEL for each in asked.people if not each.is_reached} | {
        each.recipient_id: Reason.DECLINED for each in asked.people if each.registrant_id in declined
    }


def _told(asked: _Asked) -> dict[int, Reason]:
    """Find who has heard, or may have heard, of this program and period by another run."""
    run, by_registrant = asked.run, asked.by_registrant()
    told = (
        select(Recipient.registrant_id)
        .join(NoticeRun, NoticeRun.id == Recipient.run_id)
        .where(
            Recipient.registrant_id.in_(asked.registrants),
            Recipient.state.in_(REACHED),
            NoticeRun.program_id == run.program_id,
            NoticeRun.period == run.period,
            NoticeRun.id != run.id,
        )
    )
    return _at(by_registrant, asked.work.session.scalars(told), Reason.TOLD)


def _in_other_hands(asked: _Asked) -> dict[int, datetime]:
    """Find to whom another run is about to write: whether that message leaves is not known yet."""
    at_hand = select(Recipient.registrant_id).where(
        Recipient.registrant_id.in_(asked.registrants),
        Recipient.state == RecipientState.TAKEN,
        Recipient.run_id != asked.run.id,
    )
    return _at(asked.by_registrant(), asked.work.session.scalars(at_hand), asked.work.now + A_MOMENT)


def _too_many(asked: _Asked) -> dict[int, datetime]:
    """Find who has had as many notices as anybody gets in the time, and until when they are left in peace."""
    since = asked.work.now - IN_TIME
    lately = (Recipient.handed_at > since, Recipient.state.in_(REACHED))
    often = (
        select(Recipient.registrant_id)
        .where(Recipient.registrant_id.in_(asked.registrants), *lately)
        .group_by(Recipient.registrant_id)
        .having(func.count() >= MOST_NOTICES)
    )
    crowded = list(asked.work.session.scalars(often))
    if not crowded:
        return {}
    moments: dict[int, list[datetime]] = defaultdict(list)
    handed = select(Recipient.registrant_id, Recipient.handed_at).where(Recipient.registrant_id.in_(crowded), *lately)
    for registrant_id, at in asked.work.session.execute(handed):
        if at is not None:
            moments[registrant_id].append(at)
    by_registrant = asked.by_registrant()
    return {
        by_registrant[each]: sorted(at)[-MOST_NOTICES] + IN_TIME
        for each, at in moments.items()
        if each in by_registrant
    }


def _at(by_registrant: Mapping[int, int], registrants: Iterable[int], said: Said) -> dict[int, Said]:
    """Say the same of all these people, by recipient; whoever is not asked for is passed over."""
    return {by_registrant[each]: said for each in registrants if each in by_registrant}
