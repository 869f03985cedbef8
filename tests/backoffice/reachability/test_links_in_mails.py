"""The link in a mail tells nobody anything, opens for whoever holds it, and ends."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.reachability.tokens import NoSuchLinkError, StopLink, StopLinks
from backoffice.reachability.workflow import Topic
from backoffice.services import Services
from backoffice.vault import Cipher, MasterKeyMissingError

KEY = bytes(range(32))
LINKS = StopLinks(Cipher(KEY, Services().random_bytes))
ANY_LINK = st.builds(
    StopLink,
    recipient=st.integers(0, 2**63 - 1),
    registrant_id=st.integers(1, 2**63 - 1),
    topic=st.sampled_from(Topic),
    ends_on=st.dates(date(2026, 1, 1), date(2126, 1, 1)),
)


@given(ANY_LINK)
def test_a_link_names_what_it_was_made_for_in_letters_that_an_address_may_have(link):
    token = LINKS.make(link)

    assert LINKS.read(token) == link
    assert re.fullmatch(r"[A-Za-z0-9_-]{64}", token)


@given(ANY_LINK, st.integers(0, 63), st.sampled_from("Aa0_-"))
def test_one_letter_that_was_changed_makes_it_no_link(link, place, letter):
    token = LINKS.make(link)
    changed = token[:place] + letter + token[place + 1 :]

    if changed != token:
        with pytest.raises(NoSuchLinkError):
            LINKS.read(changed)


@pytest.mark.parametrize("token", ["", "a", "=" * 64, "あ" * 64, "A" * 64, "A" * 63, "A" * 10_000, "%2e%2e"])
def test_what_was_never_a_link_is_none(token):
    with pytest.raises(NoSuchLinkError):
        LINKS.read(token)


def test_another_office_cannot_read_it_nor_what_the_office_seals_for_other_ends():
    link = StopLink(1, 2, Topic.HEALTH, date(2027, 1, 1))
    other = StopLinks(Cipher(bytes(32), Services().random_bytes))

    with pytest.raises(NoSuchLinkError):
        other.read(LINKS.make(link))


def test_a_link_outlives_the_master_key_it_was_made_under_while_that_is_kept():
    link = StopLink(1, 2, Topic.HEALTH, date(2027, 1, 1))
    later = StopLinks(Cipher(bytes(32), Services().random_bytes, [b"x" * 32, KEY]))

    assert later.read(LINKS.make(link)) == link
    with pytest.raises(NoSuchLinkError):
        LINKS.read(later.make(link))


def test_the_keys_before_lie_beside_the_master_key_a_line_each(tmp_path: Path):
    path = tmp_path / "master.key"
    path.write_text(f"{'ab' * 32}\n")
    (tmp_path / "master.key.former").write_text(f"{'cd' * 32}\n{KEY.hex()}\n")
    link = StopLink(1, 2, Topic.HEALTH, date(2027, 1, 1))

    assert StopLinks(Cipher.from_file(path, Services().random_bytes)).read(LINKS.make(link)) == link


@pytest.mark.parametrize("line", ["not a key", "abcd"])
def test_a_line_that_is_no_key_is_found_at_the_start(tmp_path: Path, line: str):
    path = tmp_path / "master.key"
    path.write_text("ab" * 32)
    (tmp_path / "master.key.former").write_text(line)

    with pytest.raises(MasterKeyMissingError, match="former"):
        Cipher.from_file(path, Services().random_bytes)


def test_two_links_of_the_same_topic_look_nothing_alike():
    link = StopLink(1, 2, Topic.HEALTH, date(2027, 1, 1))

    first, second = (LINKS.make(link) for _ in range(2))

    assert first[:16] != second[:16]
    assert first[16:] != second[16:]
