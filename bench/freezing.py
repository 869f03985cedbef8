"""How long does it take to freeze an audience of the whole city, and does anybody wait for it meanwhile?

Program × snapshot × consents: of 1.63 million residents those whom the rule hits and who can be reached become rows.
Beside it another process's pen writes one small unit after another: how long its longest one took is the longest that
anybody waited. On SQLite, where there is one writer.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it runs alone, from a clone

from argon2 import PasswordHasher

from backoffice.audiences.freezing import freeze
from backoffice.audiences.moving import counts_of
from backoffice.log import start_logging
from tests.backoffice.audiences.runs import ALL, Sending, found_sending
from tests.backoffice.audiences.town import Person, register
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.office import PASSWORD, City, copy_template, make_template, open_city
from tests.backoffice.programs.offices import found_office

FEW, CITY = 10_000, 1_630_000
REACHABLE = (40_000, 200_000)
MOST_SECONDS, LONGEST_WAIT = 120.0, 0.3


@dataclass(frozen=True)
class Frozen:
    """`waited`: the longest unit of another writer meanwhile."""

    residents: int
    registered: int
    recipients: int
    seconds: float
    waited: float


@contextmanager
def city_of(residents: int) -> Iterator[Sending]:
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "template").mkdir()
        with open_city(folder, copy_template(make_template(folder / "template"), folder), quick) as city:
            yield found_sending(found_office(found_bureau(city)), residents)


def frozen(sending: Sending, registered: int) -> Frozen:
    """Let so many be registered whom the rule hits where it can, freeze, and see how long others waited."""
    names = sending.women_over_forty(registered)
    rest = sending.residents["pseudonym"].head(registered * 3).to_list()
    names += [name for name in rest if name not in set(names)][: registered - len(names)]
    known = known_names(sending)
    register(sending.city.office, [Person(name) for name in names if name not in known], ALL)
    known.update(names)
    run_id = sending.begin(period=f"{registered}-{len(known)}")
    with other_writer(sending.city) as longest:
        began = time.perf_counter()
        assert freeze(sending.city.office, run_id) == "frozen"
        took = time.perf_counter() - began
    with sending.city.look() as work:
        recipients = counts_of(work.session, run_id)[0]["waiting"]
    return Frozen(len(sending.residents), len(known), recipients, took, max(longest, default=0.0))


KNOWN: dict[int, set[str]] = {}


def known_names(sending: Sending) -> set[str]:
    return KNOWN.setdefault(id(sending), set())


@contextmanager
def other_writer(city: City) -> Iterator[list[float]]:
    waits: list[float] = []
    over = threading.Event()

    def write() -> None:
        number = 0
        while not over.wait(0.02):
            began = time.perf_counter()
            city.department(f"係{len(KNOWN)}-{number}-{began}")
            waits.append(time.perf_counter() - began)
            number += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield waits
    finally:
        over.set()
        thread.join()


def measured(residents: int, reachable: tuple[int, ...]) -> dict[str, object]:
    with city_of(FEW) as few:
        small = frozen(few, FEW // 4)
    with city_of(residents) as whole:
        seen = [frozen(whole, each) for each in reachable]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024
    largest, waited = seen[-1], max(each.waited for each in (small, *seen))
    told = [f"{each.registered:,} registered, {each.recipients:,} rows in {each.seconds:.1f} s" for each in seen]
    return {
        "name": "freezing",
        "what": f"{largest.residents:,} residents × one program frozen: {'; '.join(told)}; "
        f"most memory {memory:.1f} GB; another writer waited {waited:.2f} s at most (<= {LONGEST_WAIT})",
        "figure": round(largest.seconds, 1),
        "unit": "s",
        "against": f"{FEW:,} residents, {small.recipients:,} rows in {small.seconds:.2f} s",
        "ratio": round(MOST_SECONDS / largest.seconds, 2),
        "goal": f"<= {MOST_SECONDS:.0f} s",
        "holds": largest.seconds <= MOST_SECONDS and waited <= LONGEST_WAIT,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--residents", type=int, default=CITY)
    parser.add_argument("--reachable", type=int, nargs="+", default=REACHABLE)
    options = parser.parse_args()
    start_logging("ERROR")
    figures = measured(options.residents, tuple(options.reachable))
    print(json.dumps(figures, ensure_ascii=False) if options.json else f"{figures['figure']} s; {figures['what']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
