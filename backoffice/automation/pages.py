"""What do the pages of nights show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from backoffice.automation.by_day.models import LiveScreen
from backoffice.automation.models import Evidence, ItemMove, Night, TargetSystem, WorkItem
from backoffice.automation.plan.pace import Forecast
from backoffice.automation.plan.tonight import Tonight
from backoffice.automation.queue.change_models import QueueChange
from backoffice.automation.queue.next_models import HandOn
from backoffice.automation.queue.next_work import REASONS
from backoffice.automation.queue.order import Priority
from backoffice.automation.systems.stop_models import ServiceStop
from backoffice.automation.workflow import (
    FINISHED,
    HANDED_OVER,
    KIND_NAMES,
    NIGHT_NAMES,
    OUTCOME_NAMES,
    STATE_NAMES,
    WHY_NAMES,
    ItemState,
    NightState,
    RunKind,
    WhyEnded,
)
from backoffice.form_designs.models import FormDesign
from backoffice.identity import Actor, Permission
from backoffice.web import Page
from backoffice.web.answers_in import shown
from backoffice.web.chips import Chip
from backoffice.web.lists import Paging, Tab
from backoffice.web.translations import _, language_now
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
    NightState.PAUSED: ("doubt", "■"),
    NightState.STOPPING: ("doubt", "■"),
    NightState.ENDED: ("plain", "●"),
}
ENDED_WELL = frozenset({WhyEnded.FINISHED, WhyEnded.STOPPED, WhyEnded.CLOSING, WhyEnded.OUT_OF_SERVICE})
ORDER = tuple(ItemState)
RUNS = {
    RunKind.NIGHT: _("夜間の入力 %(n)s"),
    RunKind.BY_DAY: _("昼の入力 %(n)s"),
    RunKind.TRIAL: _("公開前の試し %(n)s"),
}


def chip_of_item(state: str) -> Chip:
    return Chip(*TONES[ItemState(state)], STATE_NAMES[ItemState(state)])


def chip_of_night(night: Night) -> Chip:
    well = night.state != NightState.ENDED or night.why_ended in ENDED_WELL
    tone, sign = NIGHT_TONES[NightState(night.state)] if well else ("bad", "✕")
    return Chip(tone, sign, NIGHT_NAMES[NightState(night.state)])


def address_of(night: Night) -> str:
    """Give the page on which a run is watched."""
    return f"/nights/{night.id}" if night.kind == RunKind.NIGHT else f"/day-runs/{night.id}"


def kind_of(night: Night) -> str:
    return "" if night.kind == RunKind.NIGHT else KIND_NAMES[RunKind(night.kind)]


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
    kind: str
    """What kind of run it was; "" for a night."""

    @classmethod
    def of(cls, night: Night, counts: Mapping[ItemState, int]) -> "NightRow":
        finished = sum(count for state, count in counts.items() if state in FINISHED)
        why = WHY_NAMES[WhyEnded(night.why_ended)] if night.why_ended else ""
        others = sum(counts.values()) - finished
        return cls(night, chip_of_night(night), why, finished, others, kind_of(night))


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

    @property
    def before(self) -> Chip | None:
        """How the item stands that must be done before it; the row was read with that one."""
        return chip_of_item(self.item.before.state) if self.item.before else None

    @classmethod
    def of(cls, item: WorkItem) -> "ItemRow":
        return cls(item, chip_of_item(item.state), OUTCOME_NAMES.get(item.outcome, item.outcome))


@dataclass(frozen=True)
class LastLine:
    """The last thing a night did."""

    at: datetime
    reference: str
    text: str


@dataclass(frozen=True)
class Watched:
    """Beside a run: its screen where the person watches it, and what they may do about the record at hand."""

    night: Night
    moving: bool
    steers: bool = False
    sees: bool = False
    screen: LiveScreen | None = None
    item: WorkItem | None = None
    """The record at hand, where the person may read it."""

    @property
    def asks_for_next(self) -> bool:
        """Say whether a person must look before the next record is begun."""
        return self.night.state == NightState.PAUSED and not (self.night.kind == RunKind.TRIAL and self.item)

    @property
    def may_take(self) -> bool:
        return self.steers and self.item is not None and self.item.state == ItemState.WAITING


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
    may_export: bool
    kind: str
    """What kind of run it is; "" for a night."""
    watched: Watched

    @property
    def moving(self) -> bool:
        return self.night.state != NightState.ENDED


@dataclass(frozen=True)
class ValueRow:
    """One field of a record: what is meant, and what the target showed as stored (None: nothing was read back)."""

    label: str
    meant: str
    stored: str | None
    entered: bool = False
    """Whether it stood on the target's screen when a person took the record."""

    @property
    def same(self) -> bool:
        return self.stored == self.meant


@dataclass(frozen=True)
class MoveRow:
    move: ItemMove
    chip: Chip
    outcome: str
    run: str
    """What kind of run moved it, with a place for its number; "" for none."""
    run_address: str

    @classmethod
    def of(cls, move: ItemMove) -> "MoveRow":
        outcome, night = OUTCOME_NAMES.get(move.code, move.code), move.night
        run, run_address = (RUNS[RunKind(night.kind)], address_of(night)) if night else ("", "")
        return cls(move, chip_of_item(move.state), outcome, run, run_address)


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


@dataclass(frozen=True)
class Neighbour:
    """An item that must be done before another, or comes after it."""

    item: WorkItem
    chip: Chip
    may_read: bool

    @classmethod
    def of(cls, item: WorkItem, actor: Actor) -> "Neighbour":
        """Show an item (with its department) to a person: its number alone where they may not read it."""
        return cls(item, chip_of_item(item.state), actor.reaches(Permission.ITEM_READ, item.department.path))


@dataclass(frozen=True)
class HandedOn:
    """What became of the work that follows an item, where it is no item yet: a wait, a row put aside, a record."""

    title: str
    """Of the next form."""
    chip: Chip
    why: str
    address: str
    """Where it can be seen or mended; "" where the person may not."""

    @classmethod
    def of(cls, kept: HandOn, *, may_read: bool, may_mend: bool) -> "HandedOn":
        title, design_id = kept.bot.design.title, kept.bot.design_id
        if kept.record is not None:
            address = f"/records/entries/{kept.record.id}" if may_read else ""
            return cls(title, Chip("good", "●", _("渡しました")), kept.record.number, address)
        if kept.import_id is not None:
            address = f"/records/{design_id}/imports/{kept.import_id}" if may_mend else ""
            return cls(title, Chip("doubt", "▲", _("取込の保留")), "", address)
        return cls(title, Chip("doubt", "▲", _("渡せず待機")), REASONS[kept.reason], "")


@dataclass(frozen=True, kw_only=True)
class NextWorkPage(Page):
    """What is done and waits to be brought on, each with the next form and why."""

    rows: Sequence[tuple[HandOn, str]]


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
    before: Neighbour | None
    behind: Sequence[Neighbour]
    handed_on: "HandedOn | None"
    took_home: bool
    """Whether something was read for it, or a file received."""
    may_settle: bool
    may_key: bool
    may_export: bool
    may_finish: bool
    """Whether the person may say that they keyed it, where the bot let go of it."""
    may_see_sheet: bool
    may_see_record: bool
    opened_at: float
    sure_at: datetime | None
    """From when on a look-up of an unknown record tells the truth; None when it does already."""
    wrong: Mapping[str, str]
    typed: Mapping[str, str]

    @property
    def handed_over(self) -> bool:
        return self.item.outcome == HANDED_OVER


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
    may_key: bool
    """Whether chosen items may be keyed at once."""
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
    """Give the record's fields in the form's order, each beside what was read back, or how far the bot came."""
    entered = frozenset(item.entered["keys"]) if item.entered else frozenset[str]()
    back = item.read_back or None  # a recorded bot reads nothing back
    return [
        ValueRow(
            label=field.label_en if language_now() == "en" else field.label,
            meant=_written(field.type, item.values.get(field.key)),
            stored=None if back is None else _written(field.type, back.get(field.key)),
            entered=field.key in entered,
        )
        for field in definition.questions
    ]


def counts_in_order(counts: Mapping[ItemState, int]) -> list[tuple[str, int]]:
    return [(STATE_NAMES[state], counts[state]) for state in ORDER if counts.get(state)]


def _written(kind: FieldType, value: Value) -> str:
    if kind is FieldType.CHECKBOX:
        return "☑" if value else "☐"
    return shown(kind, value)
