"""What do people do about nights? Start and stop them, settle what awaits people, open them again after a restore."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from backoffice.automation import keeping, queries
from backoffice.automation.events import (
    ItemCancelled,
    ItemPutBack,
    ItemsDoubted,
    ItemSettledByHand,
    NightsReopened,
    NightStarted,
    NightStopAsked,
)
from backoffice.automation.leasing import may_be_given_up
from backoffice.automation.models import Night, TargetSystem, WorkItem
from backoffice.automation.queue import following, next_work
from backoffice.automation.systems import stops
from backoffice.automation.systems.credentials import set_credential, turn_over
from backoffice.automation.systems.targets import add_target, change_target
from backoffice.automation.taken import printing
from backoffice.automation.timeline import move
from backoffice.automation.workflow import HANDED_OVER, ItemState, NightState, RunKind, WhyEnded
from backoffice.errors import Invalid, Overtaken
from backoffice.identity import Actor, Permission
from backoffice.jobs import JobName
from backoffice.recordings.models import BotVersion
from backoffice.recordings.service import digest_of
from backoffice.web.free_text import reason_given
from backoffice.web.translations import _
from backoffice.work import Office, Work
from rpa_bots.target import reconcile_not_before
from rpa_bots.window import Opening

__all__ = [
    "add_target",
    "ask_stop",
    "call_keyed",
    "cancel",
    "change_target",
    "doubt_all",
    "end_abandoned",
    "is_paused",
    "may_settle",
    "put_back",
    "reopen_nights",
    "set_credential",
    "start_night",
    "why_not_again",
    "why_not_cancel",
]

RECEIPT_LIMIT = 40
STANDING = ("state", "version")
UNDER_WAY = {
    RunKind.NIGHT: _("この対象システムの夜間入力はもう動いています。"),
    RunKind.BY_DAY: _(
        "この対象システムでは、選んだ案件の入力が動いています。終わるのを待つか、止めてから始めてください。"
    ),
    RunKind.TRIAL: _(
        "この対象システムでは、公開前のロボットを試しています。終わるのを待つか、止めてから始めてください。"
    ),
}
LONGEST_LOOK = timedelta(minutes=30)
"""A page that stays open longer was a break, not work."""
SETTLED_BY_PEOPLE = frozenset({ItemState.EXCEPTION, ItemState.FAILED, ItemState.UNKNOWN})
MAY_BE_CANCELLED = frozenset({ItemState.WAITING, ItemState.EXCEPTION, ItemState.FAILED})


def start_night(work: Work, target_id: int) -> Night:
    """Start a night over a system's waiting records; a worker takes it up. Raises Invalid with the reason."""
    target = queries.find_target(work.session, work.actor, target_id, Permission.NIGHT_RUN)
    lock_target(work, target)
    trouble = why_not_run(work, target) or _why_no_bot(work, target) or _why_nothing_to_do(work, target)
    if trouble:
        raise Invalid(trouble)
    opening = stops.opening_of(target, RunKind.NIGHT, work.now)
    if opening is None:
        raise Invalid(
            _("いまは稼働時間(%(opens)s～%(closes)s)の外です。"),
            opens=f"{target.opens:%H:%M}",
            closes=f"{target.closes:%H:%M}",
        )
    night = begin(work, target, RunKind.NIGHT, opening)
    work.ask(JobName.RUN_NIGHT, night.id)
    work.record(NightStarted(night.id, target.id))
    return night


def lock_target(work: Work, target: TargetSystem) -> None:
    """Let no two start at once at a system (with its credential); its next password takes over where its noon has come.

    On PostgreSQL they wait here for one another; on SQLite the unit itself is alone.
    """
    work.session.scalars(select(TargetSystem.id).where(TargetSystem.id == target.id).with_for_update()).one()
    turn_over(work, target)


def begin(work: Work, target: TargetSystem, kind: RunKind, opening: Opening, tried: BotVersion | None = None) -> Night:
    """Put a run into the tables that may go on as long as its opening and the service last. Raises Invalid.

    `tried`: the version of a trial; what is mended of it afterwards is not run.
    """
    closes_at = stops.closing_of(work, target, opening)
    if closes_at is None:
        raise Invalid(_("対象システムの停止日です。停止日が終わってから始めてください。"))
    night = Night(
        target_id=target.id,
        kind=kind,
        version_id=tried.id if tried else None,
        tried=digest_of(tried) if tried else "",
        state=NightState.RUNNING,
        started_at=work.now,
        started_by_id=work.actor.staff_id,
        closes_at=closes_at,
    )
    work.session.add(night)
    work.session.flush()
    return night


def why_not_run(work: Work, target: TargetSystem) -> str | None:
    """Say why no run of any kind may begin at a system now; None where one may: one account, one at a time."""
    if is_paused(work.office):
        return _("復元のあとのため、夜間の入力は休止しています。先に再開してください。")
    if target.credential is None:
        return _("対象システムのアカウントとパスワードが登録されていません。")
    if target.credential.locked_cause:
        return _("対象システムがサインインを断ったため、新しいパスワードの登録を待っています。")
    under_way = queries.open_night(work.session, target.id)
    if under_way is not None:
        return UNDER_WAY[RunKind(under_way.kind)]
    if queries.is_rehearsed(work.session, target, work.now):
        return _("この対象システムではロボットの練習をしています。終わってから始めてください。")
    return None


def _why_no_bot(work: Work, target: TargetSystem) -> str | None:
    return None if keeping.bot_of(work, target) else _("公開されているロボットがありません。")


def _why_nothing_to_do(work: Work, target: TargetSystem) -> str | None:
    if keeping.has_to_do(work.session, target.id) or following.is_coming(work.session, target.id):
        return None
    if queries.has_held(work.session, target.id):
        return _("前の仕事が済むのを待つ案件だけです。前の仕事を先に片付けてください。")
    if queries.has_deferred(work.session, target.id):
        return _("今夜の入力を待つ案件はありません。先送りした案件は、その日の夜から入ります。")
    return _("入力を待つ案件はありません。")


def ask_stop(work: Work, night: Night) -> None:
    """Let the night end after the record at hand. Raises Overtaken when it has ended."""
    work.session.refresh(night, STANDING, with_for_update=True)  # its worker ends it
    if night.state == NightState.ENDED:
        raise Overtaken(_("この夜間入力はもう終わっています。"))
    if night.state in {NightState.RUNNING, NightState.PAUSED}:
        night.state, night.stop_asked_by_id = NightState.STOPPING, work.actor.staff_id
        work.record(NightStopAsked(night.id))


def end_abandoned(work: Work, night: Night) -> None:
    """End a night whose worker is gone; what it was registering becomes unknown. Raises Overtaken."""
    if not may_be_given_up(work, night, queries.lease_of_night(work.session, night.id)):
        raise Overtaken(_("担当機がまだこの夜間入力を動かしています。安全に停止してください。"))
    keeping.end(work, night.id, WhyEnded.STOPPED)


def why_not_again(work: Work, night_id: int) -> str | None:
    """Say why a night's job must not be run again from the jobs page, or None (for operations)."""
    if queries.count_unsettled_of_night(work.session, night_id):
        return _("登録中または結果不明の案件があります。結果を確かめてから、夜間の入力の画面で新しく始めてください。")
    if queries.is_night_over(work.session, night_id):
        return _("この夜間入力は終わっています。夜間の入力の画面で新しく始めてください。")
    return None


def why_not_cancel(_work: Work, _night_id: int) -> str | None:
    """Say why a night's job is not cancelled from the jobs page (for operations)."""
    return _("夜間の入力は、その画面の「安全に停止」で止めてください。")


def is_paused(office: Office) -> bool:
    """Say whether nights stay shut after a restore."""
    return office.settings.pause_path.exists()


def reopen_nights(office: Office, actor: Actor) -> None:
    """Let nights be started again after a restore. The trail is written first, then the pause is lifted."""
    with office.unit(actor) as work:
        work.record(NightsReopened())
    office.settings.pause_path.unlink(missing_ok=True)


def doubt_all(work: Work) -> int:
    """Make every record on its way unknown, and give how many: for a restored database, older than the world.

    What waits for a printer is doubtful too.
    """
    on_their_way = WorkItem.state.in_((ItemState.WAITING, ItemState.SUBMITTING))
    waiting = work.session.scalars(select(WorkItem).where(on_their_way)).all()
    for item in waiting:
        move(work, item, ItemState.UNKNOWN, "restored", _("バックアップから復元したため、登録の有無を確かめます。"))
    printing.doubt_all(work)
    if waiting:
        work.record(ItemsDoubted(len(waiting)))
    return len(waiting)


@dataclass(frozen=True)
class Look:
    """What a person had before them when they decided: the record's version, and since when (epoch seconds)."""

    version: int
    opened_at: float


def may_settle(actor: Actor, item: WorkItem) -> bool:
    return actor.reaches(Permission.ITEM_SETTLE, item.department.path)


def may_finish(actor: Actor, item: WorkItem) -> bool:
    """Say whether a person may finish by hand what the bot let go of: no more than having it keyed takes."""
    return is_handed_over(item) and actor.reaches(Permission.DAY_RUN, item.department.path)


def is_handed_over(item: WorkItem) -> bool:
    return item.state == ItemState.EXCEPTION and item.outcome == HANDED_OVER


def must_be_handed_over(item: WorkItem) -> None:
    """Raise Overtaken where a bot has not let go of the item, or somebody has settled it since."""
    if not is_handed_over(item):
        raise Overtaken(_("ほかの職員が先に変更しました。最新の内容を確認してください。"))


def call_keyed(work: Work, item: WorkItem, look: Look, receipt: str) -> None:
    """Settle a record that a person found, or keyed, in the target. Raises Invalid without its receipt."""
    _must_be_as_seen(item, look)
    receipt = receipt.strip()
    if not receipt or len(receipt) > RECEIPT_LIMIT:
        message = _("対象システムの登録番号を入れてください(40文字まで)。")
        raise Invalid(message, {"receipt": message})
    _settle(work, item, look, ItemState.DONE, "by_hand")
    item.receipt = receipt
    work.record(ItemSettledByHand(item.id))
    next_work.hand_on(work, item)


def put_back(work: Work, item: WorkItem, look: Look) -> None:
    """Let a night try a record again. Raises Invalid for an unknown one before its late-commit time is over."""
    _must_be_as_seen(item, look)
    if item.state == ItemState.UNKNOWN and item.unknown_at is not None:
        sure_at = reconcile_not_before(item.unknown_at, item.target.late_commit_seconds)
        if work.now < sure_at:
            raise Invalid(_("対象システムがまだ登録するかもしれません。しばらく待ってから確かめてください。"))
    _settle(work, item, look, ItemState.WAITING, "put_back")
    item.tries = 0
    work.record(ItemPutBack(item.id))


def cancel(work: Work, item: WorkItem, look: Look, reason: str) -> None:
    """Take a record out for good. Raises Invalid without a reason."""
    _must_be_as_seen(item, look)
    reason = reason_given(reason, "reason")
    if item.state not in MAY_BE_CANCELLED:
        raise Overtaken(_("この案件は取り消せません。"))
    _settle(work, item, look, ItemState.CANCELLED, "cancelled", reason)
    work.record(ItemCancelled(item.id))


def _must_be_as_seen(item: WorkItem, look: Look) -> None:
    if item.version != look.version:
        raise Overtaken(_("ほかの職員が先に変更しました。最新の内容を確認してください。"))


def _settle(work: Work, item: WorkItem, look: Look, to: ItemState, code: str, reason: str = "") -> None:
    if item.state in SETTLED_BY_PEOPLE:
        looked_for = work.now.timestamp() - look.opened_at
        item.exception_seconds += min(max(looked_for, 0.0), LONGEST_LOOK.total_seconds())
        item.settled_by_id = work.actor.staff_id if to is ItemState.DONE else None
    move(work, item, to, code, reason)
