"""Does a machine with more cores read and decide the same? The tests themselves run on one thread a process."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import polars as pl

from tests.workflows.residents import AS_OF, as_csv, invented
from tests.workflows.rules.engine_random import PARAMETERS
from workflows.rules import Verdict, evaluate, read_population
from workflows.rules.brought_files import read_table
from workflows.rules.importing import bring
from workflows.rules.tree import Age, All, Counted, Members, Not, Op

ENOUGH_TO_SHARE_OUT = 20_000
CHILD = Age("birth_date", Counted.FISCAL_YEAR_END, None, 18)
RULES = (CHILD, Not(CHILD), All((CHILD, Members(False, CHILD, None, Op.AT_LEAST, 2))))


def mark_of_what_comes_out() -> str:
    """Of a file in which some stand twice: who is taken, in which order, who is set aside, and everybody's verdicts."""
    table = invented(ENOUGH_TO_SHARE_OUT, seed=8)
    found = bring(read_table(as_csv(pl.concat([table, table.tail(500)]))), AS_OF)
    decided = evaluate(RULES, read_population(found.people), PARAMETERS, AS_OF)

    mark = hashlib.sha256()
    for frame in (found.people, found.protected, found.quarantine):
        mark.update(frame.hash_rows(seed=8).to_numpy().tobytes())
    for rule in range(len(RULES)):
        for verdict in Verdict:
            mark.update(decided.verdict_plane(rule, verdict).tobytes())
    return f"{found.people.height} {found.left_out} {mark.hexdigest()}"


def test_a_file_is_read_and_decided_the_same_on_one_thread_and_on_four():
    """Four in a process of its own: how many there are is settled when the engine loads."""
    asked = f"import polars; from {__name__} import *; print(polars.thread_pool_size(), mark_of_what_comes_out())"

    ran = subprocess.run(  # noqa: S603 -- the line above
        [sys.executable, "-c", asked],
        env=os.environ | {"POLARS_MAX_THREADS": "4"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert pl.thread_pool_size() == 1
    assert ran.stdout.split(maxsplit=1) == ["4", mark_of_what_comes_out() + "\n"]
