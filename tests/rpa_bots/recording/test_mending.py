"""What of a raw recording may be kept, and what does a clerk make of it?"""

from __future__ import annotations

import json

import pytest

from rpa_bots.fake_offices.recorded import exported, sample
from rpa_bots.fake_offices.shipped import OFFICES
from rpa_bots.recording.tape.binding import PASSWORD, check_columns, columns_asked
from rpa_bots.recording.tape.mending import (
    UNDECIDED,
    Known,
    Wish,
    as_kept,
    bare_label,
    dialogs_of,
    mended,
    undecided,
    without_samples,
)
from rpa_bots.recording.tape.reading import UnusableRecordingError, read_recording
from rpa_bots.recording.tape.steps import Change, Click, Recording
from rpa_bots.recording.tape.submit_step import submit_step
from tests.rpa_bots.recording.taped import REGISTER, clicks, fills, goes, tape, turns_to

RAW = tape(
    goes("/sign-in"),
    fills("tanaka01", "tr:nth-of-type(1) input"),
    fills("Invented-9", "tr:nth-of-type(2) input"),
    clicks("aria/ログイン", title="メニュー"),
    clicks("aria/山田 花子", "tr:nth-of-type(1) a") | turns_to("山田 花子 様"),
    fills("山田 花子", "aria/氏 名(必須)", "#n"),
    fills("0312345678", "aria/山田 花子", "#t"),
    fills("02", "select"),
    REGISTER,
)


def cleaned(by_value: dict[str, str] | None = None) -> Recording:
    return without_samples(read_recording(RAW), Known({"氏名": "name"}, by_value or {}))


def values(recording: Recording) -> list[str]:
    return [step.value for step in recording.steps if isinstance(step, Change)]


def test_nothing_of_what_was_typed_is_kept():
    kept = json.dumps(as_kept(cleaned()), ensure_ascii=False)

    assert not any(secret in kept for secret in ("tanaka01", "Invented-9", "山田", "0312345678"))


def test_what_the_sample_record_holds_is_not_kept_either_though_it_was_only_shown():
    """A search by number shows the person's name, in whichever blanks and widths."""
    raw = tape(
        goes("/search"),
        fills("7654321", "#n"),
        clicks('aria/山田 花子[role="link"]', "a", title="山田　花子 様"),
        clicks('aria/山田花子 の明細[role="link"]', "#detail", title="明細"),
        clicks('aria/ヤマダハナコ[role="link"]', title="世帯"),
        clicks('aria/本人[role="link"]', title="次"),
    )
    known = Known({}, {"7654321": "number", "山田 花子": "name", "ヤマダ ハナコ": "kana", "本人": "who"})

    recording = without_samples(read_recording(raw), known)
    ways = [step.selectors for step in recording.steps if isinstance(step, Click)]
    kept = json.dumps(as_kept(recording), ensure_ascii=False)

    assert not any(name in kept for name in ("山田", "ヤマダ", "7654321"))
    assert ways[0] == (('aria/{{name}}[role="link"]',), ("a",))
    assert ways[1:] == [(("#detail",),), ((UNDECIDED,),), (('aria/本人[role="link"]',),)]


def test_values_are_known_by_label_by_the_sample_record_and_by_the_sign_in_button():
    assert values(cleaned()) == ["{{gijo.account}}", PASSWORD, "{{name}}", UNDECIDED, "02"]
    assert values(cleaned({"0312345678": "telephone"}))[3] == "{{telephone}}"
    assert undecided(cleaned()) == (6,)


def test_a_name_that_was_clicked_becomes_the_row_s_own():
    step = cleaned().steps[4]

    assert step.model_dump()["selectors"] == (("aria/{{name}}",), ("tr:nth-of-type(1) a",))
    assert step.asserted_events[0].title is None


def test_a_short_value_is_not_taken_for_a_place_on_the_page():
    raw = tape(
        fills("13", "aria/口径"), fills("4", "tr:nth-of-type(13) input"), clicks("aria/13", "tr:nth-of-type(13) a")
    )

    _bore, persons, click = without_samples(read_recording(raw), Known({"口径": "bore"}, {})).steps

    assert persons.model_dump()["selectors"] == (("tr:nth-of-type(13) input",),)
    assert click.model_dump()["selectors"] == (("aria/{{bore}}",), ("tr:nth-of-type(13) a",))


def test_a_clerk_decides_what_is_left_and_names_the_step_that_registers():
    wish = Wish({6: "{{telephone}}", 7: "01"}, frozenset({4}), 8, ("登録しますか",), "受付番号")

    done = mended(cleaned(), wish)
    again = mended(done, Wish({}, frozenset(), submit_step(done), dialogs_of(done), "受付番号"))

    assert values(done) == ["{{gijo.account}}", PASSWORD, "{{name}}", "{{telephone}}", "01"]
    assert (undecided(done), dialogs_of(done)) == ((), ("登録しますか",))
    assert done.steps[submit_step(done) or 0].type == "click"
    assert as_kept(again) == as_kept(done)


def test_what_proves_it_is_looked_for_in_the_frame_that_was_asked():
    raw = read_recording(tape(goes("/"), REGISTER | {"frame": [1]}))

    *_, proof = mended(raw, Wish({}, frozenset(), 1, (), "受け付けました")).steps

    assert (proof.target, proof.model_dump()["frame"]) == ("main", (1,))


def test_what_is_kept_is_a_recording_again_and_asks_for_the_form_s_columns():
    kept = read_recording(json.dumps(as_kept(cleaned({"0312345678": "telephone"}))).encode())

    check_columns(kept, ["name", "telephone", "gijo.account"])
    assert columns_asked(kept) == ("gijo.account", "name", "telephone")


def test_a_radio_button_and_a_box_become_the_row_s_own():
    raw = read_recording(tape(clicks("aria/東区", "#r1"), clicks("aria/同意する", "#c1")))

    radio, box = without_samples(raw, Known({}, {}, {"東区": "ward"}, {"同意する": "agreed"})).steps

    assert radio.model_dump()["selectors"] == (("aria/{{ward.label}}",),)
    assert isinstance(box, Change)
    assert box.value == "{{agreed}}"


def test_a_sample_is_known_however_it_is_written_and_code_of_others_goes():
    written = (
        {"type": "navigate", "url": "http://old.example:8080/find?q=%8ER%93c%89%D4%8Eq"},
        fills("山田花子", "#n"),
        {"type": "waitForExpression", "expression": "document.title === '山田　花子'"},
        {"type": "customStep", "name": "note", "parameters": {"who": "山田花子"}},
    )
    kept = without_samples(read_recording(tape(*written)), Known({}, {}))

    assert [step.type for step in kept.steps] == ["navigate", "change"]
    assert "%8E" not in json.dumps(as_kept(kept))
    with pytest.raises(UnusableRecordingError):
        without_samples(read_recording(tape({"type": "keyDown", "key": "p"})), Known({}, {}))


def test_labels_are_one_whatever_offices_put_around_them():
    assert {bare_label(text) for text in ("氏名", "氏　名 *", "※氏名:", "氏名(必須)")} == {"氏名"}


@pytest.mark.parametrize("key", ["residents", "arrears"])
def test_what_stands_in_a_cell_that_somebody_pointed_at_goes_and_its_place_stays(key):
    office = OFFICES[key]
    row, number = sample(office), sample(office)[office.reference.label]

    kept = without_samples(read_recording(exported(office, row)), Known({}, {number: "a1"}))

    told = kept.model_dump_json()
    assert not [value for value in row.values() if len(value) > 1 and value in told]
    assert "bango" not in told
    cells = [step for step in kept.steps if isinstance(step, Click) and "> td" in str(step.selectors)]
    assert len(cells) >= len(row) // 2
    assert [step.value for step in kept.steps if isinstance(step, Change)][2:] == ["{{a1}}"]


def test_a_menu_before_anything_is_typed_and_a_press_on_what_was_typed_keep_their_words():
    menu, row = clicks("text/開閉栓入力", "td"), clicks("text/山田 花子", "tr:nth-of-type(2) > td")
    recording = read_recording(tape(goes("/"), menu, fills("山田 花子", "#n"), clicks("text/検索", "td"), row))

    kept = without_samples(recording, Known({}, {"山田 花子": "a1"}))

    words = [way[0] for step in kept.steps if isinstance(step, Click) for way in step.selectors]
    assert {"text/開閉栓入力", "text/検索", "text/{{a1}}"} <= set(words)
