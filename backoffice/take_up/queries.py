"""Which lists and ledgers are there, and which runs has a program that people got notices of?"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backoffice.audiences.models import NoticeRun
from backoffice.db.lookup import one_or_not_there
from backoffice.programs.models import Program
from backoffice.take_up.models import GrantedList, TakeUp

MOST_LISTED = 50


def program_called(session: Session, number: str) -> Program | None:
    return session.scalars(
        select(Program).where(Program.number == number).options(joinedload(Program.department))
    ).one_or_none()


def is_taken(session: Session, program_id: int, sha256: str) -> bool:
    same = select(GrantedList.id).where(GrantedList.program_id == program_id, GrantedList.sha256 == sha256)
    return session.scalars(same.limit(1)).first() is not None


def find_list(session: Session, list_id: int) -> GrantedList:
    return one_or_not_there(session, select(GrantedList).where(GrantedList.id == list_id))


def lists_of(session: Session, program_id: int) -> Sequence[GrantedList]:
    """Give the lists of a program, the newest first."""
    return session.scalars(
        select(GrantedList)
        .where(GrantedList.program_id == program_id)
        .options(joinedload(GrantedList.file), joinedload(GrantedList.taken_by))
        .order_by(GrantedList.id.desc())
    ).all()


def runs_begun(session: Session, program_id: int) -> Sequence[tuple[NoticeRun, TakeUp | None]]:
    """Give the runs of a program that were sent, the newest first, each with what came of it."""
    found = session.execute(
        select(NoticeRun, TakeUp)
        .outerjoin(TakeUp, TakeUp.run_id == NoticeRun.id)
        .where(NoticeRun.program_id == program_id, NoticeRun.began_at.is_not(None))
        .order_by(NoticeRun.id.desc())
        .limit(MOST_LISTED)
    ).all()
    return [(run, take_up) for run, take_up in found]


def take_up_of(session: Session, run_id: int) -> TakeUp | None:
    return session.scalars(
        select(TakeUp).where(TakeUp.run_id == run_id).options(joinedload(TakeUp.basis))
    ).one_or_none()


def take_up_before(session: Session, run: NoticeRun) -> TakeUp | None:
    """Give what came of the last run of the same program before this one."""
    return session.scalars(
        select(TakeUp)
        .join(NoticeRun, NoticeRun.id == TakeUp.run_id)
        .where(NoticeRun.program_id == run.program_id, NoticeRun.id < run.id, TakeUp.trouble == "")
        .options(joinedload(TakeUp.run))
        .order_by(NoticeRun.id.desc())
        .limit(1)
    ).one_or_none()
