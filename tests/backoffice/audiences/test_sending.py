"""A released run leaves the house: each person gets one message, or there is a reason why not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from backoffice.audiences.claiming import Rest, why_rest
from backoffice.audiences.queries import find_run
from backoffice.audiences.ticking import tick
from backoffice.audiences.workflow import RunState
from backoffice.carriers.line import Answered, Reply
from backoffice.consents.models import RegistrantChannel
from backoffice.consents.portal import ADDRESS
from tests.backoffice.audiences.post import Line, deliver, reasons, run_state, states, writing_office
from tests.backoffice.audiences.town import Person, at, hear, people, register, release
from tests.backoffice.office import City
from tests.city_mail_server import CityMailServer, serve


@pytest.fixture
def server() -> CityMailServer:
    return CityMailServer()


def test_everybody_of_a_run_is_written_to_once(city_on_both: City, server: CityMailServer):
    some = list(people(30, line_every=3))
    register(city_on_both.office, some)
    run_id = release(city_on_both.office, some)
    line = Line()

    with serve(server) as there:
        deliver(city_on_both, run_id, smtp_port=there.port, line=line)
        deliver(city_on_both, run_id, smtp_port=there.port, line=line)

    assert server.addresses == sorted(each.address for each in some if not each.line)
    assert sorted(to for _key, people_asked, _text in line.asked for to in people_asked) == sorted(
        each.address for each in some if each.line
    )
    assert states(city_on_both, run_id) == {"accepted": 30}
    assert run_state(city_on_both, run_id) == "done"


def test_nothing_leaves_at_night(city: City, server: CityMailServer):
    some = [Person("hikari")]
    register(city.office, some)
    run_id = release(city.office, some)
    city.clock.moment = at("2026-11-24T21:00")

    with serve(server) as there:
        deliver(city, run_id, smtp_port=there.port)

    assert server.taken == []
    assert states(city, run_id) == {"waiting": 1}


def test_nothing_leaves_when_nobody_has_told_for_days_who_died(city: City, server: CityMailServer):
    some = [Person("hikari")]
    register(city.office, some)
    run_id = release(city.office, some)
    with city.unit() as work:
        hear(work)
    city.clock.pass_(hours=27)
    office = writing_office(city)

    tick(office)

    assert run_state(city, run_id) == "sending"
    with city.look() as work:
        assert why_rest(work, find_run(work.session, run_id)) is Rest.STALE_FEED


def test_an_address_that_the_server_does_not_know_is_not_tried_again(city: City, server: CityMailServer):
    some = [Person("hikari"), Person("kasumi")]
    register(city.office, some)
    run_id = release(city.office, some)
    server.refuses.add("kasumi@mail.example")

    with serve(server) as there:
        deliver(city, run_id, smtp_port=there.port)

    assert server.addresses == ["hikari@mail.example"]
    assert states(city, run_id) == {"accepted": 1, "failed": 1}
    assert reasons(city, run_id) == {"turned_down": 1}


def test_of_an_address_that_there_is_not_the_next_run_knows(city: City, server: CityMailServer):
    some = [Person("hikari")]
    register(city.office, some)
    first, second = release(city.office, some), release(city.office, some, period="2027")
    server.says_of_strangers = "550 5.1.1 no such person here"
    server.refuses.add("hikari@mail.example")

    with serve(server) as there:
        deliver(city, first, smtp_port=there.port)
        deliver(city, second, smtp_port=there.port)

    assert reasons(city, first) == {"turned_down": 1}
    assert reasons(city, second) == {"channel": 1}


def test_what_the_server_puts_off_comes_later_and_once(city: City, server: CityMailServer):
    some = [Person("hikari")]
    register(city.office, some)
    run_id = release(city.office, some)
    server.content_answer = "451 later, please"

    with serve(server) as there:
        deliver(city, run_id, smtp_port=there.port)
        server.content_answer = "250 OK"
        deliver(city, run_id, smtp_port=there.port)
        too_early = list(server.taken)
        city.clock.pass_(minutes=16)
        deliver(city, run_id, smtp_port=there.port)

    assert too_early == []
    assert server.addresses == ["hikari@mail.example"]
    assert states(city, run_id) == {"accepted": 1}


def test_of_a_letter_that_the_server_hung_up_on_nobody_knows_and_it_is_not_sent_again(
    city: City, server: CityMailServer
):
    some = [Person("hikari")]
    register(city.office, some)
    run_id = release(city.office, some)
    server.hangs_up_with_the_letter = True

    with serve(server) as there:
        deliver(city, run_id, smtp_port=there.port)
        server.hangs_up_with_the_letter = False
        city.clock.pass_(hours=2)
        deliver(city, run_id, smtp_port=there.port)

    assert len(server.taken) == 1
    assert states(city, run_id) == {"unknown": 1}


def test_line_is_asked_the_same_again_under_the_same_key(city: City):
    some = [Person("hikari", line=True), Person("kasumi", line=True)]
    register(city.office, some)
    run_id = release(city.office, some)
    line = Line([Reply.AGAIN])

    deliver(city, run_id, line=line)
    city.clock.pass_(minutes=1)
    deliver(city, run_id, line=line)

    assert len(line.asked) == 2
    assert len(set(line.asked)) == 1
    assert states(city, run_id) == {"accepted": 2}


def test_one_whom_line_does_not_know_keeps_nobody_else_from_hearing(city: City):
    some = [Person(f"p{number}", line=True) for number in range(8)]
    register(city.office, some)
    run_id = release(city.office, some)

    class Picky(Line):
        def multicast(self, to, messages, *, key):
            return Answered(Reply.REFUSED) if some[3].address in to else super().multicast(to, messages, key=key)

    line = Picky()
    deliver(city, run_id, line=line)

    heard = [to for _key, asked, _text in line.asked for to in asked]
    assert sorted(heard) == sorted(each.address for each in some if each is not some[3])
    assert states(city, run_id) == {"accepted": 7, "failed": 1}


def test_where_line_refuses_everybody_the_run_rests_and_people_look(city: City):
    some = [Person(f"p{number:03d}", line=True) for number in range(60)]
    register(city.office, some)
    run_id = release(city.office, some)

    class Shut(Line):
        def multicast(self, to, messages, *, key):
            super().multicast(to, messages, key=key)
            return Answered(Reply.REFUSED)

    line = Shut()
    deliver(city, run_id, line=line)

    assert run_state(city, run_id) == "paused"
    assert states(city, run_id) == {"failed": 5, "waiting": 55}
    assert len(line.asked) < 15


def test_two_who_read_the_same_line_account_keep_nobody_from_hearing_and_it_is_told_once(city: City):
    some = [Person("hikari", line=True), Person("kasumi", line=True), Person("nozomi", line=True)]
    register(city.office, some)
    run_id = release(city.office, some)
    _let_share(city, some[1], some[0])
    line = Line()

    deliver(city, run_id, line=line)

    assert [to for _key, asked, _text in line.asked for to in asked] == [some[0].address, some[2].address]
    assert states(city, run_id) == {"accepted": 3}


@pytest.mark.parametrize("address", ["ひかり@mail.example", "hikari@メール.example", "hi\x01kari@mail.example"])
def test_one_whose_address_no_mail_can_bear_keeps_nobody_else_from_hearing(
    city: City, server: CityMailServer, address: str
):
    some = [Person("hikari"), Person("kasumi")]
    register(city.office, some)
    run_id = release(city.office, some)
    _set_address(city, some[0], address)

    with serve(server) as there:
        deliver(city, run_id, smtp_port=there.port)

    assert server.addresses == ["kasumi@mail.example"]
    assert states(city, run_id) == {"accepted": 1, "failed": 1}


@pytest.mark.parametrize("said", ["550 5.1.8 sender's domain not found", "550 5.1.7 bad sender", "550 5.1.0 rejected"])
def test_what_a_server_says_of_the_sender_closes_nobodys_address(city: City, server: CityMailServer, said: str):
    some = [Person("hikari")]
    register(city.office, some)
    first, second = release(city.office, some), release(city.office, some, period="2027")
    server.says_of_strangers = said
    server.refuses.add("hikari@mail.example")

    with serve(server) as there:
        deliver(city, first, smtp_port=there.port)
        server.refuses.clear()
        deliver(city, second, smtp_port=there.port)

    assert states(city, second) == {"accepted": 1}


def test_where_line_refuses_one_text_alone_its_people_are_not_tried_one_by_one(city: City):
    some = [Person(f"p{number:03d}", line=True, language="en" if number % 2 else "ja") for number in range(60)]
    register(city.office, some)
    run_id = release(city.office, some)
    english = {each.address for each in some if each.language == "en"}

    class Picky(Line):
        def multicast(self, to, messages, *, key):
            said = super().multicast(to, messages, key=key)
            return Answered(Reply.REFUSED) if english & set(to) else said

    line = Picky()
    deliver(city, run_id, line=line)

    assert run_state(city, run_id) == "paused"
    assert states(city, run_id) == {"accepted": 30, "failed": 5, "waiting": 25}


def test_where_line_lets_nobody_in_nobody_more_is_taken_in_hand(city: City):
    some = [Person(f"p{number}", line=True, language=language) for number, language in enumerate(("ja", "easy", "en"))]
    register(city.office, some)
    run_id = release(city.office, some)
    line = Line([Reply.BROKEN])

    deliver(city, run_id, line=line)
    by_then = states(city, run_id)
    city.clock.pass_(minutes=11)
    deliver(city, run_id, line=line)

    assert by_then == {"handing": 1, "waiting": 2}
    assert states(city, run_id) == {"accepted": 3}


def test_what_line_left_open_of_a_run_that_was_cancelled_is_doubted_a_day_later(city: City):
    some = [Person("hikari", line=True)]
    register(city.office, some)
    run_id = release(city.office, some)
    deliver(city, run_id, line=Line([Reply.AGAIN]))
    with city.unit() as work:
        find_run(work.session, run_id).state = RunState.CANCELLED
    city.clock.pass_(hours=24)

    tick(writing_office(city))

    assert states(city, run_id) == {"unknown": 1}


def test_where_the_mail_server_refuses_everybody_the_run_rests_and_people_look(city: City, server: CityMailServer):
    some = list(people(60))
    register(city.office, some)
    run_id = release(city.office, some)
    server.says_of_strangers = "554 5.7.1 relay access denied"
    server.refuses.update(each.address for each in some)

    with serve(server) as there:
        deliver(city, run_id, smtp_port=there.port)

    assert run_state(city, run_id) == "paused"
    after = states(city, run_id)
    assert after["failed"] + after["waiting"] == 60
    assert 20 <= after["failed"] <= 24


def test_where_no_server_is_named_no_worker_is_asked_in_vain_and_the_last_day_ends_it(city: City):
    some = [Person("hikari", line=True)]
    register(city.office, some)
    run_id = release(city.office, some, last_day=city.office.services.today())
    office = writing_office(city, line_token_file=None)
    with city.unit() as work:
        hear(work)

    assert tick(office) == 0
    city.clock.pass_(days=1)
    assert [tick(office) for _ in range(2)] == [0, 0]

    assert run_state(city, run_id) == "done"
    assert reasons(city, run_id) == {"too_late": 1}


def test_after_the_last_day_nobody_is_written_to(city: City, server: CityMailServer):
    some = [Person("hikari")]
    register(city.office, some)
    run_id = release(city.office, some, last_day=city.office.services.today())
    city.clock.pass_(days=1)

    with serve(server) as there:
        deliver(city, run_id, smtp_port=there.port)

    assert server.taken == []
    assert reasons(city, run_id) == {"too_late": 1}


def test_of_the_same_program_and_period_nobody_hears_twice(city: City, server: CityMailServer):
    some = [Person("hikari")]
    register(city.office, some)
    first = release(city.office, some)
    with city.look() as work:
        program = find_run(work.session, first).program_version
    second = release(city.office, some, program=program)

    with serve(server) as there:
        deliver(city, first, smtp_port=there.port)
        deliver(city, second, smtp_port=there.port)

    assert len(server.taken) == 1
    assert reasons(city, second) == {"told": 1}


def test_the_fourth_notice_in_a_week_waits_until_the_week_is_over(city: City, server: CityMailServer):
    some = [Person("hikari")]
    register(city.office, some)
    runs = [release(city.office, some) for _ in range(4)]

    with serve(server) as there:
        for run_id in runs:
            deliver(city, run_id, smtp_port=there.port)
        by_then = len(server.taken)
        city.clock.moment += timedelta(days=7, minutes=1)
        deliver(city, runs[3], smtp_port=there.port)

    assert by_then == 3
    assert len(server.taken) == 4


def _let_share(city: City, one: Person, other: Person) -> None:
    """Let somebody have given the LINE account of somebody else."""
    _set_address(city, one, other.address)


def _set_address(city: City, person: Person, address: str) -> None:
    cipher = city.office.cipher
    with city.unit() as work:
        known = select(RegistrantChannel).where(RegistrantChannel.mark == cipher.mark(person.address, ADDRESS))
        channel = work.session.scalars(known).one()
        channel.mark, channel.sealed_address = cipher.mark(address, ADDRESS), cipher.seal(address.encode(), ADDRESS)
