"""How many hours were saved? Items times the minutes confirmed for their day, less the people's time that was measured.

After the city's own indicator 年間削減時間数 (DX strategy, action item 4-2): what the machine did counts as the time it
would have taken by hand; what people still did, checking readings and settling exceptions, is taken off again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from backoffice.web.translations import _

MINUTES = Decimal(60)
SECONDS = Decimal(3600)


@dataclass(frozen=True)
class Validity:
    """One confirmed figure and the days it holds: from `first` up to, not including, `until` (None: still)."""

    minutes: Decimal
    first: date
    until: date | None


@dataclass(frozen=True)
class Done:
    """How many items were finished on days of one figure; `minutes` is None where nobody has confirmed any."""

    items: int
    minutes: Decimal | None


@dataclass(frozen=True)
class HoursSaved:
    hours: Decimal
    gross: Decimal
    people: Decimal
    items: int
    unconfirmed: int
    """Items without a confirmed figure: they count nothing until a head confirms one."""


@dataclass(frozen=True)
class CityFigure:
    label: str
    hours: int
    planned: bool


CITY_FIGURES = (
    CityFigure(_("令和3年度"), 13_270, planned=False),
    CityFigure(_("令和6年度"), 30_000, planned=True),
    CityFigure(_("令和8年度"), 38_000, planned=True),
)
"""年間削減時間数(全市): start, middle and final value of action item 4-2 (seed 003)."""


def validities(figures: Iterable[tuple[date, Decimal]]) -> list[Validity]:
    """Turn dated figures into stretches of days: each holds until the next begins."""
    ordered = sorted(figures)
    following: Iterable[date | None] = (*(first for first, _minutes in ordered[1:]), None)
    return [Validity(minutes, first, until) for (first, minutes), until in zip(ordered, following, strict=False)]


def hours_saved(done: Iterable[Done], people_seconds: float) -> HoursSaved:
    """Give the hours, to a tenth; negative where checking took longer than keying would have: told, not hidden."""
    done = list(done)
    gross = sum((each.items * each.minutes for each in done if each.minutes is not None), Decimal(0)) / MINUTES
    people = Decimal(str(people_seconds)) / SECONDS
    return HoursSaved(
        hours=_tenth(gross - people),
        gross=_tenth(gross),
        people=_tenth(people),
        items=sum(each.items for each in done),
        unconfirmed=sum(each.items for each in done if each.minutes is None),
    )


def _tenth(hours: Decimal) -> Decimal:
    return hours.quantize(Decimal("0.1"))
