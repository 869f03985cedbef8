"""What does the office make of input that no page of its own would send? A refusal that says so, never a fault.

One visit tries everything; what may reach a database tries both: what one takes the other may refuse.
"""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.backoffice.furniture import Door, Furnished, doors, furnish
from tests.backoffice.staff_client import StaffClient

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
BEYOND_ANY_COLUMN = str(2**70)
TEXTS = {
    "nothing": (FORM, b""),
    "no utf-8": (FORM, b"account=%FF%FE&name=\xff\xfe&note=%80&reason=" + "福岡".encode("shift_jis")),
}
"""Bodies that are read as a form: what stands in them goes on to the database."""
BODIES = {
    "json": ("application/json", b'{"role": ["clerk"]}'),
    "broken json": ("application/json", b"{"),
    "no boundary": ("multipart/form-data", b"--x\r\n"),
    "cut multipart": (PARTS, b'--x\r\nContent-Disposition: form-data; name="files"; file'),
    "no media type": ("", b"a=b"),
    "a file without a name": (
        PARTS,
        b'--x\r\nContent-Disposition: form-data; name="files"; filename=""\r\n\r\n\r\n--x--\r\n',
    ),
    "a text for a file": (PARTS, b'--x\r\nContent-Disposition: form-data; name="files"\r\n\r\ntext\r\n--x--\r\n'),
    "too many fields": (FORM, "&".join(f"f{number}=1" for number in range(1002)).encode()),
}
"""Bodies that fall apart before there is a value: whichever the database, it hears of none."""
VALUES = {
    "zero byte": "a\x00b",
    "very long": "w" * 1_000,
    "bidi": "\u202e123\u202c",
    "line breaks": "a\r\nSet-Cookie: x=y\r\n",
    "huge number": BEYOND_ANY_COLUMN,
    "negative": "-1",
    "not a number": "NaN",
    "code": "{{ 7*7 }}{% raw %}'; DROP TABLE staff; -- %(name)s %s %d 𠮷野家👨‍👩‍👧",
}
TAKEN_DIFFERENTLY = {"zero byte", "huge number", "negative", "not a number"}
"""What the two databases' columns do not take alike. The others are letters that SQLite keeps as they come: PostgreSQL,
which counts them, and whose driver reads percent signs, tries all values."""
NAMES = (
    *("account", "password", "current", "new", "language", "name", "department", "role", "starts", "ends", "note"),
    *("q", "state", "kind", "who", "next", "accepted", "birth", "household", "income", "postal", "page", "skip"),
    *("minutes", "per_item", "valid_from", "basis", "procedure", "choice", "code", "receipt", "reason", "version"),
)
NUMBERS = ("0", "-1", BEYOND_ANY_COLUMN)
NO_NUMBERS = ("٣٣٣", "1e3", "%00", "..%2f..", "NaN")
"""Where a number is asked for, all addresses are read in one way, before a database hears of them."""
SLOW_ON_PURPOSE = {"/sign-in", "/me/password", "/me/prove", "/staff/new"}
"""Where a password is hashed: tried with the worst values only."""
WORST = {"nothing", "zero byte", "huge number"}
REFUSALS = {303, 404, 405, 409, 422}


class Visit:
    """Someone who may do everything, with something of everything before them."""

    def __init__(self, city) -> None:
        self.furnished: Furnished = furnish(city)
        self.colleague = city.person(department=self.furnished.department)
        self.client = StaffClient(city).sign_in(self.furnished.person)
        self.doors: list[Door] = [door for door in doors(self.client.app) if door.path != "/sign-out"]
        self.answers: dict[str, int] = {}

    def post(self, door: Door, case: str, body: bytes | str, media: str = FORM) -> None:
        headers = {"content-type": media} if media else {}
        if door.path in SLOW_ON_PURPOSE and case not in WORST:
            return
        answer = self.client.http.post(self.address_of(door), content=body, headers=headers, follow_redirects=False)
        self.answers[f"{door.name}, {case}"] = answer.status_code

    def address_of(self, door: Door) -> str:
        """Give an address about what is there; what is done to a person is done to somebody else than the visitor."""
        return self.furnished.fill(door.path.replace("{staff_id}", str(self.colleague.id)))

    @property
    def actions(self) -> list[Door]:
        return [door for door in self.doors if door.method == "POST"]

    @property
    def pages(self) -> list[Door]:
        return [door for door in self.doors if door.method == "GET" and door.permission]

    @property
    def faults(self) -> list[str]:
        """What broke something, and what was turned away at the door: nothing was tried there."""
        assert self.answers
        return [f"{case}: {status}" for case, status in self.answers.items() if status >= 500 or status == 401]


@pytest.fixture
def visit(city_on_both) -> Visit:
    return Visit(city_on_both)


@pytest.fixture
def visit_on_postgres(city_on_postgres) -> Visit:
    """For what is only read: PostgreSQL refuses letters and numbers that SQLite takes; forms are tried with both."""
    return Visit(city_on_postgres)


def test_a_form_in_no_letters_of_ours_is_refused(visit_on_postgres):
    visit = visit_on_postgres
    for case, (media, body) in TEXTS.items():
        for door in visit.actions:
            visit.post(door, case, body, media)

    assert visit.faults == []


def test_a_body_that_no_page_sends_is_refused(city):
    visit = Visit(city)

    for number, (case, (media, body)) in enumerate(BODIES.items()):
        for door in visit.actions[number % 4 :: 4]:  # two a door: all doors read bodies in one way
            visit.post(door, case, body, media)

    assert visit.faults == []


def test_a_value_that_nobody_types_is_refused_or_taken_as_it_is(visit_on_postgres):
    assert try_values(visit_on_postgres, VALUES) == []


def test_so_is_what_sqlite_takes_otherwise(city):
    assert try_values(Visit(city), {case: VALUES[case] for case in TAKEN_DIFFERENTLY}) == []


def try_values(visit: Visit, values: dict[str, str]) -> list[str]:
    for case, value in values.items():
        body = "&".join(f"{name}={quote(value, safe='')}" for name in NAMES)
        for door in visit.actions:
            visit.post(door, case, body)
    return visit.faults


def test_an_impossible_filter_shows_a_list_or_a_refusal(visit_on_postgres):
    visit = visit_on_postgres
    for number, (case, value) in enumerate(VALUES.items()):
        query = "&".join(f"{name}={quote(value, safe='')}" for name in ("q", "state", "kind", "who", "page", "skip"))
        for door in visit.pages[number % 2 :: 2]:  # every other value a page
            answer = visit.client.http.get(f"{visit.address_of(door)}?{query}", follow_redirects=False)
            visit.answers[f"{door.name}, {case}"] = answer.status_code

    assert visit.faults == []


def test_an_address_with_an_impossible_number_leads_to_no_record(visit):
    for index, door in enumerate(door for door in visit.doors if "_id}" in door.path):
        for number in (*NUMBERS, NO_NUMBERS[index % len(NO_NUMBERS)]):
            answer = visit.client.http.request(door.method, in_path(door.path, number), follow_redirects=False)
            visit.answers[f"{door.name}, {number}"] = answer.status_code

    assert {case: status for case, status in visit.answers.items() if status not in REFUSALS} == {}


def in_path(path: str, number: str) -> str:
    return "/".join(number if part.endswith("_id}") else part.strip("{}") for part in path.split("/"))


@given(text=st.text(max_size=40))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_into_a_filter_never_breaks_a_list(client, text):
    if "__Host-gijo" not in client.http.cookies:
        client.sign_in(furnish(client.city).person)

    for path in ("/sheets", "/staff"):
        assert client.http.get(path, params={"q": text}).status_code == 200


@pytest.mark.parametrize("cookie", ["%00", "a" * 5000, "💴", "null", "..", '{"staff_id": 1}', "W10=", "eyJ9"])
def test_a_made_up_sign_in_opens_nothing(client, cookie):
    answer = client.http.get("/me", headers={"Cookie": f"__Host-gijo={cookie}".encode()}, follow_redirects=False)

    assert answer.status_code == 303


@pytest.mark.parametrize("message", ["AAAA", "W10=", "bnVsbA==", "WyJ6IiwgIngiLCB7fV0=", "W1tdLCAieCIsIHt9XQ=="])
def test_a_made_up_message_is_not_shown_and_breaks_no_page(city, client, message):
    client.sign_in(city.person())
    client.http.cookies.set("__Host-flash", message, domain="testserver.local", path="/")

    assert 'class="banner' not in client.get("/me").text


def test_where_even_the_error_page_cannot_be_drawn_the_true_status_is_told(city, client):
    client.sign_in(city.person())
    client.app.state.menu = None

    answer = client.http.get("/me")

    assert (answer.status_code, "Internal error" in answer.text) == (500, True)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
