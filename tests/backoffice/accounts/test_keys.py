"""A security key: it answers for this person, to this question, on our own page, and to no other."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from backoffice.accounts.second_factor import keys
from backoffice.accounts.second_factor.models import SecurityKey
from backoffice.identity import Role
from tests.backoffice.accounts.people import SoftKey, asked, knock, set_up_key, with_public_address
from tests.backoffice.staff_client import StaffClient

ASK, PROVE = "/second-factor/key/ask", "/second-factor/key"


@pytest.fixture
def city(city):
    return with_public_address(city)


@pytest.fixture
def key():
    return SoftKey()


@pytest.fixture
def holder(city, client, key):
    """A clerk with a security key, who stands on the threshold."""
    person = city.person(Role.CLERK)
    knock(client, person)
    set_up_key(client, key)
    client.post("/sign-out")
    knock(client, person)
    return person


def test_a_key_that_was_set_up_lets_its_person_in(client, holder, key):
    client.post(PROVE, {"answer": key.get(asked(client, ASK)), "next": "/sheets"})

    assert client.get("/sheets").path == "/sheets"


def test_it_does_so_on_either_database(city_on_both, key):
    client = StaffClient(with_public_address(city_on_both))
    person = city_on_both.person(Role.CLERK)
    knock(client, person)
    set_up_key(client, key)
    client.post("/sign-out")
    knock(client, person)

    client.post(PROVE, {"answer": key.get(asked(client, ASK))})

    assert client.get("/sheets").path == "/sheets"


def test_an_answer_is_taken_once(city, client, holder, key):
    answer = key.get(asked(client, ASK))
    client.post(PROVE, {"answer": answer})
    again = StaffClient(city)
    knock(again, holder)
    again.post(ASK)

    again.post(PROVE, {"answer": answer}, status=422)


def test_a_question_is_answered_once_even_wrongly(client, holder, key):
    options = asked(client, ASK)
    client.post(PROVE, {"answer": "{}"}, status=422)

    client.post(PROVE, {"answer": key.get(options)}, status=422)


def test_a_question_is_answered_within_five_minutes(city, client, holder, key):
    options = asked(client, ASK)
    city.clock.pass_(minutes=6)

    client.post(PROVE, {"answer": key.get(options)}, status=422)


def test_an_answer_given_on_another_site_is_refused(client, holder, key):
    key.origin = "https://gijo.example.evil"

    client.post(PROVE, {"answer": key.get(asked(client, ASK))}, status=422)


def test_an_answer_for_another_host_is_refused(client, holder, key):
    options = asked(client, ASK) | {"rpId": "evil.example"}

    client.post(PROVE, {"answer": key.get(options)}, status=422)


def test_an_answer_to_another_question_is_refused(client, holder, key):
    options = asked(client, ASK)
    asked(client, ASK)

    client.post(PROVE, {"answer": key.get(options)}, status=422)


def test_a_copied_key_is_noticed_by_its_count(client, holder, key):
    key.count = 5
    client.post(PROVE, {"answer": key.get(asked(client, ASK))})
    client.post("/sign-out")
    knock(client, holder)
    key.count = 3

    client.post(PROVE, {"answer": key.get(asked(client, ASK))}, status=422)


def test_a_key_of_somebody_else_is_refused(city, client, holder):
    other, stranger = SoftKey(), StaffClient(city)
    knock(stranger, city.person(Role.CLERK))
    set_up_key(stranger, other)

    client.post(PROVE, {"answer": other.get(asked(client, ASK))}, status=422)


def test_a_flipped_bit_in_the_signature_is_refused(client, holder, key):
    answer = json.loads(key.get(asked(client, ASK)))
    signature = answer["response"]["signature"]
    answer["response"]["signature"] = signature[:20] + ("A" if signature[20] != "A" else "B") + signature[21:]

    client.post(PROVE, {"answer": json.dumps(answer)}, status=422)


def test_a_key_is_set_up_once_for_one_person(city, client, holder, key):
    other = StaffClient(city)
    knock(other, city.person(Role.CLERK))

    refused = set_up_key(other, key, status=422)

    assert "登録できませんでした" in refused.text


def test_a_person_may_hold_several_keys_and_remove_all_but_the_last(city, client, holder, key):
    client.post(PROVE, {"answer": key.get(asked(client, ASK))})
    set_up_key(client, SoftKey(), "二本目の鍵")
    with city.look() as work:
        first, second = work.session.scalars(select(SecurityKey.id).order_by(SecurityKey.id))

    client.post(f"/me/keys/{first}/remove")
    page = client.post(f"/me/keys/{second}/remove")

    assert "先にほかの方法を登録してください" in page.text
    assert "二本目の鍵" in page.text


def test_nobody_removes_a_colleagues_key(city, client, holder):
    with city.look() as work:
        key_id = work.session.scalars(select(SecurityKey.id)).one()

    StaffClient(city).sign_in(city.person()).post(f"/me/keys/{key_id}/remove", status=404)


def test_keys_are_not_offered_where_browsers_cannot_use_them(city):
    client = StaffClient(with_public_address(city, "http://127.0.0.1:8600"))
    knock(client, city.person(Role.CLERK))

    page = client.get("/second-factor")

    assert "data-key-asks" not in page.text
    client.post("/second-factor/new-key/ask", status=422)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://gijo.city.example", "gijo.city.example"),
        ("http://localhost:8600", "localhost"),
        ("http://127.0.0.1:8600", None),
        ("https://gijo.city.example:99999", None),
        ("http://[::1]:8600", None),
        ("", None),
    ],
)
def test_a_key_belongs_to_a_named_host(address, host):
    site = keys.site_of(address)

    assert (site.host if site else None) == host


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Gijo.City.Example", "https://gijo.city.example"),
        ("HTTPS://gijo.city.example/", "https://gijo.city.example"),
        ("https://gijo.city.example:443", "https://gijo.city.example"),
        ("https://gijo.city.example:8443", "https://gijo.city.example:8443"),
    ],
)
def test_the_address_is_compared_as_browsers_write_it(address, origin):
    assert keys.site_of(address) == keys.Site(origin)


@given(st.text() | st.dictionaries(st.sampled_from(["id", "rawId", "type", "response"]), st.text()).map(json.dumps))
def test_whatever_a_browser_sends_is_no_key_unless_it_is_one(answer):
    site = keys.Site("https://testserver")

    assert keys.read_new(site, b"x" * 32, answer) is None
    assert keys.count_in(site, b"x" * 32, answer, b"no key", 0) is None
