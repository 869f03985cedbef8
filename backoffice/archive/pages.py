"""What do the pages of kept paper show? Numbers, forms, days and states; what a sheet says stands in its file alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from backoffice.archive.models import ArchivedSheet, Disposal, RetentionRule
from backoffice.archive.workflow import (
    BASIS_NAMES,
    DISPOSAL_CHIPS,
    STATE_CHIPS,
    YEARS,
    ArchiveState,
    DisposalBasis,
    DisposalState,
    kept_from,
    kept_until,
)
from backoffice.web import Page
from backoffice.web.chips import Chip
from backoffice.web.lists import Paging, Tab
from backoffice.web.translations import _, translate

HELD = Chip("doubt", "▲", _("廃棄停止"))


@dataclass(frozen=True)
class ArchivedRow:
    archived: ArchivedSheet
    form_title: str

    @property
    def chip(self) -> Chip:
        return STATE_CHIPS[ArchiveState(self.archived.state)]

    @property
    def held(self) -> Chip | None:
        return HELD if self.archived.held_at is not None else None

    @property
    def until(self) -> date | None:
        return kept_until(self.archived.fiscal_year, self.archived.rule.years)


@dataclass(frozen=True, kw_only=True)
class ArchivePage(Page):
    rows: Sequence[ArchivedRow]
    tabs: Sequence[Tab]
    typed: Mapping[str, str]
    """What is looked for, as it was typed."""
    wrong: Mapping[str, str]
    forms: Sequence[tuple[str, str]]
    departments: Sequence[tuple[str, str]]
    paging: Paging
    narrowed: bool


@dataclass(frozen=True, kw_only=True)
class ArchivedPage(Page):
    title_text: str
    row: ArchivedRow
    years: str
    begins: date
    may_keep: bool
    reason: str = ""
    case_number: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def can_be_opened(self) -> bool:
        return self.row.archived.state == ArchiveState.KEPT

    @property
    def is_gone(self) -> bool:
        return self.row.archived.state == ArchiveState.DISPOSED

    @property
    def may_hold(self) -> bool:
        return self.may_keep and not self.is_gone and self.row.held is None


@dataclass(frozen=True)
class RuleRow:
    rule: RetentionRule
    form_title: str

    @property
    def years(self) -> str:
        return YEARS[self.rule.years]


@dataclass(frozen=True, kw_only=True)
class RetentionPage(Page):
    rows: Sequence[RuleRow]
    may_keep: bool

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(str(years), translate(name)) for years, name in YEARS.items()]


@dataclass(frozen=True)
class DueRow:
    """Sheets of one form, settled in one fiscal year, whose years are over."""

    rule: RetentionRule
    form_title: str
    fiscal_year: int
    count: int

    @property
    def until(self) -> date | None:
        return kept_until(self.fiscal_year, self.rule.years)

    @property
    def years(self) -> str:
        return YEARS[self.rule.years]


@dataclass(frozen=True)
class DisposalRow:
    disposal: Disposal
    form_title: str
    case_number: str = ""

    @property
    def chip(self) -> Chip:
        return DISPOSAL_CHIPS[DisposalState(self.disposal.state)]

    @property
    def basis(self) -> str:
        return BASIS_NAMES[DisposalBasis(self.disposal.basis)]

    @property
    def years(self) -> str:
        return YEARS[self.disposal.years]

    @property
    def begins(self) -> date:
        return kept_from(self.disposal.fiscal_year)


@dataclass(frozen=True, kw_only=True)
class DisposalsPage(Page):
    due: Sequence[DueRow]
    rows: Sequence[DisposalRow]
    number: int
    """Of the page."""
    has_next: bool
    years: Sequence[tuple[str, str]]
    """Fiscal years of which the register can be written out."""
    may_keep: bool


@dataclass(frozen=True, kw_only=True)
class DisposalPage(Page):
    title_text: str
    row: DisposalRow
    sheets: Sequence[ArchivedSheet]
    may_keep: bool
    may_approve: bool
    own: bool
    """Whether the person proposed it: then somebody else approves."""

    @property
    def waits(self) -> bool:
        return self.row.disposal.state == DisposalState.PROPOSED
