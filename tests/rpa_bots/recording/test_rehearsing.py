"""What does a rehearsal show of each step, and whom do its pictures and proposals name? Nobody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rpa_bots.recording.page.endings import Ended, Ending
from rpa_bots.recording.rehearsing import Seen, Takes, Verdict, open_stage
from rpa_bots.recording.tape.mending import with_password_place
from rpa_bots.recording.tape.reading import read_recording
from rpa_bots.secret import Secret
from rpa_bots.target import Target
from tests.rpa_bots.recording.old_pages import OldPages, answering
from tests.rpa_bots.recording.taped import KANA, REGISTER, ROW, fills, goes, move_in, tape

PNG = b"\x89PNG"


@pytest.fixture
def old() -> Iterator[OldPages]:
    with answering(OldPages()) as pages:
        yield pages


def rehearsed(old: OldPages, content: bytes, row: dict[str, str] = ROW) -> tuple[Ended, list[Seen]]:
    told: list[Seen] = []
    recording = with_password_place(read_recording(content))
    with open_stage(recording, Target(old.url, "suido01", 0), Secret("Invented-1")) as stage:
        ended = stage.rehearse(row, told.append)
    return ended, told


def test_each_step_is_told_with_its_time_and_the_screens_stand_where_they_changed_and_where_it_stopped(old):
    ended, told = rehearsed(old, move_in())

    assert (ended.ending, old.stored) == (Ending.DONE, [])
    assert [each.place for each in told] == [0, 1, 2, 3, 4, 5]
    assert [each.verdict for each in told] == [Verdict.OK] * 5 + [Verdict.HELD]
    assert [each.place for each in told if each.picture] == [1, 5]
    assert all(each.picture.startswith(PNG) for each in told if each.picture)
    assert all(each.seconds >= 0 for each in told)


def test_what_a_field_takes_is_told_as_its_page_says_it(old):
    old.charset = "shift_jis"

    _ended, told = rehearsed(old, move_in())

    assert [each.takes for each in told[2:4]] == [Takes("Shift_JIS", 10), Takes("Shift_JIS", None)]


def test_where_a_field_was_renamed_it_is_proposed_and_where_it_is_gone_it_stops_there(old):
    old.labels = {"name": "氏名", "kana": "フリガナ(全角)"}
    drifted, told = rehearsed(old, move_in())
    old.labels = {"name": "氏名", "kana": "かな"}
    gone = fills("{{フリガナ}}", "aria/よみ")
    stopped, told_then = rehearsed(old, tape(goes("/entry"), gone, REGISTER, timeout=300))

    assert (drifted.ending, told[3].verdict, told[-1].verdict) == (Ending.FAILED, Verdict.PROPOSED, Verdict.STOPPED)
    assert drifted.proposals[0].proposal.new == 'aria/フリガナ(全角)[role="textbox"]'
    assert (stopped.step, told_then[-1].verdict, bool(told_then[-1].picture)) == (2, Verdict.STOPPED, True)


@pytest.mark.parametrize("label", ["ヤマダ ハナコのカナ", "ﾔﾏﾀﾞ ﾊﾅｺのカナ", "ヤマダハナコ"])
def test_a_way_that_names_the_row_is_nobodys_proposal(old, label):
    old.labels = {"name": "氏名", "kana": label}

    ended, _told = rehearsed(old, tape(goes("/entry"), KANA, REGISTER))

    (proposed,) = ended.proposals
    assert proposed.proposal.new is None
    assert not any(name in proposed.proposal.label for name in ("ヤマダ", "ﾔﾏﾀﾞ", "ハナコ"))
