"""Whatever comes between freezing and sending is honoured to the person: by whoever comes first to their row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from backoffice.audiences.models import Recipient
from backoffice.consents import queries as consents
from backoffice.consents import service as consent_counter
from backoffice.consents.events import ChannelRemoved
from backoffice.consents.models import Registrant, RegistrantChannel
from backoffice.consents.service import mark_of
from backoffice.reachability import stopping
from backoffice.reachability.workflow import EVERYTHING, StopWay
from backoffice.residents import protecting
from backoffice.residents.stop_file import Act, FeedRow, StopKind
from backoffice.work import Work
from tests.backoffice.audiences.post import Line, deliver, reasons, states
from tests.backoffice.audiences.town import Person, hear, register, release
from tests.backoffice.office import City
from tests.city_mail_server import CityMailServer, serve
from workflows.rules.vocabulary import ConsentClass

HIKARI, KASUMI = Person("hikari", at_home=("kasumi-k",)), Person("kasumi", at_home=("hikari",))
BOTH = [HIKARI, KASUMI]
CORE, TAX = ConsentClass.CORE.bit, ConsentClass.TAX.bit


def registrant(work: Work, person: Person) -> Registrant:
    mark = mark_of(work.office.cipher, person.name)
    return work.session.scalars(select(Registrant).where(Registrant.mark == mark)).one()


def withdraw(work: Work, person: Person, kind: ConsentClass = ConsentClass.CORE) -> None:
    who = registrant(work, person)
    consent = consents.live_consent(work.session, who.id, kind, work.today)
    consent_counter.withdraw(work, who, consent.id)


def protect(work: Work, person: Person) -> None:
    protecting.add(work, person.name, "申出 R8-12")


def stop_everything(work: Work, person: Person) -> None:
    stopping.stop(work, registrant(work, person).id, EVERYTHING, StopWay.ONE_CLICK)


def stop_health(work: Work, person: Person) -> None:
    stopping.stop(work, registrant(work, person).id, "health", StopWay.PAGE)


def take_address_away(work: Work, person: Person) -> None:
    who = registrant(work, person)
    channel = work.session.scalars(select(RegistrantChannel).where(RegistrantChannel.registrant_id == who.id)).one()
    work.session.delete(channel)
    work.session.flush()
    work.record(ChannelRemoved(who.id, channel.id))


@dataclass(frozen=True)
class Comes:
    name: str
    act: Callable[[Work, Person], None]
    reason: str


def die(work: Work, person: Person) -> None:
    hear(work, FeedRow(person.name, StopKind.DIED, Act.HAPPENED, work.today))


def move_away(work: Work, person: Person) -> None:
    hear(work, FeedRow(person.name, StopKind.MOVED_OUT, Act.HAPPENED, work.today))


COMES = [
    Comes("withdrawal", withdraw, "consent"),
    Comes("protection", protect, "gone"),
    Comes("death", die, "gone"),
    Comes("move away", move_away, "gone"),
    Comes("stop of all", stop_everything, "declined"),
    Comes("stop of the topic", stop_health, "declined"),
    Comes("address taken away", take_address_away, "channel"),
]


@pytest.mark.parametrize("comes", COMES, ids=lambda each: each.name)
def test_whoever_it_comes_to_before_sending_is_not_written_to(city_on_both: City, comes: Comes):
    city = city_on_both
    register(city.office, BOTH)
    run_id = release(city.office, BOTH)
    with city.unit() as work:
        comes.act(work, KASUMI)

    server = CityMailServer()
    with serve(server) as there:
        deliver(city, run_id, smtp_port=there.port)

    assert server.addresses == ["hikari@mail.example"]
    assert states(city, run_id) == {"accepted": 1, "stopped": 1}
    assert reasons(city, run_id) == {comes.reason: 1}


def test_protection_of_one_stops_what_goes_to_everybody_at_home(city: City):
    register(city.office, BOTH)
    run_id = release(city.office, BOTH)
    with city.unit() as work:
        protecting.add(work, "kasumi-k", "申出 R8-12")

    server = CityMailServer()
    with serve(server) as there:
        deliver(city, run_id, smtp_port=there.port)

    assert server.addresses == ["kasumi@mail.example"]
    assert reasons(city, run_id) == {"gone": 1}


def test_a_tax_consent_withdrawn_by_one_stops_what_goes_to_the_others_at_home(city: City):
    register(city.office, BOTH, (ConsentClass.CORE, ConsentClass.TAX))
    run_id = release(city.office, [KASUMI], own=CORE | TAX, household=TAX)
    with city.unit() as work:
        withdraw(work, HIKARI, ConsentClass.TAX)

    server = CityMailServer()
    with serve(server) as there:
        deliver(city, run_id, smtp_port=there.port)

    assert server.taken == []
    assert reasons(city, run_id) == {"household": 1}


def test_a_consent_that_opened_nothing_of_it_may_go(city: City):
    register(city.office, BOTH, (ConsentClass.CORE, ConsentClass.TAX))
    run_id = release(city.office, BOTH)
    with city.unit() as work:
        withdraw(work, KASUMI, ConsentClass.TAX)

    server = CityMailServer()
    with serve(server) as there:
        deliver(city, run_id, smtp_port=there.port)

    assert states(city, run_id) == {"accepted": 2}


def test_a_consent_that_ran_out_overnight_stops_it_though_nobody_said_so(city: City):
    register(city.office, [HIKARI])
    register(city.office, [KASUMI], days=1)
    run_id = release(city.office, BOTH)
    city.clock.pass_(days=2)

    server = CityMailServer()
    with serve(server) as there:
        deliver(city, run_id, smtp_port=there.port)

    assert server.addresses == ["hikari@mail.example"]
    assert reasons(city, run_id) == {"consent": 1}


def test_who_withdraws_while_line_has_the_message_is_listed_as_too_late(city: City):
    on_line = [Person("hikari", line=True), Person("kasumi", line=True)]
    register(city.office, on_line)
    run_id = release(city.office, on_line)
    line = Line()

    def withdraw_meanwhile() -> None:
        if not line.asked:
            with city.unit() as work:
                withdraw(work, on_line[1])

    line.before = withdraw_meanwhile
    deliver(city, run_id, line=line)

    with city.look() as work:
        late = work.session.scalars(select(Recipient.state).where(Recipient.withdrew_at.is_not(None))).all()
    assert [len(asked) for _key, asked, _text in line.asked] == [2]
    assert late == ["accepted"]
