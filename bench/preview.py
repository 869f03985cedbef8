"""What does one preview cost beside one plain evaluation of the same rule, over a whole city? CPU, at most 10 times.

A preview evaluates the rule, the same with its ages counted in each of four ways and each earlier look, and counts
verdicts, wards, ages and channels of whom it reaches, suppressed. Few and many earlier looks are told apart.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it runs alone, from a clone

from bench._rules_city import AS_OF, PARAMETERS, write_city
from workflows.rules import Population, evaluate, read_population
from workflows.rules.preview import RuleToPreview, preview
from workflows.rules.tree import Age, All, Compare, Counted, Members, Node, OneOf, Op

PEOPLE = 1_630_000
SEED = 4
TIMES = 3
GOAL = 10.0
EARLIER = (0, 5, 20, 240)
"""Looks before: none, some edits, a day's budget, the most that is remembered."""


def typical_rule(low: int) -> Node:
    """A department's rule: an age, a sex, children at home, a limit of income."""
    child = Age("birth_date", Counted.FISCAL_YEAR_END, None, 18)
    return All(
        (
            Age("birth_date", Counted.FISCAL_YEAR_END, low, 74),
            OneOf("sex", ("female",)),
            Members(children=True, being=child, rank=None, op=Op.AT_LEAST, count=1),
            Compare("household_income", Op.AT_MOST, 4_000_000),
        )
    )


def spent(work: Callable[[], object]) -> float:
    """Give the processor's seconds, of all threads; the middle of several, after one that is not counted."""
    work()
    seconds = []
    for _ in range(TIMES):
        began = time.process_time()
        work()
        seconds.append(time.process_time() - began)
    return median(seconds)


def previewed(population: Population, earlier: int) -> float:
    asked = RuleToPreview(typical_rule(40), None, [typical_rule(20 + number) for number in range(earlier)])
    return spent(lambda: preview(asked, population, PARAMETERS, AS_OF))


def measured(people: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="gijo-bench-") as folder:
        file = Path(folder) / "city.parquet"
        write_city(people, SEED, file)
        population = read_population(file)
    once = spent(lambda: evaluate([typical_rule(40)], population, PARAMETERS, AS_OF))
    growth = {earlier: previewed(population, earlier) for earlier in EARLIER}
    ratio = round(growth[0] / once, 2)
    return {
        "name": "preview",
        "what": f"one preview of a rule over {people:,} residents, by CPU time, against one evaluation of that rule",
        "figure": round(growth[0] * 1000, 1),
        "unit": "ms CPU",
        "against": round(once * 1000, 1),
        "ratio": ratio,
        "goal": GOAL,
        "holds": ratio <= GOAL,
        "growth": [{"n": earlier, "figure": round(seconds * 1000, 1)} for earlier, seconds in growth.items()],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--people", type=int, default=PEOPLE)
    options = parser.parse_args()
    report = measured(options.people)
    if options.json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        print(f"{report['figure']} ms CPU against {report['against']}: {report['ratio']} (goal {GOAL})")
        print(f"by earlier looks: {report['growth']}")


if __name__ == "__main__":
    main()
