"""What had been done before the newcomer came? Weeks ago the city was founded and wrote to its elders.

An office whose clock stands on that day does it, by the services that staff use; real servers take the messages. It
comes before everything else, so the trail tells it first. Who was granted a pass since then, the clerk brings today.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from backoffice.audiences.freezing import freeze
from backoffice.audiences.sending import send_run
from backoffice.audiences.ticking import tick
from backoffice.demo import city, notice_runs, notices, programs, readers, residents, water_bot, worked_bots
from backoffice.demo.cases import DRAFTER
from backoffice.inbox import ticking
from backoffice.jobs.worker import Result
from backoffice.programs.models import Program
from backoffice.services import TOKYO
from backoffice.take_up import taking_in
from backoffice.work import Office
from backoffice.worker import post_of
from workflows.calendar import add_business_days, is_business_day

AT_LEAST = timedelta(days=21)
FOUNDED_AT, SENT_AT = time(9, 0), time(10, 0)
GRACE = timedelta(minutes=2)
"""After it what was approved is in force."""
AT_ONCE = 100_000
"""People an hour: all in the first minute."""
HEAD = "制度番号,仮名,支給決定日,決定"
GRANTED, REFUSED = "支給", "不支給"
DECIDED_WITHIN = 10
"""Business days, from the second on."""
DECISIONS = (GRANTED, GRANTED, GRANTED, REFUSED, "")
"""Of those told; some never applied."""
UNTOLD = 80
"""Elders, the last of the file: those who moved in meanwhile stand at its end."""


@dataclass
class _Clock:
    """Stands until it is moved."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment


class _OnceOnly:
    """Steps of a job that is done here and now."""

    def run(self, _name: str, work: Callable[[], Result]) -> Result:
        return work()


@dataclass(frozen=True)
class Happened:
    programs: int
    wordings: int
    readers: int
    run_id: int | None = None
    """None: nothing was sent."""


def sent_on(today: date) -> date:
    """Give the day on which the notice left: some weeks ago, and in a month of which there is a report by now."""
    day = min(today - AT_LEAST, today.replace(day=1) - timedelta(days=1))
    while not is_business_day(day):
        day -= timedelta(days=1)
    return day


def happen(office: Office) -> Happened:
    """Found the city and let one notice leave, on a day some weeks ago.

    Nothing leaves where the city had nobody in office on that day yet.
    """
    day = sent_on(office.services.today())
    if day < city.SINCE:
        return _found(office)
    clock = _Clock(datetime.combine(day, FOUNDED_AT, TOKYO))
    then = replace(office, services=replace(office.services, now=clock))
    founded = _found(then)
    clock.moment += GRACE
    ticking.tick(then)
    return replace(founded, run_id=_send(then, clock))


def _found(office: Office) -> Happened:
    city.build(office)
    taken, worded = programs.register(office), notices.approve(office)
    residents.settle(office)
    water_bot.teach(office)
    worked_bots.teach(office)
    return Happened(taken, worded, readers.register(office))


def _send(then: Office, clock: _Clock) -> int:
    notice_runs.prepare(then)
    run_id = notice_runs.begin(then, notice_runs.periods(then)[0], AT_ONCE)
    freeze(then, run_id)
    notice_runs.release(then, run_id)
    clock.moment += GRACE
    ticking.tick(then)

    clock.moment = datetime.combine(clock.moment.date(), SENT_AT, TOKYO)
    notice_runs.hear(then)
    tick(then)
    send_run(then, post_of(then, threading.Event()), run_id, _OnceOnly())
    return run_id


def bring_grants(office: Office) -> int:
    """Let the clerk bring the list of who was granted a pass since then, and give how many rows it has.

    Of those who were told most are on it; some who are not registered are, too, some who are too young for the rule,
    and those who moved in meanwhile.
    """
    rows = [HEAD, *_rows(office)]
    sealed = taking_in.seal(office, taking_in.read(office, "\n".join(rows).encode()))
    with office.unit(city.actor_of(office, DRAFTER)) as work:
        taking_in.take_in(work, sealed)
    return len(rows) - 1


def _rows(office: Office) -> Iterator[str]:
    day, yesterday = sent_on(office.services.today()), office.services.today() - timedelta(days=1)
    with office.look(city.HOUSE) as work:
        number = work.session.scalars(select(Program.number).where(Program.shipped_as == notice_runs.TOLD_OF)).one()
    for at, (pseudonym, decision) in enumerate(_decided(office)):
        decided = min(add_business_days(day, 2 + at % DECIDED_WITHIN), yesterday)
        yield f"{number},{pseudonym},{decided},{decision}"


def _decided(office: Office) -> Iterator[tuple[str, str]]:
    elders, young = readers.people_aged(office, *readers.OF_AGE), readers.people_aged(office, *readers.NOT_YET)
    for at, pseudonym in enumerate(elders[: readers.READERS]):
        if decision := DECISIONS[at % len(DECISIONS)]:
            yield pseudonym, decision
    for pseudonym in (*elders[-UNTOLD:], *young[: readers.TOO_YOUNG]):
        yield pseudonym, GRANTED
