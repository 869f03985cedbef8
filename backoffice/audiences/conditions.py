"""May this person be written to, this minute? Asked of everybody in a batch at once, right before it leaves.

What was true when the audience was frozen counts for nothing here. Whoever changes their mind while the batch is on its
way is stopped by `following`, which changes the very row that the sender must change too.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from backoffice.audiences.models import NoticeRun, Recipient, RecipientKin, RunPattern
from backoffice.audiences.topics import topic_of
from backoffice.audiences.workflow import REACHED, Reason, RecipientState
from backoffice.consents import service as consents
from backoffice.consents.models import Consent, Registrant, RegistrantChannel
from backoffice.consents.queries import holds_on
from backoffice.consents.workflow import Assurance
from backoffice.reachability import queries as reach
from backoffice.residents import protecting, stop_queries
from backoffice.work import Work
from workflows.rules.vocabulary import ConsentClass

MOST_NOTICES, IN_TIME = 3, timedelta(days=7)
"""So many notices somebody gets in seven days, over all departments. To be confirmed by the office."""


A_MOMENT = timedelta(minutes=2)


@dataclass(frozen=True)
class Candidate:
    """Somebody whose turn it is."""

    recipient_id: int
    registrant_id: int
    pattern_id: int


@dataclass(frozen=True)
class Answer:
    """What the conditions come to: whom not to write to, and whose turn comes later. All others may be written to."""

    stopped: Mapping[int, Reason]
    """By recipient."""
    held: Mapping[int, datetime]
    """By recipient, until when."""


def ask(work: Work, run: NoticeRun, people: Sequence[Candidate]) -> Answer:
    """Ask all conditions for people whose registrants are locked by this unit."""
    stopped: dict[int, Reason] = {}
    by_registrant = (_unconsented(work, people), _protected(work, people), _unreachable(work, run, people))
    for reasons in (_gone(work, people), *by_registrant):
        stopped = reasons | stopped
    stopped = _told(work, run, people) | stopped
    held = _too_many(work, people) | _in_other_hands(work, run, people)
    return Answer(stopped, {recipient_id: until for recipient_id, until in held.items() if recipient_id not in stopped})


def _unconsented(work: Work, people: Sequence[Candidate]) -> dict[int, Reason]:
    """Find whose consents, or whose household's, no longer open what was looked at when they were found."""
    patterns = {each.id: each for each in _patterns(work, people)}
    held = _bits_held(work, [each.registrant_id for each in people])
    found: dict[int, Reason] = {}
    for each in people:
        needed = patterns[each.pattern_id].own_consents
        if needed & ~held.get(each.registrant_id, 0):
            found[each.recipient_id] = Reason.CONSENT
    shared = {each.recipient_id: patterns[each.pattern_id].household_consents for each in people}
    concerned = [recipient_id for recipient_id, bits in shared.items() if bits]
    if concerned:
        for recipient_id, bits in _bits_of_kin(work, concerned):
            if shared[recipient_id] & ~bits:
                found.setdefault(recipient_id, Reason.HOUSEHOLD)
    return found


def _patterns(work: Work, people: Sequence[Candidate]) -> Sequence[RunPattern]:
    return work.session.scalars(select(RunPattern).where(RunPattern.id.in_({each.pattern_id for each in people}))).all()


def _bits_held(work: Work, registrants: Sequence[int]) -> Mapping[int, int]:
    """Give the bits of the consents that hold today; nobody is in it who was not proven with their card."""
    proven = (Registrant.id.in_(registrants), Registrant.assurance == Assurance.CARD_VERIFIED)
    bits = dict.fromkeys(work.session.scalars(select(Registrant.id).where(*proven)), 0)
    given = select(Consent.registrant_id, Consent.kind).join(Consent.registrant).where(*proven, holds_on(work.today))
    for registrant_id, kind in work.session.execute(given):
        bits[registrant_id] |= ConsentClass(kind).bit
    return bits


def _bits_of_kin(work: Work, recipients: Sequence[int]) -> list[tuple[int, int]]:
    """Give, for each registered and proven person who lives with a recipient, the bits of their consents."""
    kin = work.session.execute(
        select(RecipientKin.recipient_id, Registrant.id)
        .join(Registrant, Registrant.mark == RecipientKin.mark)
        .where(RecipientKin.recipient_id.in_(recipients), Registrant.assurance == Assurance.CARD_VERIFIED)
    ).all()
    bits = _bits_held(work, [registrant_id for _recipient, registrant_id in kin])
    return [(recipient_id, bits.get(registrant_id, 0)) for recipient_id, registrant_id in kin]


def _protected(work: Work, people: Sequence[Candidate]) -> dict[int, Reason]:
    """Find who is protected by now, or lives with somebody who is."""
    office = work.office
    hidden = protecting.protected_now(office, work.session).pseudonyms
    if not hidden:
        return {}
    marks = {consents.mark_of(office.cipher, pseudonym) for pseudonym in hidden}
    by_registrant = {each.registrant_id: each.recipient_id for each in people}
    own = select(Registrant.id).where(Registrant.id.in_(by_registrant), Registrant.mark.in_(marks))
    kin = select(RecipientKin.recipient_id).where(
        RecipientKin.recipient_id.in_(by_registrant.values()), RecipientKin.mark.in_(marks)
    )
    found = {by_registrant[registrant_id] for registrant_id in work.session.scalars(own)}
    return dict.fromkeys(found | set(work.session.scalars(kin)), Reason.GONE)


def _gone(work: Work, people: Sequence[Candidate]) -> dict[int, Reason]:
    """Find who has died or moved away, as the feed of stops says by today."""
    by_registrant = {each.registrant_id: each.recipient_id for each in people}
    marks = select(Registrant.mark, Registrant.id).where(Registrant.id.in_(by_registrant))
    whose = {mark: by_registrant[registrant_id] for mark, registrant_id in work.session.execute(marks)}
    return {whose[mark]: Reason.GONE for mark in stop_queries.stops_of(work.session, list(whose), work.today)}


def _unreachable(work: Work, run: NoticeRun, people: Sequence[Candidate]) -> dict[int, Reason]:
    """Find whose address is gone or dead, and who has stopped this topic, or all."""
    there = (
        select(Recipient.id)
        .join(
            RegistrantChannel,
            (RegistrantChannel.registrant_id == Recipient.registrant_id) & (RegistrantChannel.kind == Recipient.kind),
        )
        .where(Recipient.id.in_([each.recipient_id for each in people]), reach.is_alive())
    )
    alive = set(work.session.scalars(there))
    declined = reach.stopped_for(work.session, [each.registrant_id for each in people], topic_of(run.topic))
    return {each.recipient_id: Reason.CHANNEL for each in people if each.recipient_id not in alive} | {
        each.recipient_id: Reason.DECLINED for each in people if each.registrant_id in declined
    }


def _told(work: Work, run: NoticeRun, people: Sequence[Candidate]) -> dict[int, Reason]:
    """Find who has heard, or may have heard, of this program and period by another run."""
    by_registrant = {each.registrant_id: each.recipient_id for each in people}
    told = (
        select(Recipient.registrant_id)
        .join(NoticeRun, NoticeRun.id == Recipient.run_id)
        .where(
            Recipient.registrant_id.in_(by_registrant),
            Recipient.state.in_(REACHED),
            NoticeRun.program_id == run.program_id,
            NoticeRun.period == run.period,
            NoticeRun.id != run.id,
        )
    )
    return {by_registrant[registrant_id]: Reason.TOLD for registrant_id in work.session.scalars(told)}


def _in_other_hands(work: Work, run: NoticeRun, people: Sequence[Candidate]) -> dict[int, datetime]:
    """Find to whom another run is about to write: whether that message leaves is not known yet."""
    by_registrant = {each.registrant_id: each.recipient_id for each in people}
    at_hand = select(Recipient.registrant_id).where(
        Recipient.registrant_id.in_(by_registrant), Recipient.state == RecipientState.TAKEN, Recipient.run_id != run.id
    )
    return {by_registrant[each]: work.now + A_MOMENT for each in work.session.scalars(at_hand)}


def _too_many(work: Work, people: Sequence[Candidate]) -> dict[int, datetime]:
    """Find who has had as many notices as anybody gets in the time, and until when they are left in peace."""
    by_registrant = {each.registrant_id: each.recipient_id for each in people}
    since = work.now - IN_TIME
    lately = (
        select(Recipient.registrant_id, func.count().label("notices"))
        .where(Recipient.registrant_id.in_(by_registrant), Recipient.handed_at > since, Recipient.state.in_(REACHED))
        .group_by(Recipient.registrant_id)
        .having(func.count() >= MOST_NOTICES)
    )
    crowded = [registrant_id for registrant_id, _notices in work.session.execute(lately)]
    if not crowded:
        return {}
    moments: dict[int, list[datetime]] = defaultdict(list)
    handed = select(Recipient.registrant_id, Recipient.handed_at).where(
        Recipient.registrant_id.in_(crowded), Recipient.handed_at > since, Recipient.state.in_(REACHED)
    )
    for registrant_id, at in work.session.execute(handed):
        if at is not None:
            moments[registrant_id].append(at)
    return {by_registrant[each]: sorted(at)[-MOST_NOTICES] + IN_TIME for each, at in moments.items()}
