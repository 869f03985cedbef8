"""Which runs are there, and what is due?"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from backoffice.audiences.models import NoticeBatch, NoticeRun, Recipient
from backoffice.audiences.workflow import RecipientState, RunState
from backoffice.consents.workflow import ChannelKind
from backoffice.db.lookup import one_or_not_there
from backoffice.programs.models import Program, ProgramVersion
from backoffice.vault import StoredFile
from backoffice.web.lists import PAGE_SIZE

MOST_COUNTED_BEFORE = 60
MOST_NAMED = 5
"""Runs or periods that a page names beside the one that it shows."""


def find_run(session: Session, run_id: int) -> NoticeRun:
    """Give a run with its program and version. Raises NotThere."""
    return one_or_not_there(
        session,
        select(NoticeRun)
        .where(NoticeRun.id == run_id)
        .options(
            joinedload(NoticeRun.program).joinedload(Program.department),
            joinedload(NoticeRun.program_version),
            joinedload(NoticeRun.snapshot),
            joinedload(NoticeRun.drafted_by),
        ),
    )


def _listed(keyword: str, state: str) -> Select[NoticeRun]:
    statement = select(NoticeRun).join(NoticeRun.program_version)
    if keyword:
        called = ProgramVersion.name.contains(keyword, autoescape=True)
        statement = statement.where(called | NoticeRun.number.contains(keyword, autoescape=True))
    return statement.where(NoticeRun.state == state) if state else statement


def count_runs(session: Session, keyword: str, state: str) -> int:
    return session.scalar(select(func.count()).select_from(_listed(keyword, state).subquery())) or 0


def list_runs(session: Session, keyword: str, state: str, offset: int) -> Sequence[NoticeRun]:
    """Give a page of the runs with their programs and departments, the newest first."""
    version = joinedload(NoticeRun.program_version)
    return session.scalars(
        _listed(keyword, state)
        .options(
            joinedload(NoticeRun.program).joinedload(Program.department),
            version,
            version.defer(ProgramVersion.sheet, raiseload=True),
            version.defer(ProgramVersion.rule, raiseload=True),
        )
        .order_by(NoticeRun.id.desc())
        .limit(PAGE_SIZE)
        .offset(offset)
    ).all()


def lock_run(session: Session, run_id: int) -> NoticeRun:
    """Give a run that nobody else changes until the unit is over. Raises NotThere."""
    return one_or_not_there(session, select(NoticeRun).where(NoticeRun.id == run_id).with_for_update())


def run_before(session: Session, run_id: int) -> NoticeRun | None:
    """Give the last run of the same program that was frozen before this one."""
    this = select(NoticeRun.program_id).where(NoticeRun.id == run_id).scalar_subquery()
    return session.scalars(
        select(NoticeRun)
        .where(NoticeRun.program_id == this, NoticeRun.id < run_id, NoticeRun.frozen_file_id.is_not(None))
        .options(joinedload(NoticeRun.frozen_file))
        .order_by(NoticeRun.id.desc())
        .limit(1)
    ).one_or_none()


def others_of_period(session: Session, run: NoticeRun) -> Sequence[str]:
    """Give the numbers of the other runs of the same program and period, the newest first: they share whom they reach.

    One that was cancelled before it began wrote to nobody.
    """
    return session.scalars(
        select(NoticeRun.number)
        .where(
            NoticeRun.program_id == run.program_id,
            NoticeRun.period == run.period,
            NoticeRun.id != run.id,
            or_(NoticeRun.state != RunState.CANCELLED, NoticeRun.began_at.is_not(None)),
        )
        .order_by(NoticeRun.id.desc())
        .limit(MOST_NAMED)
    ).all()


def periods_of(session: Session, program_id: int) -> Sequence[str]:
    """Give how the periods of a program's runs are called, the one that was used last first."""
    return session.scalars(
        select(NoticeRun.period)
        .where(
            NoticeRun.program_id == program_id,
            or_(NoticeRun.state != RunState.CANCELLED, NoticeRun.began_at.is_not(None)),
        )
        .group_by(NoticeRun.period)
        .order_by(func.max(NoticeRun.id).desc())
        .limit(MOST_NAMED)
    ).all()


def counted_before(session: Session, run: NoticeRun, since: datetime) -> Sequence[StoredFile]:
    """Give what the runs of the same program that were frozen since then counted, the newest first."""
    return session.scalars(
        select(StoredFile)
        .join(NoticeRun, NoticeRun.counted_file_id == StoredFile.id)
        .where(NoticeRun.program_id == run.program_id, NoticeRun.id != run.id, NoticeRun.frozen_at >= since)
        .order_by(NoticeRun.frozen_at.desc(), NoticeRun.id.desc())
        .limit(MOST_COUNTED_BEFORE)
    ).all()


def run_of_case(session: Session, case_id: int) -> NoticeRun | None:
    return session.scalars(select(NoticeRun).where(NoticeRun.case_id == case_id)).one_or_none()


def run_called(session: Session, number: str) -> NoticeRun | None:
    """Give a run that was let go, by the number that its readers see, with its program, version and wording."""
    return session.scalars(
        select(NoticeRun)
        .where(NoticeRun.number == number, NoticeRun.released_at.is_not(None))
        .options(
            joinedload(NoticeRun.program).joinedload(Program.department),
            joinedload(NoticeRun.program_version).joinedload(ProgramVersion.program),
            joinedload(NoticeRun.template_version),
        )
    ).one_or_none()


def runs_in(session: Session, *states: RunState) -> Sequence[NoticeRun]:
    """Give the runs in some states: of two the one whose last day is nearer comes first."""
    wanted = select(NoticeRun).where(NoticeRun.state.in_(states))
    return session.scalars(wanted.order_by(NoticeRun.last_day, NoticeRun.id)).all()


def nobody_waits(session: Session, run_id: int) -> bool:
    waiting = select(Recipient.id).where(Recipient.run_id == run_id, Recipient.state == RecipientState.WAITING)
    return session.scalars(waiting.limit(1)).first() is None


def last_turns(session: Session, run_id: int) -> Mapping[ChannelKind, int]:
    """Give the turn of the last one who waits, of each channel by which somebody does."""
    waiting = select(func.max(Recipient.turn)).where(
        Recipient.run_id == run_id, Recipient.state == RecipientState.WAITING
    )
    found = session.execute(select(*(waiting.where(Recipient.kind == kind).scalar_subquery() for kind in ChannelKind)))
    return {kind: turn for kind, turn in zip(ChannelKind, found.one(), strict=True) if turn is not None}


def is_due(
    session: Session, run_id: int, elapsed: int, now: datetime, kinds: Collection[ChannelKind] = tuple(ChannelKind)
) -> bool:
    """Say whether anybody's turn has come on these channels, or a LINE request is to be attempted again."""
    somebody = select(Recipient.id).where(
        Recipient.run_id == run_id,
        Recipient.state == RecipientState.WAITING,
        Recipient.kind.in_(kinds),
        Recipient.turn <= elapsed,
        or_(Recipient.not_before.is_(None), Recipient.not_before <= now),
    )
    again = select(NoticeBatch.id).where(
        NoticeBatch.run_id == run_id,
        NoticeBatch.is_open,
        NoticeBatch.kind.in_(kinds),
        or_(NoticeBatch.not_before.is_(None), NoticeBatch.not_before <= now),
    )
    return any(session.scalars(each.limit(1)).first() is not None for each in (somebody, again))
