"""What do the pages of runs over chosen records show?"""

from collections.abc import Sequence
from dataclasses import dataclass

from backoffice.automation.models import Night, TargetSystem, WorkItem
from backoffice.automation.pages import Watched, chip_of_item
from backoffice.automation.workflow import OUTCOME_NAMES, ItemState, NightState, RunKind
from backoffice.services import TOKYO
from backoffice.web import Page
from backoffice.web.chips import Chip
from backoffice.web.translations import _

TITLES = {RunKind.BY_DAY: _("選んだ案件の入力"), RunKind.TRIAL: _("公開前のロボットの試し")}
AT_HAND = Chip("info", "▶", _("入力しています"))
NEXT = Chip("plain", "…", _("これから"))
TOLD_BEFORE = frozenset({"queued", "put_back", "reopened"})
LEFT = Chip("plain", "…", _("入力待ちのまま"))


@dataclass(frozen=True, kw_only=True)
class ChoicePage(Page):
    """What was chosen, before it is begun. `trouble`: why it cannot begin; "" where it can."""

    title_text: str
    target: TargetSystem
    items: Sequence[WorkItem]
    left: Sequence[tuple[str, str]]
    seconds: float
    refused: str
    trouble: str
    back: str


@dataclass(frozen=True)
class ChosenRow:
    item: WorkItem
    chip: Chip
    outcome: str
    """What came of it in this run; "" before."""

    @classmethod
    def of(cls, item: WorkItem, night: Night, at_hand: int | None) -> "ChosenRow":
        told = item.night_id == night.id and item.outcome not in TOLD_BEFORE
        outcome = OUTCOME_NAMES.get(item.outcome, item.outcome) if told or has_ended(item) else ""
        if item.state != ItemState.WAITING:
            return cls(item, chip_of_item(item.state), outcome)
        if night.state == NightState.ENDED:
            return cls(item, LEFT, outcome)
        return cls(item, AT_HAND if item.id == at_hand else NEXT, outcome)


@dataclass(frozen=True, kw_only=True)
class DayRunPage(Page):
    title_text: str
    night: Night
    chip: Chip
    why: str
    rows: Sequence[ChosenRow]
    ended: int
    finished: int
    rests: bool
    """Whether the next record waits for the pace of the system."""
    watched: Watched
    may_export: bool
    back: str

    @property
    def moving(self) -> bool:
        return self.watched.moving


def has_ended(item: WorkItem) -> bool:
    """Say whether nothing more comes of an item by itself."""
    return item.state not in {ItemState.WAITING, ItemState.SUBMITTING}


def moment_of(night: Night) -> str:
    return f"{night.started_at.astimezone(TOKYO):%Y-%m-%d %H:%M}"
