"""Where the house lets a run rest, people hear of it at once: in their in-tray and by mail, once, while it lasts."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backoffice.audiences import pausing, service
from backoffice.audiences.queries import find_run
from backoffice.audiences.ticking import tick
from backoffice.identity import Department, Role, Staff
from backoffice.inbox import alerting
from backoffice.inbox.alert_models import Alert
from backoffice.operations import upkeep
from tests.backoffice.audiences.post import deliver, run_state, writing_office
from tests.backoffice.audiences.runs import Sending
from tests.backoffice.audiences.told import let_go
from tests.backoffice.audiences.town import Person, hear, people, register, release
from tests.backoffice.city_mail import give_mail, with_mail
from tests.backoffice.office import City
from tests.backoffice.staff_client import StaffClient
from tests.city_mail_server import CityMailServer, serve


def office_people(city: City) -> dict[str, Staff]:
    """A drafter, somebody of the DX office, and a clerk who has nothing to do with the run."""
    drafter = city.person(Role.CLERK, account="tanto")
    with city.look() as work:
        whole_city = work.session.scalars(select(Department).where(Department.depth == 0)).one()
    return {
        "drafter": drafter,
        "dx": city.person(Role.DX_OFFICE, department=whole_city, account="dx1"),
        "other": city.person(Role.CLERK, account="yoso"),
    }


def refused_run(city: City, drafter: Staff) -> int:
    """A run of which the city's mail server takes no mail."""
    some = list(people(60))
    register(city.office, some)
    run_id = release(city.office, some, drafted_by_id=drafter.id)
    server = CityMailServer(says_of_strangers="554 5.7.1 relay access denied")
    server.refuses.update(each.address for each in some)
    with serve(server) as there:
        deliver(city, run_id, smtp_port=there.port)
    assert run_state(city, run_id) == "paused"
    return run_id


def told(city: City, *, still: bool = True) -> set[int]:
    with city.look() as work:
        rows = work.session.scalars(select(Alert)).all()
    assert len({(row.staff_id, row.at) for row in rows}) == len(rows)
    return {row.staff_id for row in rows if not still or row.ended_at is None}


def inbox_of(city: City, person: Staff) -> str:
    return StaffClient(city).sign_in(person).get("/inbox").text


def test_whoever_drafted_it_and_the_dx_office_read_of_it_in_their_in_tray(city_on_both: City):
    staff = office_people(city_on_both)

    run_id = refused_run(city_on_both, staff["drafter"])

    assert told(city_on_both) == {staff["drafter"].id, staff["dx"].id}
    for person in ("drafter", "dx"):
        shown = inbox_of(city_on_both, staff[person])
        assert "1通も受け取らなかったため" in shown
        assert f'href="/audiences/{run_id}"' in shown
    assert "受け取らなかったため" not in inbox_of(city_on_both, staff["other"])


def test_whoever_decided_on_it_hears_too(sending: Sending):
    sending.register(sending.women_over_forty(12))
    run_id = sending.frozen()
    case = sending.act(service.submit, run_id)
    bureau = sending.office.bureau
    (step,) = bureau.waiting(case.id)
    bureau.decide(bureau.head, case.id, step)

    let_go(sending.city, run_id)
    with sending.city.unit() as work:
        pausing.pause_by_itself(work, run_id, pausing.MAIL_REFUSES)

    assert {bureau.drafter.id, bureau.head.id, bureau.dx.id, bureau.dx_head.id} == told(sending.city)


def test_it_goes_when_the_run_goes_on(city: City):
    staff = office_people(city)
    run_id = refused_run(city, staff["drafter"])

    with city.unit(city.actor(staff["dx"])) as work:
        service.resume(work, run_id, find_run(work.session, run_id).version)

    assert told(city) == set()
    assert "受け取らなかったため" not in inbox_of(city, staff["drafter"])


def test_it_goes_when_the_run_is_cancelled(city: City):
    staff = office_people(city)
    run_id = refused_run(city, staff["drafter"])

    with city.unit(city.actor(staff["dx"])) as work:
        service.cancel(work, run_id, find_run(work.session, run_id).version)

    assert told(city) == set()


def test_whoever_pauses_by_hand_is_not_told_of_it(city: City):
    staff = office_people(city)
    some = [Person("hikari")]
    register(city.office, some)
    run_id = release(city.office, some, drafted_by_id=staff["drafter"].id)

    with city.unit(city.actor(staff["dx"])) as work:
        service.pause(work, run_id, find_run(work.session, run_id).version)

    assert told(city, still=False) == set()


def test_an_old_feed_is_told_once_by_day_and_gone_when_it_has_come(city_on_both: City):
    city = city_on_both
    staff = office_people(city)
    some = [Person("hikari")]
    register(city.office, some)
    run_id = release(city.office, some, drafted_by_id=staff["drafter"].id)
    with city.unit() as work:
        hear(work)
    office = writing_office(city)
    tick(office)
    city.clock.pass_(hours=27)

    for _ in range(3):
        tick(office)
        city.clock.pass_(minutes=1)
    by_day = told(city)
    city.clock.pass_(hours=12)  # by night it rests anyway
    tick(office)
    by_night = told(city)
    with city.unit() as work:
        hear(work)
    tick(office)

    assert run_state(city, run_id) == "sending"
    assert by_day == by_night == {staff["drafter"].id, staff["dx"].id}
    assert told(city) == set()


@pytest.fixture
def served():
    with serve(CityMailServer()) as running:
        yield running


def test_each_gets_one_mail_without_a_title_however_often_the_worker_looks(city_on_both: City, served):
    city = city_on_both
    staff = office_people(city)
    give_mail(city, staff["drafter"], "tanto@city.example.jp")
    give_mail(city, staff["dx"], "dx1@city.example.jp", "en")
    run_id = refused_run(city, staff["drafter"])
    with_mail(city, served)

    sent = [alerting.tick(city.office) for _ in range(3)]

    assert sent == [2, 0, 0]
    assert served.server.addresses == ["dx1@city.example.jp", "tanto@city.example.jp"]
    by_person = {str(letter["To"]): letter for letter in served.server.taken}
    text = by_person["tanto@city.example.jp"].get_content()
    assert f"https://gijo.city.example.jp/audiences/{run_id}" in text
    assert "乳がん検診" not in text + by_person["tanto@city.example.jp"]["Subject"]
    assert "mail server" in by_person["dx1@city.example.jp"].get_content()


def test_a_mail_that_the_server_did_not_take_comes_later(city: City, served):
    staff = office_people(city)
    give_mail(city, staff["dx"], "dx1@city.example.jp")
    refused_run(city, staff["drafter"])
    with_mail(city, served)
    served.server.content_answer = "451 later"

    first = alerting.tick(city.office)
    served.server.content_answer = "250 OK"
    at_once = alerting.tick(city.office)
    city.clock.pass_(minutes=2)
    later = alerting.tick(city.office)

    assert (first, at_once, later) == (0, 0, 1)


def test_what_is_over_before_the_mail_goes_is_not_mailed(city: City, served):
    staff = office_people(city)
    give_mail(city, staff["dx"], "dx1@city.example.jp")
    run_id = refused_run(city, staff["drafter"])
    with city.unit(city.actor(staff["dx"])) as work:
        service.resume(work, run_id, find_run(work.session, run_id).version)
    with_mail(city, served)

    assert alerting.tick(city.office) == 0


def test_what_was_over_long_ago_is_forgotten(city: City):
    staff = office_people(city)
    run_id = refused_run(city, staff["drafter"])
    with city.unit(city.actor(staff["dx"])) as work:
        service.cancel(work, run_id, find_run(work.session, run_id).version)
    city.clock.pass_(days=91)

    upkeep.tick(city.office)

    assert told(city, still=False) == set()
