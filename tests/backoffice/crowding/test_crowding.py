"""How many wait at the ward offices: sent by their system, shown with its age, and not at all once it is stale."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from backoffice.clients.scopes import Scope
from backoffice.crowding.models import CrowdReading
from backoffice.crowding.routes import hours_of
from backoffice.crowding.workflow import Freshness
from backoffice.identity import Role
from forms.my_number import check_digit
from tests.backoffice.clients.machines import Machine, gateway, machine
from tests.backoffice.clients.test_gateway import problem
from tests.backoffice.staff_client import StaffClient

ELEVEN = "1" * 11
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def wards(city) -> Machine:
    return machine(city, frozenset({Scope.CROWDING}), name="区役所の混雑")


def reading(wards: Machine, **said: Any) -> dict[str, Any]:
    at = wards.city.clock.moment.isoformat()
    return {"ward": "chuo", "counter": "tax", "waiting": 7, "counted_at": at, "picture": "pic-00000001", **said}


def send(wards: Machine, *readings: dict[str, Any]) -> Any:
    return wards.call("PUT", "/ward-offices/crowding", json={"readings": list(readings)})


def shown(wards: Machine, language: str = "ja") -> dict[str, Any]:
    """What anybody reads of the one counter that was counted."""
    said = wards.http.get(f"/ward-offices/crowding?language={language}")
    assert said.status_code == 200, said.text
    (counter,) = [each for ward in said.json()["wards"] for each in ward["counters"]]
    return counter


def kept(wards: Machine) -> int:
    with wards.city.look() as work:
        return work.session.scalar(select(func.count(CrowdReading.id))) or 0


def test_a_count_is_stale_after_ten_minutes():
    assert Freshness.of(NOW, NOW + timedelta(minutes=9, seconds=59)) == Freshness(9, is_stale=False)
    assert Freshness.of(NOW, NOW + timedelta(minutes=10)) == Freshness(10, is_stale=True)
    assert Freshness.of(NOW + timedelta(minutes=1), NOW) == Freshness(0, is_stale=False)


def test_of_each_hour_the_most_who_waited_at_once_are_shown():
    counted = [(NOW, 3), (NOW + timedelta(minutes=20), 9), (NOW + timedelta(hours=2), 1)]

    assert [(hour.label, hour.value) for hour in hours_of(counted)] == [("12:00", 9), ("14:00", 1)]


def test_anybody_reads_how_many_wait_and_how_old_that_is(wards: Machine):
    send(wards, reading(wards))
    wards.city.clock.pass_(minutes=3)

    counter = shown(wards)

    assert (counter["waiting"], counter["minutes_ago"], counter["stale"]) == (7, 3, False)
    assert (counter["picture"], counter["name"]) == ("pic-00000001", "課税課")
    assert shown(wards, "en")["name"] == "Tax"


def test_what_is_stale_is_not_shown_as_how_it_is_now(wards: Machine):
    send(wards, reading(wards))
    wards.city.clock.pass_(minutes=10)

    counter = shown(wards)

    assert (counter["waiting"], counter["picture"], counter["stale"]) == (None, None, True)


def test_a_count_that_comes_late_does_not_replace_a_newer_one(wards: Machine):
    send(wards, reading(wards))
    earlier = (wards.city.clock.moment - timedelta(minutes=5)).isoformat()

    send(wards, reading(wards, waiting=50, counted_at=earlier))

    assert (shown(wards)["waiting"], kept(wards)) == (7, 2)


def test_sending_again_does_no_harm(wards: Machine):
    send(wards, reading(wards))

    again = send(wards, reading(wards, waiting=99))

    assert (again.status_code, shown(wards)["waiting"], kept(wards)) == (200, 7, 1)


def test_one_counter_is_not_counted_every_second(wards: Machine):
    send(wards, reading(wards))
    wards.city.clock.pass_(seconds=14)

    problem(send(wards, reading(wards), reading(wards, ward="nishi")), 429, "too-many-calls")

    assert kept(wards) == 1
    wards.city.clock.pass_(seconds=1)
    assert send(wards, reading(wards)).status_code == 200


@pytest.mark.parametrize(
    "said",
    [
        {"ward": "tenjin"},
        {"counter": "lost-property"},
        {"waiting": -1},
        {"waiting": 1000},
        {"picture": "https://cam.example/1.jpg"},
        {"picture": "pic-" + ELEVEN + str(check_digit(ELEVEN))},
        {"picture": "data:image/png;base64,AAAA"},
        {"counted_at": "2026-11-24T12:00:00"},
        {"name": "福岡 花子"},
    ],
)
def test_nothing_but_a_count_and_the_name_of_a_picture_is_taken(wards: Machine, said: dict[str, Any]):
    problem(send(wards, reading(wards, **said)), 422, "invalid")

    assert kept(wards) == 0


@pytest.mark.parametrize("apart", [timedelta(minutes=6), timedelta(days=-1, seconds=-1)])
def test_a_moment_that_cannot_be_is_named(wards: Machine, apart: timedelta):
    at = (wards.city.clock.moment + apart).isoformat()

    said = problem(send(wards, reading(wards), reading(wards, ward="nishi", counted_at=at)), 422, "invalid")

    assert said["errors"][0]["pointer"] == "#/readings/1/counted_at"
    assert kept(wards) == 0


def test_a_call_with_too_many_counts_is_refused(wards: Machine):
    problem(send(wards, *[reading(wards)] * 101), 422, "invalid")


def test_only_the_ward_offices_system_sends_counts(wards: Machine):
    portal = machine(wards.city, http=wards.http)

    problem(portal.call("PUT", "/ward-offices/crowding", json={"readings": [reading(wards)]}), 403, "scope-needed")


def test_counts_go_after_a_week(wards: Machine):
    send(wards, reading(wards))
    wards.city.clock.pass_(days=7, seconds=1)

    wards.city.clock.pass_(minutes=1)
    late = machine(wards.city, frozenset({Scope.CROWDING}), http=wards.http, name="もう1つ")
    send(late, reading(late))

    assert kept(wards) == 1


def test_staff_see_what_the_portal_shows_and_the_day_behind_it(wards: Machine):
    send(wards, reading(wards))
    clerk = StaffClient(wards.city).sign_in(wards.city.person(Role.CLERK))

    fresh = clerk.get("/crowding").text
    day = clerk.get("/crowding/chuo/tax").text
    wards.city.clock.pass_(minutes=11)
    stale = clerk.get("/crowding").text

    assert ("0分前" in fresh, "今の人数ではありません" in fresh) == (True, False)
    assert ("12:00" in day, "この日には" in clerk.get("/crowding/chuo/tax?day=R8.11.20").text) == (True, True)
    assert ("11分前" in stale, "今の人数ではありません" in stale) == (True, True)
    clerk.get("/crowding/tenjin/tax", status=404)
    clerk.get("/crowding/chuo/tax?day=someday", status=422)


def test_the_last_counts_are_found_the_same_on_both_databases(city_on_both):
    wards = machine(city_on_both, frozenset({Scope.CROWDING}), http=gateway(city_on_both), name="区役所の混雑")
    first = (wards.city.clock.moment - timedelta(minutes=2)).isoformat()

    send(wards, reading(wards, counted_at=first, waiting=1), reading(wards))
    send(wards, reading(wards))

    assert (shown(wards)["waiting"], kept(wards)) == (7, 2)
