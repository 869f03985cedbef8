"""Which way may a record go, and where does each outcome lead it?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.automation.workflow import (
    FINISHED,
    FOR_PEOPLE,
    NIGHT_NAMES,
    OUTCOME_NAMES,
    SIGN_IN_TROUBLE,
    STATE_NAMES,
    TRIES,
    WHY_NAMES,
    ItemState,
    NightState,
    WhyEnded,
    ending_of,
    may_become,
    other_values,
    settling_of,
)
from rpa_bots.outcomes import (
    Absent,
    AlreadyThere,
    BusinessRefusal,
    Cause,
    Doubled,
    Found,
    Keyed,
    TargetFailure,
    Unknown,
)

S = ItemState
DRAWN = {
    S.WAITING: {S.SUBMITTING, S.DONE, S.ALREADY_THERE, S.EXCEPTION, S.FAILED, S.CANCELLED, S.UNKNOWN},
    S.SUBMITTING: {S.DONE, S.EXCEPTION, S.UNKNOWN},
    S.UNKNOWN: {S.DONE, S.EXCEPTION, S.WAITING, S.FAILED},
    S.EXCEPTION: {S.WAITING, S.DONE, S.CANCELLED},
    S.FAILED: {S.WAITING, S.DONE, S.CANCELLED},
    S.CANCELLED: {S.WAITING, S.EXCEPTION, S.FAILED},
    S.DONE: set(),
    S.ALREADY_THERE: set(),
}
RECORD = {"reference": "R8-就援-0001", "name": "山﨑 恵", "income": 1_200_000, "cb0": True}
KEYED = Keyed("E0000001", RECORD, 4.0)
SYSTEM_TROUBLE = [cause for cause in Cause if cause not in SIGN_IN_TROUBLE]


@pytest.mark.parametrize("now", list(ItemState))
@pytest.mark.parametrize("then", list(ItemState))
def test_a_record_takes_the_drawn_steps_and_no_other(now, then):
    assert may_become(now, then) == (then in DRAWN[now])


def test_what_may_have_been_clicked_never_goes_straight_back_to_the_queue():
    assert not may_become(S.SUBMITTING, S.WAITING)
    assert not may_become(S.SUBMITTING, S.CANCELLED)
    assert not may_become(S.UNKNOWN, S.SUBMITTING)


def test_every_state_reason_and_outcome_has_a_name_in_the_office_words():
    failures = {f"target_{cause}" for cause in Cause}

    assert set(STATE_NAMES) == set(ItemState)
    assert set(NIGHT_NAMES) == set(NightState)
    assert set(WHY_NAMES) == set(WhyEnded)
    assert failures <= set(OUTCOME_NAMES)


@pytest.mark.parametrize(
    ("outcome", "state", "receipt"),
    [
        (KEYED, S.DONE, "E0000001"),
        (AlreadyThere("E0000002", RECORD), S.ALREADY_THERE, "E0000002"),
        (BusinessRefusal("長すぎます", ("address",)), S.EXCEPTION, None),
        (Unknown("応答がありません"), S.UNKNOWN, None),
        (Unknown("照会できません", "E0000003"), S.UNKNOWN, "E0000003"),
    ],
)
def test_an_outcome_leads_where_the_office_expects(outcome, state, receipt):
    ending = ending_of(outcome, submitted=True, tries=0)

    assert (ending.state, ending.receipt, ending.counts) == (state, receipt, False)
    assert ending.code in OUTCOME_NAMES


@given(cause=st.sampled_from(Cause), tries=st.integers(0, 10))
def test_a_failure_after_the_click_is_unknown_whatever_its_cause(cause, tries):
    ending = ending_of(TargetFailure(cause, "応答がありません"), submitted=True, tries=tries)

    assert ending.state is S.UNKNOWN


@given(cause=st.sampled_from(SYSTEM_TROUBLE), tries=st.integers(0, TRIES - 1))
def test_a_failure_before_the_click_is_tried_again_within_the_limit(cause, tries):
    ending = ending_of(TargetFailure(cause, "応答がありません"), submitted=False, tries=tries)

    assert ending.counts
    assert ending.state is (S.FAILED if tries + 1 == TRIES else S.WAITING)


@pytest.mark.parametrize("cause", sorted(SIGN_IN_TROUBLE))
def test_a_refused_sign_in_is_the_account_s_trouble_and_costs_the_record_nothing(cause):
    ending = ending_of(TargetFailure(cause, "ログインできません"), submitted=False, tries=TRIES - 1)

    assert (ending.state, ending.counts) == (S.WAITING, False)


def test_a_look_up_settles_an_unknown_record_by_what_stands_in_the_target():
    same, other = Found("E1", RECORD), Found("E1", {**RECORD, "income": 9})

    assert settling_of(same, RECORD, 0).state is S.DONE
    assert settling_of(other, RECORD, 0).state is S.EXCEPTION
    assert settling_of(Doubled(("E1", "E2")), RECORD, 0).state is S.EXCEPTION
    assert settling_of(Absent(), RECORD, 0).state is S.WAITING
    assert settling_of(Absent(), RECORD, TRIES - 1).state is S.FAILED
    assert settling_of(TargetFailure(Cause.MAINTENANCE, "停止中"), RECORD, 0) is None


values = st.dictionaries(st.sampled_from("abcde"), st.one_of(st.none(), st.text("あア1 ", max_size=2), st.booleans()))


@given(meant=values, stored=values)
def test_two_records_differ_in_the_same_fields_from_either_side(meant, stored):
    assert set(other_values(meant, stored)) == set(other_values(stored, meant))


@given(meant=values)
def test_a_record_equals_itself_and_blanks_are_no_difference(meant):
    with_blanks = {**meant, "blank": "", "reference": "R8-就援-0009"}

    assert other_values(meant, with_blanks) == ()


def test_nothing_is_at_once_finished_and_for_people():
    assert not FINISHED & FOR_PEOPLE
