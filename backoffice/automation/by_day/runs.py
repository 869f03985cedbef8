"""How does a clerk have chosen records keyed by day? A run like a night's, over what was chosen, at a polite pace."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backoffice.automation import keeping, queries, service
from backoffice.automation.by_day.models import ChosenItem
from backoffice.automation.events import DayRunStarted
from backoffice.automation.models import Night, TargetSystem, WorkItem
from backoffice.automation.plan.pace import ASSUMED_SECONDS, p95
from backoffice.automation.queries import visible_items
from backoffice.automation.queue.order import Hold
from backoffice.automation.systems import stops
from backoffice.automation.watch.watching import watch
from backoffice.automation.workflow import ItemState, RunKind
from backoffice.db.among import among
from backoffice.db.lookup import one_or_not_there
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.jobs import JobName
from backoffice.web.translations import _
from backoffice.work import Work
from rpa_bots.window import Opening, may_claim

MOST_AT_ONCE = 20
"""A clerk who waits sees their end; more is a night's."""
TOO_MANY = _("一度に入力できるのは%(most)s件までです。多いときは夜間の入力に任せてください。")
MOVED_ON = _(
    "開いたあとに、ほかの職員か夜間の入力が動かした案件があります: %(numbers)s。確かめて、もう一度始めてください。"
)


@dataclass(frozen=True)
class Choice:
    """What a person chose for one system: what can be keyed now, and what is left out, each with the reason."""

    target: TargetSystem
    items: Sequence[WorkItem]
    left: Sequence[tuple[str, str]]
    seconds: float
    """How long it takes, as far as is known."""
    trouble: str
    """Why it cannot begin now; "" where it can."""
    params: Mapping[str, object]


def choose(work: Work, items: Sequence[WorkItem]) -> Choice:
    """Sort what was chosen, at least one item, by what can be keyed now; of the first one's system alone."""
    target = _target(work, items[0].target_id)
    mine = [item for item in items if item.target_id == target.id]
    left = [(item.reference, why) for item in mine if (why := why_not_now(item))]
    ready = [item for item in mine if not why_not_now(item)]
    trouble, params = "", dict[str, object]()
    try:
        _must_be_open(work, target)
    except Invalid as refusal:
        trouble, params = refusal.message, dict(refusal.params)
    if len(ready) > MOST_AT_ONCE:
        trouble, params = TOO_MANY, {"most": MOST_AT_ONCE}
    taken = queries.recent_seconds(work.session, target.id)
    each = sum(taken) / len(taken) if taken else ASSUMED_SECONDS
    seconds = len(ready) * each + max(len(ready) - 1, 0) * target.pace_seconds
    return Choice(target, ready, left, seconds, trouble, params)


def why_not_now(item: WorkItem) -> str | None:
    """Say why an item cannot be keyed by day; None where it can."""
    if item.state != ItemState.WAITING:
        return _("入力待ちではありません。")
    if item.hold != Hold.NONE:
        return _("前の仕事がまだ済んでいません。")
    return _("先送りされています。") if item.not_before is not None else None


def start(work: Work, target_id: int, seen: Mapping[int, int]) -> Night:
    """Begin a run over chosen items, each as the person saw it (its version). All of them, or none.

    Raises Invalid with the reason.
    """
    target = _target(work, target_id)
    service.lock_target(work, target)
    if not seen:
        raise Invalid(_("案件を選んでください。"))
    if len(seen) > MOST_AT_ONCE:
        raise Invalid(TOO_MANY, most=MOST_AT_ONCE)
    opening = _must_be_open(work, target)
    items = _locked(work, seen)
    as_seen = {item.id for item in items if item.target_id == target_id and seen[item.id] == item.version}
    if moved := [item.reference for item in items if item.id not in as_seen or why_not_now(item)]:
        raise Invalid(MOVED_ON, numbers="、".join(moved))
    if len(items) < len(seen):
        raise Invalid(_("選んだ案件の中に、扱えないものがあります。選び直してください。"))
    night = service.begin(work, target, RunKind.BY_DAY, opening)
    work.session.add_all(ChosenItem(night_id=night.id, item_id=item.id) for item in items)
    work.ask(JobName.RUN_BY_DAY, night.id)
    work.record(DayRunStarted(night.id, target.id, len(items)))
    watch(work, night)
    return night


def _target(work: Work, target_id: int) -> TargetSystem:
    """Whoever may have its records keyed need not see the system's other pages."""
    wanted = select(TargetSystem).where(TargetSystem.id == target_id).options(joinedload(TargetSystem.credential))
    return one_or_not_there(work.session, wanted)


def _must_be_open(work: Work, target: TargetSystem) -> Opening:
    """Give the hours in which a run by day may go on. Raises Invalid with the reason where none may begin."""
    if not target.by_day:
        raise Invalid(_("この対象システムは、昼の入力に使わないことになっています。夜間の入力が入力します。"))
    if trouble := service.why_not_run(work, target):
        raise Invalid(trouble)
    if keeping.bot_of(work, target) is None:
        raise Invalid(_("公開されているロボットがありません。"))
    opening = stops.opening_of(target, RunKind.BY_DAY, work.now)
    if opening is None:
        opens, closes = f"{target.day_opens:%H:%M}", f"{target.day_closes:%H:%M}"
        raise Invalid(_("昼の入力ができるのは%(opens)s～%(closes)sです。"), opens=opens, closes=closes)
    closes_at = stops.closing_of(work, target, opening)
    if closes_at is None:
        raise Invalid(_("対象システムの停止日です。停止日が終わってから始めてください。"))
    if not may_claim(work.now, closes_at, p95(queries.recent_seconds(work.session, target.id)), target.margin_seconds):
        raise Invalid(_("終わりの時刻が近いため、新しい入力は始められません。夜間の入力に任せてください。"))
    return opening


def _locked(work: Work, ids: Collection[int]) -> Sequence[WorkItem]:
    """Give the items that the person may have keyed, locked in one order."""
    return work.session.scalars(
        visible_items(work.actor, Permission.DAY_RUN)
        .where(among(WorkItem.id, ids))
        .order_by(WorkItem.id)
        .with_for_update(of=WorkItem)
    ).all()
