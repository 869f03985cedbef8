"""What does it cost a night to take up its next item with 100,000 waiting, against 1,000? The same, on both databases.

One claim is `keeping.take_up` in a unit of its own, as the night does it: an entry of the index, the lease, the commit.
Half of what waits is deferred, a tenth is urgent, deadlines are scattered over a year. A fifth waits for the item
before it, which frees it when it is done.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it runs alone, from a clone

from sqlalchemy import func, insert, select, update

from backoffice.automation import keeping
from backoffice.automation.jobs import WORKER
from backoffice.automation.keeping import AtHand, Seat
from backoffice.automation.models import Lease, Night, TargetSystem, WorkItem
from backoffice.automation.queue import following
from backoffice.automation.queue.order import NO_DEADLINE, Hold, Priority
from backoffice.automation.workflow import ItemState, NightState, RunKind
from backoffice.composition import make_tables
from backoffice.db import count_statistics
from backoffice.log import start_logging
from backoffice.work import Work
from rpa_bots.secret import Secret
from rpa_bots.target import Target
from tests.backoffice.automation.nights import NightShift, open_shift
from tests.backoffice.office import City, open_city
from tests.postgres import Holder

FEW, MANY = 1_000, 100_000
CLAIMS, WARM = 200, 20
FOLLOWING = 5
MOST_GROWTH = 1.25
FIRST_DAY = date(2026, 12, 1)


def seat_before(shift: NightShift, items: int, procedure: str) -> Seat:
    """Give a worker's place at a system of its own before which so many items wait, as the service leaves them."""
    with shift.city.unit() as work:
        like = work.session.get_one(TargetSystem, shift.target_id)
        target = TargetSystem(
            name=procedure,
            procedure=procedure,
            url=like.url,
            department_id=like.department_id,
            opens=like.opens,
            closes=like.closes,
            margin_seconds=0,
            late_commit_seconds=0,
            pictures=False,
            created_at=work.now,
        )
        work.session.add(target)
        work.session.flush()
        night = Night(
            target_id=target.id,
            state=NightState.RUNNING,
            started_at=work.now,
            closes_at=work.now + timedelta(hours=9),
        )
        work.session.add(night)
        work.session.flush()
        work.session.add(Lease(target_id=target.id, account="bench", night_id=night.id, worker="bench", until=work.now))
        work.session.execute(insert(WorkItem), [_row(work, target, number) for number in range(items)])
        seat = Seat(
            night_id=night.id,
            kind=RunKind.NIGHT,
            worker="bench",
            procedure=procedure,
            target_id=target.id,
            target=Target(target.url, "bench", 0),
            password=Secret("invented"),
            password_set_at=work.now,
            pictures=False,
            margin_seconds=0,
            pace_seconds=0,
            seconds=(),
            unknown=(),
        )
        mine = update(WorkItem).where(WorkItem.target_id == target.id, WorkItem.id % FOLLOWING == 0)
        first = select(func.min(WorkItem.id)).where(WorkItem.target_id == target.id).scalar_subquery()
        behind = mine.where(WorkItem.id > first).values(before_id=WorkItem.id - 1, hold=Hold.BEHIND)
        work.session.execute(behind.execution_options(synchronize_session=False))
    count_statistics(shift.city.office.engine)
    return seat


def _row(work: Work, target: TargetSystem, number: int) -> dict[str, object]:
    scattered = number * 7919 % 100_003
    return {
        "reference": f"{target.procedure}-{number:06d}",
        "target_id": target.id,
        "department_id": target.department_id,
        "record": {"schema": 1, "values": {}},
        "state": ItemState.WAITING,
        "priority": Priority.URGENT if scattered % 10 == 0 else Priority.USUAL,
        "due_on": FIRST_DAY + timedelta(days=scattered % 365) if scattered % 3 else NO_DEADLINE,
        "not_before": FIRST_DAY if number % 2 else None,
        "queued_at": work.now,
        "changed_at": work.now,
        "version": 1,
    }


def claim(city: City, seat: Seat) -> float:
    """Take up one item and give the milliseconds; it is done afterwards, so that the next claim finds another."""
    began = time.perf_counter()
    with city.office.unit(WORKER) as work:
        at_hand = keeping.take_up(work, seat, 1.0)
    spent = time.perf_counter() - began
    assert isinstance(at_hand, AtHand)
    with city.office.unit(WORKER) as work:
        item = work.session.get_one(WorkItem, at_hand.item_id)
        item.state = ItemState.DONE
        following.pass_on(work, item)
    return spent * 1000


@contextlib.contextmanager
def city_on(dialect: str) -> Iterator[City]:
    """Give an office on a database; everything is gone afterwards."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = f"sqlite:///{folder / 'gijo.db'}"
        if dialect == "postgresql":
            holder = Holder()
            stack.callback(holder.release)
            url = stack.enter_context(holder.place.cluster().fresh("claims"))
        make_tables(url)
        yield stack.enter_context(open_city(folder, url, "not asked for here"))


def measure(city: City, many: int) -> dict[str, float]:
    """Let both queues be claimed from in turns: whatever else the machine does is shared between them."""
    shift = open_shift(city, records=0)
    seats = seat_before(shift, FEW, "few"), seat_before(shift, many, "many")
    pairs = [[claim(city, seat) for seat in seats] for _ in range(CLAIMS + WARM)]
    few, full = (median(column) for column in zip(*pairs[WARM:], strict=True))
    return {"few": round(few, 2), "many": round(full, 2), "ratio": round(full / few, 2)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--items", type=int, default=MANY)
    options = parser.parse_args()
    start_logging("ERROR")
    measured = {}
    for dialect in ("sqlite", "postgresql"):
        with city_on(dialect) as city:
            measured[dialect] = measure(city, options.items)
    worst = max(measured.values(), key=lambda each: each["ratio"])
    figures = {
        "name": "claiming",
        "what": f"taking up one item of {options.items:,} that wait",
        "figure": worst["many"],
        "unit": "ms",
        "against": f"one of {FEW:,}: {worst['few']} ms",
        "ratio": worst["ratio"],
        "goal": f"<= {MOST_GROWTH}",
        "holds": worst["ratio"] <= MOST_GROWTH,
        "databases": measured,
    }
    print(json.dumps(figures, ensure_ascii=False) if options.json else f"{figures['what']}: {measured}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
