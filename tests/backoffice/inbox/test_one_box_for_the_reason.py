"""What is noted on a step is written once: the reason and the form's note are one box."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from backoffice.identity import Staff
from backoffice.inbox.models import CaseEntry, Vote
from forms.my_number import check_digit
from tests.backoffice.staff_client import StaffClient
from workflows.routes import Decision


@pytest.fixture
def visit(bureau) -> Callable[[Staff], StaffClient]:
    return lambda person: StaffClient(bureau.city).sign_in(person)


@pytest.fixture
def my_number() -> str:
    """Twelve digits that pass the check, made in the test and nowhere kept."""
    eleven = "1" * 11
    return f"{eleven}{check_digit(eleven)}"


@pytest.mark.parametrize(("step_id", "label"), [("head_review", "意見・理由"), ("privacy_review", "意見・理由")])
def test_a_step_whose_form_asks_for_a_note_has_one_box_for_it_and_the_reason(visit, bureau, step_id, label):
    case_id = bureau.begin()
    person = bureau.head
    if step_id == "privacy_review":
        bureau.decide(bureau.head, case_id, "head_review")
        person = bureau.privacy
    task = bureau.waiting(case_id)[step_id]

    page = visit(person).get(f"/cases/{case_id}")

    boxes = re.findall(r'<textarea[^>]* name="([^"]+)"', page.text)
    assert boxes == ["reason", "comment"]
    assert f'<label for="reason-{task.id}">{label}' in page.text


def test_what_is_noted_stands_in_the_story_and_under_the_notes_key_for_the_route(visit, bureau):
    case_id = bureau.begin()
    task_id = bureau.waiting(case_id)["head_review"].id

    visit(bureau.head).post(f"/tasks/{task_id}/decide", {"decision": "approve", "reason": "要件を満たすため"})

    with bureau.city.look() as work:
        vote = work.session.scalars(select(Vote).where(Vote.task_id == task_id)).one()
        words = work.session.scalars(select(CaseEntry.words).where(CaseEntry.kind == "approve")).one()
    assert (vote.reason, vote.answers["note"], words) == ("要件を満たすため",) * 3


def test_what_was_mended_is_asked_for_in_the_forms_own_words(visit, bureau):
    case_id = bureau.begin()
    bureau.decide(bureau.head, case_id, "head_review", Decision.SEND_BACK)
    (task,) = bureau.waiting(case_id).values()

    page = visit(bureau.drafter).get(f"/cases/{case_id}")

    assert f'<label for="reason-{task.id}">直したところ' in page.text
    assert page.text.count("直したところ") == 1


def test_a_my_number_in_a_note_is_refused_beside_the_one_box(visit, bureau, my_number):
    case_id = bureau.begin()
    task_id = bureau.waiting(case_id)["head_review"].id

    page = visit(bureau.head).post(f"/tasks/{task_id}/decide", {"decision": "approve", "reason": my_number}, status=422)

    assert f'id="reason-{task_id}-error"' in page.text
