"""Do ages, grades and household rules agree with OpenFisca-Japan, which others wrote? Every difference is explained.

A population with birthdays crowded about the days on which ages and school years turn is put to both, on such days.
OpenFisca-Japan (AGPL) runs in an environment of its own under bench/envs and is never imported by the product.

- 年齢 turns on the birthday there: it must equal our `birthday`, and differ from `attained` (the day before, by law)
  for exactly those whose birthday is tomorrow.
- 学年 must be equal.
- 児童手当 must be equal in yen for every household, counted with our ranks of children.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that it runs alone, from a clone

from bench.rules import ROOT, environment
from workflows.rules import Population, Verdict, evaluate, read_population
from workflows.rules.lowering import Count, Lowering
from workflows.rules.parameters import NO_PARAMETERS
from workflows.rules.tree import Age, Counted, Grade, Members, Op, Rank

SEED = 4
PEOPLE = 20_000
DAYS = (
    date(2026, 2, 28),
    date(2026, 3, 1),
    date(2026, 3, 31),
    date(2026, 4, 1),
    date(2026, 4, 2),
    date(2026, 11, 27),
    date(2028, 2, 29),
)
OLDEST = 120
GRADES = range(1, 13)
UP_TO_SCHOOL = Age("birth_date", Counted.FISCAL_YEAR_END, None, 18)
UNDER_3 = Age("birth_date", Counted.BIRTHDAY, None, 2)
THIRD = Rank(3, Age("birth_date", Counted.BIRTHDAY, None, 22))


@dataclass
class Found:
    """What was compared, and what differs otherwise than the law has it."""

    compared: int = 0
    attained_today: int = 0
    """Explained: an age is attained on the day before the birthday, while it turns on the birthday there."""
    unexplained: dict[str, int] = field(default_factory=dict)

    def equal(self, what: str, ours: np.ndarray, theirs: np.ndarray) -> None:
        self.compared += len(ours)
        differ = int((ours != theirs).sum())
        if differ:
            self.unexplained[what] = differ


def people(chance: np.random.Generator) -> pl.DataFrame:
    """Every third is born on one of the days on which something turns; every second is a child of the household."""
    household = np.sort(chance.integers(0, PEOPLE // 5, PEOPLE))
    household = np.unique(household, return_inverse=True)[1]
    child = chance.random(PEOPLE) < 0.5
    years = np.where(child, chance.integers(0, 26, PEOPLE), chance.integers(26, 100, PEOPLE))
    born = [
        _born(2025 - int(back), int(pick), int(day))
        for back, pick, day in zip(
            years, chance.integers(0, 3 * len(DAYS), PEOPLE), chance.integers(0, 365, PEOPLE), strict=True
        )
    ]
    consents = pl.repeat((1 << 16) - 1, PEOPLE, dtype=pl.UInt16, eager=True)
    frame = pl.DataFrame(
        {
            "household": household,
            "birth_date": born,
            "relation": np.where(child, "child", "other"),
            "consents": consents,
            "household_consents": consents,
        }
    )
    return frame.sort("household", "birth_date").with_columns(pseudonym=pl.int_range(pl.len()).cast(pl.String))


def _born(year: int, pick: int, day: int) -> date:
    if pick >= len(DAYS):
        return date(year, 1, 1) + timedelta(days=day)
    turns = DAYS[pick] + timedelta(days=day % 3 - 1)
    leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
    return date(year, 2, 28) if (turns.month, turns.day) == (2, 29) and not leap else turns.replace(year=year)


def asked_of_openfisca(frame: pl.DataFrame, folder: Path) -> tuple[dict[str, list[int]], dict[str, np.ndarray]]:
    np.savez(
        folder / "people.npz",
        born=frame["birth_date"].to_numpy().astype("datetime64[D]").astype(np.int64),
        household=frame["household"].to_numpy(),
        child=(frame["relation"] == "child").to_numpy(),
    )
    words = [str(environment("openfisca-japan")), str(ROOT / "bench" / "_oracle_openfisca.py"), str(folder)]
    ended = subprocess.run(  # noqa: S603 - our own module
        [*words, *(day.isoformat() for day in DAYS)], check=True, stdout=subprocess.PIPE, text=True
    )
    with np.load(folder / "answers.npz") as file:
        return json.loads(ended.stdout.strip().splitlines()[-1]), dict(file)


def numbered(kind: Counted | None, population: Population, day: date) -> np.ndarray:
    """Give everybody's age (grade, where `kind` is None), asking for each number whether it is that; -1 is none."""
    numbers = GRADES if kind is None else range(OLDEST)
    rules = [Grade("birth_date", at, at) if kind is None else Age("birth_date", kind, at, at) for at in numbers]
    evaluation = evaluate(rules, population, NO_PARAMETERS, day)
    found = np.full(population.size, -1)
    for at, number in enumerate(numbers):
        found[evaluation.verdict_plane(at, Verdict.ELIGIBLE)] = number
    return found


def counted(population: Population, day: date, being: Age, rank: Rank | None) -> np.ndarray:
    """Give for each household how many children are so."""
    lowering = Lowering(population.vocabulary, NO_PARAMETERS, day)
    question = lowering.of(Members(True, being, rank, Op.AT_LEAST, 1))
    assert isinstance(question, Count)
    return population.counts(question.description).sure.values.astype(np.int64)


def allowance(population: Population, day: date, amounts: list[int]) -> np.ndarray:
    """Give 児童手当 of each household in yen, from counts of children and of third children."""
    third, small, other = amounts
    pupils, babies = counted(population, day, UP_TO_SCHOOL, None), counted(population, day, UNDER_3, None)
    third_pupils, third_babies = (counted(population, day, being, THIRD) for being in (UP_TO_SCHOOL, UNDER_3))
    first_babies = babies - third_babies
    return third * third_pupils + small * first_babies + other * (pupils - third_pupils - first_babies)


def compare(frame: pl.DataFrame, folder: Path) -> Found:
    amounts, answers = asked_of_openfisca(frame, folder)
    found, population = Found(), read_population(frame)
    for day in DAYS:
        theirs = answers[f"年齢 {day}"]
        birthday, attained = (numbered(kind, population, day) for kind in (Counted.BIRTHDAY, Counted.ATTAINED))
        tomorrow = numbered(Counted.BIRTHDAY, population, day + timedelta(days=1)) != birthday
        grades = np.where(np.isin(answers[f"学年 {day}"], GRADES), answers[f"学年 {day}"], -1)
        found.equal(f"{day} 年齢", birthday, theirs)
        found.equal(f"{day} 達する日", attained, theirs + tomorrow)
        found.attained_today += int(tomorrow.sum())
        found.equal(f"{day} 学年", numbered(None, population, day), grades)
        ours = allowance(population, day, amounts[day.isoformat()])
        found.equal(f"{day} 児童手当", ours, answers[f"児童手当 {day}"])
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        found = compare(people(np.random.default_rng(SEED)), Path(name))
    figures = {
        "name": "oracle",
        "what": "年齢, 達する日, 学年, 児童手当; explained: the age is attained today and the birthday is tomorrow, "
        f"{found.attained_today:,}",
        "figure": sum(found.unexplained.values()),
        "unit": "unexplained",
        "against": f"OpenFisca-Japan, {found.compared:,} answers on {len(DAYS)} days",
        "ratio": 0.0,
        "goal": "0",
        "holds": not found.unexplained,
        "unexplained": found.unexplained,
    }
    print(
        json.dumps(figures, ensure_ascii=False) if options.json else json.dumps(figures, ensure_ascii=False, indent=1)
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
