"""Three workers send while households withdraw and somebody pauses: nobody twice, nobody lost, few deadlocks."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select, text

from backoffice.audiences import lanes, service
from backoffice.audiences.journal import HOUSE, MailStint
from backoffice.audiences.models import Recipient
from backoffice.audiences.queries import find_run
from backoffice.audiences.ticking import finish_if_through, tick
from backoffice.carriers.parcels import Fate, Parcel, Settled
from backoffice.identity import Role
from backoffice.work import Office
from tests.backoffice.audiences.post import run_state, states, writing_office
from tests.backoffice.audiences.test_between_freeze_and_send import CORE, TAX, withdraw
from tests.backoffice.audiences.town import Person, hear, register, release
from tests.backoffice.office import City
from workflows.rules.vocabulary import ConsentClass

PAIRS, LINES, LEAVING, RESTS = 150, 6, 40, 6
RARE = 2  # of some thousand units; a unit of the journal that meets one is done again
DEADLOCKS = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
BOTH = (ConsentClass.CORE, ConsentClass.TAX)


def households() -> list[Person]:
    """Two people each, far from each other in the order in which they are written to."""
    ones = [Person(f"one-{number:03d}", at_home=(f"two-{number:03d}",)) for number in range(PAIRS)]
    twos = [Person(f"two-{number:03d}", at_home=(f"one-{number:03d}",)) for number in reversed(range(PAIRS))]
    return [*ones, *twos]


def deadlocks(city: City) -> int:
    """Count them since the database was made: other tests had it before."""
    with city.look() as work:
        return int(work.session.execute(DEADLOCKS).scalar_one())


async def carry(stint: MailStint, handed: list[int]) -> None:
    """A server that takes everything, and so many connections."""

    async def connection() -> None:
        done: Settled | None = None
        while (parcel := await stint.next_parcel()) is not None:
            going = await stint.turn(done, parcel.key)
            done = Settled(parcel.key, Fate.ACCEPTED, 250) if going else None
            if going:
                handed.append(parcel.key)
        await stint.turn(done, None)

    await asyncio.gather(*(connection() for _ in range(LINES)))


def send(city: City, office: Office, run_id: int, handed: list[int], until: float) -> None:
    """Work as a worker does, stint after stint, until nobody waits; time goes on, and lanes and claims end with it."""
    while time.monotonic() < until:
        with office.unit(HOUSE) as work:
            lanes.keep_lane(work, run_id)
        stint = MailStint(office, run_id, lambda each: Parcel(each.recipient_id, "", "", b""), lambda: False)
        asyncio.run(carry(stint, handed))
        stint.close()
        city.clock.pass_(seconds=10)
        with office.unit(HOUSE) as work:
            finish_if_through(work, run_id)
        with office.look(HOUSE) as work:
            if find_run(work.session, run_id).state == "done":
                return


def test_three_workers_and_whole_households_that_withdraw_never_wait_for_one_another(city_on_postgres: City):
    city, some = city_on_postgres, households()
    register(city.office, some, BOTH)
    run_id = release(city.office, some, own=CORE, household=TAX)
    with city.unit() as work:
        hear(work)
    tick(writing_office(city))
    with city.look() as work:
        department = find_run(work.session, run_id).program.department
    clerk, chance = city.person(Role.CLERK, department=department), random.Random(6)  # noqa: S311 -- an order, no secret
    leaving = chance.sample(some, LEAVING)
    over, before = threading.Event(), deadlocks(city)

    def leave() -> None:
        for person in leaving:
            with city.unit() as work:
                withdraw(work, person, ConsentClass.TAX)

    def rest_and_go_on() -> None:
        for act in (service.pause, service.resume) * RESTS:
            if not over.wait(0.1):
                with city.unit(city.actor(clerk)) as work:
                    run = find_run(work.session, run_id)
                    if run.state in {"sending", "paused"}:
                        act(work, run_id, run.version)

    handed: list[int] = []
    until = time.monotonic() + 240
    with ThreadPoolExecutor(5) as pool:
        others = [pool.submit(rest_and_go_on), pool.submit(leave)]
        offices = [writing_office(city, worker_id=f"worker-{number}") for number in range(3)]
        workers = [pool.submit(send, city, office, run_id, handed, until) for office in offices]
        for worker in workers:
            worker.result()
        over.set()
        for other in others:
            other.result()

    assert run_state(city, run_id) == "done"
    found = states(city, run_id)
    assert set(found) <= {"accepted", "stopped"}
    assert sum(found.values()) == 2 * PAIRS
    assert [key for key, times in Counter(handed).items() if times > 1] == []
    with city.look() as work:
        accepted = select(Recipient.id).where(Recipient.run_id == run_id, Recipient.state == "accepted")
        assert set(work.session.scalars(accepted)) == set(handed)
    assert deadlocks(city) - before <= RARE
