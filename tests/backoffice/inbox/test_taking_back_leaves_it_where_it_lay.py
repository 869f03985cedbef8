"""A decision taken back leaves no trace in the trays: what was put aside or passed on lies there again."""

from __future__ import annotations

from sqlalchemy import select

from backoffice.accounts import service as accounts
from backoffice.identity import Role, Staff
from backoffice.inbox import handling
from backoffice.inbox.models import Pile, Task, Vote
from backoffice.inbox.moving import clear_tray, put_in_tray
from backoffice.inbox.taking_back import take_back
from backoffice.inbox.workflow import TaskState
from tests.backoffice.inbox.cases import Bureau
from tests.backoffice.inbox.personnel import first_of_april
from tests.backoffice.inbox.test_people_leave import trays
from workflows.routes import Decision


def undo(bureau: Bureau, person: Staff, vote: Vote) -> None:
    with bureau.city.unit(bureau.city.actor(person)) as work:
        take_back(work, work.session.merge(vote))


def only_task(bureau: Bureau, case_id: int) -> Task:
    (task,) = bureau.waiting(case_id).values()
    return task


def give_to(bureau: Bureau, case_id: int, person: Staff) -> None:
    """As after a hand-over: the task lies with a person whom the drawing does not name."""
    with bureau.city.unit() as work:
        task = work.session.scalars(select(Task).where(Task.id == only_task(bureau, case_id).id)).one()
        clear_tray(work, [task.id])
        put_in_tray(work, task, f"person:{person.id}")


def test_what_was_put_aside_before_the_decision_is_put_aside_again(bureau_on_both):
    bureau = bureau_on_both
    case_id = bureau.begin()
    with bureau.city.unit(bureau.city.actor(bureau.head)) as work:
        handling.hold(work, work.session.get(Task, only_task(bureau, case_id).id), "照会の返事を待つ")
    vote = bureau.decide(bureau.head, case_id, "head_review")

    undo(bureau, bureau.head, vote)

    task = only_task(bureau, case_id)
    assert (task.state, task.held_note) == (TaskState.HELD, "照会の返事を待つ")
    assert trays(bureau, case_id) == {f"head@{bureau.department.id}": Pile.HELD}


def test_what_was_handed_over_stays_with_whom_it_was_handed_to(bureau_on_both):
    bureau = bureau_on_both
    heir = bureau.city.person(Role.HEAD, department=bureau.department)
    case_id = bureau.begin()
    give_to(bureau, case_id, heir)
    vote = bureau.decide(heir, case_id, "head_review")

    undo(bureau, heir, vote)

    assert trays(bureau, case_id) == {f"person:{heir.id}": Pile.OPEN}


def test_a_case_that_nobody_answers_for_is_so_again_since_the_same_day(bureau_on_both):
    bureau = bureau_on_both
    case_id = bureau.begin()
    first_of_april(bureau, leave=["tanto"])
    since = bureau.case(case_id).unattended_at
    bureau.city.clock.pass_(days=1)
    vote = bureau.decide(bureau.head, case_id, "head_review", Decision.REJECT)
    assert bureau.case(case_id).unattended_at is None

    undo(bureau, bureau.head, vote)

    assert bureau.case(case_id).unattended_at == since


def test_nothing_is_laid_on_the_desk_of_one_who_left_within_the_minute(bureau):
    heir = bureau.city.person(Role.HEAD, department=bureau.department)
    case_id = bureau.begin()
    give_to(bureau, case_id, heir)
    vote = bureau.decide(heir, case_id, "head_review")
    heir_acts = bureau.city.actor(heir)
    with bureau.city.unit() as work:
        accounts.switch_staff(work, heir.id, active=False)

    with bureau.city.unit(heir_acts) as work:
        take_back(work, work.session.merge(vote))

    assert trays(bureau, case_id) == {f"head@{bureau.department.id}": Pile.OPEN}
