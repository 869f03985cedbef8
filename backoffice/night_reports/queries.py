"""Which reports and which parts of them does a person see?"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from backoffice.automation.models import Night
from backoffice.identity import Actor, Permission, within
from backoffice.night_reports.models import NightReport, NightReportPart


def find_report(session: Session, day: date | None) -> NightReport | None:
    """Give the report of a day, or the newest."""
    wanted = select(NightReport) if day is None else select(NightReport).where(NightReport.day == day)
    return session.scalars(wanted.order_by(NightReport.day.desc()).limit(1)).first()


def beside(session: Session, day: date) -> tuple[date | None, date | None]:
    """Give the days of the reports before and after this one."""
    before: Select[date] = select(NightReport.day).where(NightReport.day < day).order_by(NightReport.day.desc())
    after: Select[date] = select(NightReport.day).where(NightReport.day > day).order_by(NightReport.day)
    return session.scalar(before.limit(1)), session.scalar(after.limit(1))


def parts_of(session: Session, actor: Actor, report_id: int) -> Sequence[NightReportPart]:
    """Give the parts of the departments where the actor may see nights."""
    return session.scalars(
        select(NightReportPart)
        .where(
            NightReportPart.report_id == report_id,
            within(actor, Permission.NIGHT_VIEW, NightReportPart.department_id),
        )
        .options(joinedload(NightReportPart.night).joinedload(Night.target), joinedload(NightReportPart.department))
        .order_by(NightReportPart.night_id, NightReportPart.department_id)
    ).all()
