"""What does the office make of input that no page of its own would send? A refusal that says so, never a fault."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.backoffice.furniture import Door, doors, furnish
from tests.backoffice.staff_client import StaffClient

FORM = "application/x-www-form-urlencoded"
BEYOND_ANY_COLUMN = str(2**70)
BODIES = {
    "nothing": (FORM, b""),
    "json": ("application/json", b'{"role": ["clerk"]}'),
    "broken json": ("application/json", b"{"),
    "no boundary": ("multipart/form-data", b"--x\r\n"),
    "cut multipart": ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="files"; file'),
    "no utf-8": (FORM, b"account=%FF%FE&name=\xff\xfe&note=%80"),
    "shift_jis": (FORM, "name=福岡&note=理由".encode("shift_jis")),
    "no media type": ("", b"a=b"),
    "a file without a name": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="files"; filename=""\r\n\r\n\r\n--x--\r\n',
    ),
    "a text where a file belongs": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="files"\r\n\r\ntext\r\n--x--\r\n',
    ),
    "a thousand and one fields": (FORM, "&".join(f"f{number}=1" for number in range(1002)).encode()),
}
VALUES = {
    "zero byte": "a\x00b",
    "half a surrogate": "%ED%A0%80",
    "very long": "長" * 20_000,
    "bidi": "\u202e123\u202c",
    "line breaks": "a\r\nSet-Cookie: x=y\r\n",
    "percent": "%(name)s %s %d",
    "template": "{{ 7*7 }}{% raw %}",
    "huge number": BEYOND_ANY_COLUMN,
    "negative": "-1",
    "not a number": "NaN",
    "quotes": "'; DROP TABLE staff; --",
    "outside the basic plane": "𠮷野家👨‍👩‍👧",
}
NAMES = (
    "account password current new language name department role starts ends note q state kind who next accepted "
    "birth household income postal files page skip minutes confirmed choice ids"
).split()


@pytest.fixture
def office(city_on_both):
    """Someone who may do everything, on both databases: what one takes the other may refuse."""
    furnished = furnish(city_on_both)
    return StaffClient(city_on_both).sign_in(furnished.person), furnished


def actions(client: StaffClient) -> list[Door]:
    """Every POST but signing out, which would end the visit."""
    return [door for door in doors(client.app) if door.method == "POST" and door.path != "/sign-out"]


def sent(client: StaffClient, path: str, body: bytes | str, media: str = FORM) -> int:
    headers = {"content-type": media} if media else {}
    return client.http.post(path, content=body, headers=headers, follow_redirects=False).status_code


def faults(answers: dict[str, int]) -> dict[str, int]:
    assert answers
    return {name: status for name, status in answers.items() if status >= 500}


@pytest.mark.parametrize("kind", BODIES)
def test_a_body_that_no_page_sends_is_refused(office, kind):
    client, furnished = office
    media, body = BODIES[kind]

    answers = {door.name: sent(client, furnished.fill(door.path), body, media) for door in actions(client)}

    assert faults(answers) == {}


@pytest.mark.parametrize("kind", VALUES)
def test_a_value_that_nobody_types_is_refused_or_taken_as_it_is(office, kind):
    client, furnished = office
    body = "&".join(f"{name}={encoded(VALUES[kind])}" for name in NAMES)

    answers = {door.name: sent(client, furnished.fill(door.path), body) for door in actions(client)}

    assert faults(answers) == {}


@pytest.mark.parametrize("number", ["0", "-1", BEYOND_ANY_COLUMN, "٣", "1e3", "1.0", "%00", "..%2f..", "NaN", " 1"])
def test_an_address_with_an_impossible_number_leads_to_no_record(office, number):
    client, _ = office
    numbered = [door for door in doors(client.app) if "_id}" in door.path]

    answers = {
        door.name: client.http.request(door.method, in_path(door.path, number), follow_redirects=False).status_code
        for door in numbered
    }

    assert {name: status for name, status in answers.items() if status not in (303, 404, 405, 409, 422)} == {}


@pytest.mark.parametrize("kind", VALUES)
def test_an_impossible_filter_shows_a_list_or_a_refusal(office, kind):
    client, furnished = office
    listed = [door for door in doors(client.app) if door.method == "GET" and door.permission]
    query = "&".join(f"{name}={encoded(VALUES[kind])}" for name in NAMES)

    answers = {door.name: client.http.get(f"{furnished.fill(door.path)}?{query}").status_code for door in listed}

    assert faults(answers) == {}


@given(text=st.text(max_size=40))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_into_a_filter_never_breaks_a_list(city, text):
    client = client_of(city)

    for path in ("/sheets", "/staff"):
        assert client.http.get(path, params={"q": text}).status_code == 200


@pytest.mark.parametrize("cookie", ["%00", "a" * 5000, "💴", "null", "..", '{"staff_id": 1}', "W10=", "eyJ9"])
def test_a_made_up_cookie_opens_nothing_and_breaks_nothing(city, client, cookie):
    for name in ("__Host-gijo", "__Host-flash"):
        answer = client.http.get("/me", headers={"Cookie": f"{name}={cookie}".encode()}, follow_redirects=False)

        assert answer.status_code == 303


@pytest.mark.parametrize("packed", ["WyJzdWNjZXNzIiwgIiUoeClzIiwge31d", "WyJ6IiwgIngiLCB7fV0=", "W10=", "AAAA", "bnVsbA=="])
def test_a_made_up_flash_is_not_shown(city, client, packed):
    client.sign_in(city.person())

    assert client.http.get("/me", headers={"Cookie": cookies(client) + f"; __Host-flash={packed}"}).status_code == 200


def cookies(client: StaffClient) -> str:
    return "; ".join(f"{name}={value}" for name, value in client.http.cookies.items())


def client_of(city) -> StaffClient:
    """One visit for all examples of a property."""
    if not hasattr(city, "visit"):
        city.visit = StaffClient(city).sign_in(furnish(city).person)
    return city.visit


def encoded(value: str) -> str:
    from urllib.parse import quote

    return value if value.startswith("%ED") else quote(value, safe="")


def in_path(path: str, number: str) -> str:
    return "/".join(number if part.endswith("_id}") else part.strip("{}") for part in path.split("/"))


def test_the_names_above_are_those_of_the_forms(client):
    """A form that asks for something new must be tried with malformed input too."""
    asked = {
        name
        for door in doors(client.app)
        for name in ()
    }
    assert inspect.isfunction(sent)
    assert asked <= set(NAMES)
