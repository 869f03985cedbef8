"""What does the bot make of a screen, before it believes it?"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rpa_bots.dialogs import expected
from rpa_bots.outcomes import Cause, TargetTroubleError
from rpa_bots.secret import Secret
from rpa_bots.shugaku_enjo.looks import (
    ALLOWED_DIALOGS,
    Look,
    Screen,
    receipt_number,
    refused_with,
    screen_of,
    search_result,
    wanted,
)
from rpa_bots.target import Target, origin_of, reconcile_not_before


@pytest.mark.parametrize(
    ("title", "cause"),
    [
        ("就学援助システム ログイン", Cause.SESSION_LOST),
        ("メンテナンス中", Cause.MAINTENANCE),
        ("パスワード変更", Cause.PASSWORD_EXPIRED),
        ("システムエラー", Cause.UNKNOWN_SCREEN),
        ("", Cause.UNKNOWN_SCREEN),
    ],
)
def test_a_screen_other_than_the_wanted_one_is_named_by_its_trouble(title, cause):
    with pytest.raises(TargetTroubleError) as trouble:
        wanted(Look(title), Screen.ENTRY)

    assert trouble.value.cause is cause


@given(st.text())
def test_only_screens_known_by_their_title_are_recognised(title):
    recognised = screen_of(Look(f"?{title}"))

    assert recognised is Screen.UNKNOWN


def test_absence_is_believed_only_when_the_screen_says_so_for_this_reference():
    asked = Look("申請検索", searched="就援-1")

    assert search_result(asked, "就援-1") is None
    assert search_result(Look("申請検索", searched="就援-1", nothing=True), "就援-1") == ()
    assert search_result(Look("申請検索", searched="就援-2", nothing=True), "就援-1") is None
    assert search_result(Look("メンテナンス中", searched="就援-1", nothing=True), "就援-1") is None


def test_a_receipt_counts_only_on_the_screen_of_a_finished_registration():
    cells = {"登録番号": "E0000001"}

    assert receipt_number(Look("登録完了", cells=cells)) == "E0000001"
    assert receipt_number(Look("申請照会", cells=cells)) is None
    assert receipt_number(Look("登録完了", cells={"登録番号": "エラー"})) is None


def test_a_refusal_counts_only_with_the_sentences_of_the_entry_screen():
    said = ("「住所」は必須項目です。",)

    assert refused_with(Look("就学援助申請入力", errors=said)) == "「住所」は必須項目です。"
    assert refused_with(Look("システムエラー", errors=said)) is None
    assert refused_with(Look("就学援助申請入力")) is None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("登録します。よろしいですか？", True),
        ("登録しました。", True),
        ("登録しました。続けて削除しますか？", False),
        ("", False),
    ],
)
def test_only_a_dialog_whose_whole_text_is_known_is_answered_with_ok(text, answer):
    assert expected(text, ALLOWED_DIALOGS) is answer


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://127.0.0.1:8907/x", "http://127.0.0.1:8907"),
        ("https://gakumu.example/", "https://gakumu.example:443"),
        ("http://[::1]:80", "http://[::1]:80"),
    ],
)
def test_an_origin_names_its_port(url, origin):
    assert origin_of(url) == origin
    assert Target(url, "a", 1).address("/search") == f"{origin}/search"


@pytest.mark.parametrize("url", ["file:///etc/passwd", "http://*/", "http://a;b/", "javascript:1", "", "http://"])
def test_a_target_that_would_open_the_walls_is_refused(url):
    with pytest.raises(ValueError):
        origin_of(url)


@given(st.datetimes(timezones=st.just(UTC), max_value=datetime(9000, 1, 1)), st.integers(0, 86_400))  # noqa: DTZ001 - hypothesis adds the zone
def test_an_unknown_outcome_is_looked_up_only_after_the_late_commit_time(submitted_at, seconds):
    assert reconcile_not_before(submitted_at, seconds) - submitted_at == timedelta(seconds=seconds)


def test_an_instant_without_a_zone_is_refused():
    with pytest.raises(ValueError):
        reconcile_not_before(datetime(2026, 4, 6), 5)  # noqa: DTZ001 - the naive instant is the case


def test_a_password_never_shows_itself():
    secret = Secret("Invented-pass-8")

    assert "Invented" not in f"{secret!r} {secret} {Target('http://a', 'b', 1)}"
    assert secret.reveal() == "Invented-pass-8"
