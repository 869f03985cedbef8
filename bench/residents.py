"""What does a snapshot cost, beside one pass of reading and writing the same file with polars? CPU, per 100,000 people.

Taking one in is reading, looking for 個人番号 in every column, checking every cell, computing households, comparing
with the snapshot before, writing and sealing. Drawing a city, opening a sealed snapshot, and computing what all
households make of their members, which importing does each time, stand beside it; and so does putting in the consents
of this moment where every tenth resident is registered.
"""

import argparse
import io
import json
import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it runs alone, from a clone

import polars as pl

from backoffice.vault import Cipher, FileVault
from workflows.rules.brought_files import read_table
from workflows.rules.generating import generate_city
from workflows.rules.household_facts import with_household_facts
from workflows.rules.importing import bring
from workflows.rules.manifest import Before, describe
from workflows.rules.snapshot_columns import PROTECTED
from workflows.rules.storing import consenting, from_parquet, to_parquet

GOAL = 6.0
SIZES = (25_000, 50_000, 100_000)
TIMES = 5
AS_OF = date(2026, 11, 1)
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def spent(work: Callable[[], object]) -> float:
    """Give the processor's seconds, of all threads; the middle of several."""
    seconds = []
    for _ in range(TIMES):
        before = time.process_time()
        work()
        seconds.append(time.process_time() - before)
    return median(seconds)


def take_in(vault: FileVault, content: bytes, before: pl.DataFrame) -> object:
    brought = bring(read_table(content), AS_OF)
    describe(brought, Before(before, before.clear()))
    return [
        vault.put(to_parquet(part), "application/vnd.apache.parquet", NOW)
        for part in (brought.people, brought.protected)
    ]


def read_and_write(content: bytes) -> None:
    pl.read_parquet(io.BytesIO(content)).write_parquet(io.BytesIO(), compression="zstd")


def measure(people: int, folder: Path) -> dict[str, float]:
    vault = FileVault(folder, Cipher(secrets.token_bytes(32), secrets.token_bytes), secrets.token_bytes)
    city = generate_city(people, 1, AS_OF)
    content = to_parquet(city)
    sealed = vault.put(content, "application/vnd.apache.parquet", NOW)
    passes = spent(partial(read_and_write, content))
    registered = dict.fromkeys(city["pseudonym"].head(people // 10), 1)
    return {
        "n": people,
        "pass": passes,
        "take_in": spent(partial(take_in, vault, content, city)),
        "draw": spent(partial(generate_city, people, 1, AS_OF)),
        "open": spent(lambda: from_parquet(vault.read(sealed))),
        "consenting": spent(partial(consenting, content, registered)),
        "households": spent(lambda: with_household_facts(city.drop(PROTECTED))),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    with tempfile.TemporaryDirectory(prefix="gijo-bench-") as folder:
        measured = [measure(size, Path(folder)) for size in SIZES]
    full = measured[-1]
    ratio = round(full["take_in"] / full["pass"], 2)
    report = {
        "name": "residents",
        "what": "100,000 residents taken in as a snapshot, by CPU time, against one polars pass of reading and writing",
        "figure": round(full["take_in"], 3),
        "unit": "CPU s",
        "against": round(full["pass"], 3),
        "ratio": ratio,
        "goal": GOAL,
        "holds": ratio <= GOAL,
        "drawing_ratio": round(full["draw"] / full["pass"], 2),
        "consenting_ratio": round(full["consenting"] / full["pass"], 2),
        "opening_ratio": round(full["open"] / full["pass"], 2),
        "households_ratio": round(full["households"] / full["pass"], 2),
        "growth": [{"n": each["n"], "figure": round(each["take_in"], 3)} for each in measured],
    }
    if as_json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        print(f"{report['figure']} CPU s against {report['against']}: {ratio} (goal {GOAL})")


if __name__ == "__main__":
    main()
