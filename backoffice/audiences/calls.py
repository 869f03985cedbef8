"""What does a department know of the calls that its notices bring, and what do its telephones answer?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backoffice.audiences import service
from backoffice.audiences.call_models import CallCapacity, CallRecord
from backoffice.audiences.events import CallCapacityEntered, CallsEntered
from backoffice.errors import Invalid, Overtaken
from backoffice.programs.models import Program
from backoffice.web.forms_in import number_typed, read_day
from backoffice.web.translations import _
from backoffice.work import Work
from workflows.notices.calls import Experience
from workflows.rules.facts import WARDS

MOST = 10_000_000
FROM_NOTHING, FROM_ONE = _("0以上の数字で入れてください。"), _("1以上の数字で入れてください。")
RECORDS_SHOWN = 50


@dataclass(frozen=True)
class Capacity:
    """Calls a day; None where nothing was entered."""

    everywhere: int | None
    wards: Mapping[str, int]
    seen: int = 0
    """Which state of the row this is."""


def records_of(session: Session, program_id: int) -> Sequence[CallRecord]:
    """Give what is known of a program's earlier notices, the newest first."""
    return session.scalars(
        select(CallRecord)
        .where(CallRecord.program_id == program_id)
        .options(joinedload(CallRecord.entered_by))
        .order_by(CallRecord.told_on.desc(), CallRecord.id.desc())
        .limit(RECORDS_SHOWN)
    ).all()


def experience_of(session: Session, program_id: int) -> list[Experience]:
    return [Experience(each.notices, each.calls) for each in records_of(session, program_id)]


def capacity_of(session: Session, department_id: int) -> Capacity:
    row = _row_of(session, department_id)
    return Capacity(None, {}) if row is None else Capacity(row.a_day["all"], row.a_day["wards"], row.version)


def enter_record(work: Work, program: Program, typed: Mapping[str, str]) -> None:
    """Note how many called after a sending. Raises NotPermitted, Invalid."""
    service.must_prepare(work, program)
    told_on, wrong = _day(work, typed)
    notices, calls = _number(typed, "notices", 1, wrong), _number(typed, "calls", 0, wrong)
    if notices is None or calls is None or told_on is None or wrong:
        raise Invalid(service.WRONG, wrong)
    record = CallRecord(
        program_id=program.id,
        told_on=told_on,
        notices=notices,
        calls=calls,
        entered_by_id=work.actor.staff_id,
        entered_at=work.now,
    )
    work.session.add(record)
    work.record(CallsEntered(program.id, notices, calls))


def enter_capacity(work: Work, program: Program, seen: int, typed: Mapping[str, str]) -> None:
    """Note what a program's department answers a day. Raises NotPermitted, Overtaken, Invalid."""
    service.must_prepare(work, program)
    wrong: dict[str, str] = {}
    everywhere = _or_nothing(typed, "all", wrong)
    wards = {ward.code: most for ward in WARDS if (most := _or_nothing(typed, f"ward-{ward.code}", wrong)) is not None}
    if wrong:
        raise Invalid(service.WRONG, wrong)
    a_day: dict[str, Any] = {"schema": 1, "all": everywhere, "wards": wards}
    row = _row_of(work.session, program.department_id)
    if (0 if row is None else row.version) != seen:
        raise Overtaken(_("ほかの職員が先に変更しました。最新の内容を確認してください。"))
    if row is None:
        work.session.add(CallCapacity(department_id=program.department_id, a_day=a_day))
    else:
        row.a_day = a_day
    work.record(CallCapacityEntered(program.department_id))


def _row_of(session: Session, department_id: int) -> CallCapacity | None:
    return session.scalars(select(CallCapacity).where(CallCapacity.department_id == department_id)).one_or_none()


def _day(work: Work, typed: Mapping[str, str]) -> tuple[date | None, dict[str, str]]:
    try:
        told_on = read_day(typed, "told_on")
    except Invalid as refusal:
        return None, dict(refusal.fields)
    return told_on, {"told_on": _("今日までの日を入れてください。")} if told_on > work.today else {}


def _number(typed: Mapping[str, str], field: str, least: int, wrong: dict[str, str]) -> int | None:
    number = number_typed(typed.get(field, ""))
    if number is None or not least <= number <= MOST:
        wrong[field] = FROM_ONE if least else FROM_NOTHING
        return None
    return number


def _or_nothing(typed: Mapping[str, str], field: str, wrong: dict[str, str]) -> int | None:
    return _number(typed, field, 0, wrong) if typed.get(field, "").strip() else None
