"""What do the pages of programs show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from backoffice.programs.answer_page import AnswerShown
from backoffice.programs.models import PreviewLook, Program, ProgramVersion, Threshold
from backoffice.programs.rolling_over import Turn
from backoffice.programs.rule_pages import ExampleLine, FindingLine, RuleLine
from backoffice.programs.workflow import STANDING_CHIPS, Standing
from backoffice.web import Page
from backoffice.web.answer_rows import AnswerRow
from backoffice.web.chips import Chip
from backoffice.web.lists import Paging, Tab


@dataclass(frozen=True)
class VersionRow:
    version: ProgramVersion
    chip: Chip

    @classmethod
    def of(cls, version: ProgramVersion, standing: Standing) -> "VersionRow":
        return cls(version, STANDING_CHIPS[standing])


@dataclass(frozen=True, kw_only=True)
class ProgramsPage(Page):
    rows: Sequence[VersionRow]
    tabs: Sequence[Tab]
    keyword: str
    state: str
    paging: Paging
    may_begin: bool


@dataclass(frozen=True, kw_only=True)
class NewProgramPage(Page):
    name: str
    wrong: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ProgramPage(Page):
    title_text: str
    program: Program
    rows: Sequence[VersionRow]
    may_write: bool
    has_open: bool
    """A draft or a running version is there already: the next one is written in it."""


@dataclass(frozen=True, kw_only=True)
class VersionPage(Page):
    title_text: str
    row: VersionRow
    rows: Sequence[AnswerRow]
    sentence: str
    facts: Sequence["FactLine"]
    findings: Sequence[FindingLine]
    examples: Sequence[ExampleLine]
    undone: Sequence[str]
    """What keeps a draft from being submitted."""
    current_id: int | None
    """The version in force, to compare with."""
    may_word: bool
    may_rule: bool
    may_submit: bool
    may_carry_on: bool
    may_copy: bool
    may_preview: bool
    may_ask: bool


@dataclass(frozen=True)
class FactLine:
    """A fact that the rule looks at, and the ground on which it may."""

    name: str
    meaning: str
    source: str
    legal_basis: str
    consent: str
    sensitive: bool


@dataclass(frozen=True, kw_only=True)
class SheetPage(Page):
    title_text: str
    version: ProgramVersion
    rows: Sequence[AnswerRow]
    wrong: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class RulePage(Page):
    title_text: str
    version: ProgramVersion
    lines: Sequence[RuleLine]
    sentence: str
    findings: Sequence[FindingLine]
    may_undo: bool
    may_redo: bool
    trouble: str = ""
    """A msgid-free sentence: why the last act was refused."""


@dataclass(frozen=True, kw_only=True)
class ConditionPage(Page):
    """One condition, to be filled in; first without, then with what it is about."""

    title_text: str
    version: ProgramVersion
    place: str
    replaces: bool
    what: str
    offers: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    """Heading, and (word, name) of what can be asked under it."""
    fact: FactLine | None
    choices: Mapping[str, Sequence[tuple[str, str]]]
    typed: Mapping[str, Sequence[str]]
    wrong: Mapping[str, str] = field(default_factory=dict)

    def first(self, name: str) -> str:
        """Give what was typed in a field that is there once."""
        return next(iter(self.typed.get(name, ())), "")

    def all(self, name: str) -> Sequence[str]:
        """Give what was ticked of boxes that share a name."""
        return self.typed.get(name, ())


@dataclass(frozen=True)
class ComparedRow:
    label: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, kw_only=True)
class ComparePage(Page):
    title_text: str
    before: VersionRow
    after: VersionRow
    rows: Sequence[ComparedRow]
    rule: ComparedRow


@dataclass(frozen=True)
class SuggestionLine:
    key: str
    title: str
    facts: str
    chip: Chip
    verdict: str


@dataclass(frozen=True)
class FactQuestion:
    """One fact of an invented person; with `choices`, one of them."""

    code: str
    name: str
    choices: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class ExamplesPage(Page):
    title_text: str
    version: ProgramVersion
    examples: Sequence[ExampleLine]
    suggestions: Sequence[SuggestionLine]
    verdicts: Sequence[tuple[str, str]]
    questions: Sequence[FactQuestion]
    consents: Sequence[tuple[str, str]]
    relations: Sequence[tuple[str, str]]
    members: range
    today: str
    typed: Mapping[str, Sequence[str]]
    wrong: Mapping[str, str]

    def first(self, name: str, otherwise: str = "") -> str:
        """Give what was typed in a field that is there once."""
        return next(iter(self.typed.get(name, ())), otherwise)

    def consents_given(self) -> Sequence[str]:
        """Give the consents that stand ticked: all of them until somebody typed."""
        return self.typed.get("consents", ()) if self.typed else [code for code, _name in self.consents]


@dataclass(frozen=True)
class ValueRow:
    """A dated value of a threshold, in words."""

    id: int
    starts: date
    ends: date | None
    text: str
    legal_reference: str
    is_confirmed: bool
    may_confirm: bool
    fingerprint: str


@dataclass(frozen=True)
class ThresholdRow:
    threshold: Threshold
    now: ValueRow | None
    name: str


@dataclass(frozen=True, kw_only=True)
class ThresholdsPage(Page):
    rows: Sequence[ThresholdRow]
    may_edit: bool
    typed: Mapping[str, str]
    wrong: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ThresholdPage(Page):
    title_text: str
    threshold: Threshold
    rows: Sequence[ValueRow]
    may_edit: bool
    typed: Mapping[str, str]
    wrong: Mapping[str, str]


@dataclass(frozen=True)
class CountTable:
    """Counts as they may be told; None for what is not."""

    title: str
    rows: Sequence[tuple[str, int | None]]


@dataclass(frozen=True, kw_only=True)
class PreviewPage(Page):
    title_text: str
    version: ProgramVersion
    look: PreviewLook | None
    tables: Sequence[CountTable]
    left: int
    """How many different rules the person may still look at today."""
    limit: int
    trouble: str
    """A msgid: why nothing can be counted at all."""


@dataclass(frozen=True, kw_only=True)
class WhyPage(Page):
    title_text: str
    version: ProgramVersion
    answer: AnswerShown | None
    left: int
    limit: int
    typed: Mapping[str, str]
    wrong: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class RolloverPage(Page):
    fiscal_year: int
    turns: Sequence[Turn]
    keyword: str
    paging: Paging


@dataclass(frozen=True, kw_only=True)
class TurnPage(Page):
    title_text: str
    fiscal_year: int
    turn: Turn
    may_confirm: bool
