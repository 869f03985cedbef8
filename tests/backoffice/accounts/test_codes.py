"""A code of an authenticator: right for a moment, taken once, guessed by nobody."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from backoffice.accounts.second_factor import codes
from backoffice.accounts.second_factor import service as factors
from backoffice.accounts.second_factor.models import TotpFactor
from backoffice.errors import NotPermitted
from backoffice.identity import Origin, Role
from backoffice.identity.sessions import enter
from tests.backoffice.accounts.people import code_now, knock, set_up_code
from tests.backoffice.office import NOON
from tests.backoffice.staff_client import StaffClient

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def holder(city, client):
    """A clerk with an authenticator, signed out, half a minute later."""
    person = city.person(Role.CLERK)
    knock(client, person)
    person.secret = set_up_code(client)
    client.post("/sign-out")
    city.clock.pass_(minutes=1)
    return person


def test_the_right_code_lets_a_person_in(city, client, holder):
    knock(client, holder)

    client.post("/second-factor/code", {"code": code_now(city, holder.secret)})

    assert client.get("/sheets").path == "/sheets"


def test_a_code_is_taken_as_it_is_typed_with_blanks_and_wide_figures(city, client, holder):
    knock(client, holder)
    typed = code_now(city, holder.secret).translate({ord(figure): ord(figure) + 0xFEE0 for figure in "0123456789"})

    client.post("/second-factor/code", {"code": f" {typed[:3]} {typed[3:]} "})

    assert client.get("/sheets").path == "/sheets"


def test_a_code_is_taken_once(city, client, holder):
    code = code_now(city, holder.secret)
    knock(client, holder)
    client.post("/second-factor/code", {"code": code})
    again = StaffClient(city)
    knock(again, holder)

    refused = again.post("/second-factor/code", {"code": code}, status=422)

    assert "もう使われています" in refused.text
    assert again.get("/sheets").path == "/second-factor"


def test_no_code_older_than_the_last_one_is_taken(city, client, holder):
    knock(client, holder)
    client.post("/second-factor/code", {"code": code_now(city, holder.secret)})
    again = StaffClient(city)
    knock(again, holder)

    again.post("/second-factor/code", {"code": code_now(city, holder.secret, steps=-1)}, status=422)


def test_the_first_code_is_not_taken_a_second_time_either(city, client):
    person = city.person(Role.CLERK)
    knock(client, person)
    secret = set_up_code(client)
    again = StaffClient(city)
    knock(again, person)

    again.post("/second-factor/code", {"code": code_now(city, secret)}, status=422)


def test_of_two_requests_at_once_with_one_code_one_is_let_in(city_on_both):
    city = city_on_both
    client = StaffClient(city)
    person = city.person(Role.CLERK)
    knock(client, person)
    secret = set_up_code(client)
    city.clock.pass_(minutes=1)
    visitors = [StaffClient(city) for _ in range(4)]
    for each in visitors:
        knock(each, person)
    code, answers = code_now(city, secret), []

    def prove(visitor: StaffClient) -> None:
        with city.look() as work:
            token = visitor.http.cookies["__Host-gijo"]
            _, actor = enter(work.session, token, city.office.settings, work.now, "127.0.0.1")
        with city.unit(actor) as work:
            answers.append(factors.prove_code(work, code, ""))

    threads = [threading.Thread(target=prove, args=(each,)) for each in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == len(visitors)
    assert sum(answer is not None for answer in answers) == 1


def test_wrong_codes_slow_down_and_the_right_one_must_wait_too(city, client, holder):
    knock(client, holder)
    for _ in range(5):
        client.post("/second-factor/code", {"code": "000000"}, status=422)

    early = client.post("/second-factor/code", {"code": code_now(city, holder.secret)}, status=429)
    city.clock.pass_(seconds=60)

    assert "秒待って" in early.text
    client.post("/second-factor/code", {"code": code_now(city, holder.secret)})
    assert client.get("/sheets").path == "/sheets"


def test_whoever_knows_the_password_alone_cannot_set_up_a_factor_of_their_own(city, client, holder):
    thief = StaffClient(city)
    knock(thief, holder)

    for path in ("/second-factor/new-code/begin", "/second-factor/new-key/ask", "/second-factor/new-key"):
        thief.post(path, status=403)
    thief.get("/second-factor/add", status=403)


def test_a_secret_stands_nowhere_in_the_clear(city, client, holder):
    with city.look() as work:
        row = work.session.scalars(select(TotpFactor)).one()
        trail = str(work.session.execute(text("SELECT data FROM audit_event")).all())

    assert holder.secret.encode() not in (row.sealed_secret or b"")
    assert city.office.cipher.open(row.sealed_secret, f"totp:{holder.id}").decode() == holder.secret
    assert holder.secret not in trail
    assert holder.secret.encode() not in city.office.settings.data_dir.joinpath("gijo.db").read_bytes()


def test_a_new_authenticator_takes_the_old_ones_place_only_when_its_first_code_was_right(city, client, holder):
    knock(client, holder)
    client.post("/second-factor/code", {"code": code_now(city, holder.secret)})
    client.post("/second-factor/new-code/begin")
    client.post("/second-factor/new-code", {"code": "000000"}, status=422)
    client.post("/sign-out")
    city.clock.pass_(minutes=1)

    knock(client, holder)
    client.post("/second-factor/code", {"code": code_now(city, holder.secret)})

    assert client.get("/sheets").path == "/sheets"


def test_setting_one_up_ends_the_sign_ins_on_other_devices(city, client):
    person = city.person()
    other = StaffClient(city)
    knock(other, person)
    knock(client, person)

    set_up_code(client)

    assert (client.get("/me").path, other.get("/me").path) == ("/me", "/sign-in")


def test_the_picture_holds_what_the_text_says(city, client):
    knock(client, city.person(Role.CLERK))

    page = client.post("/second-factor/new-code/begin")

    assert '<path class="qr-dark" d="M4 4h1v1h-1z' in page.text
    assert page.response.headers["cache-control"] == "no-store"


def test_a_ready_code_is_shown_in_a_demonstration_only(city, client, holder):
    knock(client, holder)
    real = client.get("/second-factor").text
    city.office = replace(city.office, settings=city.office.settings.model_copy(update={"demonstration": True}))
    shown = StaffClient(city)
    knock(shown, holder)
    page = shown.get("/second-factor").text

    assert "ready-code" not in real
    assert code_now(city, holder.secret) in page


def test_authenticators_are_handed_out_in_a_demonstration_only(city):
    person = city.person(Role.CLERK)
    actor = city.actor(person)

    assert actor.origin is not Origin.DEMONSTRATION
    with pytest.raises(NotPermitted), city.unit(actor) as work:
        factors.hand_out(work, person.id)


@given(st.text(max_size=12))
def test_only_the_six_right_figures_are_right(typed):
    right = {codes.code_of(SECRET, codes.step_at(NOON) + off) for off in (-1, 0, 1)}

    assert (codes.step_of(SECRET, typed, NOON, None) is not None) == ("".join(typed.split()) in right)


@given(last=st.integers(-3, 3), off=st.integers(-3, 3))
def test_a_code_counts_within_a_minute_and_after_the_last_one(last, off):
    present = codes.step_at(NOON)

    taken = codes.step_of(SECRET, codes.code_of(SECRET, present + off), NOON, present + last)

    assert (taken == present + off) == (abs(off) <= 1 and off > last)


@given(last=st.none() | st.integers(-3, 3))
def test_the_ready_code_is_one_that_would_be_taken(last):
    last_step = None if last is None else codes.step_at(NOON) + last

    ready = codes.next_code(SECRET, NOON, last_step)

    assert (ready is None) == (last is not None and last >= 1)
    assert ready is None or codes.step_of(SECRET, ready, NOON, last_step) is not None
