"""Which credentials hold no more? One list tells all who ask, and grows stale within half a minute."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.credentials.cards import CITY_KEY, LIST, NOW, STRANGER_KEY
from workflows.credentials.encoding import packed
from workflows.credentials.issuing import StatusPlace
from workflows.credentials.refusals import Reason, RefusedError
from workflows.credentials.signing import signed
from workflows.credentials.status_list import (
    LASTS,
    MOST_PLACES,
    TYPE,
    bits_of,
    compressed,
    read_status_statement,
    status_statement,
)
from workflows.credentials.verifying import SKEW, Status

KEYS = {"2026-1": CITY_KEY}


def listed(places: int = 64, revoked: tuple[int, ...] = ()) -> str:
    return status_statement(LIST, compressed(bits_of(places, revoked)), NOW, CITY_KEY, "2026-1")


def stating(**payload: object) -> str:
    usual = {"sub": LIST, "iat": NOW, "exp": NOW + LASTS, "ttl": LASTS}
    usual["status_list"] = {"bits": 1, "lst": compressed(bytes(8))}
    return signed({"typ": TYPE, "kid": "2026-1"}, {**usual, **payload}, CITY_KEY)


def reason(token: str, keys=KEYS, now: int = NOW, uri: str = LIST) -> Reason:
    with pytest.raises(RefusedError) as refused:
        read_status_statement(token, uri, keys, now)
    return refused.value.reason


def test_the_bits_stand_as_the_example_of_the_standard_has_them():
    """Token Status List, section 4: sixteen statuses of one bit."""
    statuses = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]
    bits = bits_of(16, [place for place, status in enumerate(statuses) if status])

    assert bits == bytes.fromhex("b9a3")
    assert compressed(bits) == "eNrbuRgAAhcBXQ"


@settings(deadline=None)
@given(st.sets(st.integers(0, 1023)), st.integers(0, 1023))
def test_who_was_revoked_is_told_and_nobody_else(revoked, place):
    found = read_status_statement(listed(1024, tuple(revoked)), LIST, KEYS, NOW)

    assert found.at(StatusPlace(LIST, place)) is (Status.REVOKED if place in revoked else Status.VALID)


@pytest.mark.parametrize("place", [StatusPlace(LIST, 64), StatusPlace(LIST, -1), StatusPlace(f"{LIST}0", 1)])
def test_what_the_list_does_not_hold_is_unknown_and_not_valid(place):
    assert read_status_statement(listed(64), LIST, KEYS, NOW).at(place) is Status.UNKNOWN


def test_a_list_is_good_for_half_a_minute():
    assert LASTS <= 60, "a revocation is known within a minute"
    assert reason(listed(), now=NOW + LASTS + SKEW) is Reason.EXPIRED
    assert reason(listed(), now=NOW - SKEW - 1) is Reason.NOT_YET


def test_only_the_citys_list_and_the_one_that_was_asked_for_is_believed():
    assert reason(listed(), keys={"2026-1": STRANGER_KEY}) is Reason.SIGNATURE
    assert reason(listed(), keys={}) is Reason.UNKNOWN_KEY
    assert reason(listed(), uri=f"{LIST}0") is Reason.STATUS_UNKNOWN


@pytest.mark.parametrize(
    "payload",
    [
        {"status_list": {"bits": 2, "lst": compressed(bytes(8))}},
        {"status_list": {"bits": 1, "lst": packed(b"no zlib")}},
        {"status_list": {"bits": 1, "lst": packed(zlib.compress(bytes(8))[:-2])}},
        {"status_list": {"bits": 1, "lst": packed(zlib.compress(bytes(8)) + b"more")}},
        {"status_list": None},
        {"exp": None},
    ],
)
def test_a_list_that_cannot_be_read_is_refused(payload):
    assert reason(stating(**payload)) is Reason.MALFORMED


def test_a_small_list_that_unpacks_to_a_huge_one_is_refused():
    bomb = packed(zlib.compress(bytes(MOST_PLACES), 9))

    assert reason(stating(status_list={"bits": 1, "lst": bomb})) is Reason.MALFORMED


def test_the_largest_list_is_taken():
    token = listed(MOST_PLACES, (MOST_PLACES - 1,))

    assert read_status_statement(token, LIST, KEYS, NOW).at(StatusPlace(LIST, MOST_PLACES - 1)) is Status.REVOKED
