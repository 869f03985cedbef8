"""Which passwords are taken, how are they kept, and does the house come with any of its own?"""

from __future__ import annotations

import time

import pytest
from sqlalchemy import func, select

from backoffice.accounts import passwords
from backoffice.identity import Staff
from tests.backoffice.staff_client import StaffClient


@pytest.mark.parametrize("length", [8, 64, 128])
def test_a_password_of_eight_to_a_hundred_and_twenty_eight_characters_is_taken(length):
    assert passwords.trouble_with(("ame-no-hi-" * 13)[:length], "tanaka") is None


@pytest.mark.parametrize("length", [0, 7, 129])
def test_a_shorter_or_longer_one_is_refused(length):
    assert passwords.trouble_with(("ame-no-hi-" * 13)[:length], "tanaka") is not None


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "Password1",
        "12345678",
        "qwertyuiop",
        "iloveyou",
        "PASSWORD2026",
        "fukuoka2026",
        "Gijo-2026!",
        "aaaaaaaa",
    ],
)
def test_what_everybody_tries_first_is_refused(password):
    assert passwords.trouble_with(password, "tanaka") == "推測されやすいパスワードは使えません。"


@pytest.mark.parametrize("password", ["tanaka-misaki", "TANAKA-MISAKI", "tanaka-misaki2026"])
def test_ones_own_account_is_no_password(password):
    assert passwords.trouble_with(password, "tanaka-misaki") is not None


def test_three_thousand_common_passwords_are_known():
    """OWASP ASVS 5.0, 6.2.4."""
    assert len(passwords.COMMON) >= 3_000


def test_a_password_of_any_script_is_kept_and_known_again():
    kept = passwords.hash_password("雨の日の傘は二本目が要る")

    assert passwords.is_right(kept, "雨の日の傘は二本目が要る")
    assert not passwords.is_right(kept, "雨の日の傘は一本目が要る")


def test_the_hash_is_argon2id_with_its_own_salt_and_slow_on_purpose():
    first = passwords.hash_password("ame-no-hi-no-kasa")
    started = time.process_time()
    second = passwords.hash_password("ame-no-hi-no-kasa")

    assert first != second
    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert time.process_time() - started > 0.02


@pytest.mark.parametrize("kept", [None, "", "no hash"])
def test_an_account_without_a_password_opens_to_none(kept):
    for typed in ("", "no account has this password", "no hash"):
        assert not passwords.is_right(kept, typed)


def test_an_unknown_account_takes_as_long_as_a_known_one():
    known = passwords.hash_password("ame-no-hi-no-kasa")
    passwords.is_right(None, "warm up")

    def seconds(kept: str | None) -> float:
        started = time.process_time()
        for _ in range(3):
            passwords.is_right(kept, "a wrong password")
        return time.process_time() - started

    assert 0.4 < seconds(None) / seconds(known) < 2.5


def test_a_new_office_has_no_accounts_at_all(city):
    with city.look() as work:
        assert work.session.scalar(select(func.count()).select_from(Staff)) == 0


def test_outside_a_demonstration_the_sign_in_page_names_nobody(city):
    page = StaffClient(city).get("/sign-in")

    assert "演習" not in page.text
