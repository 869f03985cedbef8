"""At a screen that was left alone nobody adds a key of their own, nor leads the person's mail elsewhere."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, text

from backoffice.accounts.second_factor import service as factors
from backoffice.accounts.second_factor.models import SecurityKey, TotpFactor
from backoffice.errors import Invalid
from backoffice.identity import Role, Staff
from tests.backoffice.accounts.people import code_now, give_code, knock, set_up_code
from tests.backoffice.office import PASSWORD, City
from tests.backoffice.staff_client import StaffClient

MAIL = {"mail": "tanaka@city.example.jp"}


@pytest.fixture
def client(city) -> StaffClient:
    return StaffClient(city)


def mail_of(city: City, person: Staff) -> str | None:
    with city.look() as work:
        return work.session.get(Staff, person.id).mail


def wait(client: StaffClient, minutes: int = 11) -> None:
    client.city.clock.pass_(minutes=minutes)


def test_soon_after_signing_in_nobody_is_asked_again(city, client):
    person = city.person()
    knock(client, person)
    wait(client, 9)

    client.post("/me/mail", MAIL)

    assert mail_of(city, person) == MAIL["mail"]
    assert client.get("/second-factor/add?next=/me").path == "/second-factor/add"


def test_later_the_password_is_asked_for_and_then_counts_for_ten_minutes(city, client):
    person = city.person()
    knock(client, person)
    wait(client)

    asked = client.post("/me/mail", MAIL)
    before = mail_of(city, person)
    client.post("/me/prove", {"password": "chigau-password"}, status=422)
    client.post("/me/prove", {"password": PASSWORD})
    client.post("/me/mail", MAIL)

    assert (asked.path, before, mail_of(city, person)) == ("/me/prove", None, MAIL["mail"])


def test_a_second_way_is_added_only_after_a_fresh_proof_by_the_first(city, client):
    person = city.person(Role.CLERK)
    secret = give_code(city, person)
    knock(client, person)
    client.post("/second-factor/code", {"code": code_now(city, secret)})
    wait(client)

    asked = client.get("/second-factor/add?next=/me")
    shut = client.http.post("/second-factor/new-key/ask")
    proved = client.post("/second-factor/code", {"code": code_now(city, secret), "next": "/second-factor/add"})

    assert (asked.path, shut.status_code, proved.path) == ("/second-factor", 401, "/second-factor/add")
    assert 'name="code"' in asked.text


def test_a_secret_that_waits_since_earlier_is_not_shown_at_a_screen_left_alone(city, client):
    knock(client, city.person())
    client.post("/second-factor/new-code/begin")
    wait(client)

    assert client.get("/second-factor/new-code").path == "/me/prove"


def test_a_factor_just_set_up_is_proof_enough(city, client):
    knock(client, city.person(Role.CLERK))
    wait(client)
    set_up_code(client)

    assert client.get("/second-factor/add").path == "/second-factor/add"


def test_two_factors_taken_away_at_once_leave_one(city_on_postgres):
    city = city_on_postgres
    person = city.person(Role.CLERK)
    give_code(city, person)
    with city.unit() as work:
        key = SecurityKey(
            staff_id=person.id, name="鍵", credential_id=b"k", public_key=b"p", sign_count=0, added_at=work.now
        )
        work.session.add(key)
    refused: list[Exception] = []

    def take_the_key() -> None:
        try:
            with city.unit(city.actor(person)) as work:
                factors.remove_key(work, key.id)
        except Invalid as refusal:
            refused.append(refusal)

    second = threading.Thread(target=take_the_key)
    with city.unit(city.actor(person)) as work:
        factors.remove_code(work)
        work.session.flush()
        second.start()
        while second.is_alive() and not waits_for_a_lock(city):
            pass
    second.join()

    assert len(refused) == 1
    with city.look() as work:
        assert work.session.scalars(select(TotpFactor)).all() == []
        assert len(work.session.scalars(select(SecurityKey)).all()) == 1


def waits_for_a_lock(city: City) -> bool:
    with city.office.engine.connect() as connection:
        return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
