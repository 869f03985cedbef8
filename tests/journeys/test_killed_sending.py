"""Does everybody hear once, or stand on a list with a reason, when workers and the gateway are killed as they send?"""

from __future__ import annotations

import pytest

from tests.journeys.kill_sending import Plan, run

pytestmark = pytest.mark.journey


def test_a_run_survives_kills_and_faults_and_what_the_gateway_answered_holds(tmp_path):
    plan = Plan(people=1_500, kills=3, seed=8, faults=True, withdraw=20, connections=40, patience=4.0)

    figures = run(plan, tmp_path)

    assert (figures.kills, figures.gateway_kills) == (3, 3)
    assert (figures.doubled, figures.unlisted, figures.broken_words) == (0, 0, 0)
    assert figures.trail_whole
    assert figures.left > 0
    assert figures.holds(plan), figures
