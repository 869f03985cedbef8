"""What do the start page and the indicator pages count? Items, people's seconds, what waits."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session, joinedload

from backoffice.automation.models import ITEM_MILLISECONDS, ITEMS_FINISHED, TargetSystem
from backoffice.db.tallies import Tally
from backoffice.identity import Actor, Department, Permission, within
from backoffice.indicators.models import ConfirmedMinutes
from backoffice.indicators.rules import Done, HoursSaved, Validity, hours_saved, validities
from backoffice.intake.models import SHEET_MILLISECONDS


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
    finished = func.coalesce(func.sum(Tally.amount), 0)
    total, *counts = session.execute(
        select(finished, *(_on_days(key, validity) for key, validity in stretches))
        .join_from(Tally, TargetSystem, TargetSystem.id == Tally.about_id)
        .where(Tally.name == ITEMS_FINISHED, within(actor, Permission.INDICATOR_VIEW, Tally.department_id))
    ).one()
    done = [Done(int(items), validity.minutes) for items, (_, validity) in zip(counts, stretches, strict=True)]
    done.append(Done(int(total) - sum(each.items for each in done), None))
    return hours_saved(done, _people_seconds(session, actor))


def headed_departments(session: Session, actor: Actor) -> Sequence[Department]:
    return session.scalars(
        select(Department).where(within(actor, Permission.INDICATOR_CONFIRM, Department.id)).order_by(Department.path)
    ).all()


def _on_days(key: tuple[int, str], validity: Validity) -> ColumnElement[int]:
    department_id, procedure = key
    begins = Tally.mark >= validity.first.isoformat()
    ends = Tally.mark < validity.until.isoformat() if validity.until else true()
    days = and_(Tally.department_id == department_id, TargetSystem.procedure == procedure, begins, ends)
    return func.coalesce(func.sum(Tally.amount).filter(days), 0)


def _people_seconds(session: Session, actor: Actor) -> float:
    """Give people's time on finished work: checking readings, and settling what the bot could not."""
    seen = within(actor, Permission.INDICATOR_VIEW, Tally.department_id)
    measured = select(func.sum(Tally.amount)).where(Tally.name.in_((SHEET_MILLISECONDS, ITEM_MILLISECONDS)), seen)
    return float(session.scalar(measured) or 0) / 1000
