"""What do the start page and the indicator pages count? Items, people's seconds, what waits."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session, joinedload

from backoffice.automation.models import TargetSystem, WorkItem
from backoffice.identity import Actor, Department, Permission, within
from backoffice.indicators.models import ConfirmedMinutes
from backoffice.indicators.rules import Done, HoursSaved, Validity, hours_saved, validities
from backoffice.intake.models import Sheet
from backoffice.services import TOKYO


def figures_of(session: Session, actor: Actor) -> Sequence[ConfirmedMinutes]:
    """Give all confirmed figures of the departments the actor may see, newest first."""
    return session.scalars(
        select(ConfirmedMinutes)
        .where(within(actor, Permission.INDICATOR_VIEW, ConfirmedMinutes.department_id))
        .options(joinedload(ConfirmedMinutes.department), joinedload(ConfirmedMinutes.confirmed_by))
        .order_by(ConfirmedMinutes.valid_from.desc(), ConfirmedMinutes.id.desc())
    ).all()


def saved(session: Session, actor: Actor, figures: Sequence[ConfirmedMinutes]) -> HoursSaved:
    """Sum what the finished items of the actor's departments saved. One statement, however many figures there are."""
    groups: dict[tuple[int, str], list[tuple[date, Decimal]]] = {}
    for figure in figures:
        groups.setdefault((figure.department_id, figure.procedure), []).append((figure.valid_from, figure.minutes))
    stretches = [(key, validity) for key, dated in groups.items() for validity in validities(dated)]
    columns = [func.count().filter(_within_days(key, validity)) for key, validity in stretches]
    visible = within(actor, Permission.INDICATOR_VIEW, WorkItem.department_id)
    total, *counts = session.execute(
        select(func.count(), *columns)
        .join_from(WorkItem, WorkItem.target)
        .where(visible, WorkItem.finished_at.is_not(None))
    ).one()
    done = [Done(items, validity.minutes) for items, (_, validity) in zip(counts, stretches, strict=True)]
    done.append(Done(total - sum(counts), None))
    return hours_saved(done, _people_seconds(session, actor))


def headed_departments(session: Session, actor: Actor) -> Sequence[Department]:
    return session.scalars(
        select(Department).where(within(actor, Permission.INDICATOR_CONFIRM, Department.id)).order_by(Department.path)
    ).all()


def _within_days(key: tuple[int, str], validity: Validity) -> ColumnElement[bool]:
    department_id, procedure = key
    begins = WorkItem.finished_at >= _midnight(validity.first)
    ends = WorkItem.finished_at < _midnight(validity.until) if validity.until else true()
    return and_(WorkItem.department_id == department_id, TargetSystem.procedure == procedure, begins, ends)


def _people_seconds(session: Session, actor: Actor) -> float:
    """Give people's time on finished work: checking readings, and settling what the bot could not."""
    checking = session.scalar(
        select(func.sum(Sheet.verify_seconds)).where(within(actor, Permission.INDICATOR_VIEW, Sheet.department_id))
    )
    settling = session.scalar(
        select(func.sum(WorkItem.exception_seconds)).where(
            within(actor, Permission.INDICATOR_VIEW, WorkItem.department_id)
        )
    )
    return float(checking or 0) + float(settling or 0)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), TOKYO)
