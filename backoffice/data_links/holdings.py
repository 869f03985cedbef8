"""What may the gateway say of whom? Made of the newest snapshot by the worker, for who consents to a link or has an ID.

The gateway opens no snapshot: of each person it finds one sealed row with what can be said in a link, or none. Whoever
is under protection has none, from the unit in which they were protected on. Where what is made anew differs from what
a digital ID says, that ID ends in the same unit.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from backoffice.consents.models import Registrant
from backoffice.consents.queries import lock_registrants, registrant_by_mark
from backoffice.consents.service import PSEUDONYM, mark_of
from backoffice.consents.workflow import Assurance
from backoffice.data_links.endings import settle_all
from backoffice.data_links.held import Held
from backoffice.data_links.live import holds_on
from backoffice.data_links.models import LinkConsent, LinkHolding, LinkMinute, LinkRequest
from backoffice.data_links.workflow import DeletionCause, RequestState
from backoffice.digital_id import service as digital_ids
from backoffice.digital_id.queries import in_force as digital_ids_in_force
from backoffice.digital_id.queries import waited_for as digital_ids_waited_for
from backoffice.identity import Actor, Origin
from backoffice.residents import protecting, queries
from backoffice.residents.events import ProtectionAdded
from backoffice.residents.opening import open_snapshot
from backoffice.services import TOKYO
from backoffice.work import Office, Work
from workflows.links import Claim, claims_hold_until, claims_of
from workflows.rules.people import Told, told_of
from workflows.rules.vocabulary import ConsentClass

WORKER = Actor.house(Origin.WORKER)
AT_A_TIME = 500
"""People a unit: others write in between."""
MOST_A_TICK = 20_000
GOOD_FOR = timedelta(days=7)
"""Made anew every day; where the worker stands still, nobody who has moved or died is told of for longer."""
QUEUES_KEPT = 1_000
_OVERDUE = (
    select(LinkRequest.id).where(LinkRequest.state == RequestState.OPEN).order_by(LinkRequest.id).limit(AT_A_TIME)
)


def tick(office: Office) -> int:
    """Make what is missing or out of date, and give of how many; the rest comes at the next tick."""
    with office.look(WORKER) as work:
        today = work.today
        snapshot = queries.newest_snapshot(work.session, today)
        if snapshot is None:
            return 0
        waiting = _waiting(work.session, snapshot.id, today, work.now)
    if not waiting:
        return 0
    opened = office.cipher.open
    people = [(opened(sealed, PSEUDONYM).decode(), registrant_id) for registrant_id, sealed in waiting]
    told = {
        each.pseudonym: each for each in told_of(open_snapshot(office, WORKER, snapshot.id), [p for p, _ in people])
    }
    for some in _in_batches(people):
        with office.unit(WORKER) as work:
            _keep(work, snapshot.id, [(pseudonym, number, told.get(pseudonym)) for pseudonym, number in some], today)
    return len(people)


def sweep(office: Office) -> int:
    """Erase what is not needed any more, and give of how many people.

    What the portal handed over for requests that nobody answered in time, what may be said of those who consent to no
    link and have no digital ID, and the queues of minutes that are over.
    """
    with office.look(WORKER) as work:
        today = work.today
        overdue = work.session.scalars(_OVERDUE.where(LinkRequest.closes_at <= work.now)).all()
        unneeded_now = ~exists().where(Registrant.id == LinkHolding.registrant_id, or_(*_is_needed(today, work.now)))
        idle = select(LinkHolding.id).where(unneeded_now).limit(MOST_A_TICK)
        unneeded = work.session.scalars(idle).all()
        queues = work.session.scalar(select(func.count()).select_from(LinkMinute)) or 0
    if not (overdue or unneeded or queues > QUEUES_KEPT):
        return 0
    with office.unit(WORKER) as work:
        # Asked anew, like what follows: somebody may have answered since.
        closed = update(LinkRequest).where(LinkRequest.id.in_(overdue), LinkRequest.state == RequestState.OPEN)
        work.session.execute(closed.values(state=RequestState.CLOSED, sealed_values=None))
        gone = delete(LinkHolding).where(LinkHolding.id.in_(unneeded), unneeded_now)
        work.session.execute(gone)
        work.session.execute(delete(LinkMinute).where(LinkMinute.minute < work.now - timedelta(hours=1)))
    return len(overdue) + len(unneeded)


def withhold(work: Work, added: ProtectionAdded) -> None:
    """Take away what the gateway may say of somebody who was just put under protection."""
    protection = queries.find_protection(work.session, added.protection_id)
    pseudonym = work.office.cipher.open(protection.sealed_pseudonym, protecting.PSEUDONYM).decode()
    mark = mark_of(work.office.cipher, pseudonym)
    registrant = registrant_by_mark(work.session, mark, locked=True)
    if registrant is not None:
        withheld = update(LinkHolding).where(LinkHolding.registrant_id == registrant.id).values(sealed=None)
        work.session.execute(withheld)
        digital_ids.follow_register(work, {registrant.id: None})


def _waiting(session: Session, snapshot_id: int, today: date, now: datetime) -> Sequence[tuple[int, bytes]]:
    """Give id and sealed pseudonym of those of whom something may be asked and nothing was made today."""
    midnight = datetime.combine(today, time(), TOKYO)
    stale = or_(LinkHolding.id.is_(None), LinkHolding.snapshot_id != snapshot_id, LinkHolding.made_at < midnight)
    rows = session.execute(
        select(Registrant.id, Registrant.sealed_pseudonym)
        .outerjoin(LinkHolding, LinkHolding.registrant_id == Registrant.id)
        .where(or_(*_is_needed(today, now)), stale)
        .order_by(Registrant.id)
        .limit(MOST_A_TICK)
    )
    return [(row.id, row.sealed_pseudonym) for row in rows]


def _keep(work: Work, snapshot_id: int, people: Sequence[tuple[str, int, Told | None]], today: date) -> None:
    """Keep what may be said of some people. Whoever was protected since the snapshot was opened is left out, too."""
    ids = [number for _, number, _ in people]
    lock_registrants(work.session, ids)
    there = select(LinkHolding).where(LinkHolding.registrant_id.in_(ids))
    before = {each.registrant_id: each for each in work.session.scalars(there)}
    protected = {mark for mark, _ in queries.sealed_pseudonyms(work.session)}
    numbers = _registered(work, [other for _, _, told in people if told for other in told.others])
    said: dict[int, Mapping[str, Claim] | None] = dict.fromkeys(ids)
    for pseudonym, number, told in people:
        is_hidden = protecting.mark_of(work.office.cipher, pseudonym) in protected
        holding = before.get(number) or LinkHolding(registrant_id=number)
        was = _household(work, holding)
        holding.snapshot_id, holding.made_at = snapshot_id, work.now
        holding.sealed = holding.good_until = None
        work.session.add(holding)
        if told is None or is_hidden:
            continue
        others = tuple(numbers[other] for other in told.others if other in numbers)
        held = Held(claims_of(told.facts, today), others, _classes(told.household_consents))
        holding.sealed = held.sealed(work.office.cipher, number)
        last = today + GOOD_FOR
        holding.good_until = min(claims_hold_until(told.facts, today) or last, last)
        said[number] = held.claims
        if was - held.household:
            work.session.flush()
            settle_all(work, number, DeletionCause.FACTS_CLOSED)
    digital_ids.follow_register(work, said)


def _household(work: Work, holding: LinkHolding) -> frozenset[ConsentClass]:
    """Give what all of the household had opened when a holding was made."""
    if holding.sealed is None:
        return frozenset()
    return Held.opened(work.office.cipher, holding.registrant_id, holding.sealed).household


def _is_needed(today: date, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions on a registrant, of which one is enough: a link, or a digital ID that they have or wait for."""
    return (
        Registrant.id.in_(select(LinkConsent.registrant_id).where(holds_on(today))),
        Registrant.id.in_(digital_ids_in_force(today)),
        Registrant.id.in_(digital_ids_waited_for(now)),
    )


def _registered(work: Work, pseudonyms: Sequence[str]) -> dict[str, int]:
    """Give who of these people is registered and was proven: what they withdraw closes at once."""
    marks = {mark_of(work.office.cipher, pseudonym): pseudonym for pseudonym in pseudonyms}
    rows = work.session.execute(
        select(Registrant.mark, Registrant.id).where(
            Registrant.mark.in_(marks), Registrant.assurance == Assurance.CARD_VERIFIED
        )
    )
    return {marks[row.mark]: row.id for row in rows}


def _classes(bits: int) -> frozenset[ConsentClass]:
    return frozenset(each for each in ConsentClass if bits & each.bit)


def _in_batches(people: list[tuple[str, int]]) -> Iterator[list[tuple[str, int]]]:
    return (people[at : at + AT_A_TIME] for at in range(0, len(people), AT_A_TIME))
