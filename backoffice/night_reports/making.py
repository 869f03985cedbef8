"""How is a morning's report made? Each night that ended and was not yet reported, by department, frozen in one unit."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import Session, joinedload

from backoffice.automation.alarms.duty import operators
from backoffice.automation.models import ITEMS, ItemMove, Night, TargetSystem, WorkItem
from backoffice.automation.queue.next_models import HandOn
from backoffice.automation.workflow import FINISHED, FOR_PEOPLE, ItemState, RunKind
from backoffice.db.tallies import Tally
from backoffice.identity import Actor, Origin, Role
from backoffice.inbox.desks import holders_of, nearest_holder, role_desk
from backoffice.indicators.models import ConfirmedMinutes
from backoffice.night_reports.events import NightReportMade
from backoffice.night_reports.models import NightReport, NightReportMail, NightReportPart
from backoffice.services import TOKYO
from backoffice.work import Office, Work

HOUSE = Actor.house(Origin.WORKER)
LOOKED_BACK = timedelta(days=7)
"""A worker that stood still for longer tells no old story."""


@dataclass
class Outcome:
    """What came of one department's items in a night."""

    states: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)

    def count(self, states: Iterable[ItemState]) -> int:
        return sum(self.states[state] for state in states)


def tick(office: Office) -> int | None:
    """Make today's report from its hour on, once; give its id where there was something to report."""
    now = office.services.now().astimezone(TOKYO)
    if now.hour < office.settings.night_report_hour:
        return None
    with office.look(HOUSE) as work:
        if _is_made(work.session, now.date()) or not _ended(work):
            return None
    with office.unit(HOUSE) as work:
        return make_report(work)


def make_report(work: Work) -> int:
    """Freeze the nights that ended since the report before, and note who is to be told."""
    report = NightReport(day=work.today, made_at=work.now)
    work.session.add(report)
    work.session.flush()
    nights = _ended(work)
    parts = [part for night in nights for part in _parts(work, report.id, night)]
    work.session.add_all(parts)
    work.session.add_all(_mails(work, report.id, nights, parts))
    work.record(NightReportMade(report.id, len(nights)))
    return report.id


def _is_made(session: Session, day: date) -> bool:
    return session.scalar(select(NightReport.id).where(NightReport.day == day)) is not None


def _ended(work: Work) -> Sequence[Night]:
    reported = exists().where(NightReportPart.night_id == Night.id)
    return work.session.scalars(
        select(Night)
        .where(Night.ended_at >= work.now - LOOKED_BACK, ~reported)
        .options(joinedload(Night.target).joinedload(TargetSystem.department))
        .order_by(Night.id)
    ).all()


def _parts(work: Work, report_id: int, night: Night) -> list[NightReportPart]:
    """Give a part a department; a night that touched nothing is one of its system's department."""
    outcomes = _outcomes(work.session, night.id) or {night.target.department_id: Outcome()}
    waiting = _waiting(work.session, night.target_id)
    for department_id, codes in _handed_on(work.session, night.id).items():
        outcomes.setdefault(department_id, Outcome()).codes.update(codes)
    return [
        NightReportPart(
            report_id=report_id,
            night_id=night.id,
            department_id=department_id,
            done=outcome.count(FINISHED),
            to_decide=outcome.count(FOR_PEOPLE),
            left_waiting=waiting.get(department_id, 0),
            codes=dict(outcome.codes),
            saved_minutes=_saved(work, night, department_id, outcome.count(FINISHED)),
        )
        for department_id, outcome in sorted(outcomes.items())
    ]


def _outcomes(session: Session, night_id: int) -> dict[int, Outcome]:
    """Read the last line that the night wrote on each item's timeline."""
    last = select(func.max(ItemMove.id)).where(ItemMove.night_id == night_id).group_by(ItemMove.item_id)
    rows = session.execute(
        select(WorkItem.department_id, ItemMove.state, ItemMove.code, func.count())
        .join(WorkItem, WorkItem.id == ItemMove.item_id)
        .where(ItemMove.id.in_(last))
        .group_by(WorkItem.department_id, ItemMove.state, ItemMove.code)
    )
    found: dict[int, Outcome] = {}
    for department_id, state, code, count in rows:
        outcome = found.setdefault(department_id, Outcome())
        outcome.states[state] += count
        outcome.codes[code] += count
    return found


def _handed_on(session: Session, night_id: int) -> dict[int, dict[str, int]]:
    """Count, beside what came of the items, those that went on to the next work, and those that could not."""
    code = case((HandOn.waits(), "not_handed_on"), else_="handed_on")
    rows = session.execute(
        select(WorkItem.department_id, code, func.count())
        .join(HandOn, HandOn.item_id == WorkItem.id)
        .where(WorkItem.night_id == night_id)
        .group_by(WorkItem.department_id, code)
    )
    found: dict[int, dict[str, int]] = {}
    for department_id, named, count in rows:
        found.setdefault(department_id, {})[named] = count
    return found


def _waiting(session: Session, target_id: int) -> dict[int, int]:
    waiting = select(Tally.department_id, Tally.amount).where(
        Tally.name == ITEMS, Tally.about_id == target_id, Tally.mark == ItemState.WAITING
    )
    return {department_id: int(amount) for department_id, amount in session.execute(waiting)}


def _saved(work: Work, night: Night, department_id: int, done: int) -> Decimal | None:
    """Give what the items would have taken by hand, by the figure that holds on this day."""
    minutes = work.session.scalar(
        select(ConfirmedMinutes.minutes)
        .where(
            ConfirmedMinutes.department_id == department_id,
            ConfirmedMinutes.procedure == night.target.procedure,
            ConfirmedMinutes.valid_from <= work.today,
        )
        .order_by(ConfirmedMinutes.valid_from.desc())
        .limit(1)
    )
    return None if minutes is None else minutes * done


def _mails(
    work: Work, report_id: int, nights: Sequence[Night], parts: Sequence[NightReportPart]
) -> list[NightReportMail]:
    """Give a row a person: whoever runs the nights of a system, and the heads of the departments concerned."""
    by_id = {night.id: night for night in nights}
    told: dict[int, list[NightReportPart]] = {}
    for part in parts:
        people = set(operators(work.session, by_id[part.night_id].target.department.path, work.today))
        for staff_id in people | _heads(work, part.department_id):
            told.setdefault(staff_id, []).append(part)
    return [
        NightReportMail(
            report_id=report_id,
            staff_id=staff_id,
            nights=len({part.night_id for part in mine if by_id[part.night_id].kind == RunKind.NIGHT}),
            done=sum(part.done for part in mine if by_id[part.night_id].kind == RunKind.NIGHT),
            done_by_day=sum(part.done for part in mine if by_id[part.night_id].kind != RunKind.NIGHT),
            to_decide=sum(part.to_decide for part in mine),
        )
        for staff_id, mine in sorted(told.items())
    ]


def _heads(work: Work, department_id: int) -> set[int]:
    place = nearest_holder(work.session, Role.HEAD, department_id, work.today)
    return {staff_id for staff_id, _name in holders_of(work.session, role_desk(Role.HEAD, place), work.today)}
