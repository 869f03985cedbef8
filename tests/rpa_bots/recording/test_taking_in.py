"""Which steps change when a proposal is taken in? Those of the one element, on the one page."""

from __future__ import annotations

from rpa_bots.recording.tape.reading import read_recording
from rpa_bots.recording.tape.taking_in import found_by, places_of, spots_of
from tests.rpa_bots.recording.taped import REGISTER, clicks, fills, goes, tape

FIRST_FIELD = ("tr:nth-of-type(1) input", "xpath//html/body/form/table/tr[1]/td[2]/input")
RECORDING = read_recording(
    tape(
        goes("/"),
        clicks(*FIRST_FIELD),
        fills("{{gijo.account}}", *FIRST_FIELD),
        clicks("aria/ログイン"),
        clicks(*FIRST_FIELD),
        fills("{{a1}}", *FIRST_FIELD),
        REGISTER,
    )
)


def test_the_click_and_what_is_put_in_change_together_and_a_field_alike_on_another_page_stays():
    spot = spots_of(RECORDING)[5]

    changed = found_by(RECORDING, spot, (("#name",),))

    assert places_of(RECORDING, spot) == (4, 5)
    assert [step.selectors == (("#name",),) for step in changed.steps[1:6]] == [False, False, False, True, True]


def test_what_was_taken_in_is_put_back_as_it_was():
    spot = spots_of(RECORDING)[5]
    changed = found_by(RECORDING, spot, (("#name",),))

    assert found_by(changed, spots_of(changed)[5], spot.ways) == RECORDING


def test_a_step_without_an_element_has_no_place_to_change():
    assert places_of(RECORDING, spots_of(RECORDING)[0]) == ()
