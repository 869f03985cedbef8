"""Does a real night, in a real browser, survive a worker that is killed at its worst moments?"""

from __future__ import annotations

import pytest

from tests.journeys.kill_night import Plan, run
from tests.journeys.killed_worker import Victim

pytestmark = pytest.mark.journey


def test_a_worker_killed_again_and_again_loses_nothing_and_doubles_nothing(tmp_path):
    figures = run(Plan(records=4, kills=2, seed=8, pictures=True), tmp_path)

    assert (figures.kills, figures.in_ledger) == (2, 4)
    assert figures.pictures >= 4
    assert (figures.read_in_pictures, figures.files_with_the_password) == ([], [])
    assert (figures.lost, figures.doubled, figures.wrong_values, figures.unknown_left) == (0, 0, 0, 0)
    assert (figures.trail_whole, figures.tallies_true) == (True, True)


def test_a_worker_told_to_stop_finishes_the_record_at_hand_and_the_night_goes_on_at_its_next_start(tmp_path):
    figures = run(Plan(records=5, kills=2, seed=8, gently=True), tmp_path)

    assert (figures.kills, figures.in_ledger, figures.nights) == (2, 5, 1)
    assert (figures.unknown_seen, figures.lost, figures.doubled) == (0, 0, 0)


def test_a_browser_that_dies_and_a_database_that_hangs_up_cost_the_night_nothing(tmp_path, postgres_url):
    plan = Plan(records=6, kills=4, seed=8, victims=(Victim.BROWSER, Victim.CONNECTION), database=postgres_url)

    figures = run(plan, tmp_path)

    assert (figures.kills, figures.in_ledger, figures.nights) == (4, 6, 1)
    assert (figures.lost, figures.doubled, figures.wrong_values, figures.unknown_left) == (0, 0, 0, 0)
    assert (figures.trail_whole, figures.tallies_true) == (True, True)
