"""What may a digital ID say of somebody? Answers to questions (is 65 or over), never what they are answered from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from forms.ages import age_by_birthday, birthday_in

ClaimValue = bool | str
Claims = Mapping[str, ClaimValue]
AGES: Final = (18, 20, 65, 70)


class DiscountClass(StrEnum):
    """What a disability certificate says about discounts: 第1種 reaches to whoever helps its holder."""

    FIRST = "1"
    SECOND = "2"


class ClaimName(StrEnum):
    AGE_OVER_18 = "age_over_18"
    AGE_OVER_20 = "age_over_20"
    AGE_OVER_65 = "age_over_65"
    AGE_OVER_70 = "age_over_70"
    CITY_RESIDENT = "city_resident"
    DISABILITY_DISCOUNT_CLASS = "disability_discount_class"


AGE_CLAIMS: Final = {ClaimName(f"age_over_{age}"): age for age in AGES}


@dataclass(frozen=True)
class Known:
    """What the registers say of one person when a credential is issued; None: not known, or not to be looked at."""

    birth_date: date | None = None
    is_resident: bool | None = None
    discount_class: DiscountClass | None = None


def claims_of(known: Known, today: date) -> dict[str, ClaimValue]:
    """Give what can be said of somebody. An age is reached on the birthday; whoever has no discount says nothing."""
    claims: dict[str, ClaimValue] = {}
    if known.birth_date is not None:
        age = age_by_birthday(known.birth_date, today)
        claims |= {name: age >= years for name, years in AGE_CLAIMS.items()}
    if known.is_resident is not None:
        claims[ClaimName.CITY_RESIDENT] = known.is_resident
    if known.discount_class is not None:
        claims[ClaimName.DISABILITY_DISCOUNT_CLASS] = str(known.discount_class)
    return claims


def true_until(known: Known, today: date) -> date | None:
    """Give the last day on which every age in the claims is still right; None where none will change any more."""
    if known.birth_date is None:
        return None
    reached = (birthday_in(known.birth_date, known.birth_date.year + years) for years in AGES)
    return min((day - timedelta(days=1) for day in reached if day > today), default=None)
