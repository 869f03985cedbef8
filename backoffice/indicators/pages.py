"""What do the start page and the page of confirmed minutes show?"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from backoffice.indicators.models import ConfirmedMinutes
from backoffice.indicators.rules import HoursSaved
from backoffice.web import Page


@dataclass(frozen=True)
class Waiting:
    """Something that waits for the person, and the page where it is done."""

    label: str
    count: int
    unit: str
    href: str
    urgent: bool = False


@dataclass(frozen=True)
class Bar:
    label: str
    value: float
    planned: bool


@dataclass(frozen=True, kw_only=True)
class HomePage(Page):
    waiting: Sequence[Waiting]
    saved: HoursSaved | None
    bars: Sequence[Bar]


@dataclass(frozen=True, kw_only=True)
class MinutesPage(Page):
    figures: Sequence[ConfirmedMinutes]
    departments: Sequence[tuple[int, str]]
    procedures: Sequence[tuple[str, str]]
    typed: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
