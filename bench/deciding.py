"""What does one decision cost beside a bare UPDATE of the same row, on the same disk, in the same run?

A decision loads the case, lets the route go one step, saves it, closes and opens tasks, fills the trays, writes the
case's story and the trail's event, and commits. The bare UPDATE writes the task's new state and commits.
"""

import argparse
import json
import sys
import time
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it runs alone, from a clone

from sqlalchemy import select, update

from backoffice.drawing.models import RouteVersion
from backoffice.inbox.deciding import Said, decide
from backoffice.inbox.models import Task
from backoffice.inbox.workflow import WAITING
from backoffice.log import start_logging
from bench._busy_office import KIND, busy_office
from tests.backoffice.inbox.cases import Bureau
from tests.workflows.drawings import Drawing
from workflows.routes import Decision

CASES = 1_000
STEPS = 6
SIZES = (1_000, 50_000)
"""So many other tasks wait meanwhile; the last size is decided on with fewer cases."""
MOST_TIMES_BARE = 20.0
"""A decision makes 27 statements where the bare one makes one; beyond this, something has been added to it."""


@dataclass(frozen=True)
class Costs:
    """Seconds each, in the order in which they were taken."""

    decisions: list[float]
    bare: list[float]

    @property
    def ratio(self) -> float:
        return median(self.decisions) / median(self.bare)


def six_steps() -> bytes:
    names = [f"step_{number}" for number in range(1, STEPS + 1)]
    drawing = Drawing().start().end()
    for name in names:
        drawing.step(name, "approve", notDrafter="true", dueDays=3, remindDays=1)
    for source, target in pairwise(("begin", *names, "over")):
        drawing.arrow(source, target)
    return drawing.xml()


def put_into_force(bureau: Bureau, bpmn: bytes) -> None:
    with bureau.city.unit() as work:
        drawn = RouteVersion(kind=KIND, number=2, state="active", bpmn=bpmn.decode(), drafted_at=work.now)
        drawn.effective_from, drawn.activated_at = date(2026, 11, 1), work.now
        work.session.add(drawn)


def costs_at(waiting: int, cases: int) -> Costs:
    with busy_office(waiting) as bureau:
        put_into_force(bureau, six_steps())
        begun = [bureau.begin(title=f"検診 その{number}") for number in range(cases)]
        costs = Costs([], [])
        for _ in range(STEPS):
            for case_id in begun:
                _one(bureau, case_id, costs)
        return costs


def _one(bureau: Bureau, case_id: int, costs: Costs) -> None:
    head = bureau.city.actor(bureau.head)
    with bureau.city.look() as work:
        waits = select(Task.id).where(Task.case_id == case_id, Task.state.in_(WAITING))
        task_id = work.session.scalars(waits).one()
    began = time.perf_counter()
    with bureau.city.unit(head) as work:
        decide(work, work.session.get_one(Task, task_id), Said(Decision.APPROVE))
    costs.decisions.append(time.perf_counter() - began)
    began = time.perf_counter()
    with bureau.city.office.engine.begin() as connection:
        connection.execute(update(Task).where(Task.id == task_id).values(held_note="決定"))
    costs.bare.append(time.perf_counter() - began)


def result(found: dict[int, Costs]) -> dict[str, object]:
    ordinary = next(iter(found.values()))
    return {
        "name": "deciding",
        "what": f"one decision: {median(ordinary.decisions) * 1000:.1f} ms, a bare UPDATE "
        f"{median(ordinary.bare) * 1000:.1f} ms (medians of {len(ordinary.decisions)})",
        "figure": round(median(ordinary.decisions) * 1000, 2),
        "unit": "ms",
        "against": f"a bare UPDATE and commit of the task's row, {median(ordinary.bare) * 1000:.2f} ms",
        "ratio": round(ordinary.ratio, 2),
        "goal": f"<= {MOST_TIMES_BARE:.0f}",
        "holds": ordinary.ratio <= MOST_TIMES_BARE,
        "growth": [
            {
                "n": size,
                "figure": round(median(costs.decisions) * 1000, 2),
                "bare": round(median(costs.bare) * 1000, 2),
                "ratio": round(costs.ratio, 2),
            }
            for size, costs in found.items()
        ],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--cases", type=int, default=CASES, help="how many cases make their six steps")
    options = parser.parse_args()
    start_logging("ERROR")
    smallest, *others = SIZES
    found = {smallest: costs_at(smallest, options.cases)}
    found |= {size: costs_at(size, max(1, options.cases // 5)) for size in others}
    figures = result(found)
    print(json.dumps(figures, ensure_ascii=False) if options.json else f"×{figures['ratio']}; {figures['what']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
