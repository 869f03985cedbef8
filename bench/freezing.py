"""How long does it take to freeze an audience of the whole city, what does it cost a resident, and who waits for it?

Program × snapshot × consents: of so many residents one in eight is registered, the rule hits all of these, and they
become rows with the marks of those at home. Beside it another process writes one small unit after another, and alone
before and after: on a busy machine it waits then, too. The peer evaluates the same rule and writes nothing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it runs alone, from a clone

from backoffice.log import start_logging
from bench._freezing_city import Waiting, city_waiting

SIZES = (10_000, 100_000, 1_630_000)
MOST_SECONDS, MOST_MEGABYTES, LONGEST_WAIT, MOST_GROWTH = 300.0, 1536.0, 0.3, 1.5
ALONE_SECONDS = 10.0
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Frozen:
    """One audience. `waited`, `alone`: the longest unit of another writer meanwhile, and before and after."""

    residents: int
    recipients: int
    seconds: float
    cpu: float
    peak: float
    waited: float
    mostly: float
    """No longer than this did ninety-nine of a hundred units of the other writer take."""
    alone: float
    bare: float
    evaluation: float

    @property
    def each(self) -> float:
        """Microseconds of CPU a resident."""
        return self.cpu / self.residents * 1_000_000

    def told(self) -> str:
        return (
            f"{self.residents:,} residents, {self.recipients:,} rows: {self.seconds:.1f} s, {self.cpu:.2f} s CPU, "
            f"{self.each:.1f} µs a resident, {self.peak:.0f} MB, another writer {self.waited:.2f} s "
            f"(99 of 100 {self.mostly:.2f} s, alone {self.alone:.2f} s), "
            f"×{self.cpu / self.bare:.1f} of a bare evaluation"
        )


def measured(residents: int, database: str) -> Frozen:
    with city_waiting(residents, database) as waiting:
        with other_writer(waiting) as units:
            time.sleep(ALONE_SECONDS)
            found: dict[str, Any] = json.loads(_asked("_freezing_measured", waiting))
            time.sleep(ALONE_SECONDS)
        began, ended = found["began"], found["ended"]
        meanwhile = sorted(took for at, took in units if at < ended and at + took > began)
        alone = [took for at, took in units if at >= ended or at + took <= began]
        return Frozen(
            residents=residents,
            recipients=found["recipients"],
            seconds=ended - began,
            cpu=found["cpu"],
            peak=found["peak"],
            waited=meanwhile[-1],
            mostly=meanwhile[len(meanwhile) * 99 // 100],
            alone=max(alone),
            bare=found["bare"],
            evaluation=found["evaluation"],
        )


def _words(module: str, waiting: Waiting) -> list[str]:
    return [sys.executable, "-m", f"bench.{module}", str(waiting.folder), waiting.url, str(waiting.run_id)]


def _asked(module: str, waiting: Waiting) -> str:
    words = _words(module, waiting)
    return subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603 - our own module


@contextmanager
def other_writer(waiting: Waiting) -> Iterator[list[tuple[float, float]]]:
    """Let another process write meanwhile. Afterwards the list holds when each of its units began and what it took."""
    units: list[tuple[float, float]] = []
    words, pipe = _words("_other_writer", waiting), subprocess.PIPE
    with subprocess.Popen(words, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as writer:  # noqa: S603 - our own module
        assert writer.stdin is not None
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n"
        try:
            yield units
        finally:
            writer.stdin.close()
            units += json.loads(writer.stdout.read())


def result(database: str, seen: Sequence[Frozen]) -> dict[str, object]:
    first, last = seen[0], seen[-1]
    slowest, growth = max(seen, key=lambda each: each.waited), last.each / first.each
    goals = {
        f"seconds <= {MOST_SECONDS:.0f}": (last.seconds, last.seconds <= MOST_SECONDS),
        f"peak MB <= {MOST_MEGABYTES:.0f}": (last.peak, last.peak <= MOST_MEGABYTES),
        f"another writer waited, s <= {LONGEST_WAIT}": (slowest.waited, slowest.waited <= LONGEST_WAIT),
        f"cost a resident, times <= {MOST_GROWTH}": (growth, growth <= MOST_GROWTH),
    }
    held = "; ".join(f"{name}: {value:.2f} {'○' if holds else '✕'}" for name, (value, holds) in goals.items())
    return {
        "name": "freezing",
        "what": f"{database}: {held}; {'; '.join(each.told() for each in seen)}",
        "figure": round(last.seconds, 1),
        "unit": "s",
        "against": f"the same rule over the same residents, {last.bare:.2f} s CPU "
        f"(of which evaluating {last.evaluation * 1000:.1f} ms)",
        "ratio": round(last.cpu / last.bare, 1),
        "goal": f"<= {MOST_SECONDS:.0f} s",
        "holds": all(holds for _, holds in goals.values()),
        "growth": [{"n": each.residents, "figure": round(each.each, 1)} for each in seen],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--residents", type=int, nargs="+", default=SIZES)
    options = parser.parse_args()
    start_logging("ERROR")
    figures = result(options.database, [measured(each, options.database) for each in options.residents])
    if options.json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        print(str(figures["what"]).replace("; ", "\n"))
        print(f"{figures['figure']} s, ×{figures['ratio']} ({figures['against']})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
