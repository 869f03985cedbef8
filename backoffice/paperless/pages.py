"""What do the pages of the register of needless papers show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backoffice.paperless.importing import COLUMNS, Trouble
from backoffice.paperless.models import NeedlessPaper, PaperChange
from backoffice.paperless.workflow import AREA_NAMES, STATE_CHIPS, TARGETS, Area, PaperState, Target
from backoffice.web import Crumb, Page
from backoffice.web.chips import Chip
from backoffice.web.lists import Paging
from backoffice.web.translations import _, translate

PAPERS = Crumb(_("添付書類の削減"), "/paperless")


@dataclass(frozen=True)
class Progress:
    """How far one field is. `done` of `known` procedures in the register, beside what the city wants."""

    name: str
    done: int
    known: int
    target: Target

    @classmethod
    def of(cls, area: Area, counted: tuple[int, int]) -> "Progress":
        return cls(AREA_NAMES[area], *counted, TARGETS[area])

    def said(self, count: int) -> str:
        return translate(self.target.unit, n=count)


@dataclass(frozen=True)
class PaperRow:
    paper: NeedlessPaper
    area: str
    chip: Chip
    is_shut: bool
    """The link that replaces it is shut now: people bring the paper again."""

    @classmethod
    def of(cls, paper: NeedlessPaper) -> "PaperRow":
        is_shut = paper.link is not None and paper.link.shut_at is not None
        return cls(paper, AREA_NAMES[Area(paper.area)], STATE_CHIPS[PaperState(paper.state)], is_shut)


@dataclass(frozen=True, kw_only=True)
class PapersPage(Page):
    progress: Sequence[Progress]
    rows: Sequence[PaperRow]
    areas: Sequence[tuple[str, str]]
    states: Sequence[tuple[str, str]]
    area: str
    state: str
    paging: Paging
    may_edit: bool


@dataclass(frozen=True)
class ChangeRow:
    change: PaperChange
    how: str
    chip: Chip | None
    """None: taken out of the register."""


@dataclass(frozen=True, kw_only=True)
class PaperPage(Page):
    """One paper, or the form for a new one."""

    title_text: str
    paper: NeedlessPaper | None
    row: PaperRow | None
    changes: Sequence[ChangeRow]
    may_edit: bool
    areas: Sequence[tuple[str, str]]
    states: Sequence[tuple[str, str]]
    links: Sequence[tuple[str, str]]
    departments: Sequence[tuple[str, str]]
    typed: Mapping[str, str]
    wrong: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ImportPage(Page):
    troubles: Sequence[Trouble]
    more: int
    wrong: Mapping[str, str]
    params: Mapping[str, object]

    @property
    def columns(self) -> str:
        return "、".join(COLUMNS)
