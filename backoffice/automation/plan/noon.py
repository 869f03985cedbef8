"""Who hears at noon that tonight will not do? Those on duty, while there is time to act: in their in-tray and by mail.

Once a day; a worker that slept looks when it wakes. What was told the day before is over by then, or is told again.
"""

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backoffice.audit import AuditEvent
from backoffice.automation.alarms.duty import on_duty
from backoffice.automation.alarms.troubles import ACCOUNT
from backoffice.automation.events import NightsPlanned
from backoffice.automation.models import TargetSystem
from backoffice.automation.plan.tonight import Tonight, plans
from backoffice.automation.queue.changes import as_number
from backoffice.automation.systems.credentials import is_locked
from backoffice.identity import Actor, Origin
from backoffice.inbox import alerting
from backoffice.inbox.alerting import About
from backoffice.services import TOKYO
from backoffice.web.translations import _
from backoffice.work import Office

HOUSE = Actor.house(Origin.WORKER)
FROM = time(12, 0)
SUBJECT = "target_system"
"""As an alert calls the system that it is about."""
NOT_TONIGHT = _(
    "今夜の稼働時間に、入力待ちの案件がすべては入らない見込みです。今夜の予定を確かめ、優先度を変えるか先送りしてください。"
)
LETS_NOBODY_IN = _(
    "入力待ちの案件がありますが、対象システムのアカウントが使えないため、今夜は始められません。対象システムの設定を開いてください。"
)
TOO_LATE = _("期限に間に合わない見込みの案件があります。今夜の予定を確かめ、優先度を変えるか担当課に知らせてください。")


def tick(office: Office) -> int:
    """Plan the night once a day from noon on; give of how many systems people were told."""
    now = office.services.now()
    if now.astimezone(TOKYO).time() < FROM:
        return 0
    with office.look(HOUSE) as work:
        if _is_planned(work.session, now):
            return 0
    told = 0
    with office.unit(HOUSE) as work:
        with_them = (joinedload(TargetSystem.department), joinedload(TargetSystem.credential))
        every = select(TargetSystem).options(*with_them).order_by(TargetSystem.id)
        targets = work.session.scalars(every.with_for_update(of=TargetSystem)).all()
        if _is_planned(work.session, now):
            return 0  # by another worker, while this one waited for the systems
        for tonight in plans(work, targets):
            alerting.end(work, SUBJECT, tonight.target.id)
            sentence, credential = _sentence(tonight, now), tonight.target.credential
            if sentence == LETS_NOBODY_IN or credential is None or not is_locked(credential, now):
                alerting.end(work, ACCOUNT, tonight.target.id)  # told once more, or over
            if sentence is None:
                continue
            about = About(SUBJECT, tonight.target.id, tonight.target.name)
            alerting.tell(work, about, sentence, on_duty(work, tonight.target))
            told += 1
        work.record(NightsPlanned(as_number(work.today), told))
    return told


def _sentence(tonight: Tonight, now: datetime) -> str | None:
    credential = tonight.target.credential
    if tonight.plan.left and (credential is None or is_locked(credential, now)):
        return LETS_NOBODY_IN
    if not tonight.plan.is_told:
        return None
    return TOO_LATE if tonight.plan.late else NOT_TONIGHT


def _is_planned(session: Session, now: datetime) -> bool:
    midnight = now.astimezone(TOKYO).replace(hour=0, minute=0, second=0, microsecond=0)
    planned = select(AuditEvent.id).where(
        AuditEvent.kind == NightsPlanned.kind, AuditEvent.at >= midnight, AuditEvent.at < midnight + timedelta(days=1)
    )
    return session.scalars(planned.limit(1)).first() is not None
