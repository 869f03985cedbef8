"""How much slower does each wrong try make the next, and for whom?"""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from backoffice.accounts import signing_in, tries
from backoffice.accounts.models import SignInTally
from backoffice.accounts.pace import (
    KNOWN_DEVICE,
    NOTHING,
    ONE_ACCOUNT,
    ONE_ADDRESS,
    ONE_PLACE,
    Pace,
    Tally,
    pause,
    wait,
)
from backoffice.errors import SignInNeeded, TooSoon
from backoffice.identity import Role
from backoffice.operations import upkeep
from tests.backoffice.accounts.people import knock
from tests.backoffice.office import NOON, PASSWORD
from tests.backoffice.staff_client import StaffClient

PACES = (KNOWN_DEVICE, ONE_PLACE, ONE_ACCOUNT, ONE_ADDRESS)
paces = st.sampled_from(PACES)
moments = st.integers(-86_400, 86_400).map(lambda seconds: NOON + timedelta(seconds=seconds))


@given(pace=paces, wrong=st.integers(0, 10_000))
def test_a_pause_only_grows_and_never_beyond_its_longest(pace: Pace, wrong: int):
    assert NOTHING <= pause(pace, wrong) <= pause(pace, wrong + 1) <= pace.longest


@given(pace=paces, wrong=st.integers(0, 10_000), now=moments)
def test_nobody_ever_waits_longer_than_the_longest_pause_whatever_the_clock_does(pace: Pace, wrong: int, now):
    assert NOTHING <= wait(pace, Tally(wrong, NOON), now) <= pace.longest


@given(pace=paces, wrong=st.integers(0, 10_000))
def test_after_the_longest_pause_a_try_is_looked_at(pace: Pace, wrong: int):
    assert wait(pace, Tally(wrong, NOON), NOON + pace.longest) == NOTHING


@given(pace=paces)
def test_whoever_waits_as_told_and_never_knows_gets_few_tries_a_day(pace: Pace):
    spent, wrong = timedelta(0), 0
    while spent < timedelta(days=1):
        spent += pause(pace, wrong)
        wrong += 1
        if wrong > 5_000:
            break

    assert wrong < {KNOWN_DEVICE: 310, ONE_PLACE: 120, ONE_ACCOUNT: 130, ONE_ADDRESS: 3_000}[pace]


@given(pace=paces, wrong=st.integers(1, 10_000))
def test_what_is_long_ago_is_forgotten(pace: Pace, wrong: int):
    assert wait(pace, Tally(wrong, NOON), NOON + pace.forget) == NOTHING


def knock_from(city, account: str, password: str, address: str, device: str = "") -> str:
    """`in`, `wrong` or `wait`."""
    try:
        signing_in.sign_in(city.office, signing_in.Knock(account, password, address, device))
    except SignInNeeded:
        return "wrong"
    except TooSoon:
        return "wait"
    return "in"


def guess(city, account: str, times: int, address: str = "10.0.0.9", device: str = "") -> None:
    """Guess so often, waiting as long as one is told to wait."""
    for _ in range(times):
        while knock_from(city, account, "a wrong password", address, device) == "wait":
            city.clock.pass_(seconds=30)


def test_a_few_wrong_tries_cost_nothing(city):
    person = city.person()
    for _ in range(3):
        assert knock_from(city, person.account, "a wrong password", "10.0.0.1") == "wrong"

    city.clock.pass_(seconds=2)

    assert knock_from(city, person.account, PASSWORD, "10.0.0.1") == "in"


def test_after_many_the_right_password_must_wait_as_well_and_is_told_how_long(city, client):
    person = city.person()
    for _ in range(3):
        knock(client, person, "a wrong password", status=422)

    early = knock(client, person, status=429)
    city.clock.pass_(seconds=int(early.response.headers["retry-after"]))

    assert "2秒待って" in early.text
    assert knock(client, person).path == "/"


def test_a_try_that_must_wait_makes_nobody_wait_longer(city):
    person = city.person()
    guess(city, person.account, 4)
    for _ in range(50):
        knock_from(city, person.account, "a wrong password", "10.0.0.9")

    city.clock.pass_(seconds=4)

    assert knock_from(city, person.account, PASSWORD, "10.0.0.9") == "in"


def test_a_colleague_who_guesses_elsewhere_does_not_lock_the_owner_out_of_their_own_browser(city, client):
    person = city.person()
    knock(client, person)
    client.post("/sign-out")
    for number in range(40):
        knock_from(city, person.account, "a wrong password", f"10.0.1.{number}")

    assert knock_from(city, person.account, PASSWORD, "10.0.9.9") == "wait"
    assert knock(client, person).path == "/"


def test_a_browser_that_guesses_slows_down_although_it_is_known(city, client):
    person = city.person()
    knock(client, person)
    client.post("/sign-out")
    for _ in range(5):
        knock(client, person, "a wrong password", status=422)

    knock(client, person, status=429)


def test_a_screen_left_alone_is_no_place_to_guess_the_password(city, client):
    person = city.person()
    knock(client, person)
    change = {"current": "a wrong password", "new": "yuki-no-hi-no-naga-gutsu"}
    for _ in range(5):
        client.post("/me/password", change, status=422)

    early = client.post("/me/password", change | {"current": PASSWORD}, status=429)
    city.clock.pass_(seconds=2)

    assert "2秒待って" in early.text
    assert client.post("/me/password", change | {"current": PASSWORD}).path == "/sign-in"


def test_a_new_password_that_is_too_short_is_no_wrong_try(city, client):
    person = city.person()
    knock(client, person)
    for _ in range(8):
        client.post("/me/password", {"current": PASSWORD, "new": "short"}, status=422)

    client.post("/me/password", {"current": PASSWORD, "new": "yuki-no-hi-no-naga-gutsu"})


def test_one_persons_browser_does_not_count_as_anothers(city, client):
    first, second = city.person(), city.person()
    knock(client, first)
    client.post("/sign-out")
    for number in range(12):
        knock_from(city, second.account, "a wrong password", f"10.0.1.{number}")

    knock(client, second, status=429)


def test_a_made_up_device_cookie_is_worth_nothing(city):
    person = city.person()
    guess(city, person.account, 4)

    assert knock_from(city, person.account, PASSWORD, "10.0.0.9", device="made-up") == "wait"


def test_a_right_password_without_the_second_factor_makes_no_browser_known(city, client):
    knock(client, city.person(Role.CLERK))

    assert "__Host-device" not in client.http.cookies


def test_unknown_accounts_slow_down_like_known_ones(city):
    person = city.person()

    def answers(account: str) -> list[str]:
        return [knock_from(city, account, "a wrong password", f"10.0.3.{number % 3}") for number in range(14)]

    assert answers("nobody-by-this-name") == answers(person.account)


def test_whoever_tries_every_account_from_one_address_slows_down(city):
    tried = [knock_from(city, f"account{number}", "natsu-no-hi", "10.0.0.7") for number in range(31)]

    assert tried == ["wrong"] * 30 + ["wait"]


def test_a_right_password_takes_its_own_try_back(city):
    person = city.person()
    for _ in range(40):
        assert knock_from(city, person.account, PASSWORD, "10.0.0.7") == "in"


def test_a_hundred_tries_at_once_count_as_a_hundred(city_on_both):
    city, person = city_on_both, city_on_both.person()
    answers: list[str] = []

    def once() -> None:
        answers.append(knock_from(city, person.account, "a wrong password", "10.0.0.9"))

    threads = [threading.Thread(target=once) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["wait"] * 9 + ["wrong"] * 3


def test_who_signs_in_many_times_at_once_waits_for_nobody(city_on_both):
    city, person = city_on_both, city_on_both.person()
    answers: list[str] = []

    def some() -> None:
        answers.extend(knock_from(city, person.account, PASSWORD, "10.0.0.9") for _ in range(12))

    threads = [threading.Thread(target=some) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == ["in"] * 36


def test_what_was_typed_for_an_account_is_kept_nowhere(city):
    knock_from(city, "my-secret-password", "a wrong password", "10.0.0.9")

    with city.look() as work:
        kept = [
            str(work.session.execute(text(f"SELECT * FROM {name}")).all()) for name in ("sign_in_tally", "audit_event")
        ]
    assert "my-secret-password" not in "".join(kept)


def test_counters_that_no_longer_count_are_forgotten(city):
    knock_from(city, "nobody", "a wrong password", "10.0.0.9")
    city.clock.pass_(hours=13)

    upkeep.tick(city.office)

    with city.look() as work:
        assert work.session.scalar(select(func.count()).select_from(SignInTally)) == 0


def test_a_browser_is_forgotten_after_half_a_year(city, client):
    person = city.person()
    knock(client, person)
    client.post("/sign-out")
    city.clock.pass_(days=181)
    guess(city, person.account, 4, "testclient")

    knock(client, person, status=429)


@pytest.mark.parametrize("pace", PACES)
def test_a_counter_is_named_by_a_mark_that_only_the_master_key_makes(city, pace):
    place = tries.Place("10.0.0.9", "device" if pace is KNOWN_DEVICE else "")

    [found] = [each for each in tries.counters_of(city.office.cipher, "password", "tanaka", place) if each.pace is pace]

    assert (len(found.mark), "tanaka" in found.mark) == (64, False)


def test_two_visitors_share_a_browser_and_are_both_known_in_it(city):
    first, second = city.person(), city.person()
    client = StaffClient(city)
    knock(client, first)
    token = client.http.cookies["__Host-device"]
    client.post("/sign-out")
    knock(client, second)

    assert client.http.cookies["__Host-device"] == token
    guess(city, first.account, 12)
    assert knock_from(city, first.account, PASSWORD, "10.0.0.8", token) == "in"
