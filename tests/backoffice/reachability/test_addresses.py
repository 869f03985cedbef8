"""What is heard of an address decides whether anything is sent there; what happened later counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from backoffice.consents import portal
from backoffice.consents.workflow import ChannelKind
from backoffice.operations import upkeep
from backoffice.reachability import queries, service, stopping
from backoffice.reachability.models import AddressStanding, SoftFailure
from backoffice.reachability.workflow import AddressState, Failure, StopWay, Topic
from tests.backoffice.reachability.people import MAIL, alive_kinds, registered, with_settings

MAIL_ALONE, BOTH = {ChannelKind.MAIL}, {ChannelKind.MAIL, ChannelKind.LINE}


def test_an_address_of_which_nothing_was_heard_is_alive(city_on_both):
    assert registered(city_on_both).alive == BOTH


def test_a_mail_that_came_back_for_good_closes_its_address_for_everybody_who_shares_it(city_on_both):
    mother = registered(city_on_both)
    father = registered(city_on_both, "yuki-0001", line="")

    mother.bounce(Failure.PERMANENT)

    assert (mother.alive, father.alive) == ({ChannelKind.LINE}, set())
    assert mother.state() is AddressState.BOUNCED


def test_a_full_mailbox_closes_the_address_at_the_third_message_within_a_month(city_on_both):
    person = registered(city_on_both)

    for recipient in (1, 1, 1, 2, 2):
        person.bounce(Failure.TEMPORARY, recipient=recipient)
    assert person.alive == BOTH

    person.bounce(Failure.TEMPORARY, recipient=3)
    assert person.state() is AddressState.BOUNCED


def test_what_waited_long_ago_counts_no_more(city):
    person = registered(with_settings(city, bounce_soft_most=2))
    person.bounce(Failure.TEMPORARY, recipient=1)

    city.clock.pass_(days=31)
    person.bounce(Failure.TEMPORARY, recipient=2)

    assert person.alive == BOTH


def test_whoever_calls_it_spam_has_stopped_everything(city_on_both):
    person = registered(city_on_both)

    for _ in range(2):
        person.bounce(Failure.COMPLAINT)

    assert (person.state(), person.stopped) == (AddressState.COMPLAINED, {"all"})
    with city_on_both.look() as work:
        (kept,) = queries.stops_of(work.session, person.registrant_id)
    assert kept.way == StopWay.COMPLAINT


def test_another_address_begins_alive_and_so_does_the_same_one_when_it_is_set_anew(city):
    person = registered(city)
    person.bounce(Failure.PERMANENT)

    person.set(ChannelKind.MAIL, "new@mail.example")
    assert person.state() is AddressState.ALIVE

    city.clock.pass_(hours=1)
    person.set(ChannelKind.MAIL, MAIL)
    assert person.state() is AddressState.ALIVE


def test_what_was_sent_before_an_address_was_set_anew_says_nothing_about_it(city):
    person = registered(city)
    person.bounce(Failure.PERMANENT)
    city.clock.pass_(hours=1)
    with city.unit() as work:
        portal.remove_channel(work, person.visitor, ChannelKind.MAIL)
    person.set(ChannelKind.MAIL, MAIL)

    person.bounce(Failure.PERMANENT, ago=2)
    assert person.state() is AddressState.ALIVE

    city.clock.pass_(hours=1)
    person.bounce(Failure.PERMANENT)
    assert person.state() is AddressState.BOUNCED


def test_nobody_else_opens_an_address_again_whose_owner_complained(city):
    person = registered(city, line="")
    person.bounce(Failure.COMPLAINT)
    city.clock.pass_(hours=1)

    stranger = registered(city, "yuki-0001", mail=MAIL, line="")
    assert (stranger.alive, person.alive) == (set(), set())

    with city.unit() as work:
        portal.remove_channel(work, person.visitor, ChannelKind.MAIL)
    person.set(ChannelKind.MAIL, MAIL)
    assert (person.alive, person.stopped) == (MAIL_ALONE, {"all"})


def test_a_message_to_an_address_that_is_nobodys_any_more_leaves_no_trace(city):
    person = registered(city)
    with city.unit() as work:
        portal.remove_channel(work, person.visitor, ChannelKind.MAIL)

    person.bounce(Failure.PERMANENT)

    with city.look() as work:
        assert queries.standing_of(work.session, ChannelKind.MAIL, service.mark_of(city.office.cipher, MAIL)) is None


def test_who_stopped_what_is_asked_of_many_at_once(city_on_both):
    stops = {1: {"health"}, 2: {"all"}, 3: {"aged"}, 4: set()}
    people = {
        number: registered(city_on_both, f"person-{number:04d}", mail=f"p{number}@mail.example", line="")
        for number in stops
    }
    with city_on_both.unit() as work:
        for number, person in people.items():
            stopping.settle(work, person.registrant_id, stops[number], StopWay.COUNTER)

    with city_on_both.look() as work:
        ids = [each.registrant_id for each in people.values()]
        stopped = queries.stopped_for(work.session, ids, Topic.HEALTH)
        alive = alive_kinds(work.session, ids)
    assert stopped == {people[1].registrant_id, people[2].registrant_id}
    assert alive == dict.fromkeys(ids, MAIL_ALONE)


@pytest.mark.parametrize("ago", [timedelta(0), timedelta(days=400)])
def test_a_sender_that_is_told_of_no_such_address_closes_it(city, ago):
    city.clock.moment -= ago
    person = registered(city)

    with city.unit() as work:
        service.lose(work, ChannelKind.MAIL, service.mark_of(city.office.cipher, MAIL))

    assert person.state() is AddressState.GONE


def test_what_decides_nothing_any_more_is_forgotten_but_not_that_somebody_complained(city_on_both):
    gone, complained, still = (
        registered(city_on_both, f"person-{number:04d}", mail=f"p{number}@mail.example", line="") for number in range(3)
    )
    gone.bounce(Failure.PERMANENT, address="p0@mail.example")
    complained.bounce(Failure.COMPLAINT, address="p1@mail.example")
    still.bounce(Failure.PERMANENT, address="p2@mail.example")
    still.bounce(Failure.TEMPORARY, address="p2@mail.example")
    with city_on_both.unit() as work:
        for person in (gone, complained):
            portal.remove_channel(work, person.visitor, ChannelKind.MAIL)

    city_on_both.clock.pass_(days=40)
    upkeep.tick(city_on_both.office)

    with city_on_both.look() as work:
        kept = work.session.scalars(select(AddressStanding.state).order_by(AddressStanding.id)).all()
        assert kept == [AddressState.COMPLAINED, AddressState.BOUNCED]
        assert work.session.scalars(select(SoftFailure)).all() == []
