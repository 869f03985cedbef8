"""What people have approved is not written anew behind their backs, and who decided one step keeps out of the other."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from backoffice.drawing.models import RouteVersion
from backoffice.errors import NotPermitted, Overtaken
from backoffice.identity import Role, Staff
from backoffice.inbox import opening
from backoffice.inbox.models import Case, Vote
from backoffice.inbox.taking_back import take_back
from tests.backoffice.inbox.cases import Bureau, matter
from tests.workflows.drawings import Drawing
from workflows.routes import Decision, RouteKind

KIND = RouteKind.PROGRAM_REGISTRATION


def use(bureau: Bureau, drawing: Drawing) -> None:
    """Put a drawing into force for programs."""
    with bureau.city.unit() as work:
        drawn = RouteVersion(
            kind=KIND,
            number=2,
            state="active",
            bpmn=drawing.xml().decode(),
            drafted_at=work.now,
            effective_from=date(2026, 11, 1),
        )
        work.session.add(drawn)


def write_anew(bureau: Bureau, person: Staff, case_id: int) -> None:
    with bureau.city.unit(bureau.city.actor(person)) as work:
        case = work.session.scalars(select(Case).where(Case.id == case_id)).one()
        opening.mend(work, case, matter(KIND, "まったく別の制度"))


def undo(bureau: Bureau, person: Staff, vote: Vote) -> None:
    with bureau.city.unit(bureau.city.actor(person)) as work:
        take_back(work, work.session.get_one(Vote, vote.id))


def side_by_side() -> Drawing:
    return (
        Drawing()
        .start()
        .both("fork")
        .step("check", "approve", role="clerk", notDrafter="true")
        .step("second_check", "approve", role="clerk", notDrafter="true", notDecidersOf="check")
        .both("join")
        .end()
        .line("begin", "fork", "check", "join", "over")
        .line("fork", "second_check", "join")
    )


def test_sending_back_is_not_taken_back_once_the_drafter_has_mended(bureau_on_both):
    bureau = bureau_on_both
    case_id = bureau.begin()
    bureau.decide(bureau.head, case_id, "head_review")
    bureau.decide(bureau.privacy, case_id, "privacy_review")
    sent_back = bureau.decide(bureau.dx, case_id, "dx_check", Decision.SEND_BACK)
    write_anew(bureau, bureau.drafter, case_id)

    with pytest.raises(Overtaken):
        undo(bureau, bureau.dx, sent_back)

    assert set(bureau.waiting(case_id)) == {"mend"}


def test_a_drafter_whom_a_later_step_asks_by_name_does_not_rewrite_what_was_approved(bureau):
    by_name = Drawing().start().step("head", "approve", notDrafter="true")
    use(bureau, by_name.step("note", "done", person="tanto").end().line("begin", "head", "note", "over"))
    case_id = bureau.begin()
    bureau.decide(bureau.head, case_id, "head")

    with pytest.raises(Overtaken):
        write_anew(bureau, bureau.drafter, case_id)

    bureau.decide(bureau.drafter, case_id, "note", Decision.DONE)
    assert (bureau.case(case_id).title, bureau.case(case_id).outcome) == ("がん検診", "approved")


def test_who_decided_one_of_two_steps_side_by_side_keeps_out_of_the_other(bureau_on_both):
    bureau = bureau_on_both
    use(bureau, side_by_side())
    colleague, other = (bureau.city.person(Role.CLERK, department=bureau.department) for _ in range(2))
    case_id = bureau.begin()
    bureau.decide(colleague, case_id, "check")

    with pytest.raises(NotPermitted, match="前の手続を決めた人"):
        bureau.decide(colleague, case_id, "second_check")

    bureau.decide(other, case_id, "second_check")
    assert bureau.case(case_id).outcome == "approved"


def test_a_decision_taken_back_lets_its_decider_into_the_step_beside_again(bureau):
    use(bureau, side_by_side())
    colleague = bureau.city.person(Role.CLERK, department=bureau.department)
    case_id = bureau.begin()
    undo(bureau, colleague, bureau.decide(colleague, case_id, "check"))

    bureau.decide(colleague, case_id, "second_check")

    with pytest.raises(NotPermitted):
        bureau.decide(bureau.drafter, case_id, "check")
