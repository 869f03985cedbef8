"""Who may open which page, press which button? Every route is walked for every role: what is not given is refused."""

from __future__ import annotations

import pytest

from backoffice.identity import ROLE_PERMISSIONS, Permission, Role
from backoffice.identity.permissions import ANYONE_SIGNED_IN, CHANGES_SOMETHING, RESIDENTS_DATA
from tests.backoffice.furniture import NOT_THERE, Door, doors, filled, furnish
from tests.backoffice.staff_client import StaffClient

OPEN_TO_EVERYONE = {
    "GET /sign-in",
    "POST /sign-in",
    "GET /sign-in/city",
    "GET /sign-in/city/back",
    "GET /sign-in/city/end",
    "GET /api/public/programs",
    "GET /api/public/programs/{number}",
    "GET /api/public/openapi.json",
    "GET /healthz",
    "GET /readyz",
}
ANSWERED = {200, 204, 303, 404, 409, 422}
FORBIDDEN = 403


def knock(client: StaffClient, door: Door, *, path: str = "") -> int:
    """Open a route as this person; what it acts upon is not there unless `path` says so."""
    address = path or filled(door.path, {}, otherwise=NOT_THERE)
    return client.http.request(door.method, address, follow_redirects=False).status_code


def test_every_route_names_its_permission_or_is_on_the_short_list(client):
    unguarded = {door.name for door in doors(client.app) if door.permission is None}

    assert unguarded == OPEN_TO_EVERYONE


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_may_do_nothing(client):
    guarded = [door for door in doors(client.app) if door.permission]

    answers = {door.name: knock(client, door) for door in guarded}

    assert answers == {door.name: 303 if door.method == "GET" else 401 for door in guarded}


@pytest.mark.parametrize("role", Role)
def test_a_role_opens_what_it_is_given_and_nothing_else(city, client, role):
    client.sign_in(city.person(role))
    given = ROLE_PERMISSIONS[role] | ANYONE_SIGNED_IN
    guarded = [door for door in doors(client.app) if door.permission]

    answers = {door: knock(client, door) for door in guarded}

    wrongly_open = [
        door.name for door, status in answers.items() if door.permission not in given and status != FORBIDDEN
    ]
    wrongly_shut = [
        f"{door.name} {status}"
        for door, status in answers.items()
        if door.permission in given and status not in ANSWERED
    ]
    assert (wrongly_open, wrongly_shut) == ([], [])


def test_a_person_without_any_role_opens_only_what_concerns_themselves(city, client):
    client.sign_in(city.person())
    guarded = [door for door in doors(client.app) if door.permission]

    opened = {door.name for door in guarded if knock(client, door) != FORBIDDEN}

    assert opened == {door.name for door in guarded if door.permission in ANYONE_SIGNED_IN}


def test_a_role_held_in_one_department_does_not_reach_another(city, client):
    furnished = furnish(city)
    client.sign_in(city.person(*Role))
    about_one_record = [door for door in doors(client.app) if "{sheet_id}" in door.path or "{staff_id}" in door.path]

    answers = {door.name: knock(client, door, path=furnished.fill(door.path)) for door in about_one_record}

    assert answers
    assert {name: status for name, status in answers.items() if status != 404} == {}


def test_every_permission_is_given_to_someone():
    given = frozenset().union(*ROLE_PERMISSIONS.values()) | ANYONE_SIGNED_IN

    assert given == set(Permission)


def test_an_administrator_of_the_system_sees_no_residents_data():
    assert ROLE_PERMISSIONS[Role.ADMINISTRATOR] & RESIDENTS_DATA == frozenset()


def test_an_auditor_changes_nothing():
    assert ROLE_PERMISSIONS[Role.AUDITOR] & CHANGES_SOMETHING == frozenset()


def test_whatever_is_done_by_a_button_needs_a_permission_that_says_so(client):
    """Exports, prints and looks at a screen are buttons, so that they stand on the trail: whoever may read has them."""
    buttons = [door for door in doors(client.app) if door.method == "POST" and door.permission]

    unnamed = {door.name for door in buttons if door.permission not in CHANGES_SOMETHING | ANYONE_SIGNED_IN}

    assert {name for name in unnamed if not name.endswith(("/export", "/packets", "/packets/print", "/watch"))} == set()
