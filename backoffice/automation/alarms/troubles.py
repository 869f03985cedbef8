"""Of which troubles of a night do those on duty hear at once? How it ended, and that it stands still while it runs.

Each cause is told once a night. That it stands still is over when it moves again; the rest when the night ends well or
the next one begins: a worker that is gone is worth a look also where another has taken the night over.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backoffice.automation import queries
from backoffice.automation.alarms.duty import on_duty
from backoffice.automation.alarms.models import NightAlarm
from backoffice.automation.events import (
    CredentialLocked,
    CredentialSet,
    DayRunStarted,
    NightAlarmed,
    NightEnded,
    NightLeftAlone,
    NightStarted,
    PasswordTurnedOver,
    TrialStarted,
)
from backoffice.automation.leasing import is_left_alone, waits_for_a_worker
from backoffice.automation.models import ItemMove, Night, TargetSystem
from backoffice.automation.queue import following
from backoffice.automation.workflow import NightState, WhyEnded
from backoffice.identity import Actor, Origin
from backoffice.inbox import alerting
from backoffice.inbox.alerting import About
from backoffice.web.translations import _
from backoffice.work import Office, Work

HOUSE = Actor.house(Origin.WORKER)
SUBJECT = "night"
"""As an alert calls the night that it is about."""
ACCOUNT = "target_account"
"""As an alert calls a system whose account was locked by no night."""
LOCKED_OUT = _(
    "対象システムがサインインを断ったため、アカウントを使うのをやめました。夜間の入力は始められません。対象システムで確かめ、新しいパスワードを入れてください。"
)
STALLED, WORKER_GONE = "stalled", "worker_gone"
SENTENCES: Mapping[str, str] = {
    WhyEnded.SIGN_IN_REFUSED: _(
        "対象システムがサインインを断ったため、入力が終わりました。対象システムで確かめ、新しいパスワードを入れてください。"
    ),
    WhyEnded.PASSWORD_EXPIRED: _(
        "対象システムのパスワードの期限が切れたため、入力が終わりました。新しいパスワードを入れてください。"
    ),
    WhyEnded.TARGET_DOWN: _(
        "対象システムが続けて応答しなかったため、入力が終わりました。対象システムを確かめてから、始め直してください。"
    ),
    WhyEnded.NO_BROWSER: _(
        "担当機でブラウザーを起動できなかったため、入力が終わりました。情報システム担当に知らせてください。"
    ),
    WhyEnded.NO_BOT: _("公開されているロボットがないため、入力が終わりました。ロボットの公開を確かめてください。"),
    WhyEnded.FAULT: _("システムの不具合で、入力が終わりました。情報システム担当に知らせてください。"),
    STALLED: _("入力が、しばらく1件も進んでいません。画面を開いて確かめてください。"),
    WORKER_GONE: _("入力の担当機が応答しません。担当機を確かめ、戻らないときは画面から終えてください。"),
}
"""By cause: why a night ended, or what is seen of it while it runs."""


def follow_ending(work: Work, event: NightEnded) -> None:
    """Alarm people where a night ended badly; otherwise what was told of it is over."""
    night = _locked(work, event.night_id)
    if event.why in SENTENCES:
        _alarm(work, night, event.why)
    else:
        _all_clear(work, night.id, tuple(SENTENCES))


def follow_left_alone(work: Work, event: NightLeftAlone) -> None:
    """Tell people of the worker that is gone, though the night goes on at another."""
    _alarm(work, _locked(work, event.night_id), WORKER_GONE)


def follow_start(work: Work, event: NightStarted | DayRunStarted | TrialStarted) -> None:
    """Take the troubles of the system's nights before out of the in-trays: somebody has seen to them."""
    open_alarms = select(NightAlarm.night_id).join(NightAlarm.night)
    before = open_alarms.where(Night.target_id == event.target_id, NightAlarm.over_at.is_(None)).distinct()
    for night_id in work.session.scalars(before).all():
        _all_clear(work, night_id, tuple(SENTENCES))


def follow_lock(work: Work, event: CredentialLocked) -> None:
    """Tell people of an account that a rehearsal found locked; a night tells its own end."""
    if queries.open_night(work.session, event.target_id) is not None:
        return
    wanted = select(TargetSystem).where(TargetSystem.id == event.target_id)
    target = work.session.scalars(
        wanted.options(joinedload(TargetSystem.department)).with_for_update(of=TargetSystem)
    ).one()
    alerting.tell(work, About(ACCOUNT, target.id, target.name), LOCKED_OUT, on_duty(work, target))


def follow_password(work: Work, event: CredentialSet | PasswordTurnedOver) -> None:
    """A new password lets everybody in again."""
    alerting.end(work, ACCOUNT, event.target_id)


def tick(office: Office) -> int:
    """Look at each night that runs, and give how many stand still."""
    with office.look(HOUSE) as work:
        running = select(Night).where(Night.state != NightState.ENDED).options(joinedload(Night.target))
        causes = {night.id: _cause(work, night) for night in work.session.scalars(running.order_by(Night.id))}
        alarms = select(NightAlarm).where(NightAlarm.night_id.in_(causes))
        known = {(alarm.night_id, alarm.cause): alarm.over_at is None for alarm in work.session.scalars(alarms)}
    for night_id, cause in causes.items():
        moves_again = cause is None and known.get((night_id, STALLED), False)
        if moves_again or (cause is not None and (night_id, cause) not in known):
            _look_again(office, night_id)
    return sum(cause is not None for cause in causes.values())


def _look_again(office: Office, night_id: int) -> None:
    with office.unit(HOUSE) as work:
        night = _locked(work, night_id)
        if night.state == NightState.ENDED:
            return
        cause = _cause(work, night)
        if cause is None:
            _all_clear(work, night.id, (STALLED,))
        else:
            _alarm(work, night, cause)


def _cause(work: Work, night: Night) -> str | None:
    lease = queries.lease_of_night(work.session, night.id)
    if lease is not None and is_left_alone(work, night, lease):  # a night that still waits has nobody to lose
        return WORKER_GONE
    if lease is None and waits_for_a_worker(work, night):
        return None
    has_one_at_hand = lease is not None and lease.item_id is not None
    if not has_one_at_hand and following.is_coming(work.session, night.target_id):
        return None  # it waits for a run elsewhere, which is looked at itself
    patience = timedelta(minutes=work.office.settings.night_stall_minutes, seconds=night.target.late_commit_seconds)
    return STALLED if _moved_last(work, night) + patience <= work.now else None


def _moved_last(work: Work, night: Night) -> datetime:
    last = select(ItemMove.at).where(ItemMove.night_id == night.id).order_by(ItemMove.id.desc()).limit(1)
    return work.session.scalar(last) or night.started_at


def _alarm(work: Work, night: Night, cause: str) -> None:
    known = select(NightAlarm.id).where(NightAlarm.night_id == night.id, NightAlarm.cause == cause)
    if work.session.scalar(known) is not None:
        return
    work.session.add(NightAlarm(night_id=night.id, cause=cause, at=work.now))
    alerting.end(work, SUBJECT, night.id)
    alerting.tell(work, About(SUBJECT, night.id, night.target.name), SENTENCES[cause], on_duty(work, night.target))
    work.record(NightAlarmed(night.id, cause))


def _all_clear(work: Work, night_id: int, causes: Collection[str]) -> None:
    told = select(NightAlarm).where(
        NightAlarm.night_id == night_id, NightAlarm.over_at.is_(None), NightAlarm.cause.in_(causes)
    )
    open_alarms = work.session.scalars(told).all()
    for alarm in open_alarms:
        alarm.over_at = work.now
    if open_alarms:
        alerting.end(work, SUBJECT, night_id)


def _locked(work: Work, night_id: int) -> Night:
    return work.session.scalars(
        select(Night)
        .where(Night.id == night_id)
        .options(joinedload(Night.target).joinedload(TargetSystem.department))
        .with_for_update(of=Night)
    ).one()
