"""What does the page of a year's statements show?"""

from collections.abc import Sequence
from dataclasses import dataclass

from backoffice.form_designs.models import FormDesign
from backoffice.web import Page
from workflows.withholding import Statement


@dataclass(frozen=True)
class KindRow:
    """A kind of payment, and what it is for the income tax."""

    code: str
    label: str
    nature: str


@dataclass(frozen=True)
class WrongRow:
    """A payment whose tax does not agree with the rule, in yen."""

    number: str
    name: str
    kind: str
    paid: int
    withheld: int | None
    wanted: int


@dataclass(frozen=True, kw_only=True)
class StatementsPage(Page):
    title_text: str
    design: FormDesign
    year: int
    year_said: str
    years: Sequence[tuple[str, str]]
    kinds: Sequence[KindRow]
    natures: Sequence[tuple[str, str]]
    statements: Sequence[Statement]
    """Of those who got fees, whoever is told to the tax office first."""
    wrong: Sequence[WrongRow]
    told: int
    paid: int
    withheld: int
    undated: int
    incomplete: int
    """Records of the year that do not say who was paid how much for what: they stand in no statement."""
    salaries: int
    """Payments that belong on the statement of salaries."""


@dataclass(frozen=True, kw_only=True)
class NoLedgerPage(Page):
    design: FormDesign
