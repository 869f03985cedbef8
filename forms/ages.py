"""How old is a person on a day, and which school or fiscal year is it? By law, not by habit.

Ages follow the Act on Calculation of Ages (年齢計算ニ関スル法律, 1902) and Civil Code article 143: a year of age is
complete at the end of the day before the birthday. School years follow the School Education Act, articles 17 and 18,
and its Enforcement Regulations, article 59.
"""

from datetime import date, timedelta

APRIL = 4
_ELEMENTARY_AGE = 6
_LAST_GRADE = 9


def birthday_in(birth: date, year: int) -> date:
    """Return the birthday in `year`; 29 February becomes 1 March where the year has none."""
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def attained_on(birth: date, age: int) -> date:
    """Return the day on which `age` is attained (達する日): the day before that birthday."""
    return birthday_in(birth, birth.year + age) - timedelta(days=1)


def age_by_birthday(birth: date, on: date) -> int:
    """Return the age as people say it, changing on the birthday. Raises ValueError before birth."""
    if on < birth:
        raise ValueError("the day lies before the birth")
    return on.year - birth.year - (on < birthday_in(birth, on.year))


def age_attained(birth: date, on: date) -> int:
    """Return the age attained by the end of `on` (change on the eve of the birthday)."""
    if on < birth:
        raise ValueError("the day lies before the birth")
    return age_by_birthday(birth, on + timedelta(days=1))


def fiscal_year(on: date) -> int:
    """Return the fiscal (and school) year of `on`: April to March, named by its April."""
    return on.year if on.month >= APRIL else on.year - 1


def fiscal_year_end(on: date) -> date:
    """Return the 31 March that closes the fiscal year of `on`."""
    return date(fiscal_year(on) + 1, 3, 31)


def school_entry(birth: date) -> date:
    """Return the 1 April of entering elementary school: the first after six years are attained.

    A child born on 1 April enters with those born the day before; one born on 2 April a year later.
    """
    day_after = attained_on(birth, _ELEMENTARY_AGE) + timedelta(days=1)
    return date(day_after.year + (day_after > date(day_after.year, APRIL, 1)), APRIL, 1)


def school_grade(birth: date, on: date) -> int | None:
    """Return the grade of compulsory school on `on`: 1-6 elementary, 7-9 junior high, else None."""
    grade = fiscal_year(on) - school_entry(birth).year + 1
    return grade if 1 <= grade <= _LAST_GRADE else None
