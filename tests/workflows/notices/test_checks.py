"""May a notice go out as it is worded? What startles, misleads, gives away or is not there keeps it back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.notices.wordings import POLICY, PORTAL, SHEET, WHOLE, WORDINGS, subject
from workflows.notices.checks import is_whole, look_at, width
from workflows.notices.neutral import GIVES_AWAY
from workflows.notices.template import Content
from workflows.rules.facts import CITY_FACTS

VEILED = replace(
    WHOLE,
    ja=replace(
        WHOLE.ja,
        subject="ふくおかサポートからのお知らせ",
        text="市からお知らせがあります。{申込みの期限}まで。\n{サインインのリンク}",
        title="市からのお知らせ",
    ),
    easy=replace(
        WHOLE.easy,
        subject="市(し)からの お知(し)らせ",
        text="お知(し)らせが あります。{申込みの期限}まで。{サインインのリンク}",
        title="お知(し)らせ",
    ),
    en=replace(
        WHOLE.en,
        subject="A notice from the city",
        text="There is a notice for you. Until {deadline}. {portal}",
        title="A notice from the city",
    ),
)


def codes(content, about=None, policy=POLICY):
    return {(each.place.name, each.code) for each in look_at(content, about or subject(), policy)}


def with_ja(**changed):
    return replace(WHOLE, ja=replace(WHOLE.ja, **changed))


def test_a_whole_notice_passes():
    assert look_at(WHOLE, subject(), POLICY) == []


def test_no_language_and_no_channel_may_be_left_out():
    found = look_at(Content(), subject(), POLICY)

    assert len([each for each in found if each.code == "empty"]) == 15
    assert not is_whole(found)


@pytest.mark.parametrize(
    ("changed", "place", "code"),
    [
        ({"body": "{申込みの期限}まで {手続のリンク}"}, "ja-body", "says_not_what"),
        ({"body": "{制度の名称} {手続のリンク}"}, "ja-body", "says_not_until_when"),
        ({"body": "{制度の名称} {申込みの期限}"}, "ja-body", "says_not_how"),
        ({"text": "高齢者乗車券の {手続のリンク}"}, "ja-text", "says_not_until_when"),
        ({"subject": "あ" * 61}, "ja-subject", "too_long"),
        ({"subject": "あ" * 31}, "ja-subject", "rather_long"),
        ({"button": "あ" * 21}, "ja-button", "too_long"),
        ({"subject": "{申し込み期限}"}, "ja-subject", "unknown_placeholder"),
        ({"subject": "{xyz}"}, "ja-subject", "no_such_placeholder"),
        ({"subject": "{制度の名称"}, "ja-subject", "stray_brace"),
        ({"text": WHOLE.ja.text + "{問い合わせ番号}"}, "ja-text", "mail_only"),
        ({"subject": "至急ご確認ください"}, "ja-subject", "forbidden_word"),
        ({"subject": "重要なお知らせ"}, "ja-subject", "forbidden_word"),
        ({"body": WHOLE.ja.body + "口座番号をお知らせください"}, "ja-body", "forbidden_word"),
        ({"body": WHOLE.ja.body + "\uff30\uff21\uff33\uff33\uff37\uff2f\uff32\uff24"}, "ja-body", "forbidden_word"),
        ({"body": WHOLE.ja.body + " http://www.city.fukuoka.lg.jp/"}, "ja-body", "not_https"),
        ({"body": WHOLE.ja.body + " https://example.org/"}, "ja-body", "foreign_link"),
        ({"body": WHOLE.ja.body + " https://city.fukuoka.lg.jp.example.org/"}, "ja-body", "foreign_link"),
        ({"body": WHOLE.ja.body + " https://www.city.fukuoka.lg.jp@example.org/"}, "ja-body", "foreign_link"),
        ({"body": WHOLE.ja.body + " https://example.org\\.city.fukuoka.lg.jp/"}, "ja-body", "foreign_link"),
        ({"body": WHOLE.ja.body + " https://[city.fukuoka.lg.jp/"}, "ja-body", "foreign_link"),
        ({"body": WHOLE.ja.body + " https://сity.fukuoka.lg.jp/"}, "ja-body", "foreign_link"),
        ({"body": WHOLE.ja.body + " ftp://www.city.fukuoka.lg.jp/"}, "ja-body", "not_https"),
        ({"body": WHOLE.ja.body + " https://evilcity.fukuoka.lg.jp/"}, "ja-body", "foreign_link"),
        ({"subject": "生活保護の方へ"}, "ja-subject", "may_give_away"),
    ],
)
def test_what_is_wrong_is_found_where_it_stands(changed, place, code):
    assert (place, code) in codes(with_ja(**changed))


def test_a_number_like_a_my_number_is_kept_back():
    eleven = "99999999990"
    digits = next(f"{eleven[:-1]}{a}{b}" for a in range(10) for b in range(10) if _is_one(f"{eleven[:-1]}{a}{b}"))

    assert ("ja-body", "my_number") in codes(with_ja(body=WHOLE.ja.body + digits))


def _is_one(digits: str) -> bool:
    from forms.my_number import holds_my_number  # noqa: PLC0415 - only here: to make one, not to keep it

    return holds_my_number(digits)


def test_a_placeholder_without_a_value_is_found_before_anybody_reads_a_gap():
    sheet = {**SHEET, "url": None}

    assert ("ja-body", "no_value") in codes(WHOLE, subject(sheet=sheet))


def test_a_program_without_an_end_needs_none_told():
    endless = with_ja(body="{制度の名称} {手続のリンク}")

    assert ("ja-body", "says_not_until_when") not in codes(endless, subject(sheet={**SHEET, "ends": None}))


def test_a_link_of_the_sheet_is_checked_as_one_that_was_typed():
    found = codes(WHOLE, subject(sheet={**SHEET, "url": "https://example.org/apply"}))

    assert ("ja-body", "foreign_link") in found
    assert ("en-text", "foreign_link") in found


def test_an_office_may_have_words_of_its_own():
    found = codes(WHOLE, policy=replace(POLICY, forbidden_words=("申し込んでください",)))

    assert ("ja-body", "forbidden_word") in found


def test_a_forbidden_english_word_stands_alone():
    assert ("en-body", "forbidden_word") not in codes(
        replace(WHOLE, en=replace(WHOLE.en, body=WHOLE.en.body + " winners of patience"))
    )


def test_a_veiled_notice_names_neither_program_nor_circumstances_where_others_look():
    assert is_whole(look_at(VEILED, subject(veiled=True), POLICY))

    found = codes(WHOLE, subject(veiled=True))

    assert {("ja-subject", "gives_away"), ("ja-text", "gives_away"), ("ja-title", "gives_away")} <= found
    assert ("ja-text", "veiled_link") in found
    assert ("ja-body", "gives_away") not in found


@pytest.mark.parametrize("word", sorted({word for words in GIVES_AWAY.values() for word in words}))
def test_words_of_what_is_handled_with_care_are_kept_from_a_locked_telephone(word):
    given_away = replace(VEILED, ja=replace(VEILED.ja, title=f"{word}のこと"))

    assert ("ja-title", "gives_away") in codes(given_away, subject(veiled=True))


def test_a_reading_in_brackets_hides_no_word():
    given_away = replace(VEILED, easy=replace(VEILED.easy, title="生活(せいかつ) 保護(ほご)の こと"))

    assert ("easy-title", "gives_away") in codes(given_away, subject(veiled=True))


def test_every_sensitive_fact_has_its_words():
    assert {fact.code for fact in CITY_FACTS if fact.sensitive} == set(GIVES_AWAY)


def test_plain_japanese_is_advised_on_never_refused():
    long = (
        "今年度中に満七十歳以上になる市民の方は交通機関で使うことのできる高齢者乗車券の"
        "交付を受けることができますので申請してください。"
    )
    found = look_at(replace(WHOLE, easy=replace(WHOLE.easy, body=WHOLE.easy.body + long)), subject(), POLICY)

    assert {each.code for each in found} == {"long_sentence", "no_reading"}
    assert is_whole(found)


def test_a_word_is_read_once():
    read_once = replace(WHOLE, easy=replace(WHOLE.easy, body=WHOLE.easy.body + "\n学校(がっこう)の 学校"))

    assert not codes(read_once)


def test_japanese_in_an_english_notice_is_pointed_out():
    found = codes(replace(WHOLE, en=replace(WHOLE.en, body=WHOLE.en.body + "\n{counter} 窓口")))

    assert {("en-body", "japanese_in_english"), ("en-body", "japanese_value")} == found


def test_half_width_counts_half():
    assert width("あa") == 1.5


@given(WORDINGS, st.booleans())
def test_anything_that_is_typed_can_be_looked_at(wording, veiled):
    look_at(Content(wording, wording, wording), subject(veiled=veiled), POLICY)


def test_the_portal_is_always_allowed():
    elsewhere = replace(POLICY, domains=("example.jp",), portal=PORTAL)

    assert is_whole(look_at(replace(WHOLE, ja=replace(WHOLE.ja)), subject(), POLICY))
    assert ("ja-text", "foreign_link") not in codes(VEILED, subject(veiled=True), elsewhere)
