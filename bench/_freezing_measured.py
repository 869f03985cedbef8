"""Freezes one run in a process of its own, so that CPU and peak of memory are its own: one JSON object.

The peer is the same rule over the same residents: their file is opened, read and evaluated, and nothing else.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from backoffice.audiences.freezing import HOUSE, freeze
from backoffice.audiences.moving import states_of
from backoffice.audiences.queries import find_run
from backoffice.log import start_logging
from backoffice.residents.queries import find_snapshot
from backoffice.work import Office
from bench._freezing_city import Waiting
from bench._rules_measured import peak_megabytes, spent
from tests.backoffice.programs.offices import BREAST_CANCER
from workflows.rules import evaluate, read_population
from workflows.rules.parameters import NO_PARAMETERS

TIMES = 3


def measured(office: Office, run_id: int) -> dict[str, object]:
    began, cpu = time.monotonic(), time.process_time()
    came_of_it = freeze(office, run_id)
    ended, cpu = time.monotonic(), time.process_time() - cpu
    assert came_of_it == "frozen", came_of_it
    peak = peak_megabytes()
    with office.look(HOUSE) as work:
        recipients = states_of(work.session, run_id)["waiting"]
    once, evaluation = bare(office, run_id)
    return {
        "began": began,
        "ended": ended,
        "cpu": cpu,
        "peak": peak,
        "recipients": recipients,
        "bare": once,
        "evaluation": evaluation,
    }


def bare(office: Office, run_id: int) -> tuple[float, float]:
    """CPU seconds of opening, reading and evaluating, and those of evaluating alone."""
    with office.look(HOUSE) as work:
        run = find_run(work.session, run_id)
        file, as_of = find_snapshot(work.session, run.snapshot_id or 0).file, run.as_of
    population = read_population(office.files.read(file))

    def typical(work: Callable[[], object]) -> float:
        return median(spent(work) for _ in range(TIMES))

    evaluation = typical(lambda: evaluate([BREAST_CANCER], population, NO_PARAMETERS, as_of))
    return typical(lambda: read_population(office.files.read(file))) + evaluation, evaluation


def main(words: list[str]) -> int:
    folder, url, run_id = words
    start_logging("ERROR")
    with Waiting(Path(folder), url, int(run_id)).office() as office:
        print(json.dumps(measured(office, int(run_id))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
