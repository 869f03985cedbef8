"""Between the password and the second factor: what does a person reach? The pages of the factor, and the way out."""

from __future__ import annotations

from datetime import date

import pytest

from backoffice.accounts import service as accounts
from backoffice.identity import ROLE_PERMISSIONS, Permission, Role
from backoffice.identity.permissions import NEEDS_SECOND_FACTOR, RESIDENTS_DATA
from tests.backoffice.accounts.people import code_now, knock, set_up_code
from tests.backoffice.furniture import NOT_THERE, doors, filled, furnish
from tests.backoffice.staff_client import StaffClient

ON_THE_THRESHOLD = {
    "GET /first-password",
    "GET /second-factor",
    "GET /second-factor/add",
    "GET /second-factor/new-code",
    "POST /first-password",
    "POST /second-factor/code",
    "POST /second-factor/key",
    "POST /second-factor/key/ask",
    "POST /second-factor/new-code",
    "POST /second-factor/new-code/begin",
    "POST /second-factor/new-key",
    "POST /second-factor/new-key/ask",
    "POST /sign-out",
}
NEEDING = [role for role in Role if ROLE_PERMISSIONS[role] & NEEDS_SECOND_FACTOR]
TURNED_AWAY = {"GET": 303, "POST": 401}


def test_with_the_password_alone_every_route_but_those_of_the_factor_is_shut(city, client):
    furnished = furnish(city)
    knock(client, furnished.person)
    others = [door for door in doors(client.app) if door.permission and door.name not in ON_THE_THRESHOLD]

    answers = {
        door.name: client.http.request(door.method, furnished.fill(door.path), follow_redirects=False)
        for door in others
    }

    assert len(answers) > 40
    assert {name: each.status_code for name, each in answers.items()} == {
        door.name: TURNED_AWAY[door.method] for door in others
    }
    assert {each.headers["location"].split("?")[0] for each in answers.values() if each.status_code == 303} == {
        "/second-factor"
    }


def test_the_list_of_routes_on_the_threshold_is_closed(city, client):
    knock(client, city.person(*Role))
    opened = {
        door.name
        for door in doors(client.app)
        if door.permission and door.path != "/sign-out" and not turned_away(client, door)
    }

    assert opened | {"POST /sign-out"} == ON_THE_THRESHOLD


def turned_away(client: StaffClient, door) -> bool:
    answer = client.http.request(door.method, filled(door.path, {}, otherwise=NOT_THERE), follow_redirects=False)
    return answer.status_code == 401 or answer.headers.get("location", "").startswith("/second-factor?next=%2F")


@pytest.mark.parametrize("role", NEEDING)
def test_whoever_sees_residents_or_gives_roles_needs_a_second_factor(city, client, role):
    assert knock(client, city.person(role)).path == "/second-factor"


def test_whoever_holds_no_role_may_do_without_one(city, client):
    assert knock(client, city.person()).path == "/"


def test_every_permission_on_residents_data_asks_for_it():
    assert RESIDENTS_DATA | {Permission.STAFF_EDIT} <= NEEDS_SECOND_FACTOR


def test_on_the_threshold_a_person_holds_no_role_and_sees_no_menu(city, client):
    page = knock(client, city.person(*Role))

    assert 'href="/sheets"' not in page.text
    assert 'href="/me"' not in page.text


def test_the_page_that_was_asked_for_comes_after_the_second_factor(city, client):
    person = city.person(Role.VERIFIER)

    asked = client.post("/sign-in", {"account": person.account, "password": "ame-no-hi-no-kasa", "next": "/sheets?q=1"})
    secret = set_up_code(client)
    client.post("/sign-out")
    city.clock.pass_(minutes=1)
    client.post("/sign-in", {"account": person.account, "password": "ame-no-hi-no-kasa", "next": "/sheets"})
    arrived = client.post("/second-factor/code", {"code": code_now(city, secret), "next": "/sheets"})

    assert 'name="next" value="/sheets?q=1"' in asked.text
    assert arrived.path == "/sheets"


def test_the_second_factor_never_leads_out_of_the_house(city, client):
    knock(client, city.person(Role.CLERK))
    client.post("/second-factor/new-code/begin", {"next": "//evil.example/"})

    page = client.get("/second-factor/new-code?next=//evil.example/")

    assert "evil" not in page.text


def test_a_role_given_later_asks_for_the_factor_at_the_next_request(city, client):
    person, department = city.person(), city.department()
    knock(client, person)
    before = client.get("/")

    with city.unit() as work:
        accounts.grant_role(work, person.id, Role.CLERK, department.id, date(2026, 4, 1), None)

    assert (before.path, client.get("/").path) == ("/", "/second-factor")


def test_a_person_who_set_one_up_of_their_own_accord_is_asked_for_it(city, client):
    person = city.person()
    knock(client, person)
    set_up_code(client)
    client.post("/sign-out")

    assert knock(client, person).path == "/second-factor"


def test_signing_out_on_the_threshold_ends_the_sign_in(city, client):
    knock(client, city.person(Role.CLERK))

    client.post("/sign-out")

    assert client.get("/second-factor").path == "/sign-in"


def test_the_token_is_a_new_one_once_the_factor_is_proved(city, client):
    knock(client, city.person(Role.CLERK))
    before = client.http.cookies["__Host-gijo"]

    set_up_code(client)
    after = client.http.cookies["__Host-gijo"]
    stale = StaffClient(city)
    stale.http.cookies.set("__Host-gijo", before)

    assert before != after
    assert stale.get("/me").path == "/sign-in"
