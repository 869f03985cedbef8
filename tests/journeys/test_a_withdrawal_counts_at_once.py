"""Is anything handed over after a withdrawal was answered, or after a link was shut, whichever process is killed?

How soon it counts is measured by `python -m tests.journeys.withdrawal`.
"""

from __future__ import annotations

import pytest

from backoffice.composition import make_tables
from tests.journeys.withdrawal import Plan, run

pytestmark = pytest.mark.journey


def test_nothing_is_handed_over_to_a_call_that_begins_after_the_answer(tmp_path, postgres_url):
    make_tables(postgres_url)

    figures = run(Plan("postgresql", 1, 1, kills=1, seed=8, worker_kills=1), tmp_path, postgres_url)

    assert (figures.turns, figures.kills, figures.late, figures.other_answers) == (4, 2, 0, {})
    assert figures.still_refused
    assert figures.released > figures.turns


def test_beside_a_busy_writer_too(tmp_path):
    url = f"sqlite:///{tmp_path / 'gijo.db'}"
    make_tables(url)

    figures = run(Plan("sqlite", turns=1, shuts=0, kills=0, seed=8, commands=1), tmp_path, url)

    assert (figures.turns, figures.late, figures.other_answers) == (2, 0, {})
    assert figures.written_beside > 0
