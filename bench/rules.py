"""What do 100 rules cost over a whole city, against one reading of the columns that they touch? At most 50 times.

CPU seconds of one process, medians, on a city of 1.63 million made from a seed: 30 columns, every second with gaps,
four verdicts, a bit kept for each. Loading and the counts within households are told apart. DuckDB and PostgreSQL must
count the same; openfisca-core, in an environment of its own under bench/envs, must too, and take three times the CPU.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it runs alone, from a clone

import duckdb
import numpy as np
import polars as pl
import psycopg

from bench._rules_city import AS_OF, PARAMETERS, rules, write_city
from tests.postgres import Holder
from workflows.rules import Population, prepare, read_population
from workflows.rules.columns import Column
from workflows.rules.elsewhere import Dialect, counts_on, laid_out, lay_on_duckdb, lay_on_postgresql
from workflows.rules.facts import CITY_FACTS
from workflows.rules.lowering import Clause, Count
from workflows.rules.program import Joined, Program

PEOPLE = 1_630_000
SEED = 4
RULES = 100
ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENTS = ROOT / "bench" / "envs"
MOST_PASSES = 50.0
MOST_FOR_CHANGED, MOST_FOR_ONE, MOST_FOR_WHY = 2.0, 2.0, 10.0
MOST_MEGABYTES = 600
LEAST_TIMES_OPENFISCA = 3.0
Counts = list[list[int]]


def measured(file: Path) -> dict[str, Any]:
    """Measure in a process of its own, because the peak of memory is part of it."""
    words = [sys.executable, "-m", "bench._rules_measured", str(file), str(SEED)]
    ended = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603 - our own module
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def with_databases(file: Path, population: Population) -> dict[str, tuple[float, Counts]]:
    """Ask databases the same. The seconds are those of a clock: a server's CPU is not ours to read."""
    asked = rules(RULES, SEED)
    frame, descriptions = laid_out(pl.read_parquet(file), population, asked, PARAMETERS, AS_OF)
    found: dict[str, tuple[float, Counts]] = {}
    with duckdb.connect() as connection:
        laid = lay_on_duckdb(connection, "people", frame, descriptions)
        began = time.perf_counter()
        counts = counts_on(
            lambda sql: connection.execute(sql).fetchone() or (), Dialect.DUCKDB, laid, asked, PARAMETERS, AS_OF
        )
        found["duckdb"] = (time.perf_counter() - began, [list(each.values()) for each in counts])
    holder = Holder()
    try:
        with (
            holder.place.cluster().fresh("bench_rules") as url,
            psycopg.connect(url.replace("+psycopg", "")) as session,
        ):
            laid = lay_on_postgresql(session, "people", frame, descriptions)
            began = time.perf_counter()
            counts = counts_on(
                lambda sql: session.execute(sql.encode()).fetchone() or (),
                Dialect.POSTGRESQL,
                laid,
                asked,
                PARAMETERS,
                AS_OF,
            )
            found["postgresql"] = (time.perf_counter() - began, [list(each.values()) for each in counts])
    finally:
        holder.release()
    return found


def with_openfisca(population: Population, folder: Path) -> tuple[float, Counts]:
    python = environment("openfisca")
    write_program(population, folder)
    words = [str(python), str(ROOT / "bench" / "_rules_openfisca.py"), str(folder)]
    ended = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603 - our own module
    told = json.loads(ended.stdout.strip().splitlines()[-1])
    return told["seconds"], told["counts"]


def with_spark(file: Path, population: Population, folder: Path) -> tuple[float, Counts] | None:
    """Ask Spark the same; None where this machine has no Java."""
    if shutil.which("java") is None:
        print("no Java on this machine: Spark was not asked", file=sys.stderr)
        return None
    frame, _ = laid_out(pl.read_parquet(file), population, rules(RULES, SEED), PARAMETERS, AS_OF)
    frame.write_parquet(folder / "laid.parquet")
    python = environment("spark")
    words = [str(python), "-m", "bench._rules_spark", str(folder / "laid.parquet"), str(RULES), str(SEED)]
    surroundings = os.environ | {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": str(python)}
    ended = subprocess.run(words, cwd=ROOT, env=surroundings, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own module
    told = json.loads(ended.stdout.strip().splitlines()[-1])
    return told["seconds"], told["counts"]


def environment(name: str) -> Path:
    """Give the interpreter of an environment of its own; the first time, this function will build it."""
    folder = ENVIRONMENTS / f".{name}"
    if not (folder / "built").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)  # noqa: S603 - Python's own
        pip = [
            str(folder / "bin" / "pip"),
            "install",
            "-q",
            "--require-hashes",
            "-r",
            str(ENVIRONMENTS / f"{name}.txt"),
        ]
        subprocess.run(pip, check=True)  # noqa: S603 - Python's own
        (folder / "built").touch()
    return folder / "bin" / "python"


def write_program(population: Population, folder: Path) -> None:
    """Write the rules as clauses and joins, and the columns that they ask, for a program that knows nothing of Gijo."""
    program = prepare(rules(RULES, SEED), CITY_FACTS, PARAMETERS, AS_OF)
    columns: dict[str, np.ndarray] = {"own": population.consents, "whole": population.household_consents}
    clauses = [_written(clause, population, columns) for clause in program.clauses]
    np.savez(folder / "columns.npz", **{name: values.astype(np.int32) for name, values in columns.items()})
    written = {"clauses": clauses, "steps": _steps(program), "roots": program.roots}
    (folder / "program.json").write_text(json.dumps(written))


def _steps(program: Program) -> list[object]:
    numbers = {clause: at for at, clause in enumerate(program.clauses)}
    return [
        {"join": step.join.value, "parts": step.parts} if isinstance(step, Joined) else numbers[step]
        for step in program.steps
    ]


def _written(clause: Clause, population: Population, columns: dict[str, np.ndarray]) -> dict[str, object]:
    held: dict[str, Column]
    if isinstance(clause, Count):
        counts, number = population.counts(clause.description), hash(clause.description)
        held = {f"least_{number:x}": counts.sure, f"greatest_{number:x}": counts.possible}
        columns |= {name: column.values.take(population.household_of) for name, column in held.items()}
    else:
        held = {clause.column: population.column(clause.column)}
        columns |= {name: column.values for name, column in held.items()}
    first = next(iter(held.values()))
    return {
        "columns": list(held),
        "null": first.null if first.nullable else None,
        "low": clause.span.low,
        "high": clause.span.high,
        "gate": None if clause.gate is None else ("whole" if clause.gate.of_whole_household else "own"),
        "bit": None if clause.gate is None else clause.gate.bit,
    }


def result(own: dict[str, Any], others: dict[str, tuple[float, Counts]]) -> dict[str, object]:
    unit, growth = own["pass"], {int(size): seconds for size, seconds in own["growth"].items()}
    ratio, openfisca = growth[RULES] / unit, others["openfisca"][0] / growth[RULES]
    goals = {
        "100 rules, passes": (ratio, ratio <= MOST_PASSES),
        "5,000 changed, passes": (own["changed"] / unit, own["changed"] / unit <= MOST_FOR_CHANGED),
        "one rule, passes": (growth[1] / unit, growth[1] / unit <= MOST_FOR_ONE),
        "why, passes": (own["why"] / unit, own["why"] / unit <= MOST_FOR_WHY),
        "200 rules, times one": (growth[200] / growth[1], growth[200] / growth[1] < 200),
        "peak MB": (own["peak"], own["peak"] < MOST_MEGABYTES),
        "openfisca-core, times": (openfisca, openfisca >= LEAST_TIMES_OPENFISCA),
        **{f"{name} counts the same": (seconds, counts == own["counts"]) for name, (seconds, counts) in others.items()},
    }
    return {
        "name": "rules",
        "what": "; ".join(f"{name} {value:.2f} {'○' if held else '✕'}" for name, (value, held) in goals.items()),
        "figure": round(growth[RULES] * 1000, 1),
        "unit": "ms CPU",
        "against": f"one pass over 30 columns, {unit * 1000:.1f} ms (adding them up: {own['sum'] * 1000:.1f} ms)",
        "ratio": round(ratio, 1),
        "goal": f"<= {MOST_PASSES:.0f}",
        "holds": all(held for _, held in goals.values()),
        "growth": [{"n": size, "figure": round(seconds * 1000, 1)} for size, seconds in growth.items()],
        "apart": {
            name: own[name] for name in ("loading", "households", "descriptions", "preparing", "hits", "patterns")
        },
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--spark", action="store_true", help="ask Spark as well, in an environment of its own")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "city.parquet"
        write_city(options.people, SEED, file)
        own = measured(file)
        population = read_population(file)
        others = with_databases(file, population)
        others["openfisca"] = with_openfisca(population, folder)
        spark = with_spark(file, population, folder) if options.spark else None
        if spark is not None:
            others["spark"] = spark
    figures = result(own, others)
    if options.json:
        print(json.dumps(figures, ensure_ascii=False))
    else:
        print(str(figures["what"]).replace("; ", "\n"))
        print(
            f"{figures['figure']} ms CPU, {figures['ratio']} passes ({figures['against']}); apart: {figures['apart']}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
