"""Whoever freezes a run sees counts: no more often, and no finer, than whoever looks at a preview."""

from __future__ import annotations

import pytest

from backoffice.audiences.counting import counts_shown, steady
from backoffice.errors import TooSoon
from backoffice.programs import previewing, queries
from backoffice.programs.previewing import LOOKS_AT_A_PROGRAM
from tests.backoffice.audiences.runs import Sending, found_sending
from tests.backoffice.programs.offices import Office


@pytest.fixture
def sending_on_both(office_on_both: Office) -> Sending:
    return found_sending(office_on_both)


def counts(eligible: int, unknown: int = 0, no_consent: int = 0) -> dict[str, object]:
    return {
        "hit": eligible,
        "recipients": eligible,
        "without_address": 0,
        "verdicts": {"eligible": eligible, "not_eligible": 9000, "unknown": unknown, "no_consent": no_consent},
        "channels": {"mail": eligible},
        "languages": {"ja": eligible},
        "wards": {"chuo": eligible},
    }


def test_one_more_person_between_two_runs_does_not_show(sending_on_both: Sending):
    sending = sending_on_both
    women = sending.women_over_forty(26)
    sending.register(women[:24])
    first = sending.run(sending.frozen()).counts
    sending.register(women[24:25])

    second = sending.run(sending.frozen(period="2027")).counts

    assert first["recipients"] == 20
    assert second["recipients"] == 20, "25 alone would be told as 30"
    assert second["channels"] == first["channels"]


def test_nor_does_it_in_steps_of_one_run_each(sending: Sending):
    women = sending.women_over_forty(40)
    seen = []
    for first, people in ((0, 24), (24, 27), (27, 30), (30, 33)):
        sending.register(women[first:people])
        seen.append(sending.run(sending.frozen(period=f"of {people}")).counts["recipients"])

    assert seen == [20, 20, 20, 20]
    sending.register(women[33:36])
    assert sending.run(sending.frozen(period="of 36")).counts["recipients"] == 40


def test_who_freezes_all_day_spends_the_same_budget_as_who_previews(sending: Sending):
    with sending.city.unit(sending.city.actor(sending.drafter)) as work:
        version = queries.find_version(work.session, sending.version_id)
        before = previewing.looks_left(work, version)
    for number in range(before):
        sending.begin(period=f"of {number}")

    with pytest.raises(TooSoon, match="使い切りました"):
        sending.begin(period="one too many")

    assert before <= LOOKS_AT_A_PROGRAM
    with sending.city.look(sending.city.actor(sending.drafter)) as work:
        assert previewing.looks_left(work, queries.find_version(work.session, sending.version_id)) == 0


def test_a_total_is_not_told_beside_a_table_that_hides_it():
    shown = counts_shown(counts(104, unknown=3))

    assert (shown["hit"], shown["verdicts"]["eligible"]) == (100, 100)
    assert shown["verdicts"]["unknown"] is shown["verdicts"]["no_consent"] is None


def test_where_nothing_else_can_hide_a_few_the_total_is_hidden_too():
    only_two = {**counts(104), "verdicts": {"eligible": 104, "unknown": 3}}

    shown = counts_shown(only_two)

    assert shown["verdicts"] == {"eligible": None, "unknown": None}
    assert shown["hit"] is None


def test_a_count_is_told_by_the_newest_earlier_run_that_is_near():
    earlier = [counts(104), counts(120)]

    assert steady(counts(112), earlier)["hit"] == 104
    assert steady(counts(115), earlier)["hit"] == 120
    assert steady(counts(140), earlier)["hit"] == 140
    assert steady(counts(95), [])["hit"] == 95
