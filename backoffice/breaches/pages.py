"""What do the pages of leaks show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from backoffice.breaches.models import Breach, BreachCount
from backoffice.inbox.models import Case
from backoffice.inbox.pages import Chip, DueMark
from backoffice.web import Crumb, Page
from backoffice.web.lists import Paging
from backoffice.web.translations import _

BREACHES = Crumb(_("漏えい等への対応"), "/breaches")


@dataclass(frozen=True)
class BreachRow:
    breach: Breach
    case: Case
    chip: Chip


@dataclass(frozen=True, kw_only=True)
class BreachesPage(Page):
    rows: Sequence[BreachRow]
    paging: Paging


@dataclass(frozen=True, kw_only=True)
class BeginPage(Page):
    links: Sequence[tuple[str, str]]
    typed: Mapping[str, str]
    wrong: Mapping[str, str]


@dataclass(frozen=True)
class ClockLine:
    """`waits`: its step is still to be done."""

    what: str
    article: str
    due_on: date
    due: DueMark
    waits: bool


@dataclass(frozen=True)
class CountLine:
    count: BreachCount
    attributes: Sequence[str]
    more: int | None
    """How many more, or fewer, than the count before; None for the first."""


@dataclass(frozen=True, kw_only=True)
class BreachPage(Page):
    title_text: str
    breach: Breach
    case: Case
    chip: Chip
    clocks: Sequence[ClockLine]
    counts: Sequence[CountLine]
    runs: bool
    export: str
    """Where the list of people is; empty for whoever may not have it."""
    typed: Mapping[str, str]
    wrong: Mapping[str, str]
