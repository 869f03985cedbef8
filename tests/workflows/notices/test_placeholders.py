"""What may a clerk put in, and how is it written? Braces of either width, Japanese names, every value of its kind."""

from __future__ import annotations

from datetime import date

import pytest

from tests.workflows.notices.wordings import PORTAL, SHEET, WHOLE
from workflows.notices.blocks import plain_line
from workflows.notices.languages import NoticeLanguage
from workflows.notices.placeholders import PLACEHOLDERS, Kind, Link, Telephone, codes_in, fits, nearest
from workflows.notices.template import Content, ContentRefusedError, read, written
from workflows.notices.values import values_of_sheet

JA, EASY, EN = NoticeLanguage


@pytest.mark.parametrize(
    "typed", ["{申込みの期限}", "\uff5b申込みの期限\uff5d", "{ 申込みの期限 }", "{deadline}", "{DEADLINE}"]
)
def test_a_placeholder_is_known_however_it_is_typed(typed):
    assert codes_in(f"{typed}までです") == {"deadline"}


def test_a_value_is_written_as_its_readers_write_it():
    read_by = {
        language: plain_line("{deadline} {amount}", values_of_sheet(SHEET, language, PORTAL), language)
        for language in NoticeLanguage
    }

    assert read_by == {
        JA: "令和9年3月31日(水) 12,000円",
        EASY: "2027年(ねん) 3月(がつ) 31日(にち) 12,000円(えん)",
        EN: "31 March 2027 12,000 yen",
    }


def test_what_the_sheet_does_not_say_in_a_language_comes_in_japanese():
    values = values_of_sheet({**SHEET, "name_en": None}, EN, PORTAL)

    assert values["program"] == "高齢者乗車券"


def test_a_benefit_told_in_words_stays_in_words():
    assert values_of_sheet({**SHEET, "amount": "12,000円まで"}, JA, PORTAL)["amount"] == "12,000円まで"


def test_what_the_sheet_leaves_open_has_no_value():
    values = values_of_sheet({**SHEET, "ends": None, "url": None, "telephone": None}, JA, PORTAL)

    assert not {"deadline", "link", "telephone"} & set(values)


def test_every_value_of_a_sheet_is_of_its_placeholders_kind():
    for language in NoticeLanguage:
        values = values_of_sheet(SHEET, language, PORTAL)
        assert all(fits(each, values[each.code]) for each in PLACEHOLDERS if each.code in values)


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        (Kind.TEXT, 5),
        (Kind.DATE, "2027-03-31"),
        (Kind.YEN, True),
        (Kind.YEN, 1.5),
        (Kind.LINK, "https://example.org"),
        (Kind.LINK, Telephone("092")),
        (Kind.TELEPHONE, Link("https://example.org", "x")),
        (Kind.REFERENCE, "a1b2-c3d4"),
        (Kind.TEXT, date(2027, 3, 31)),
    ],
)
def test_a_value_of_another_kind_is_never_put_in(kind, wrong):
    placeholder = next(each for each in PLACEHOLDERS if each.kind is kind)

    assert not fits(placeholder, wrong)
    assert plain_line(f"[{{{placeholder.code}}}]", {placeholder.code: wrong}, JA) == "[]"


def test_the_name_that_was_meant_is_told():
    assert nearest("申し込み期限") == "申込みの期限"
    assert nearest("xyz") is None


def test_content_is_read_as_it_was_written():
    assert read(written(WHOLE)) == WHOLE


@pytest.mark.parametrize(
    "spoiled",
    [
        {},
        {"schema": 2},
        {**written(WHOLE), "fr": written(WHOLE)["en"]},
        {**written(WHOLE), "en": {"mail": {}, "line": {}}},
        {**written(WHOLE), "en": {**written(WHOLE)["en"], "mail": {"subject": 1, "body": ""}}},
        {**written(WHOLE), "en": {**written(WHOLE)["en"], "mail": {"subject": "", "text": ""}}},
        {**written(WHOLE), "en": "nothing"},
    ],
)
def test_content_of_another_shape_is_refused(spoiled):
    with pytest.raises(ContentRefusedError):
        read(spoiled)


def test_every_text_has_a_place_of_its_own():
    names = [place.name for place, _text in Content().places()]

    assert len(names) == len(set(names)) == 15
