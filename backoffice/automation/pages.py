"""What do the pages of nights show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from backoffice.automation.models import Evidence, ItemMove, Night, TargetSystem, WorkItem
from backoffice.automation.order import Priority
from backoffice.automation.pace import Forecast
from backoffice.automation.queue_models import QueueChange
from backoffice.automation.stop_models import ServiceStop
from backoffice.automation.tonight import Tonight
from backoffice.automation.workflow import (
    FINISHED,
    NIGHT_NAMES,
    OUTCOME_NAMES,
    STATE_NAMES,
    WHY_NAMES,
    ItemState,
    NightState,
    WhyEnded,
)
from backoffice.form_designs.models import FormDesign
from backoffice.web import Page
from backoffice.web.answers_in import shown
from backoffice.web.chips import Chip
from backoffice.web.lists import Paging, Tab
from backoffice.web.translations import language_now
from forms.definition import FormDefinition
from forms.field_types import FieldType, Value

TONES = {
    ItemState.WAITING: ("plain", "…"),
    ItemState.SUBMITTING: ("info", "▶"),
    ItemState.DONE: ("good", "●"),
    ItemState.ALREADY_THERE: ("good", "○"),
    ItemState.EXCEPTION: ("doubt", "▲"),
    ItemState.FAILED: ("bad", "✕"),
    ItemState.UNKNOWN: ("bad", "？"),
    ItemState.CANCELLED: ("plain", "■"),
}
NIGHT_TONES = {
    NightState.RUNNING: ("info", "▶"),
    NightState.STOPPING: ("doubt", "■"),
    NightState.ENDED: ("plain", "●"),
}
ENDED_WELL = frozenset({WhyEnded.FINISHED, WhyEnded.STOPPED, WhyEnded.CLOSING})
ORDER = tuple(ItemState)


def chip_of_item(state: str) -> Chip:
    return Chip(*TONES[ItemState(state)], STATE_NAMES[ItemState(state)])


def chip_of_night(night: Night) -> Chip:
    well = night.state != NightState.ENDED or night.why_ended in ENDED_WELL
    tone, sign = NIGHT_TONES[NightState(night.state)] if well else ("bad", "✕")
    return Chip(tone, sign, NIGHT_NAMES[NightState(night.state)])


@dataclass(frozen=True)
class TargetRow:
    """A system on the page of nights: what waits, and what may be done now."""

    target: TargetSystem
    counts: Mapping[ItemState, int]
    open_night_id: int | None
    may_start: bool
    runs_out: date | None

    def count(self, *states: str) -> int:
        return sum(self.counts.get(ItemState(state), 0) for state in states)


@dataclass(frozen=True)
class NightRow:
    night: Night
    chip: Chip
    why: str
    finished: int
    others: int

    @classmethod
    def of(cls, night: Night, counts: Mapping[ItemState, int]) -> "NightRow":
        finished = sum(count for state, count in counts.items() if state in FINISHED)
        why = WHY_NAMES[WhyEnded(night.why_ended)] if night.why_ended else ""
        return cls(night, chip_of_night(night), why, finished, sum(counts.values()) - finished)


@dataclass(frozen=True, kw_only=True)
class NightsPage(Page):
    targets: Sequence[TargetRow]
    rows: Sequence[NightRow]
    paging: Paging
    paused: bool
    may_run: bool
    may_edit: bool
    may_read: bool


@dataclass(frozen=True)
class ItemRow:
    item: WorkItem
    chip: Chip
    outcome: str

    @classmethod
    def of(cls, item: WorkItem) -> "ItemRow":
        return cls(item, chip_of_item(item.state), OUTCOME_NAMES.get(item.outcome, item.outcome))


@dataclass(frozen=True)
class LastLine:
    """The last thing a night did."""

    at: datetime
    reference: str
    text: str


@dataclass(frozen=True, kw_only=True)
class NightPage(Page):
    title_text: str
    night: Night
    chip: Chip
    why: str
    counts: Sequence[tuple[str, int]]
    """Name of an outcome, and how many."""
    finished: int
    total: int
    waiting: int
    now: WorkItem | None
    now_since: datetime | None
    last: LastLine | None
    forecast: Forecast | None
    elapsed_seconds: float
    rows: Sequence[ItemRow]
    tabs: Sequence[Tab]
    state: str
    paging: Paging
    paused: bool
    may_run: bool
    may_read: bool
    abandoned: bool

    @property
    def moving(self) -> bool:
        return self.night.state != NightState.ENDED


@dataclass(frozen=True)
class ValueRow:
    """One field of a record: what is meant, and what the target showed as stored (None: nothing was read back)."""

    label: str
    meant: str
    stored: str | None

    @property
    def same(self) -> bool:
        return self.stored == self.meant


@dataclass(frozen=True)
class MoveRow:
    move: ItemMove
    chip: Chip
    outcome: str

    @classmethod
    def of(cls, move: ItemMove) -> "MoveRow":
        return cls(move, chip_of_item(move.state), OUTCOME_NAMES.get(move.code, move.code))


@dataclass(frozen=True, kw_only=True)
class KeyingPage(Page):
    design: FormDesign
    title_text: str
    targets: Sequence[tuple[str, str]]
    target: TargetSystem | None
    wanted: Sequence[tuple[str, str, bool]]
    """The system's questions: key, label, whether it must be told."""
    asked: Sequence[tuple[str, str]]
    mapping: Mapping[str, str]
    due_days: str
    wrong: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ItemPage(Page):
    title_text: str
    item: WorkItem
    chip: Chip
    outcome: str
    priority: str
    rows: Sequence[ValueRow]
    moves: Sequence[MoveRow]
    evidence: Sequence[Evidence]
    may_have_taken: bool
    """Whether its bot is one that takes something home."""
    may_settle: bool
    may_see_sheet: bool
    may_see_record: bool
    opened_at: float
    sure_at: datetime | None
    """From when on a look-up of an unknown record tells the truth; None when it does already."""
    wrong: Mapping[str, str]
    typed: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ExceptionsPage(Page):
    rows: Sequence[ItemRow]
    tabs: Sequence[Tab]
    paging: Paging


@dataclass(frozen=True, kw_only=True)
class PlanPage(Page):
    rows: Sequence[Tonight]


@dataclass(frozen=True, kw_only=True)
class QueuePage(Page):
    """What waits for one system; `target` is None where the person sees none."""

    targets: Sequence[tuple[str, str]]
    target: TargetSystem | None
    pile: str
    tabs: Sequence[Tab]
    rows: Sequence[ItemRow]
    paging: Paging
    changes: Sequence[tuple[QueueChange, str]]
    priorities: Mapping[Priority, str]
    may_settle: bool
    today: date
    wrong: Mapping[str, str]
    wrong_params: Mapping[str, object]
    typed: Mapping[str, str]
    chosen: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class TargetsPage(Page):
    targets: Sequence[TargetSystem]
    free: bool
    """Whether a procedure is left that no system takes yet."""


@dataclass(frozen=True, kw_only=True)
class TargetPage(Page):
    """One system; `target` is None for a new one."""

    target: TargetSystem | None
    procedures: Sequence[tuple[str, str]]
    departments: Sequence[tuple[int, str]]
    typed: Mapping[str, str]
    wrong: Mapping[str, str]
    runs_out: date | None
    """The last day of its password, where that is near and no other takes over."""
    running: bool
    operators: Sequence[tuple[str, str]]
    stops: Sequence[ServiceStop]


def value_rows(item: WorkItem, definition: FormDefinition) -> list[ValueRow]:
    """Give the record's fields in the form's order, each beside what was read back."""
    back = item.read_back or None  # a recorded bot reads nothing back
    return [
        ValueRow(
            label=field.label_en if language_now() == "en" else field.label,
            meant=_written(field.type, item.values.get(field.key)),
            stored=None if back is None else _written(field.type, back.get(field.key)),
        )
        for field in definition.questions
    ]


def counts_in_order(counts: Mapping[ItemState, int]) -> list[tuple[str, int]]:
    return [(STATE_NAMES[state], counts[state]) for state in ORDER if counts.get(state)]


def _written(kind: FieldType, value: Value) -> str:
    if kind is FieldType.CHECKBOX:
        return "☑" if value else "☐"
    return shown(kind, value)
