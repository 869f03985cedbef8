"""How does an alarm reach a machine, where the settings name one? Posted once, ids and an address, nobody's data."""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from backoffice.automation.alarms.models import NightAlarm
from backoffice.automation.alarms.troubles import SENTENCES
from backoffice.automation.events import NightAlarmCalled
from backoffice.carriers.machine_call import Call, Webhook
from backoffice.identity import Actor, Origin
from backoffice.work import Office, Work

HOUSE = Actor.house(Origin.WORKER)
AT_ONCE = 20
FIRST_PAUSE, LONGEST_PAUSE, DOUBLINGS = timedelta(minutes=1), timedelta(minutes=30), 5
NO_LONGER = timedelta(hours=12)
"""What could not be told by then, people have long seen."""
SCHEMA = 1

log = structlog.get_logger("gijo.nights")


@dataclass(frozen=True)
class Message:
    alarm_id: int
    key: str
    body: dict[str, object]


def tick(office: Office) -> int:
    """Post what was not posted yet, and give how many were taken."""
    if not office.settings.alarm_webhook:
        return 0
    with office.look(HOUSE) as work:
        waiting = _waiting(work)
    webhook = Webhook(office.settings.alarm_webhook)
    return sum(_call(office, webhook, each) for each in waiting)


def _call(office: Office, webhook: Webhook, message: Message) -> bool:
    """Call once, noted before: a worker that dies in between calls no second time."""
    with office.unit(HOUSE) as work:
        alarm = _row(work, message.alarm_id)
        if alarm.called_at is not None:
            return False
        alarm.called_at = work.now
    came = webhook.post(message.body, message.key)
    with office.unit(HOUSE) as work:
        alarm = _row(work, message.alarm_id)
        if came is Call.REFUSED:
            log.error("alarm not taken", record_id=alarm.id)
            alarm.called_at = None
            alarm.next_at = work.now + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(alarm.tries, DOUBLINGS))
            alarm.tries += 1
        else:
            work.record(NightAlarmCalled(alarm.night_id, alarm.cause, str(came)))
    return came is Call.TAKEN


def _waiting(work: Work) -> list[Message]:
    house = work.office.settings.public_address.rstrip("/")
    rows = work.session.scalars(
        select(NightAlarm)
        .where(
            NightAlarm.called_at.is_(None),
            or_(NightAlarm.next_at.is_(None), NightAlarm.next_at <= work.now),
            NightAlarm.at > work.now - NO_LONGER,
        )
        .options(joinedload(NightAlarm.night))
        .order_by(NightAlarm.id)
        .limit(AT_ONCE)
    )
    return [_message(alarm, house) for alarm in rows]


def _message(alarm: NightAlarm, house: str) -> Message:
    body: dict[str, object] = {
        "schema": SCHEMA,
        "alarm": alarm.cause,
        "night_id": alarm.night_id,
        "target_id": alarm.night.target_id,
        "at": alarm.at.isoformat(),
        "text": SENTENCES[alarm.cause],
        "address": f"{house}/nights/{alarm.night_id}",
    }
    return Message(alarm.id, f"night-{alarm.night_id}-{alarm.cause}", body)


def _row(work: Work, alarm_id: int) -> NightAlarm:
    return work.session.get_one(NightAlarm, alarm_id, with_for_update=True, populate_existing=True)
