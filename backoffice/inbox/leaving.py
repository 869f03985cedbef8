"""What becomes of open work when people leave or move? It stays with the desk, or goes to the heads; nothing is lost.

Heard of when a personnel file has come true as a whole: only then it is known who heads which department from today on.
A role that an administrator ends by hand is settled at once.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy import ColumnElement, select

from backoffice.accounts.events import RoleEnded, StaffSwitched
from backoffice.accounts.hr_import.events import HrFileApplied, StaffLeft, StaffMoved
from backoffice.identity import Origin, Role, Staff
from backoffice.inbox.desks import city_desk, holder_above, is_held, nearest_holder, person_desk, role_desk
from backoffice.inbox.events import (
    AbsenceCancelled,
    CaseUnattended,
    DeputyEnded,
    OpinionClosed,
    ReviewClosed,
    TaskPassedOn,
    TaskReleased,
)
from backoffice.inbox.models import Absence, Case, Opinion, Pile, Task, TrayEntry, Vote
from backoffice.inbox.moving import add_entry
from backoffice.inbox.workflow import WAITING, CaseState
from backoffice.work import Work

AT_ONCE = 500
"""So many ids are asked for in one statement."""


def settle_open_work(work: Work, _applied: HrFileApplied) -> None:
    """Let nothing wait for people who are not there any more, after the file that says so."""
    left = {each.staff_id for each in work.events if isinstance(each, StaffLeft)}
    moved = {each.staff_id for each in work.events if isinstance(each, StaffMoved)}
    ended = {(each.role, each.department_id) for each in work.events if isinstance(each, RoleEnded)}
    Settling(work).all_of(left, moved, ended)


def follow_switch(work: Work, switched: StaffSwitched) -> None:
    """Let the heads see the cases of one whom an administrator shut out, until they are let in again."""
    since = None if switched.active else work.now
    theirs = select(Case).where(Case.responsible_id == switched.staff_id, _open())
    for case in work.session.scalars(theirs).all():
        case.unattended_at = since


def follow_end_of_role(work: Work, ended: RoleEnded) -> None:
    """Let whoever holds the role above find what lies on a desk that an administrator has just emptied by hand."""
    if work.actor.origin is Origin.WORKER:
        # A personnel file: who holds the role from today on is only known once the whole of it has come true.
        return
    work.session.flush()
    Settling(work).pass_empty_desk_on(ended.role, ended.department_id)


class Settling:
    """One file's leavers and movers: knows the heads that it has asked for."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.today: date = work.today
        self._heads: dict[int, str] = {}

    def all_of(self, left: Collection[int], moved: Collection[int], ended: Collection[tuple[str, int]]) -> None:
        self._lock(left, moved)
        for ids in _in_parts({*left, *moved}):
            self._let_go_of_claims(ids)
            self._end_deputyships(ids)
        for ids in _in_parts(left):
            self._pass_personal_tasks_on(ids)
            self._tell_of_unattended_cases(ids)
            self._close_opinions(ids)
            self._close_reviews(ids)
            self._cancel_absences(ids)
        for role, department_id in sorted(ended):
            self.pass_empty_desk_on(role, department_id)

    def _lock(self, left: Collection[int], moved: Collection[int]) -> None:
        """Lock the cases in the order of their ids: a decision made at this moment comes before or after, whole."""
        found: set[int] = set()
        for ids in _in_parts({*left, *moved}):
            desks = [person_desk(staff_id) for staff_id in ids]
            in_tray = select(TrayEntry.task_id).where(TrayEntry.desk.in_(desks))
            found |= set(
                self.work.session.scalars(
                    select(Task.case_id).where(
                        Task.state.in_(WAITING), Task.claimed_by_id.in_(ids) | Task.id.in_(in_tray)
                    )
                )
            )
            found |= set(self.work.session.scalars(select(Case.id).where(Case.responsible_id.in_(ids), _open())))
        for ids in _in_parts(found):
            self.work.session.scalars(select(Case.id).where(Case.id.in_(ids)).order_by(Case.id).with_for_update()).all()

    def _let_go_of_claims(self, ids: Sequence[int]) -> None:
        """Give claimed tasks back to the desk they came to; what lies in a person's own tray is theirs."""
        rows = self.work.session.execute(
            select(Task, Case)
            .join(Task.case)
            .where(Task.state.in_(WAITING), Task.claimed_by_id.in_(ids))
            .order_by(Task.id)
            .execution_options(populate_existing=True)
        ).all()
        own = self._in_own_trays(task.id for task, _case in rows)
        for task, case in rows:
            if (task.id, person_desk(task.claimed_by_id or 0)) in own:
                continue
            task.claimed_by_id = task.claimed_at = None
            add_entry(self.work, case, "let_go", task.step_name)
            self.work.record(TaskReleased(case.id, task.id))

    def _in_own_trays(self, task_ids: Iterable[int]) -> set[tuple[int, str]]:
        rows = self.work.session.execute(
            select(TrayEntry.task_id, TrayEntry.desk).where(
                TrayEntry.task_id.in_(list(task_ids)), TrayEntry.desk.startswith("person:")
            )
        )
        return {(task_id, desk) for task_id, desk in rows}

    def _pass_personal_tasks_on(self, ids: Sequence[int]) -> None:
        """Let the heads of the case's department find what lay in a personal tray that nobody opens any more."""
        desks = {person_desk(staff_id): staff_id for staff_id in ids}
        rows = self.work.session.execute(
            select(TrayEntry, Task, Case)
            .join(Task, Task.id == TrayEntry.task_id)
            .join(Case, Case.id == Task.case_id)
            .where(TrayEntry.desk.in_(list(desks)))
            .order_by(TrayEntry.id)
        ).all()
        for entry, task, case in rows:
            staff_id = desks[entry.desk]
            task.claimed_by_id = task.claimed_at = None
            self._move_entry(entry, self._desk_of_heads(case.department_id))
            add_entry(self.work, case, "to_heads", task.step_name)
            self.work.record(TaskPassedOn(case.id, task.id, staff_id))

    def _move_entry(self, entry: TrayEntry, desk: str) -> None:
        there = select(TrayEntry.id).where(TrayEntry.task_id == entry.task_id, TrayEntry.desk == desk)
        if self.work.session.scalar(there) is not None:
            self.work.session.delete(entry)
            return
        entry.desk = desk
        entry.pile = Pile.HELD if entry.pile == Pile.HELD else Pile.OPEN

    def _desk_of_heads(self, department_id: int) -> str:
        if department_id not in self._heads:
            holder = nearest_holder(self.work.session, Role.HEAD, department_id, self.today)
            self._heads[department_id] = role_desk(Role.HEAD, holder)
        return self._heads[department_id]

    def _tell_of_unattended_cases(self, ids: Sequence[int]) -> None:
        """Write into each case that nobody answers for it: the heads find it under hand-over (`/hand-over`)."""
        for case in self.work.session.scalars(select(Case).where(Case.responsible_id.in_(ids), _open())).all():
            case.unattended_at = self.work.now
            add_entry(self.work, case, "unattended")
            self.work.record(CaseUnattended(case.id, case.responsible_id))

    def _close_opinions(self, ids: Sequence[int]) -> None:
        rows = self.work.session.execute(
            select(Opinion, Case, Staff.name)
            .join(Case, Case.id == Opinion.case_id)
            .join(Staff, Staff.id == Opinion.asked_id)
            .where(Opinion.asked_id.in_(ids), Opinion.answered_at.is_(None))
            .order_by(Opinion.id)
        ).all()
        for opinion, case, name in rows:
            opinion.answered_at = self.work.now
            add_entry(self.work, case, "opinion_closed", words=f"→ {name}")
            self.work.record(OpinionClosed(case.id, opinion.id))

    def _close_reviews(self, ids: Sequence[int]) -> None:
        """What was decided in the stead of one who left is looked at by nobody else: the case says so (後閲)."""
        rows = self.work.session.execute(
            select(Vote, Case, Task.step_name)
            .join(Task, Task.id == Vote.task_id)
            .join(Case, Case.id == Task.case_id)
            .where(Vote.principal_id.in_(ids), Vote.reviewed_at.is_(None), Vote.undone_at.is_(None))
            .order_by(Vote.id)
        ).all()
        for vote, case, step_name in rows:
            vote.reviewed_at = self.work.now
            add_entry(self.work, case, "review_closed", step_name)
            self.work.record(ReviewClosed(case.id, vote.id))

    def _end_deputyships(self, ids: Sequence[int]) -> None:
        """Who has moved stands in for nobody of their old department; who is away sees that they have no deputy."""
        standing = select(Absence).where(
            Absence.deputy_id.in_(ids), Absence.ends >= self.today, Absence.cancelled_at.is_(None)
        )
        for absence in self.work.session.scalars(standing).all():
            deputy_id, absence.deputy_id = absence.deputy_id, None
            self.work.record(DeputyEnded(absence.id, absence.staff_id, deputy_id))

    def _cancel_absences(self, ids: Sequence[int]) -> None:
        coming = select(Absence).where(
            Absence.staff_id.in_(ids), Absence.ends >= self.today, Absence.cancelled_at.is_(None)
        )
        for absence in self.work.session.scalars(coming).all():
            absence.cancelled_at = self.work.now
            self.work.record(AbsenceCancelled(absence.id, absence.staff_id))

    def pass_empty_desk_on(self, role: str, department_id: int) -> None:
        """Let whoever holds the role above find what lies on a desk where nobody sits any more."""
        if is_held(self.work.session, role, department_id, self.today):
            return
        rows = self.work.session.execute(
            select(TrayEntry, Task, Case)
            .join(Task, Task.id == TrayEntry.task_id)
            .join(Case, Case.id == Task.case_id)
            .where(TrayEntry.desk == role_desk(role, department_id))
            .order_by(TrayEntry.id)
        ).all()
        if not rows:
            return
        above = holder_above(self.work.session, role, department_id, self.today)
        desk = role_desk(role, above) if above is not None else city_desk(Role.DX_OFFICE)
        for entry, task, case in rows:
            self._move_entry(entry, desk)
            add_entry(self.work, case, "to_above", task.step_name)
            self.work.record(TaskPassedOn(case.id, task.id, None))


def _open() -> ColumnElement[bool]:
    return Case.state.in_((CaseState.DRAFT, CaseState.RUNNING))


def _in_parts(ids: Collection[int]) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]
