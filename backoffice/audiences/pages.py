"""What do the pages of all runs, and of beginning one, show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backoffice.audiences.models import NoticeRun
from backoffice.audiences.planning import Candidate
from backoffice.audiences.workflow import RUN_CHIPS, UNDER_WAY, RunState
from backoffice.programs.models import ProgramVersion
from backoffice.web import Crumb, Page
from backoffice.web.chips import Chip
from backoffice.web.lists import Paging
from backoffice.web.showing import number
from backoffice.web.translations import _, language_now, translate
from workflows.rules.disclosure import SMALLEST
from workflows.rules.vocabulary import Choice

RUNS = Crumb(_("配信"), "/audiences")
ENDED_OR_LEAVING = (*UNDER_WAY, RunState.DONE, RunState.CANCELLED)
STATES = (("", _("すべて")), *((state.value, chip.text) for state, chip in RUN_CHIPS.items()))


def people_said(count: int | None) -> str:
    """Write a number of people as it may be told."""
    if count is None:
        return translate(_("%(few)s人未満"), few=SMALLEST)
    return translate(_("約%(count)s人"), count=number(count))


def said_or_hidden(count: int | None) -> str:
    """Write a cell of a table whose sum is known: a large one may be hidden for the sake of a small one."""
    return translate(_("非表示")) if count is None else people_said(count)


def in_language(choice: Choice) -> str:
    return choice.en if language_now() == "en" else choice.ja


@dataclass(frozen=True)
class RunRow:
    run: NoticeRun
    chip: Chip
    people: str
    """Whom it reaches, as told; a dash while that is being counted."""

    @classmethod
    def of(cls, run: NoticeRun) -> "RunRow":
        people = "—" if run.counts is None else people_said(run.counts["recipients"])
        return cls(run, RUN_CHIPS[RunState(run.state)], people)

    @property
    def href(self) -> str:
        """Where the run is looked at: how it fares, once it is on its way."""
        watched = "/watch" if self.run.state in ENDED_OR_LEAVING and self.run.counts is not None else ""
        return f"/audiences/{self.run.id}{watched}"


@dataclass(frozen=True, kw_only=True)
class RunsPage(Page):
    rows: Sequence[RunRow]
    keyword: str
    state: str
    states: Sequence[tuple[str, str]] = STATES
    paging: Paging
    may_begin: bool


@dataclass(frozen=True, kw_only=True)
class CandidatesPage(Page):
    """The programs of the person's departments that are in force."""

    rows: Sequence[Candidate]
    no_wording: str
    """What the page answers with a way to the wording."""
    keyword: str
    paging: Paging


@dataclass(frozen=True)
class WardField:
    name: str
    label: str


@dataclass(frozen=True, kw_only=True)
class PlanPage(Page):
    """The form with which a run is begun; `version` is None where no version of the program is in force."""

    title_text: str
    program_id: int
    version: ProgramVersion | None
    why_not: str
    hours: Sequence[tuple[str, str]]
    periods: Sequence[str]
    """How those of the program's runs are called: the same is to be spelt the same."""
    wards: Sequence[WardField]
    typed: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)
