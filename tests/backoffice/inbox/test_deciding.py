"""What may be decided by whom, how a case goes on, and how a decision is taken back."""

from __future__ import annotations

import pytest

from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.identity import Role
from backoffice.inbox.taking_back import take_back
from backoffice.inbox.workflow import CaseState
from tests.backoffice.inbox.cases import Bureau
from workflows.routes import Decision


def approve_all(bureau: Bureau, case_id: int) -> None:
    bureau.decide(bureau.head, case_id, "head_review")
    bureau.decide(bureau.privacy, case_id, "privacy_review")
    bureau.decide(bureau.dx, case_id, "dx_check")
    bureau.decide(bureau.dx_head, case_id, "dx_approval")


def test_a_program_passes_its_head_then_privacy_and_dx_side_by_side_then_dx_approves(bureau_on_both):
    bureau = bureau_on_both
    case_id = bureau.begin()

    assert set(bureau.waiting(case_id)) == {"head_review"}
    bureau.decide(bureau.head, case_id, "head_review")
    assert set(bureau.waiting(case_id)) == {"privacy_review", "dx_check"}
    bureau.decide(bureau.privacy, case_id, "privacy_review")
    bureau.decide(bureau.dx, case_id, "dx_check")
    assert set(bureau.waiting(case_id)) == {"dx_approval"}
    bureau.decide(bureau.dx_head, case_id, "dx_approval")

    case = bureau.case(case_id)
    assert (case.state, case.outcome, bureau.waiting(case_id)) == (CaseState.ENDING, "approved", {})


def test_what_is_sent_back_waits_for_its_drafter_and_comes_again(bureau):
    case_id = bureau.begin()

    bureau.decide(bureau.head, case_id, "head_review", Decision.SEND_BACK, "根拠の条文を入れてください")
    assert set(bureau.waiting(case_id)) == {"mend"}
    bureau.decide(bureau.drafter, case_id, "mend", Decision.DONE)

    assert set(bureau.waiting(case_id)) == {"head_review"}


def test_sending_back_without_saying_what_to_mend_is_refused(bureau):
    case_id = bureau.begin()

    with pytest.raises(Invalid):
        bureau.decide(bureau.head, case_id, "head_review", Decision.SEND_BACK, " ")

    assert set(bureau.waiting(case_id)) == {"head_review"}


def test_a_second_decision_is_told_who_was_first(bureau_on_both):
    bureau = bureau_on_both
    case_id = bureau.begin()
    bureau.decide(bureau.head, case_id, "head_review")

    with pytest.raises(Overtaken) as refused:
        bureau.decide(bureau.head, case_id, "head_review")

    assert refused.value.params["name"] == bureau.head.name


def test_nobody_approves_their_own_draft_though_they_head_the_department(bureau):
    both = bureau.city.person(Role.CLERK, Role.HEAD, department=bureau.department)
    bureau.drafter = both
    case_id = bureau.begin()

    with pytest.raises(NotPermitted):
        bureau.decide(both, case_id, "head_review")


def test_who_decided_the_check_does_not_decide_the_approval(bureau):
    case_id = bureau.begin()
    bureau.decide(bureau.head, case_id, "head_review")
    bureau.decide(bureau.privacy, case_id, "privacy_review")
    bureau.decide(bureau.dx, case_id, "dx_check")

    with pytest.raises(NotPermitted):
        bureau.decide(bureau.dx, case_id, "dx_approval")


def test_a_decision_is_taken_back_within_its_minute(bureau_on_both):
    bureau = bureau_on_both
    case_id = bureau.begin()
    vote = bureau.decide(bureau.head, case_id, "head_review")
    bureau.city.clock.pass_(seconds=59)

    with bureau.city.unit(bureau.city.actor(bureau.head)) as work:
        take_back(work, work.session.merge(vote))

    assert set(bureau.waiting(case_id)) == {"head_review"}
    approve_all(bureau, case_id)
    assert bureau.case(case_id).outcome == "approved"


def test_after_a_minute_a_decision_stands(bureau):
    case_id = bureau.begin()
    vote = bureau.decide(bureau.head, case_id, "head_review")
    bureau.city.clock.pass_(seconds=60)

    with pytest.raises(Overtaken), bureau.city.unit(bureau.city.actor(bureau.head)) as work:
        take_back(work, work.session.merge(vote))


def test_a_decision_stands_once_others_have_gone_on(bureau):
    case_id = bureau.begin()
    vote = bureau.decide(bureau.head, case_id, "head_review")
    bureau.decide(bureau.privacy, case_id, "privacy_review")

    with pytest.raises(Overtaken), bureau.city.unit(bureau.city.actor(bureau.head)) as work:
        take_back(work, work.session.merge(vote))
