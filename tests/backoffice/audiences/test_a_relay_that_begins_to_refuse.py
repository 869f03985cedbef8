"""A mail server that begins to refuse us in the middle of a run stops it; one that does not know people never does."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import select, update

from backoffice.audiences.models import NoticeRun, Recipient
from backoffice.audiences.pausing import MAIL_BEGAN_TO_REFUSE
from backoffice.audiences.refusals import is_about_us
from backoffice.carriers.parcels import Fate, Settled
from tests.backoffice.audiences.post import deliver, run_state, states
from tests.backoffice.audiences.town import people, register, release
from tests.backoffice.office import City
from tests.city_mail_server import CityMailServer, serve

FIRST = 40


@dataclass
class Turning(CityMailServer):
    """Takes so many mails, and then says this to every content, recipient or sender."""

    to_contents: str = ""
    to_recipients: str = ""
    to_senders: str = ""
    first: int = FIRST

    async def handle_MAIL(self, _server, _session, envelope, address, options):  # noqa: N802 -- aiosmtpd names it
        if self.to_senders and len(self.taken) >= self.first:
            return self.to_senders
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 -- aiosmtpd names it
        if self.to_recipients and len(self.taken) >= self.first:
            return self.to_recipients
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- aiosmtpd names it
        if self.to_contents and len(self.taken) >= self.first:
            return self.to_contents
        return await super().handle_DATA(server, session, envelope)


def sent(city: City, server: CityMailServer, count: int = 150) -> int:
    some = list(people(count))
    register(city.office, some)
    run_id = release(city.office, some)
    with serve(server) as there:
        deliver(city, run_id, smtp_port=there.port)
    return run_id


def trouble(city: City, run_id: int) -> str:
    with city.look() as work:
        return work.session.scalars(select(NoticeRun.trouble).where(NoticeRun.id == run_id)).one()


@pytest.mark.parametrize(
    "behaves",
    [
        {"to_contents": "550 5.7.1 message refused by policy"},
        {"to_contents": "554 transaction failed"},
        {"to_recipients": "554 5.7.1 relay access denied"},
        {"to_recipients": "450 4.7.1 too many mails of yours"},
    ],
)
def test_what_is_refused_for_our_sake_in_the_middle_stops_the_run(city: City, behaves: dict[str, str]):
    run_id = sent(city, Turning(**behaves))

    assert run_state(city, run_id) == "paused"
    assert trouble(city, run_id) == MAIL_BEGAN_TO_REFUSE
    after = states(city, run_id)
    assert after["accepted"] >= FIRST
    assert after["failed"] <= 30
    assert after["waiting"] >= 50


def test_it_stops_on_both_databases(city_on_both: City):
    run_id = sent(city_on_both, Turning(to_contents="550 5.7.26 unauthenticated mail"))

    assert run_state(city_on_both, run_id) == "paused"


def test_a_server_that_will_not_have_our_sender_any_more_stops_the_run_and_nobody_is_lost(city: City):
    run_id = sent(city, Turning(to_senders="550 5.7.1 sender not allowed"))

    assert run_state(city, run_id) == "paused"
    assert trouble(city, run_id) == MAIL_BEGAN_TO_REFUSE
    assert set(states(city, run_id)) == {"accepted", "waiting"}


@pytest.mark.parametrize("said", ["550 5.1.1 user unknown", "550 user unknown", "552 5.2.2 mailbox full"])
def test_people_whom_the_server_does_not_know_never_stop_a_run(city: City, said: str):
    run_id = sent(city, Turning(to_recipients=said))

    assert run_state(city, run_id) == "done"
    after = states(city, run_id)
    assert after["accepted"] + after["failed"] == 150
    assert after["failed"] > 100


def test_where_all_the_first_are_unknown_by_their_addresses_the_run_goes_on(city: City):
    some = list(people(60))
    register(city.office, some)
    run_id = release(city.office, some)
    server = CityMailServer(says_of_strangers="550 5.1.1 user unknown")
    server.refuses.update(each.address for each in some)

    with serve(server) as there:
        deliver(city, run_id, smtp_port=there.port)

    assert states(city, run_id) == {"failed": 60}
    assert run_state(city, run_id) == "done"


def test_refusals_far_apart_that_others_come_between_stop_nothing(city: City):
    some = list(people(120))
    register(city.office, some)
    run_id = release(city.office, some)
    server = CityMailServer(says_of_strangers="550 5.7.1 not for you")
    server.refuses.update(each.address for each in some[::4])

    with serve(server) as there:
        deliver(city, run_id, smtp_port=there.port)

    assert run_state(city, run_id) == "done"
    assert states(city, run_id) == {"accepted": 90, "failed": 30}


def test_a_slow_run_whose_mails_are_refused_one_by_one_stops_all_the_same(city: City):
    some = list(people(60))
    register(city.office, some)
    run_id = release(city.office, some)
    with city.unit() as work:
        theirs = update(Recipient).where(Recipient.run_id == run_id)
        work.session.execute(theirs.values(turn=Recipient.id % 15))

    with serve(Turning(to_contents="550 5.7.1 policy", first=8)) as there:
        for _ in range(15):
            deliver(city, run_id, smtp_port=there.port)
            city.clock.pass_(minutes=1)

    assert run_state(city, run_id) == "paused"
    assert states(city, run_id)["waiting"] > 0


@pytest.mark.parametrize(
    ("settled", "ours"),
    [
        (Settled(1, Fate.REFUSED, 550, "5.7.1"), True),
        (Settled(1, Fate.REFUSED, 550, "5.1.8"), True),
        (Settled(1, Fate.PUT_OFF, 450, "4.7.1"), True),
        (Settled(1, Fate.REFUSED, 554, ""), True),
        (Settled(1, Fate.REFUSED, 550, "", of_content=True), True),
        (Settled(1, Fate.REFUSED, 550, "5.2.2", of_content=True), False),
        (Settled(1, Fate.REFUSED, 550, ""), False),
        (Settled(1, Fate.REFUSED, 550, "5.1.1"), False),
        (Settled(1, Fate.REFUSED, 553, "5.1.3"), False),
        (Settled(1, Fate.PUT_OFF, 451, "4.3.0"), False),
        (Settled(1, Fate.ACCEPTED, 250, "2.0.0"), False),
    ],
)
def test_which_answers_speak_of_us(settled: Settled, ours: bool):
    assert is_about_us(settled) is ours
