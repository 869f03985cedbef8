"""What might registers say about invented people? Incomes, insurance, care, schools, consents, by plausible shares.

The shares are guesses in the size of Japanese statistics, for trying and measuring; nothing is to be learnt from them
about a real city.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from forms.ages import fiscal_year
from workflows.rules.facts import CITY_FACTS
from workflows.rules.snapshot_columns import NEVER
from workflows.rules.vocabulary import GRANTED, ConsentClass

Whole = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]

DAY_ZERO = np.datetime64("1970-01-01", "D")
SCHOOL_ENTRY_AGE = 6


@dataclass(frozen=True)
class Circle:
    """Invented people by household: whatever is drawn for them further depends on this."""

    as_of: np.datetime64
    household: Whole
    """The household of each person, as a place from 0."""
    households: int
    birth: Whole
    """In days since 1970-01-01."""
    female: Truth
    single_parent: Truth
    """Of each household."""

    @property
    def people(self) -> int:
        return self.household.size

    @property
    def age(self) -> Whole:
        return (self._today - self.birth) * 10_000 // 3_652_425

    @property
    def _today(self) -> int:
        return int((self.as_of - DAY_ZERO).astype(np.int64))

    @property
    def grade(self) -> Whole:
        """The school grade; below 1 not yet at school. Born on 1 April, one enters with those born the day before."""
        eve = (DAY_ZERO + self.birth - 1).astype("datetime64[M]").astype(np.int64)
        year_of_birth = 1970 + (eve - 3) // 12
        return fiscal_year(self.as_of.astype(object)) - year_of_birth - SCHOOL_ENTRY_AGE

    def of_household(self, per_person: Whole) -> Whole:
        """Add up over each household."""
        return np.bincount(self.household, per_person, self.households).astype(np.int64)

    def oldest_of_household(self) -> Whole:
        oldest = np.zeros(self.households, np.int64)
        np.maximum.at(oldest, self.household, self.age)
        return oldest


def registered_facts(rng: np.random.Generator, circle: Circle, programs: tuple[str, ...]) -> dict[str, pl.Series]:
    """Draw everything that other registers than that of residents say."""
    income = _income(rng, circle)
    facts = {
        **_money(rng, circle, income),
        **_welfare(rng, circle, income),
        **_health(rng, circle),
        **_disabilities(rng, circle),
        "school_kind": _school(rng, circle),
    }
    facts["insurance"] = _insurance(rng, circle, facts["public_assistance"], income)
    facts["checkup_result"] = _checkup(rng, circle, facts["insurance"])
    return facts | {f"{GRANTED}{number}": _grants(rng, circle) for number in programs}


def consents(rng: np.random.Generator, circle: Circle) -> npt.NDArray[np.uint16]:
    """Draw who registered and what they consented to. Members of a household mostly do alike."""
    shares = {
        ConsentClass.HOUSEHOLD: 0.85,
        ConsentClass.TAX: 0.55,
        ConsentClass.INSURANCE: 0.75,
        ConsentClass.WELFARE: 0.6,
        ConsentClass.CARE: 0.65,
        ConsentClass.HEALTH: 0.7,
        ConsentClass.SCHOOL: 0.75,
    }
    together = (rng.random(circle.households) < 0.2)[circle.household] & (rng.random(circle.people) < 0.93)
    registered = together | (rng.random(circle.people) < 0.017)
    bits = np.full(circle.people, ConsentClass.CORE.bit, np.uint16)
    for each, share in shares.items():
        of_household = (rng.random(circle.households) < share)[circle.household]
        alike = rng.random(circle.people) < 0.88
        own = rng.random(circle.people) < share
        bits |= np.where(np.where(alike, of_household, own), each.bit, 0).astype(np.uint16)
    return np.where(registered, bits, 0).astype(np.uint16)


def drawn(
    rng: np.random.Generator, names: tuple[str, ...], shares: tuple[float, ...], size: int
) -> npt.NDArray[np.int64]:
    """Draw places in `names` by their shares."""
    bounds = np.cumsum(shares[: len(names)])
    places: Whole = np.searchsorted(bounds, rng.random(size) * bounds[-1], side="right")
    return places


def words(names: tuple[str, ...], places: Whole, unknown: Truth | None = None) -> pl.Series:
    """Give the names at `places`, null where unknown."""
    column = pl.Series(names, dtype=pl.String).gather(np.minimum(places, len(names) - 1))
    return column if unknown is None else _with_gaps(column, unknown)


def days(values: Whole, unknown: Truth | None = None) -> pl.Series:
    column = pl.Series(values.astype(np.int32)).cast(pl.Date)
    return column if unknown is None else _with_gaps(column, unknown)


def _with_gaps(column: pl.Series, unknown: Truth) -> pl.Series:
    return column.set(pl.Series(unknown), None)


def codes_of(fact: str) -> tuple[str, ...]:
    """Give the codes of a choice, in the order of the vocabulary."""
    return tuple(choice.code for choice in CITY_FACTS.facts[fact].choices)


def _income(rng: np.random.Generator, circle: Circle) -> Whole:
    """Draw the income of each household: wages by age and sex, pensions after them."""
    age, women = circle.age, circle.female
    wages = rng.lognormal(np.where(women, 14.4, 14.85), 0.55)
    pension = rng.lognormal(13.5, 0.9, circle.people)
    works = rng.random(circle.people) < np.select([age < 18, age < 23, age < 65], [0, 0.35, np.where(women, 0.74, 0.9)])
    retired = (age >= 65) & (rng.random(circle.people) < 0.6)
    own = np.where(works, wages * np.where(age < 23, 0.3, 1), np.where(retired, pension, 0))
    return circle.of_household((own // 1000 * 1000).astype(np.int64))


def _money(rng: np.random.Generator, circle: Circle, income: Whole) -> dict[str, pl.Series]:
    size = np.bincount(circle.household, minlength=circle.households)
    free = 350_000 * size + np.where(size > 1, 310_000, 100_000)
    tax = np.select([income <= free, income <= free * 5 // 4], [0, 1], 2)
    undeclared = (rng.random(circle.households) < 0.04)[circle.household]
    return {
        "household_income": _with_gaps(pl.Series(income[circle.household]), undeclared),
        "municipal_tax": words(codes_of("municipal_tax"), tax[circle.household], undeclared),
    }


def _welfare(rng: np.random.Generator, circle: Circle, income: Whole) -> dict[str, pl.Series]:
    minors = circle.of_household((circle.grade <= 12).astype(np.int64)) > 0
    assisted = (income < 900_000) & (rng.random(circle.households) < 0.13)
    alone = circle.single_parent & minors
    allowance = alone & (income < 3_700_000) & (rng.random(circle.households) < 0.8)
    single = alone & (rng.random(circle.households) < 0.93)
    columns = {"public_assistance": assisted, "child_rearing_allowance": allowance, "single_parent": single}
    return {
        name: _with_gaps(pl.Series(truth[circle.household]), _some(rng, circle, 0.002))
        for name, truth in columns.items()
    }


def _health(rng: np.random.Generator, circle: Circle) -> dict[str, pl.Series]:
    age = circle.age
    share = np.select(
        [age < 40, age < 65, age < 70, age < 75, age < 80, age < 85, age < 90],
        [0, 0.004, 0.03, 0.06, 0.13, 0.27, 0.49],
        0.72,
    )
    graded = rng.random(circle.people) < share
    grades = 1 + drawn(rng, codes_of("care_grade")[1:], (0.14, 0.14, 0.21, 0.17, 0.13, 0.12, 0.09), circle.people)
    notified = int((circle.as_of - DAY_ZERO).astype(np.int64)) - rng.integers(0, 5 * 365, circle.people)
    mother = circle.female & (age >= 20) & (age < 45) & (rng.random(circle.people) < 0.21)
    return {
        "care_grade": words(
            codes_of("care_grade"), np.where(graded, grades, 0), (age >= 40) & _some(rng, circle, 0.008)
        ),
        "pregnancy_notified_on": days(notified, ~mother),
    }


def _disabilities(rng: np.random.Generator, circle: Circle) -> dict[str, pl.Series]:
    age = circle.age
    physical = rng.random(circle.people) < np.select([age < 18, age < 65, age < 75], [0.004, 0.014, 0.06], 0.12)
    intellectual = rng.random(circle.people) < np.where(age < 40, 0.014, 0.005)
    mental = rng.random(circle.people) < np.where((age >= 20) & (age < 70), 0.019, 0.004)
    drawings = {
        "disability_physical": (physical, (0.31, 0.15, 0.16, 0.25, 0.06, 0.07)),
        "disability_intellectual": (intellectual, (0.42, 0.58)),
        "disability_mental": (mental, (0.08, 0.6, 0.32)),
    }
    return {
        name: words(
            codes_of(name),
            np.where(held, 1 + drawn(rng, codes_of(name)[1:], shares, circle.people), 0),
            _some(rng, circle, 0.003),
        )
        for name, (held, shares) in drawings.items()
    }


def _school(rng: np.random.Generator, circle: Circle) -> pl.Series:
    grade = circle.grade
    at_school = (grade >= 1) & (grade <= 9)
    elsewhere = rng.random(circle.people) < np.where(grade <= 6, 0.04, 0.12)
    return words(
        codes_of("school_kind"),
        np.where(at_school, np.where(elsewhere, 2, 1), 0),
        at_school & _some(rng, circle, 0.006),
    )


def _insurance(rng: np.random.Generator, circle: Circle, assisted: pl.Series, income: Whole) -> pl.Series:
    age = circle.age
    oldest = circle.oldest_of_household()
    share = np.select([oldest >= 65, income < 1_500_000], [0.72, 0.5], 0.17)
    national = (rng.random(circle.households) < share)[circle.household]
    without = assisted.fill_null(value=False).to_numpy() | _some(rng, circle, 0.004)
    places = np.select([without, age >= 75, national], [3, 1, 0], 2)
    return words(codes_of("insurance"), places, _some(rng, circle, 0.01))


def _checkup(rng: np.random.Generator, circle: Circle, insurance: pl.Series) -> pl.Series:
    """The city knows only the check-ups of whom it insures."""
    asked = (circle.age >= 40) & (circle.age < 75) & (insurance == "national").fill_null(value=False).to_numpy()
    return words(
        codes_of("checkup_result"),
        drawn(rng, codes_of("checkup_result"), (0.71, 0.2, 0.06, 0.03), circle.people),
        ~asked,
    )


def _grants(rng: np.random.Generator, circle: Circle) -> pl.Series:
    granted = rng.random(circle.people) < rng.uniform(0.02, 0.2)
    last = int((circle.as_of - DAY_ZERO).astype(np.int64)) - rng.integers(0, 3 * 365, circle.people)
    never = int((np.datetime64(NEVER) - DAY_ZERO).astype(np.int64))
    return days(np.where(granted, last, never), _some(rng, circle, 0.03))


def _some(rng: np.random.Generator, circle: Circle, share: float) -> Truth:
    return rng.random(circle.people) < share
