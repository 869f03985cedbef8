"""What do the pages of routes show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backoffice.drawing.models import CityClosure, RouteVersion
from backoffice.drawing.words import DifferenceWords, Finding, StepWords
from backoffice.drawing.workflow import Standing
from backoffice.web import Page
from backoffice.web.chips import Chip
from workflows.routes import RouteKind


@dataclass(frozen=True)
class VersionRow:
    version: RouteVersion
    standing: Standing
    chip: Chip
    cases: int
    """How many cases are on their way on it."""
    since: Sequence[RouteVersion] = ()
    """What was put into force since a draft was begun: what these changed is not in it."""

    @property
    def since_ids(self) -> str:
        return "-".join(str(each.id) for each in self.since)


@dataclass(frozen=True)
class KindRow:
    """One kind: the version that new cases take, what is being drawn, how many cases are on their way."""

    kind: RouteKind
    title: str
    """A msgid."""
    in_force: VersionRow | None
    coming: VersionRow | None
    newest: VersionRow | None
    """The newest draft or proposal."""
    cases: Sequence[tuple[int, int]]
    """Number of a version, how many cases are on their way on it."""


@dataclass(frozen=True, kw_only=True)
class RoutesPage(Page):
    rows: Sequence[KindRow]
    may_draw: bool


@dataclass(frozen=True, kw_only=True)
class KindPage(Page):
    kind: RouteKind
    rows: Sequence[VersionRow]
    may_draw: bool
    may_activate: bool
    note: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The versions that can be compared."""
        return [(str(row.version.id), str(row.version.number)) for row in self.rows]

    @property
    def shown(self) -> str:
        """The version that is compared with the one before it, unless another is chosen."""
        return self.choices[0][0] if self.choices else ""

    @property
    def before(self) -> str:
        return self.choices[1][0] if len(self.choices) > 1 else self.shown


@dataclass(frozen=True, kw_only=True)
class VersionPage(Page):
    title_text: str
    kind: RouteKind
    row: VersionRow
    steps: Sequence[StepWords]
    findings: Sequence[Finding]
    is_right: bool
    """Nothing in it keeps it from being put into force."""
    may_draw: bool
    may_activate: bool
    is_second_person: bool
    tables: Sequence[tuple[str, str]]
    effective: str
    wrong: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class EditorPage(Page):
    """The editor; each list of choices is (what stands in the drawing, how it is called)."""

    title_text: str
    version: RouteVersion
    moddle: str
    findings: Sequence[Finding]
    is_right: bool
    roles: Sequence[tuple[str, str]]
    places: Sequence[tuple[str, str]]
    decisions: Sequence[tuple[str, str]]
    outcomes: Sequence[tuple[str, str]]
    forms: Sequence[tuple[str, str]]
    facts: Sequence[tuple[str, str]]
    days: Sequence[tuple[str, str]]
    """Facts of the case that are a day: a step may be due on it."""
    """What a condition may read of the case, as it is written there, and how the question is called."""


@dataclass(frozen=True, kw_only=True)
class FindingsPage(Page):
    """What the check found; a fragment of the editor."""

    findings: Sequence[Finding]
    is_right: bool
    version: RouteVersion
    saved: str = ""


@dataclass(frozen=True, kw_only=True)
class ComparePage(Page):
    choices: Sequence[tuple[str, str]]
    old: RouteVersion | None = None
    new: RouteVersion | None = None
    rows: Sequence[DifferenceWords] = ()
    marked_old: str = ""
    marked_new: str = ""
    unreadable: bool = False


@dataclass(frozen=True, kw_only=True)
class ClosuresPage(Page):
    rows: Sequence[CityClosure]
    may_draw: bool
    typed: Mapping[str, str]
    wrong: Mapping[str, str]
