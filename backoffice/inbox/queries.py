"""Which cases does a person see, and what stands on one?"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from backoffice.db.lookup import one_or_not_there
from backoffice.identity import Actor, Department, Permission, Staff, within
from backoffice.inbox.desks import Chair
from backoffice.inbox.models import (
    Absence,
    Attachment,
    Case,
    CaseEntry,
    Involvement,
    Opinion,
    Presence,
    Task,
    TrayEntry,
    Vote,
)
from backoffice.inbox.workflow import TAKE_BACK, CaseState
from backoffice.vault import StoredFile
from backoffice.web.lists import PAGE_SIZE

MOST_UNATTENDED = 10_000
PRESENT_FOR = timedelta(seconds=45)


def may_see(actor: Actor, chairs: Sequence[Chair]) -> ColumnElement[bool]:
    """Give the condition that a case is one which the actor may read.

    Their department's, one they were drawn into, or one that lies in a tray of theirs. A draft is its writer's alone.
    """
    desks = [desk for chair in chairs for desk in chair.desks]
    in_tray = (
        select(Task.id)
        .join(TrayEntry, TrayEntry.task_id == Task.id)
        .where(Task.case_id == Case.id, TrayEntry.desk.in_(desks))
    )
    drawn_in = select(Involvement.id).where(Involvement.case_id == Case.id, Involvement.staff_id == actor.staff_id)
    shared = or_(
        within(actor, Permission.CASE_READ, Case.department_id),
        within(actor, Permission.CASE_READ, Case.coordinating_department_id),
        in_tray.exists(),
        drawn_in.exists(),
    )
    return or_(and_(Case.state != CaseState.DRAFT, shared), Case.responsible_id == actor.staff_id)


def find_case(session: Session, actor: Actor, chairs: Sequence[Chair], case_id: int) -> Case:
    """Give a case with the people and departments on it; raises NotThere when the actor may not see it."""
    return one_or_not_there(
        session,
        select(Case)
        .where(Case.id == case_id, may_see(actor, chairs))
        .options(
            joinedload(Case.department),
            joinedload(Case.coordinating_department),
            joinedload(Case.drafter),
            joinedload(Case.responsible),
            joinedload(Case.route_version),
        ),
    )


def find_task(session: Session, actor: Actor, chairs: Sequence[Chair], task_id: int) -> Task:
    """Give a task of a case that the actor may see."""
    return one_or_not_there(
        session,
        select(Task)
        .join(Task.case)
        .where(Task.id == task_id, may_see(actor, chairs))
        .options(joinedload(Task.case), joinedload(Task.claimed_by)),
    )


def tasks_of(session: Session, case_id: int) -> Sequence[Task]:
    return session.scalars(
        select(Task)
        .where(Task.case_id == case_id)
        .options(joinedload(Task.claimed_by), joinedload(Task.done_by))
        .order_by(Task.id)
    ).all()


def entries_of(session: Session, case_id: int) -> Sequence[CaseEntry]:
    return session.scalars(
        select(CaseEntry)
        .where(CaseEntry.case_id == case_id)
        .options(joinedload(CaseEntry.staff), joinedload(CaseEntry.principal))
        .order_by(CaseEntry.id)
    ).all()


def votes_of(session: Session, case_id: int) -> Sequence[Vote]:
    """Give the standing decisions of a case, for its sheet of seals (決裁欄)."""
    return session.scalars(
        select(Vote)
        .join(Vote.task)
        .where(Task.case_id == case_id, Vote.undone_at.is_(None))
        .options(joinedload(Vote.task), joinedload(Vote.staff), joinedload(Vote.principal))
        .order_by(Vote.id)
    ).all()


def opinions_of(session: Session, case_id: int) -> Sequence[Opinion]:
    return session.scalars(
        select(Opinion)
        .where(Opinion.case_id == case_id)
        .options(joinedload(Opinion.asked), joinedload(Opinion.asked_by))
        .order_by(Opinion.id)
    ).all()


def attachments_of(session: Session, case_id: int) -> Sequence[tuple[Attachment, StoredFile, str]]:
    """Give the files that hang on a case, with who added each."""
    return session.execute(
        select(Attachment, StoredFile, Staff.name)
        .join(StoredFile, StoredFile.id == Attachment.file_id)
        .join(Staff, Staff.id == Attachment.added_by_id)
        .where(Attachment.case_id == case_id, Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
    ).all()


def find_opinion(session: Session, case_id: int, opinion_id: int) -> Opinion:
    return one_or_not_there(session, select(Opinion).where(Opinion.id == opinion_id, Opinion.case_id == case_id))


def find_vote(session: Session, case_id: int, vote_id: int) -> Vote:
    """Give a vote on a task of this case."""
    return one_or_not_there(session, select(Vote).join(Vote.task).where(Vote.id == vote_id, Task.case_id == case_id))


def votes_in_batch(session: Session, actor: Actor, batch: str) -> Sequence[Vote]:
    return session.scalars(
        select(Vote).where(Vote.batch == batch, Vote.staff_id == actor.staff_id, Vote.undone_at.is_(None))
    ).all()


def last_own_vote(session: Session, actor: Actor, case: Case, now: datetime) -> Vote | None:
    """Give the person's own decision on this case that can still be taken back."""
    found = session.scalars(
        select(Vote)
        .join(Vote.task)
        .where(
            Task.case_id == case.id,
            Vote.staff_id == actor.staff_id,
            Vote.undone_at.is_(None),
            Vote.at > now - TAKE_BACK,
        )
        .order_by(Vote.id.desc())
        .limit(1)
    ).one_or_none()
    return found if found and case.state != CaseState.ENDED and found.move in (None, case.moves) else None


def votes_to_review(session: Session, actor: Actor) -> Sequence[Vote]:
    """Give what was decided in the person's stead and that they have not looked at yet (後閲)."""
    return session.scalars(
        select(Vote)
        .where(Vote.principal_id == actor.staff_id, Vote.reviewed_at.is_(None), Vote.undone_at.is_(None))
        .options(joinedload(Vote.task).joinedload(Task.case), joinedload(Vote.staff))
        .order_by(Vote.id)
        .limit(PAGE_SIZE)
    ).all()


def opinions_waiting(session: Session, actor: Actor) -> Sequence[tuple[Opinion, Case]]:
    """Give the questions that wait for the person's answer."""
    return session.execute(
        select(Opinion, Case)
        .join(Case, Case.id == Opinion.case_id)
        .where(Opinion.asked_id == actor.staff_id, Opinion.answered_at.is_(None), Case.state == CaseState.RUNNING)
        .options(joinedload(Opinion.asked_by))
        .order_by(Opinion.id)
        .limit(PAGE_SIZE)
    ).all()


def mentions_unread(session: Session, actor: Actor) -> Sequence[Case]:
    return session.scalars(
        select(Case)
        .join(Involvement, Involvement.case_id == Case.id)
        .where(Involvement.staff_id == actor.staff_id, Involvement.cause == "mention", Involvement.seen_at.is_(None))
        .options(joinedload(Case.drafter), joinedload(Case.department))
        .order_by(Involvement.at.desc())
        .limit(PAGE_SIZE)
    ).all()


def present(session: Session, case_id: int, actor: Actor, now: datetime) -> list[str]:
    """Give the names of colleagues who have the case open now."""
    return list(
        session.scalars(
            select(Staff.name)
            .join(Presence, Presence.staff_id == Staff.id)
            .where(
                Presence.case_id == case_id, Presence.staff_id != actor.staff_id, Presence.seen_at > now - PRESENT_FOR
            )
            .order_by(Staff.name)
        )
    )


def find_giver(session: Session, actor: Actor, account: str) -> Staff | None:
    """Give whose work the actor may hand over: their departments' staff, and who left cases there."""
    reach = within(actor, Permission.WORK_HAND_OVER, Staff.department_id)
    left_here = _open_cases().where(
        Case.responsible_id == Staff.id, within(actor, Permission.WORK_HAND_OVER, Case.department_id)
    )
    known = or_(and_(Staff.active, reach), and_(~Staff.active, or_(reach, left_here.exists())))
    return session.scalars(select(Staff).where(Staff.account == account.strip(), known)).one_or_none()


def to_hand_over(actor: Actor, giver: Staff) -> ColumnElement[bool] | None:
    """Give the condition of what the actor may hand over: all of a colleague's; of who left, their departments'."""
    return None if giver.active else within(actor, Permission.WORK_HAND_OVER, Case.department_id)


def of_other_departments(actor: Actor) -> ColumnElement[bool]:
    """Give the condition that a case belongs to another department than the one where the person sits."""
    return Case.department_id != actor.department_id


def heir_of_what_stayed(session: Session, actor: Actor, account: str) -> Staff | None:
    """Give an active colleague of a department whose cases the person still answers for since they moved."""
    theirs = _open_cases().where(Case.responsible_id == actor.staff_id, of_other_departments(actor))
    return session.scalars(
        select(Staff).where(
            Staff.active,
            Staff.account == account.strip(),
            Staff.department_id.in_(theirs.with_only_columns(Case.department_id)),
        )
    ).one_or_none()


def count_stayed(session: Session, actor: Actor) -> int:
    """Count the cases of former departments that the person still answers for."""
    theirs = _open_cases().where(Case.responsible_id == actor.staff_id, of_other_departments(actor))
    return session.scalar(select(func.count()).select_from(theirs.subquery())) or 0


def unattended(session: Session, actor: Actor) -> Sequence[tuple[str, str, int]]:
    """Give who left and how many cases nobody answers for since, in the departments whose work the actor hands over."""
    # What nobody answers for is looked up by its own index before all else: it is little, beside much that runs.
    nobodys = (
        select(Case.id)
        .where(Case.unattended_at.is_not(None))
        .order_by(Case.unattended_at)
        .limit(MOST_UNATTENDED)
        .subquery()
    )
    return session.execute(
        select(Staff.account, Staff.name, func.count())
        .select_from(nobodys)
        .join(Case, Case.id == nobodys.c.id)
        .join(Staff, Staff.id == Case.responsible_id)
        .where(within(actor, Permission.WORK_HAND_OVER, Case.department_id))
        .group_by(Staff.id, Staff.account, Staff.name)
        .order_by(Staff.id)
        .limit(PAGE_SIZE)
    ).all()


def _open_cases() -> Select[int]:
    return select(Case.id).where(Case.state.in_((CaseState.DRAFT, CaseState.RUNNING)))


def _listed(actor: Actor, chairs: Sequence[Chair], kind: str, state: str, keyword: str) -> Select[Case]:
    statement = select(Case).where(may_see(actor, chairs))
    if kind:
        statement = statement.where(Case.kind == kind)
    if state:
        statement = statement.where(Case.state == state)
    if keyword:
        found = Case.number.contains(keyword, autoescape=True) | Case.title.contains(keyword, autoescape=True)
        statement = statement.where(found)
    return statement


def count_cases(session: Session, actor: Actor, chairs: Sequence[Chair], kind: str, state: str, keyword: str) -> int:
    listed = _listed(actor, chairs, kind, state, keyword).with_only_columns(Case.id).limit(COUNT_TO).subquery()
    return session.scalar(select(func.count()).select_from(listed)) or 0


COUNT_TO = 10_000
"""Counting goes no further: a list of more is not leafed through but filtered."""


def list_cases(
    session: Session, actor: Actor, chairs: Sequence[Chair], kind: str, state: str, keyword: str, offset: int
) -> Sequence[Case]:
    return session.scalars(
        _listed(actor, chairs, kind, state, keyword)
        .options(joinedload(Case.drafter), joinedload(Case.department))
        .order_by(Case.id.desc())
        .limit(PAGE_SIZE)
        .offset(offset)
    ).all()


def all_cases(
    session: Session, actor: Actor, chairs: Sequence[Chair], kind: str, state: str, keyword: str
) -> Sequence[Case]:
    """Give every case of a list, for its export."""
    return session.scalars(
        _listed(actor, chairs, kind, state, keyword)
        .options(joinedload(Case.drafter), joinedload(Case.department))
        .order_by(Case.id)
        .limit(COUNT_TO)
    ).all()


def departments(session: Session) -> Sequence[Department]:
    return session.scalars(select(Department).order_by(Department.path)).all()


def absences_of(session: Session, staff_id: int) -> Sequence[Absence]:
    return session.scalars(
        select(Absence)
        .where(Absence.staff_id == staff_id, Absence.cancelled_at.is_(None))
        .options(joinedload(Absence.deputy))
        .order_by(Absence.starts.desc())
        .limit(20)
    ).all()


def find_absence(session: Session, staff_id: int, absence_id: int) -> Absence:
    return one_or_not_there(session, select(Absence).where(Absence.id == absence_id, Absence.staff_id == staff_id))
