"""What can be said of a person, from what the registers know? Nothing where they do not know: never a false "no"."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import chain

from forms.ages import age_attained, attained_on, fiscal_year_end, school_grade
from workflows.links.attributes import AGES, Claim, age_over

Facts = Mapping[str, object]
"""What is known of a resident, by the fact's code; None or absent is unknown."""

ASSISTED, ALONE, NO_CLASS = "A", "B", "N"
_CERTIFICATES = ("disability_physical", "disability_intellectual", "disability_mental")
_NO_CERTIFICATE = "none"
_SEVERE = {
    "disability_physical": ("grade_1", "grade_2"),
    "disability_intellectual": ("a",),
    "disability_mental": ("grade_1",),
}
"""Of these grades, the city's facilities also reduce the fee of one person who assists."""


def claims_of(facts: Facts, on: date) -> dict[str, Claim]:
    """Give every attribute of the registers that is known of a resident on the day `on`, by its code.

    Ages are those attained (年齢計算ニ関スル法律): they change on the day before the birthday.
    """
    said = (_as_they_stand(facts), _of_age(facts, on), _of_place(facts), _of_disability(facts), _of_tax(facts))
    return dict(chain.from_iterable(said))


def claims_hold_until(facts: Facts, on: date) -> date | None:
    """Give a day to whose end the claims of the day `on` are true of the same facts; None where they always are."""
    birth = facts.get("birth_date")
    if not isinstance(birth, date):
        return None
    if on < birth:
        return birth - timedelta(days=1)
    next_age = attained_on(birth, age_attained(birth, on) + 1)
    return min(next_age - timedelta(days=1), fiscal_year_end(on))


def _as_they_stand(facts: Facts) -> Iterator[tuple[str, Claim]]:
    for code in ("birth_date", "sex", "ward", "resident_since", "household_size"):
        value = facts.get(code)
        if isinstance(value, date):
            yield code, value.isoformat()
        elif isinstance(value, str | int):
            yield code, value


def _of_age(facts: Facts, on: date) -> Iterator[tuple[str, Claim]]:
    birth = facts.get("birth_date")
    if not isinstance(birth, date) or on < birth:
        return
    age = age_attained(birth, on)
    yield "age", age
    yield "birth_year", birth.year
    yield from ((age_over(limit), age >= limit) for limit in AGES)
    yield "compulsory_school_age", school_grade(birth, on) is not None


def _of_place(facts: Facts) -> Iterator[tuple[str, Claim]]:
    if facts.get("ward") is not None:
        yield "city_resident", True


def _of_disability(facts: Facts) -> Iterator[tuple[str, Claim]]:
    """A severe grade decides alone; a lighter one, and having none, only when no other certificate is unknown."""
    known = {code: facts.get(code) for code in _CERTIFICATES}
    held = {code: grade for code, grade in known.items() if grade not in (None, _NO_CERTIFICATE)}
    if held:
        yield "disability_discount", True
    if any(grade in _SEVERE[code] for code, grade in held.items()):
        yield "disability_discount_class", ASSISTED
    elif None not in known.values():
        yield "disability_discount_class", ALONE if held else NO_CLASS
        if not held:
            yield "disability_discount", False


def _of_tax(facts: Facts) -> Iterator[tuple[str, Claim]]:
    tax = facts.get("municipal_tax")
    if tax is not None:
        yield "tax_exempt_household", tax == "exempt"
