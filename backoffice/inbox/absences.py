"""When is someone away, and who decides in their stead (代決)?"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select

from backoffice.errors import Invalid, Overtaken
from backoffice.identity import Staff
from backoffice.inbox.events import AbsenceCancelled, AbsenceEntered
from backoffice.inbox.models import Absence
from backoffice.web.translations import _
from backoffice.work import Work

LONGEST_DAYS = 366


@dataclass(frozen=True)
class Away:
    starts: date
    ends: date
    deputy: str
    """An account, or nothing."""


def enter(work: Work, staff_id: int, away: Away) -> Absence:
    """Note an absence. Raises Invalid for days that do not fit or a deputy who cannot be one."""
    today = work.today
    wrong: dict[str, str] = {}
    if away.ends < away.starts:
        wrong["ends"] = _("終わりの日が始まりの日より前です。")
    elif away.ends < today:
        wrong["ends"] = _("もう過ぎた期間です。")
    elif (away.ends - away.starts).days > LONGEST_DAYS:
        wrong["ends"] = _("1年を超える不在は登録できません。")
    deputy = _deputy(work, staff_id, away, wrong)
    if wrong:
        raise Invalid(_("入力を確認してください"), wrong)
    absence = Absence(
        staff_id=staff_id,
        deputy_id=deputy.id if deputy else None,
        starts=away.starts,
        ends=away.ends,
        entered_by_id=work.actor.staff_id,
    )
    work.session.add(absence)
    work.session.flush()
    work.record(AbsenceEntered(absence.id, staff_id, absence.deputy_id))
    return absence


def cancel(work: Work, absence: Absence) -> None:
    """End an absence at once; what was decided in its time stays decided."""
    if absence.cancelled_at is not None:
        raise Overtaken(_("この不在はもう取り消されています。"))
    absence.cancelled_at = work.now
    work.record(AbsenceCancelled(absence.id, absence.staff_id))


def absent_on(day: date) -> Select[Absence]:
    return select(Absence).where(Absence.starts <= day, Absence.ends >= day, Absence.cancelled_at.is_(None))


def _deputy(work: Work, staff_id: int, away: Away, wrong: dict[str, str]) -> Staff | None:
    if not away.deputy.strip():
        return None
    account = away.deputy.strip()
    deputy = work.session.scalars(select(Staff).where(Staff.account == account, Staff.active)).one_or_none()
    if deputy is None or deputy.id == staff_id:
        wrong["deputy"] = _("代理の職員IDを確かめてください。")
        return None
    overlapping = select(Absence.id).where(
        Absence.staff_id == deputy.id,
        Absence.starts <= away.ends,
        Absence.ends >= away.starts,
        Absence.cancelled_at.is_(None),
    )
    if work.session.scalars(overlapping.limit(1)).first() is not None:
        wrong["deputy"] = _("代理の職員もこの期間に不在です。")
    return deputy
