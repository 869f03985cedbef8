"""Whatever the calendar and the clocks do: nothing leaves at night or on a holiday, nothing twice, nothing too late."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from backoffice.audiences.claiming import claim
from backoffice.audiences.journal import HOUSE
from backoffice.audiences.lanes import keep_lane
from backoffice.audiences.models import Recipient
from backoffice.audiences.queries import find_run
from backoffice.audiences.ticking import tick
from backoffice.audit import chain
from backoffice.carriers.line import Reply
from backoffice.consents.workflow import ChannelKind
from backoffice.services import TOKYO
from forms import wareki
from forms.wareki import Era
from tests.backoffice.audiences.post import Line, deliver, reasons, run_state, states, writing_office
from tests.backoffice.audiences.town import Person, at, hear, people, register, release
from tests.backoffice.office import City, copy_template, open_city
from tests.city_mail_server import CityMailServer, serve
from workflows.calendar import is_business_day
from workflows.notices.languages import NoticeLanguage, day_in
from workflows.notices.schedules import Recurrence, Schedule, next_occasion


@dataclass
class TimeMachine:
    """A city that is sent through time with its mail server and LINE, and what arrived when, by the city's clock."""

    city: City
    server: CityMailServer
    port: int
    line: Line = field(default_factory=Line)
    arrived: list[tuple[datetime, str]] = field(default_factory=list)

    def go(self, moment: datetime, *runs: int) -> None:
        """Let the worker wake up at a moment and see to these runs."""
        self.city.clock.moment = moment
        mails, calls = len(self.server.taken), len(self.line.asked)
        for run_id in runs:
            deliver(self.city, run_id, smtp_port=self.port, line=self.line)
        here = moment.astimezone(TOKYO)
        self.arrived += [(here, str(letter["To"])) for letter in self.server.taken[mails:]]
        self.arrived += [(here, each) for _key, asked, _text in self.line.asked[calls:] for each in asked]

    def sail(self, since: str, until: str, *runs: int, hours: float = 1) -> None:
        """Wake up every so many hours from one moment to another."""
        moment, last = at(since), at(until)
        while moment <= last:
            self.go(moment, *runs)
            moment += timedelta(hours=hours)

    @property
    def days(self) -> list[str]:
        return sorted({f"{moment:%Y-%m-%d}" for moment, _who in self.arrived})

    def startled(self) -> list[datetime]:
        """Give the moments at which somebody was written to at night or on a day of rest."""
        return [
            moment for moment, _who in self.arrived if not (9 <= moment.hour < 19 and is_business_day(moment.date()))
        ]

    def twice(self) -> list[str]:
        return [who for who, times in Counter(who for _moment, who in self.arrived).items() if times > 1]


@pytest.fixture
def machine(city: City) -> Iterator[TimeMachine]:
    server = CityMailServer()
    with serve(server) as there:
        yield TimeMachine(city, server, there.port)


def released(city: City, begins: str, count: int, *, apart: int = 0, **said: object) -> int:
    """A run of so many people, whose turns lie so many minutes of sending apart."""
    city.clock.moment = at(begins)
    some = list(people(count, line_every=3))
    register(city.office, some)
    return again(city, some, apart=apart, **said)


def again(city: City, some: list[Person], *, apart: int = 0, **said: object) -> int:
    run_id = release(city.office, some, **said)
    with city.unit() as work:
        first = work.session.scalars(
            select(Recipient.id).where(Recipient.run_id == run_id).order_by(Recipient.id)
        ).first()
        theirs = update(Recipient).where(Recipient.run_id == run_id)
        work.session.execute(theirs.values(turn=(Recipient.id - first) * apart))
    return run_id


def test_over_the_turn_of_the_year_everybody_hears_once_and_on_working_days(machine: TimeMachine):
    run_id = released(machine.city, "2026-12-28T17:30", 9, apart=30)

    machine.sail("2026-12-28T17:30", "2027-01-05T12:00", run_id, hours=4.5)

    assert machine.days == ["2026-12-28", "2027-01-04"]
    assert (machine.startled(), machine.twice()) == ([], [])
    assert states(machine.city, run_id) == {"accepted": 9}
    assert run_state(machine.city, run_id) == "done"


def test_over_the_first_of_april_a_run_goes_on_and_the_new_year_is_told_of_anew(machine: TimeMachine):
    city = machine.city
    old = released(city, "2027-03-31T17:00", 6, apart=40, period="2026")
    with city.look() as work:
        program = find_run(work.session, old).program_version
    some = list(people(6, line_every=3))
    same, new = again(city, some, program=program, period="2026"), again(city, some, program=program, period="2027")

    machine.sail("2027-03-31T17:00", "2027-04-01T14:00", old, hours=3)
    machine.sail("2027-04-01T15:00", "2027-04-01T18:00", same, new, hours=3)

    assert machine.days == ["2027-03-31", "2027-04-01"]
    assert machine.startled() == []
    assert (states(city, old), states(city, new)) == ({"accepted": 6}, {"accepted": 6})
    assert reasons(city, same) == {"told": 6}
    with city.look() as work:
        assert chain.verify(work.session) is None


@pytest.mark.parametrize(
    ("schedule", "after", "on", "period"),
    [
        (Schedule(Recurrence.YEARLY, 31, month=3), date(2027, 3, 1), "2027-03-31", "2026"),
        (Schedule(Recurrence.YEARLY, 1, month=4), date(2027, 3, 1), "2027-04-01", "2027"),
        (Schedule(Recurrence.MONTHLY, 31), date(2028, 2, 1), "2028-02-29", "2028-02"),
        (Schedule(Recurrence.MONTHLY, 30), date(2026, 12, 1), "2027-01-04", "2026-12"),
    ],
    ids=["last day of the year", "1 April", "29 February", "year end"],
)
def test_an_occasion_is_of_its_own_year_or_month_whatever_day_it_moves_to(schedule, after, on, period):
    occasion = next_occasion(schedule, after)

    assert (occasion.on.isoformat(), occasion.period(schedule.recurrence)) == (on, period)


def test_a_last_day_on_29_february_is_kept(machine: TimeMachine):
    run_id = released(machine.city, "2028-02-29T17:00", 6, apart=40, last_day=date(2028, 2, 29))

    machine.sail("2028-02-29T17:00", "2028-03-02T12:00", run_id, hours=1.5)

    assert machine.days == ["2028-02-29"]
    assert states(machine.city, run_id) == {"accepted": 3, "stopped": 3}
    assert reasons(machine.city, run_id) == {"too_late": 3}


def test_a_new_era_changes_how_days_are_written_and_nothing_else(machine: TimeMachine, monkeypatch: pytest.MonkeyPatch):
    old, new = wareki.ERAS[-1], Era("新元", "Z", date(2027, 5, 1), date.max)
    ended = Era(old.name, old.letter, old.first, date(2027, 4, 30))
    monkeypatch.setattr(wareki, "ERAS", (*wareki.ERAS[:-1], ended, new))
    run_id = released(machine.city, "2027-04-30T17:00", 6, apart=40, last_day=date(2027, 5, 7))

    machine.sail("2027-04-30T17:00", "2027-05-07T12:00", run_id, hours=4.5)

    assert machine.days == ["2027-04-30", "2027-05-06"]
    assert (machine.startled(), machine.twice()) == ([], [])
    assert states(machine.city, run_id) == {"accepted": 6}
    assert [day_in(NoticeLanguage.JA, day) for day in (date(2027, 4, 30), date(2027, 5, 1))] == [
        "令和9年4月30日(金)",
        "新元元年5月1日(土)",
    ]


def test_a_worker_that_slept_over_the_weekend_sends_nothing_at_night_and_nothing_twice(machine: TimeMachine):
    run_id = released(machine.city, "2026-11-27T18:30", 9, apart=20)

    for moment in ("2026-11-27T18:31", "2026-11-29T18:31", "2026-11-30T08:59", "2026-11-30T09:00", "2026-11-30T12:00"):
        machine.go(at(moment), run_id)

    assert machine.days == ["2026-11-27", "2026-11-30"]
    assert (machine.startled(), machine.twice()) == ([], [])
    assert states(machine.city, run_id) == {"accepted": 9}


def test_whom_a_worker_had_taken_before_it_slept_for_two_days_are_asked_of_anew(machine: TimeMachine):
    city = machine.city
    run_id = released(city, "2026-11-24T12:00", 4)
    office = writing_office(city)
    with city.unit() as work:
        hear(work)
    tick(office)
    with office.unit(HOUSE) as work:
        keep_lane(work, run_id)
        claim(work, run_id, ChannelKind.MAIL)

    machine.sail("2026-11-26T12:00", "2026-11-26T13:00", run_id)

    assert machine.twice() == []
    assert states(city, run_id) == {"accepted": 4}


def test_line_is_not_asked_again_under_a_key_that_it_may_have_forgotten(machine: TimeMachine):
    run_id = released(machine.city, "2026-11-24T12:00", 1)
    machine.line.answers = [Reply.AGAIN]

    machine.go(at("2026-11-24T12:00"), run_id)
    machine.sail("2026-11-26T12:00", "2026-11-26T14:00", run_id)

    assert len(machine.line.asked) == 1
    assert states(machine.city, run_id) == {"unknown": 1}
    assert run_state(machine.city, run_id) == "done"


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
def test_hours_are_those_of_tokyo_whatever_zone_the_machine_is_set_to(
    machine: TimeMachine, monkeypatch: pytest.MonkeyPatch, zone: str
):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        # In New York the clocks go forward on this Sunday.
        run_id = released(machine.city, "2027-03-12T18:50", 8, apart=5)
        for moment in ("2027-03-12T18:50", "2027-03-12T18:59", "2027-03-12T19:01", "2027-03-14T12:00"):
            machine.go(at(moment), run_id)
        friday = len(machine.arrived)
        for moment in ("2027-03-15T08:58", "2027-03-15T09:00", "2027-03-15T10:00"):
            machine.go(at(moment), run_id)
    finally:
        monkeypatch.undo()
        time.tzset()

    assert friday == 2
    assert machine.days == ["2027-03-12", "2027-03-15"]
    assert (machine.startled(), machine.twice()) == ([], [])
    assert len(machine.arrived) == 8


JUMPS = [timedelta(hours=-24), timedelta(hours=-1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=24)]


@given(st.lists(st.sampled_from(JUMPS), max_size=12))
@example([timedelta(hours=24), timedelta(hours=-24)])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_the_clock_jumps_nobody_hears_at_night_or_twice(
    tmp_path_factory: pytest.TempPathFactory, template: Path, quick_hash: str, jumps: list[timedelta]
):
    folder = tmp_path_factory.mktemp("town")
    server = CityMailServer()
    with open_city(folder, copy_template(template, folder), quick_hash) as city, serve(server) as there:
        run_id = released(city, "2026-11-26T16:00", 6, apart=60)
        machine = TimeMachine(city, server, there.port)
        machine.go(city.clock.moment, run_id)
        for jump in jumps:
            machine.go(city.clock.moment + jump, run_id)
        after = max(city.clock.moment, at("2026-11-26T16:00"))
        for days in range(6):
            machine.go((after + timedelta(days=days)).astimezone(TOKYO).replace(hour=18), run_id)

        assert (machine.startled(), machine.twice()) == ([], [])
        assert states(city, run_id) == {"accepted": 6}
