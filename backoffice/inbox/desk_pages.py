"""What do the pages around one's own desk show: absences, handing over, where it waits, the palette?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backoffice.identity import Staff
from backoffice.inbox.kinds import KINDS
from backoffice.inbox.models import Absence, Case, Task
from backoffice.inbox.statistics import StepFigures
from backoffice.web import Page


@dataclass(frozen=True, kw_only=True)
class AbsencesPage(Page):
    rows: Sequence[Absence]
    typed: Mapping[str, str]
    wrong: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class HandOverPage(Page):
    account: str
    from_person: Staff | None
    tasks: Sequence[Task]
    cases: Sequence[Case]
    shown: int
    """So many of each are listed at most; all are handed over."""
    to: str
    unattended: Sequence[tuple[str, str, int]]
    """Account and name of people who left, and how many cases nobody answers for since."""
    wrong: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class OwnHandOverPage(Page):
    cases: Sequence[Case]
    """Of departments where the person sits no more."""
    shown: int
    to: str
    wrong: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class StatisticsPage(Page):
    rows: Sequence[StepFigures]
    at_most: int
    in_the_city: int

    @property
    def more_waits(self) -> bool:
        """More waits than was looked at: the figures are of what has waited longest."""
        return sum(row.waiting for row in self.rows) >= self.at_most

    def kind_title(self, kind: str) -> str:
        return KINDS[kind].title if kind in KINDS else kind


@dataclass(frozen=True, kw_only=True)
class PalettePage(Page):
    keyword: str
    places: Sequence[tuple[str, str]]
    """Label (a msgid) and address."""
    cases: Sequence[Case]
