"""What do people type about target systems and records, and when is it refused?"""

from datetime import time
from typing import Annotated

from fastapi import Form
from pydantic import BaseModel

from backoffice.automation.service import Look
from backoffice.automation.systems.targets import TargetSettings
from backoffice.errors import Invalid
from backoffice.web.forms_in import number_typed, whole_number
from backoffice.web.translations import _

NAME_LIMIT = 100
LONGEST_SECONDS = 24 * 60 * 60
LONGEST_DUE_DAYS = 366
OFFICE_OPENS, OFFICE_CLOSES, POLITE_SECONDS = time(9), time(17), 10


class TargetForm(BaseModel):
    name: str = ""
    url: str = ""
    procedure: str = ""
    department: int = 0
    opens: str = ""
    closes: str = ""
    margin_seconds: str = ""
    late_commit_seconds: str = ""
    pictures: str = ""
    due_days: str = ""
    by_day: str = ""
    day_opens: str = ""
    day_closes: str = ""
    pace_seconds: str = ""
    version: int = 0


class CredentialForm(BaseModel):
    account: str = ""
    password: str = ""
    expires_on: str = ""


class NextPasswordForm(BaseModel):
    next_password: str = ""
    next_begins_on: str = ""
    next_expires_on: str = ""


class SettleForm(BaseModel):
    receipt: str = ""
    reason: str = ""
    version: int = 0
    opened_at: float = 0.0

    @property
    def look(self) -> Look:
        return Look(self.version, self.opened_at)


TargetInput = Annotated[TargetForm, Form()]
CredentialInput = Annotated[CredentialForm, Form()]
NextPasswordInput = Annotated[NextPasswordForm, Form()]
SettleInput = Annotated[SettleForm, Form()]


def read_target(form: TargetForm) -> TargetSettings:
    """Read the settings of a target system. Raises Invalid with a message a field."""
    wrong: dict[str, str] = {}
    name = form.name.strip()
    if not name or len(name) > NAME_LIMIT:
        wrong["name"] = _("名称を入れてください(100文字まで)。")
    times = {key: _time(typed) for key, typed in _times_in(form)}
    wrong |= {key: _("時刻を 22:00 の形で入れてください。") for key, read in times.items() if read is None}
    numbers = {
        key: _seconds(typed)
        for key, typed in (
            ("margin_seconds", form.margin_seconds),
            ("late_commit_seconds", form.late_commit_seconds),
            ("pace_seconds", form.pace_seconds or str(POLITE_SECONDS)),
        )
    }
    wrong |= {key: _("秒数を0から86400までの整数で入れてください。") for key, read in numbers.items() if read is None}
    due_days = None
    try:
        due_days = read_due_days(form.due_days)
    except Invalid as refusal:
        wrong |= refusal.fields
    if wrong:
        raise Invalid(_("入力を確認してください"), wrong)
    return TargetSettings(
        name=name,
        url=form.url.strip(),
        opens=times["opens"] or time(0),
        closes=times["closes"] or time(0),
        margin_seconds=numbers["margin_seconds"] or 0,
        late_commit_seconds=numbers["late_commit_seconds"] or 0,
        pictures=form.pictures == "on",
        due_days=due_days,
        by_day=form.by_day == "on",
        day_opens=times["day_opens"] or time(0),
        day_closes=times["day_closes"] or time(0),
        pace_seconds=numbers["pace_seconds"] or 0,
    )


def _times_in(form: TargetForm) -> list[tuple[str, str]]:
    """By day the usual hours of the office, unless others are typed."""
    return [
        ("opens", form.opens),
        ("closes", form.closes),
        ("day_opens", form.day_opens or f"{OFFICE_OPENS:%H:%M}"),
        ("day_closes", form.day_closes or f"{OFFICE_CLOSES:%H:%M}"),
    ]


def read_due_days(typed: str) -> int | None:
    """Read within how many days an item is due; None for an empty field. Raises Invalid naming it."""
    if not typed.strip():
        return None
    days = number_typed(typed)
    if days is None or days > LONGEST_DUE_DAYS:
        message = _("日数を0から366までの整数で入れてください。空にすると、期限なしです。")
        raise Invalid(_("入力を確認してください"), {"due_days": message})
    return days


def _time(typed: str) -> time | None:
    hours, colon, minutes = typed.strip().partition(":")
    try:
        return time(int(hours), int(minutes)) if colon else None
    except ValueError:
        return None


def _seconds(typed: str) -> int | None:
    seconds = whole_number(typed.strip())
    return seconds if seconds is not None and seconds <= LONGEST_SECONDS else None
