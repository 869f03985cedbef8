"""How is a version tried before its release? On a few real items, registered one by one, each confirmed by a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from backoffice.automation import queries as automation
from backoffice.automation import service as nights
from backoffice.automation.by_day.models import ChosenItem
from backoffice.automation.events import TrialStarted
from backoffice.automation.models import READY, Night, TargetSystem, WorkItem
from backoffice.automation.queries import visible_items
from backoffice.automation.systems import stops
from backoffice.automation.watch.watching import watch
from backoffice.automation.workflow import FINISHED, WHY_NAMES, RunKind, WhyEnded
from backoffice.errors import Invalid, NotPermitted
from backoffice.identity import Actor, Permission
from backoffice.jobs import JobName
from backoffice.recordings.models import BotVersion
from backoffice.recordings.service import definition_of, recording_of
from backoffice.recordings.workflow import BotState, problems_of
from backoffice.recordings.writing import names_of
from backoffice.rehearsals.workflow import ROWS_AT_MOST
from backoffice.web.translations import _
from backoffice.work import Work

RECENT = 10


@dataclass(frozen=True)
class Trial:
    """A run of a version that was not released: how many were tried, how many of them it registered with proof."""

    night_id: int
    started_at: datetime
    why: str
    count: int
    done: int


def may_try(actor: Actor, version: BotVersion, target: TargetSystem | None) -> bool:
    """Say whether the person may have a version (with the target's department) register real items."""
    waits = version.state == BotState.SUBMITTED
    return waits and target is not None and actor.may(Permission.NIGHT_RUN)


def start(work: Work, version: BotVersion, numbers: Sequence[str]) -> Night:
    """Begin a trial over the waiting items of these numbers. Raises Invalid with the reason, NotPermitted."""
    procedure = automation.target_of_procedure(work.session, version.bot.design.code)
    if procedure is None:
        raise Invalid(_("この様式の対象システムがまだありません。"))
    target = automation.find_target(work.session, work.actor, procedure.id, Permission.NIGHT_RUN)
    if not may_try(work.actor, version, target):
        raise NotPermitted(_("公開前に試せるのは、回議中の版だけです。"))
    nights.lock_target(work, target)
    if trouble := nights.why_not_run(work, target):
        raise Invalid(trouble)
    if problems_of(recording_of(version), names_of(definition_of(work, version))):
        raise Invalid(_("録画が様式に合わなくなりました。"))
    items = _chosen(work, target, list(dict.fromkeys(numbers)))
    opening = stops.opening_of(target, RunKind.TRIAL, work.now)
    if opening is None:
        raise LookupError(target.id)
    night = nights.begin(work, target, RunKind.TRIAL, opening, version)
    work.session.add_all(ChosenItem(night_id=night.id, item_id=item.id) for item in items)
    work.ask(JobName.RUN_BY_DAY, night.id)
    work.record(TrialStarted(night.id, target.id, version.id, len(items)))
    watch(work, night)
    return night


def _chosen(work: Work, target: TargetSystem, numbers: Sequence[str]) -> Sequence[WorkItem]:
    """Give the waiting items, locked in one order. Raises Invalid."""
    if not 0 < len(numbers) <= ROWS_AT_MOST:
        raise Invalid(_("公開前に試す記録を、5件まで選んでください。"), {"numbers": _("5件までにしてください。")})
    wanted = visible_items(work.actor).where(READY, WorkItem.target_id == target.id, WorkItem.reference.in_(numbers))
    items = work.session.scalars(wanted.order_by(WorkItem.id).with_for_update(of=WorkItem)).all()
    if missing := set(numbers) - {item.reference for item in items}:
        message = _("今夜の入力待ちに、この番号はありません: %(numbers)s")
        raise Invalid(message, {"numbers": _("番号を確かめてください。")}, numbers="、".join(sorted(missing)))
    return items


def trials_of(session: Session, version_id: int) -> list[Trial]:
    """Give the last trials of a version, the newest first; what people settled by hand does not count as done."""
    by_it = (WorkItem.night_id == Night.id) & WorkItem.state.in_(FINISHED) & WorkItem.settled_by_id.is_(None)
    rows = session.execute(
        select(Night.id, Night.started_at, Night.why_ended, func.count(), func.sum(case((by_it, 1), else_=0)))
        .join(ChosenItem, ChosenItem.night_id == Night.id)
        .join(WorkItem, WorkItem.id == ChosenItem.item_id)
        .where(Night.version_id == version_id)
        .group_by(Night.id, Night.started_at, Night.why_ended)
        .order_by(Night.id.desc())
        .limit(RECENT)
    )
    return [
        Trial(night_id, at, WHY_NAMES[WhyEnded(why)] if why else "", count, int(done))
        for night_id, at, why, count, done in rows
    ]
