"""Measures the engine of rules in a process of its own, so that the peak of its memory is its own: one JSON object."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np

from bench._rules_city import AS_OF, COLUMNS, PARAMETERS, rules
from workflows.rules import Evaluation, Verdict, evaluate, evaluate_prepared, prepare, read_population, reasons
from workflows.rules.facts import CITY_FACTS
from workflows.rules.lowering import Count, Description
from workflows.rules.population import Population

TIMES = 5
CHANGED = 5_000
HITS = 200_000
SIZES = (1, 10, 50, 100, 200)


def spent(run: Callable[[], object]) -> float:
    """CPU seconds of one run, all threads."""
    began = time.process_time()
    run()
    return time.process_time() - began


def typical(run: Callable[[], object]) -> float:
    return median(spent(run) for _ in range(TIMES))


def one_pass(population: Population) -> Callable[[], object]:
    """Read each touched column once and do next to nothing with it: the least that any evaluation could do."""
    touched = [population.column(name).values for name in COLUMNS]
    touched += [population.consents, population.household_consents]
    return lambda: [column.min() for column in touched]


def summing(population: Population) -> Callable[[], object]:
    return lambda: [population.column(name).values.sum() for name in COLUMNS]


def peak_megabytes() -> float:
    """This process's own; `getrusage` would tell that of the one that started it as well."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def descriptions(seed: int) -> tuple[Description, ...]:
    program = prepare(rules(100, seed), CITY_FACTS, PARAMETERS, AS_OF)
    return tuple(dict.fromkeys(clause.description for clause in program.clauses if isinstance(clause, Count)))


def measured(file: Path, seed: int) -> dict[str, object]:
    found: dict[str, object] = {}
    began = time.process_time()
    population = read_population(file)
    found["loading"] = time.process_time() - began
    asked = descriptions(seed)
    found["households"] = spent(lambda: [population.counts(each) for each in asked])
    found["descriptions"] = len(asked)
    found["pass"], found["sum"] = typical(one_pass(population)), typical(summing(population))
    found["growth"] = {size: typical(lambda size=size: in_full(population, size, seed)) for size in SIZES}
    evaluation = in_full(population, 100, seed)
    found["counts"] = [list(counts.values()) for counts in evaluation.counts]
    found |= few(population, seed) | why(population, evaluation, seed)
    found["peak"] = peak_megabytes()
    return found


def in_full(population: Population, count: int, seed: int) -> Evaluation:
    return evaluate(rules(count, seed), population, PARAMETERS, AS_OF)


def few(population: Population, seed: int) -> dict[str, object]:
    """Rules are prepared once a day; after that, some thousand residents change."""
    chance = np.random.default_rng(seed)
    rows = np.sort(chance.choice(population.size, min(CHANGED, population.size), replace=False))
    program = prepare(rules(100, seed), CITY_FACTS, PARAMETERS, AS_OF)
    return {
        "preparing": typical(lambda: prepare(rules(100, seed), CITY_FACTS, PARAMETERS, AS_OF)),
        "changed": typical(lambda: evaluate_prepared(program, population, rows)),
    }


def why(population: Population, evaluation: Evaluation, seed: int) -> dict[str, object]:
    def distance(rule: int) -> int:
        return abs(evaluation.counts[rule][Verdict.ELIGIBLE] - HITS)

    rule = min(range(len(evaluation.counts)), key=distance)
    hits = np.flatnonzero(evaluation.verdict_plane(rule, Verdict.ELIGIBLE))
    node = rules(100, seed)[rule]
    patterns = reasons(node, population, PARAMETERS, AS_OF, hits).patterns()
    return {
        "why": typical(lambda: reasons(node, population, PARAMETERS, AS_OF, hits).patterns()),
        "hits": len(hits),
        "patterns": len(patterns.reasons.true),
    }


if __name__ == "__main__":
    print(json.dumps(measured(Path(sys.argv[1]), int(sys.argv[2]))))
