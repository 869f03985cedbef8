"""Which characters are found before they would be corrupted on the way?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpa_bots.charset import carried_characters, trouble
from rpa_bots.charset_table import as_text


@pytest.mark.parametrize("character", list("𠮷〜‖—¢£¬¥−\n\t\x7f\u200b"))
def test_what_the_browser_would_corrupt_is_trouble(character):
    assert trouble(f"福岡{character}市") == (character,)


@pytest.mark.parametrize("text", ["髙﨑①㈱", "～∥―￠￡￢", "ｱｲｳ", "山田　香織", "a~\\ &#%'\""])
def test_what_the_browser_carries_is_no_trouble(text):
    assert trouble(text) == ()


def test_each_bad_character_is_named_once_in_its_order():
    assert trouble("𠮷〜𠮷〜¥") == ("𠮷", "〜", "¥")


@given(st.text())
def test_a_text_is_free_of_trouble_when_all_its_characters_are_carried(text):
    assert (trouble(text) == ()) is set(text).issubset(carried_characters())


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_carried_characters_are_a_part_of_what_windows_encodes(text):
    kept = "".join(each for each in text if each in carried_characters())

    assert kept.encode("cp932").decode("cp932") == kept


def test_the_table_says_how_it_was_made_and_holds_no_control_characters():
    written = as_text("1.2", frozenset("亜\x80①"))

    assert written.splitlines()[0].endswith("Chromium 1.2: 2 characters beyond ASCII")
    assert written.splitlines()[1:] == ["①亜"]
