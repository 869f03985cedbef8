"""How is a target system registered and changed?"""

from dataclasses import dataclass
from datetime import time

from backoffice.automation import queries
from backoffice.automation.events import CredentialDropped, TargetAdded, TargetChanged
from backoffice.automation.models import TargetSystem
from backoffice.automation.queue.queueing import queue_settled_sheets
from backoffice.errors import Invalid
from backoffice.web.translations import _
from backoffice.work import Work
from rpa_bots.target import origin_of


@dataclass(frozen=True)
class TargetSettings:
    """What may be set about a target system; times are Asia/Tokyo."""

    name: str
    url: str
    opens: time
    closes: time
    margin_seconds: int
    late_commit_seconds: int
    pictures: bool
    due_days: int | None = None
    """So many days after it was queued an item is due; None: no deadline."""
    by_day: bool = False
    day_opens: time = time(9)
    day_closes: time = time(17)
    pace_seconds: int = 10
    """By day the system rests so long between two records."""


def add_target(work: Work, procedure: str, settings: TargetSettings, department_id: int) -> TargetSystem:
    """Register a system for the records of a form, and queue the sheets settled so far. Raises Invalid."""
    if queries.target_of_procedure(work.session, procedure) is not None:
        message = _("この様式の対象システムは登録されています。")
        raise Invalid(message, {"procedure": message})
    _check_url(settings.url)
    target = TargetSystem(procedure=procedure, department_id=department_id, created_at=work.now, credential=None)
    _put(target, settings)
    work.session.add(target)
    work.session.flush()
    work.record(TargetAdded(target.id))
    queue_settled_sheets(work, target)
    return target


def change_target(work: Work, target: TargetSystem, settings: TargetSettings) -> None:
    """Change a system (with its credential). Raises Invalid, also while a night runs.

    Another address means another machine: the account is forgotten, so that its password is never typed elsewhere.
    """
    _check_url(settings.url)
    if queries.open_night(work.session, target.id) is not None:
        raise Invalid(_("夜間の入力が動いている間は変えられません。"))
    moved = origin_of(settings.url) != origin_of(target.url)
    _put(target, settings)
    if moved and target.credential is not None:
        work.session.delete(target.credential)
        work.session.flush()
        target.credential = None
        work.record(CredentialDropped(target.id))
    work.record(TargetChanged(target.id))


def settings_of(target: TargetSystem) -> TargetSettings:
    """Give the settings as they are, to be changed with `dataclasses.replace`."""
    return TargetSettings(
        name=target.name,
        url=target.url,
        opens=target.opens,
        closes=target.closes,
        margin_seconds=target.margin_seconds,
        late_commit_seconds=target.late_commit_seconds,
        pictures=target.pictures,
        due_days=target.due_days,
        by_day=target.by_day,
        day_opens=target.day_opens,
        day_closes=target.day_closes,
        pace_seconds=target.pace_seconds,
    )


def _put(target: TargetSystem, settings: TargetSettings) -> None:
    target.name, target.url, target.pictures = settings.name, settings.url, settings.pictures
    target.opens, target.closes = settings.opens, settings.closes
    target.margin_seconds, target.late_commit_seconds = settings.margin_seconds, settings.late_commit_seconds
    target.due_days = settings.due_days
    target.by_day, target.pace_seconds = settings.by_day, settings.pace_seconds
    target.day_opens, target.day_closes = settings.day_opens, settings.day_closes


def _check_url(url: str) -> None:
    try:
        origin_of(url)
    except ValueError as wrong:
        message = _("URLを http:// または https:// で始まる形で入れてください。")
        raise Invalid(message, {"url": message}) from wrong
