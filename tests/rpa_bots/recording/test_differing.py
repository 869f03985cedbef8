"""In what do two recordings of one work differ?"""

from __future__ import annotations

from rpa_bots.recording.tape.differing import About, Difference, differences
from rpa_bots.recording.tape.mending import Wish, mended
from rpa_bots.recording.tape.reading import read_recording
from rpa_bots.recording.tape.steps import Recording
from tests.rpa_bots.recording.taped import REGISTER, clicks, fills, goes, tape, window

NAME, KANA = fills("{{a1}}", "aria/氏名", "#name"), fills("{{a2}}", "aria/フリガナ", "#kana")
STEPS = (window(), goes("/entry"), NAME, KANA, REGISTER)


def recorded(*steps: object) -> Recording:
    return read_recording(tape(*steps))


def test_a_recording_does_not_differ_from_itself_nor_by_where_in_a_button_the_pointer_stood():
    elsewhere = {**REGISTER, "offsetX": 3.0, "offsetY": 4.0, "duration": 12.0}

    assert differences(recorded(*STEPS), recorded(*STEPS[:-1], elsewhere)) == []


def test_a_step_that_is_new_or_gone_is_told_at_its_place():
    more = recorded(*STEPS[:3], fills("{{a9}}", "aria/電話", "#tel"), *STEPS[3:])

    assert differences(recorded(*STEPS), more) == [Difference(About.ADDED, None, 3)]
    assert differences(more, recorded(*STEPS)) == [Difference(About.REMOVED, 3, None)]


def test_what_goes_in_and_how_it_is_found_are_told_apart():
    other_value = recorded(*STEPS[:2], fills("{{a7}}", "aria/氏名", "#name"), *STEPS[3:])
    other_way = recorded(*STEPS[:2], fills("{{a1}}", "aria/氏名", "#full-name"), *STEPS[3:])

    assert differences(recorded(*STEPS), other_value) == [Difference(About.VALUE, 2, 2)]
    assert differences(recorded(*STEPS), other_way) == [Difference(About.WAYS, 2, 2)]


def test_another_address_is_told():
    other = recorded(window(), goes("/entry2"), *STEPS[2:])

    assert differences(recorded(*STEPS), other) == [Difference(About.ADDRESS, 1, 1)]


def test_the_marks_of_a_mended_recording_are_no_steps_but_what_they_say_is_told():
    plain = recorded(*STEPS)
    said = mended(plain, Wish({}, frozenset(), 4, ["登録しますか"], "登録しました"))

    assert differences(plain, said) == [Difference(About.DIALOGS), Difference(About.PROOF)]
    assert differences(said, said) == []


def test_another_button_that_registers_is_told_by_both():
    before = recorded(*STEPS[:-1], clicks("aria/確認"), REGISTER)
    after = mended(before, Wish({}, frozenset(), 4, [], ""))

    assert differences(before, after) == [Difference(About.REGISTERS, 5, 5)]
