"""What do the pages of forms show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from backoffice.form_designs.models import FormDesign, FormVersion
from backoffice.form_designs.workflow import CHIPS, DesignState
from backoffice.web import Page
from backoffice.web.answer_rows import AnswerRow
from backoffice.web.chips import Chip
from backoffice.web.lists import Paging, Tab
from forms.building.finding import ZONE

Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class DesignRow:
    design: FormDesign
    newest: FormVersion | None
    has_draft: bool

    @property
    def chip(self) -> Chip:
        return CHIPS[DesignState(self.design.state)]

    @property
    def changed_at(self) -> datetime:
        """When something was last done with it that people see."""
        published = self.newest.published_at if self.newest else self.design.created_at
        return max(published, self.design.drafted_at or published)


@dataclass(frozen=True, kw_only=True)
class DesignsPage(Page):
    rows: Sequence[DesignRow]
    tabs: Sequence[Tab]
    whose: str
    state: str
    keyword: str
    states: Choices
    paging: Paging
    may_build: bool


@dataclass(frozen=True, kw_only=True)
class BeginPage(Page):
    """A new form, or the copy of another."""

    action: str
    departments: Choices
    typed: Mapping[str, str]
    original: FormDesign | None = None
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ChangeWords:
    """What is different, in a line, and its parts."""

    line: str
    parts: Sequence[str]


@dataclass(frozen=True)
class VersionRow:
    version: FormVersion
    changes: Sequence[ChangeWords]
    """Against the version before it."""
    fields: int


@dataclass(frozen=True, kw_only=True)
class DesignPage(Page):
    title_text: str
    row: DesignRow
    versions: Sequence[VersionRow]
    changes: Sequence[ChangeWords]
    """Of the draft against the newest version."""
    drafted_fields: int
    may_build: bool
    """This form."""
    may_copy: bool


@dataclass(frozen=True, kw_only=True)
class VersionPage(Page):
    title_text: str
    design: FormDesign
    version: FormVersion
    rows: Sequence[AnswerRow]
    rules: Sequence[str]
    schema: str
    example: str


@dataclass(frozen=True)
class FindingRow:
    name: str
    """What is opened to mend it."""
    text: str
    asks: bool
    """It refuses nothing."""

    def address(self, design_id: int) -> str:
        """Give where it is mended."""
        if self.name.startswith(ZONE):
            return f"/forms/{design_id}/foreign?open={quote(self.name.removeprefix(ZONE))}"
        return f"/forms/{design_id}/build?open={quote(self.name)}#item-{quote(self.name)}"


@dataclass(frozen=True, kw_only=True)
class PublishPage(Page):
    title_text: str
    design: FormDesign
    number: int
    findings: Sequence[FindingRow]
    changes: Sequence[ChangeWords]
    types_changed: Sequence[str]
    note: str
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        return all(each.asks for each in self.findings)


@dataclass(frozen=True)
class ClauseRow:
    """One line of a condition that is picked."""

    place: str
    at: int
    key: str
    sign: str
    value: str
    signs: Choices
    options: Choices
    needs_value: bool


@dataclass(frozen=True)
class Settings:
    """What is opened to be told more of: a question, a heading or a rule."""

    name: str
    label: str
    kind: str
    """`field`, `column`, `section` or `rule`."""
    action: str
    values: Mapping[str, str]
    type: str = ""
    behind: str = ""
    """The label behind which a new question comes: that of the table, for one of its columns."""
    wrong: Mapping[str, str] = field(default_factory=dict)
    types: Choices = ()
    before: Choices = ()
    """What a condition may name."""
    countable: Choices = ()
    """What a reckoning may name."""
    banks: Choices = ()
    clauses: Mapping[str, Sequence[ClauseRow]] = field(default_factory=dict)
    columns: Sequence["ItemRow"] = ()
    parts: frozenset[str] = frozenset()
    """Which settings its type has."""


@dataclass(frozen=True)
class ItemRow:
    """One question, heading or column in the list."""

    name: str
    label: str
    type: str
    """A msgid."""
    is_section: bool
    required: bool
    notes: Sequence[str]
    troubles: Sequence[str]
    is_open: bool = False
    columns: Sequence["ItemRow"] = ()


@dataclass(frozen=True)
class RuleRow:
    name: str
    code: str
    text: str
    message: str
    troubles: Sequence[str]
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class BuilderPage(Page):
    title_text: str
    design: FormDesign
    draft_title: str
    items: Sequence[ItemRow]
    rules: Sequence[RuleRow]
    open: Settings | None
    findings: Sequence[FindingRow]
    types: Sequence[tuple[str, str, str]]
    """Value, name and what it is for."""
    groups: Choices
    undoable: int
    redoable: int
    saved: str
    tab: str
    preview: Sequence[AnswerRow]
    schema: str
    example: str
    trouble: str = ""
    """Why the last change was not kept."""

    @property
    def base(self) -> str:
        return f"/forms/{self.design.id}/build"


@dataclass(frozen=True, kw_only=True)
class PreviewPage(Page):
    design: FormDesign
    preview: Sequence[AnswerRow]
    told: Sequence[str]
    """What would refuse the answers, or ask a person to look."""


@dataclass(frozen=True, kw_only=True)
class ImportPage(Page):
    departments: Choices
    typed: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class BroughtPage(Page):
    design: FormDesign
    fields: int
    notes: Sequence[tuple[int, str]]
    """Row of the file, 0 for the whole, and what was guessed or left out."""
