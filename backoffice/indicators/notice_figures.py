"""What do notices come to in a month? Programs that push, notices sent, take-up, and what one take-up cost.

Counts of people are in tens, few are not told (docs/decisions/0004); what is not known is said to be so.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from backoffice.audiences.models import NoticeRun
from backoffice.audiences.moving import MINUTES
from backoffice.db.tallies import Tally
from backoffice.errors import Invalid
from backoffice.identity import Department
from backoffice.programs.models import Program, ProgramVersion
from backoffice.services import TOKYO
from backoffice.settings import Settings
from backoffice.take_up.models import TakeUp
from backoffice.web.translations import _
from backoffice.work import Work
from workflows.rules.disclosure import rounded, told


@dataclass(frozen=True)
class ServiceTarget:
    """How many push services there are to be."""

    label: str
    services: int


SERVICE_TARGETS = (
    ServiceTarget(_("令和4年4月"), 0),
    ServiceTarget(_("令和4年度(目標)"), 10),
    ServiceTarget(_("令和9年度(目標)"), 100),
)
"""行政サービスの情報提供数(サービス件数) by push: where the project began, and its two targets (seed 000)."""


@dataclass(frozen=True)
class ProgramFigures:
    """One program in a month; None is what is not told or not known."""

    number: str
    name: str
    department: str
    sent: int | None
    told: int | None
    took_up: int | None
    yen_per_take_up: int | None


@dataclass(frozen=True)
class MonthFigures:
    """All programs of which notices were sent in a month."""

    month: date
    services: int
    """Programs of which notices have been sent by then."""
    sent: int
    took_up: int
    """Of the programs for which it is told."""
    yen_per_take_up: int | None
    programs: Sequence[ProgramFigures]


def month_given(text: str, today: date) -> date:
    """Give the first day of a month as `2026-11`; the one before today's where nothing is said. Raises Invalid."""
    if not text:
        return (today.replace(day=1) - date.resolution).replace(day=1)
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise Invalid(_("月は 2026-11 の形で入れてください。")) from None


def figures_of(work: Work, month: date) -> MonthFigures:
    """Count a month. Four statements, however many runs there are."""
    first, until = _begins(month), _begins(_following(month))
    rows = _runs(work.session, _sent_by_run(work.session, first, until), first, until)
    programs = _by_program(rows, work.office.settings)
    counted = [each for each in programs if each.took_up is not None]
    costs = [each for each in counted if each.yen_per_take_up is not None and each.took_up]
    people = sum(each.took_up or 0 for each in costs)
    yen = sum((each.yen_per_take_up or 0) * (each.took_up or 0) for each in costs)
    return MonthFigures(
        month=month,
        services=_services(work.session, until),
        sent=rounded(sum(sent for _row, sent in rows)),
        took_up=sum(each.took_up or 0 for each in counted),
        yen_per_take_up=round(yen / people) if people else None,
        programs=programs,
    )


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), TOKYO)


def _following(month: date) -> date:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def _services(session: Session, until: datetime) -> int:
    begun = select(func.count(func.distinct(NoticeRun.program_id))).where(NoticeRun.began_at < until)
    return session.scalar(begun) or 0


def _sent_by_run(session: Session, first: datetime, until: datetime) -> Mapping[int, int]:
    """Give how many messages servers took, by run."""
    marks = [each.astimezone(UTC).strftime("%Y-%m-%dT%H:%M") for each in (first, until)]
    rows = session.execute(
        select(Tally.about_id, func.sum(Tally.amount))
        .where(Tally.name == MINUTES, Tally.mark >= marks[0], Tally.mark < marks[1])
        .group_by(Tally.about_id)
    )
    return {run_id: int(amount) for run_id, amount in rows if amount}


def _runs(session: Session, sent: Mapping[int, int], first: datetime, until: datetime) -> Sequence[tuple[Any, int]]:
    """Give the runs that sent in a month, or began in it, each with how many it sent."""
    began = and_(NoticeRun.began_at >= first, NoticeRun.began_at < until)
    rows = session.execute(
        select(NoticeRun, Program.number, ProgramVersion.name, Department.name.label("department"), TakeUp.counts)
        .join(Program, Program.id == NoticeRun.program_id)
        .join(ProgramVersion, ProgramVersion.id == NoticeRun.program_version_id)
        .join(Department, Department.id == Program.department_id)
        .outerjoin(TakeUp, and_(TakeUp.run_id == NoticeRun.id, TakeUp.trouble == ""))
        .where(or_(began, NoticeRun.id.in_(sent)))
        .order_by(Program.number, NoticeRun.id)
    ).all()
    return [(row, sent.get(row.NoticeRun.id, 0)) for row in rows]


def _by_program(rows: Sequence[tuple[Any, int]], settings: Settings) -> list[ProgramFigures]:
    found: list[ProgramFigures] = []
    for number in dict.fromkeys(row.number for row, _sent in rows):
        own = [(row, sent) for row, sent in rows if row.number == number]
        last = own[-1][0]
        counts = [row.counts for row, _sent in own if row.counts]
        people = [each["told"] for each in counts]
        took_up = _sum(each["took_up"] for each in counts)
        yen = _sum(_yen(row.NoticeRun, row.counts["told"], settings) for row, _sent in own if row.counts)
        found.append(
            ProgramFigures(
                number=number,
                name=last.name,
                department=last.department,
                sent=told(sum(sent for _row, sent in own)),
                told=_sum(people),
                took_up=took_up,
                yen_per_take_up=round(yen / took_up) if took_up and yen is not None else None,
            )
        )
    return found


def _sum(counts: Any) -> int | None:  # noqa: ANN401 -- any iterable of counts that may be unknown
    """Add up; one that is not told leaves the sum untold."""
    known = list(counts)
    return None if not known or None in known else sum(known)


def _yen(run: NoticeRun, people: int | None, settings: Settings) -> float | None:
    """Give what telling people cost, by the channels of which the run was frozen; None without prices."""
    channels: Mapping[str, int | None] = (run.counts or {}).get("channels", {})
    prices = {"mail": settings.notice_yen_mail, "line": settings.notice_yen_line}
    shares = Counter({kind: count or 0 for kind, count in channels.items()})
    if people is None or not shares.total() or any(prices[kind] is None for kind, count in shares.items() if count):
        return None
    return people * sum(count * (prices[kind] or 0) for kind, count in shares.items()) / shares.total()
