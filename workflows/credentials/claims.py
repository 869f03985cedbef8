"""What may a digital ID say of somebody? Answers to questions (is 65 or over), never what they are answered from.

The names and what they mean are those of links between systems (`workflows.links`): a card and a link say the same.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from forms.ages import attained_on

ClaimValue = bool | str
Claims = Mapping[str, ClaimValue]


class ClaimName(StrEnum):
    AGE_OVER_18 = "age_over_18"
    AGE_OVER_20 = "age_over_20"
    AGE_OVER_65 = "age_over_65"
    AGE_OVER_70 = "age_over_70"
    CITY_RESIDENT = "city_resident"
    DISABILITY_DISCOUNT_CLASS = "disability_discount_class"
    """A: for its holder and whoever assists; B: for its holder alone; N: none."""


AGES: Final = {
    ClaimName.AGE_OVER_18: 18,
    ClaimName.AGE_OVER_20: 20,
    ClaimName.AGE_OVER_65: 65,
    ClaimName.AGE_OVER_70: 70,
}


def ages_hold_until(birth: date, today: date) -> date | None:
    """Give the last day on which every age that is claimed today is still right; None where none will change any more.

    An age is attained on the day before the birthday (年齢計算ニ関スル法律).
    """
    attained = (attained_on(birth, years) for years in AGES.values())
    return min((day - timedelta(days=1) for day in attained if day > today), default=None)
