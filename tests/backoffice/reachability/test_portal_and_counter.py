"""Who signed in at the portal, or stands at the counter, sees and changes what they receive; the help desk reads it."""

from __future__ import annotations

import pytest

from backoffice.consents import service as consents
from backoffice.consents.models import Registrant
from backoffice.identity import Role
from backoffice.reachability import stopping
from backoffice.reachability.workflow import Failure, StopWay, Topic
from backoffice.rights.package import held_of
from tests.backoffice.clients.machines import machine
from tests.backoffice.consents.counter import WHY, given
from tests.backoffice.consents.portal import on_a_word, proven
from tests.backoffice.reachability.people import registered
from tests.backoffice.staff_client import StaffClient

STOPS = "/portal/notices/stops"


def asked(portal, person):
    return portal.call("POST", STOPS, json={"person": person})


def settled(portal, person, *topics: str, everything: bool = False):
    return portal.call("PUT", STOPS, json={"person": person, "topics": topics, "everything": everything})


def test_the_portal_shows_every_topic_and_whether_the_person_can_be_reached(city_on_both):
    person, portal = registered(city_on_both), machine(city_on_both)
    person.bounce(Failure.PERMANENT)

    said = settled(portal, proven(), "health").json()

    assert said == asked(portal, proven()).json()
    assert {each["code"]: each["stopped"] for each in said["topics"]} == {each: each == "health" for each in Topic}
    assert {each["kind"]: each["state"] for each in said["channels"]} == {"mail": "bounced", "line": "alive"}
    assert (said["everything"], said["topics"][0]["en"]) == (False, "Children and education")


def test_what_the_portal_does_not_name_is_received_again(city):
    person, portal = registered(city), machine(city)
    settled(portal, proven(), "health", "aged", everything=True)

    settled(portal, proven(), "aged")

    assert person.stopped == {"aged"}


def test_on_a_mere_word_nobody_sees_or_stops_what_somebody_proven_receives(city):
    person, portal = registered(city), machine(city)

    answers = [asked(portal, on_a_word()), settled(portal, on_a_word(), "health"), asked(portal, proven("nobody-0001"))]

    assert [each.status_code for each in answers] == [404] * 3
    assert person.stopped == set()


def test_a_topic_that_is_none_is_refused(city):
    registered(city)

    assert settled(machine(city), proven(), "weather").status_code == 422


@pytest.fixture
def counter(city):
    """A privacy officer who has opened the page of somebody who registered."""
    officer = city.person(Role.PRIVACY_OFFICER)
    registered(city)
    with city.unit(city.actor(officer)) as work:
        look = consents.open_look(work, "hikari-0815", WHY)
    client = StaffClient(city).sign_in(officer)
    return client, f"/consents/looks/{look.id}/reach"


def test_at_the_counter_the_person_stops_and_takes_again(city, counter):
    client, address = counter
    person = registered(city)
    person.bounce(Failure.TEMPORARY)

    page = client.post(address, {"seen": "0-0", "stopped": ["health", "all"]})
    assert person.stopped == {"health", "all"}
    assert "すべてのお知らせ" in page.text
    assert "h…@mail.example" in page.text

    client.post(address, {"seen": "2-0", "stopped": ["all"]})
    assert person.stopped == {"all"}


def test_a_form_from_before_takes_back_nothing_that_was_stopped_meanwhile(city, counter):
    client, address = counter
    person = registered(city)
    client.get(address)
    with city.unit() as work:
        stopping.stop(work, person.registrant_id, "aged", StopWay.ONE_CLICK)

    client.post(address, {"seen": "0-0"}, 409)

    assert person.stopped == {"aged"}


def test_what_is_no_topic_is_not_stopped(city, counter):
    client, address = counter

    client.post(address, {"seen": "0-0", "stopped": ["weather"]})

    assert registered(city).stopped == set()


def test_the_help_desk_tells_why_nothing_comes_and_changes_nothing(city):
    person = registered(city)
    with city.unit(city.actor(city.person(Role.PRIVACY_OFFICER))) as work:
        look = consents.open_look(work, "hikari-0815", WHY)
        reference = consents.give(work, look.registrant, given()).reference
        stopping.stop(work, person.registrant_id, "health", StopWay.PAGE)
    person.bounce(Failure.PERMANENT)
    client = StaffClient(city).sign_in(city.person(Role.HELP_DESK))

    page = client.post("/help-desk/find", {"code": reference, "reason": WHY}).text

    for words in ("健康・検診", "メールの中のリンク", "戻ってきた(送らない)", "h…@mail.example"):
        assert words in page
    assert "hikari@" not in page


def test_operators_see_how_many_addresses_are_dead_and_nobodys(city):
    person = registered(city)
    person.bounce(Failure.PERMANENT)

    page = StaffClient(city).sign_in(city.person(Role.ADMINISTRATOR)).get("/reachability").text

    assert "10件未満" in page
    assert "戻ってきたメールを読む設定がありません" in page


def test_whoever_asks_what_is_held_of_them_is_handed_their_stops_and_the_state_of_their_addresses(city):
    person = registered(city)
    person.bounce(Failure.PERMANENT)
    with city.unit() as work:
        stopping.stop(work, person.registrant_id, "health", StopWay.ONE_CLICK)
        stopping.resume(work, person.registrant_id, {"health"}, StopWay.PORTAL)

    with city.look() as work:
        held = held_of(work, work.session.get_one(Registrant, person.registrant_id))

    assert [(each["topic"], each["way"], bool(each["ended_at"])) for each in held["notice_stops"]] == [
        ("health", "one_click", True)
    ]
    assert [(each["kind"], each["state"]) for each in held["address_states"]] == [
        ("line", "alive"),
        ("mail", "bounced"),
    ]
