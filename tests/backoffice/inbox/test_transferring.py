"""Running cases are moved to the version in force: one by one, with a reason, never where they cannot go on."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backoffice.errors import Overtaken
from backoffice.identity import Role
from backoffice.inbox.models import CaseEntry, TrayEntry, Vote
from backoffice.inbox.taking_back import take_back
from tests.backoffice.drawing.drawers import Drawers, found_drawers
from workflows.routes import Decision, RouteKind

KIND = RouteKind.PROGRAM_REGISTRATION
RENAMED = ('name="所属長承認"', 'name="所属長の承認"')
BY_PRIVACY = (
    'role="head" place="owner" notDrafter="true"',
    'role="privacy_officer" place="anywhere" notDrafter="true"',
)


@pytest.fixture
def drawers(bureau) -> Drawers:
    return found_drawers(bureau)


@pytest.fixture
def drawers_on_both(bureau_on_both) -> Drawers:
    return found_drawers(bureau_on_both)


def put_into_force(drawers: Drawers, *changes: tuple[str, str]) -> int:
    version_id = drawers.draft(KIND, *changes)
    drawers.propose(version_id)
    drawers.activate(version_id)
    return version_id


def move(drawers: Drawers, case_ids: list[int], to: int, reason: str = "名称の変更", status: int = 200) -> str:
    old = drawers.bureau.case(case_ids[0]).route_version_id if case_ids else 1
    typed = {"case": [str(each) for each in case_ids], "version": str(old), "to": str(to), "reason": reason}
    return drawers.visit(drawers.second).post(f"/routes/{KIND}/cases", typed, status=status).text


def test_a_case_goes_on_along_the_new_version_from_the_same_step(drawers_on_both: Drawers):
    drawers = drawers_on_both
    case_id = drawers.bureau.begin()
    before = drawers.bureau.waiting(case_id)["head_review"]
    new = put_into_force(drawers, RENAMED)

    move(drawers, [case_id], new)

    after = drawers.bureau.waiting(case_id)["head_review"]
    assert drawers.bureau.case(case_id).route_version_id == new
    assert (after.id, after.due_at, after.step_name) == (before.id, before.due_at, "所属長の承認")
    assert drawers.bureau.case(case_id).steps_now == ["所属長の承認"]
    drawers.bureau.decide(drawers.bureau.head, case_id, "head_review")
    assert drawers.events().count("case_transferred") == 1


def test_the_reason_stands_in_the_story_of_the_case(drawers: Drawers):
    case_id = drawers.bureau.begin()
    move(drawers, [case_id], put_into_force(drawers, RENAMED), reason="要綱の改正に合わせるため")

    with drawers.city.look() as work:
        entry = work.session.scalars(select(CaseEntry).where(CaseEntry.kind == "transferred")).one()
    assert (entry.case_id, entry.words) == (case_id, "要綱の改正に合わせるため")


def test_where_the_new_version_asks_others_it_lies_in_their_tray(drawers: Drawers):
    case_id = drawers.bureau.begin()
    new = put_into_force(drawers, BY_PRIVACY)

    move(drawers, [case_id], new)

    with drawers.city.look() as work:
        assert list(work.session.scalars(select(TrayEntry.desk))) == ["privacy_officer@*"]
    drawers.bureau.decide(drawers.bureau.privacy, case_id, "head_review")


def test_a_case_whose_step_is_gone_stays_and_the_page_says_why(drawers: Drawers):
    case_id = drawers.bureau.begin()
    new = put_into_force(drawers, ("head_review", "first_review"))

    page = drawers.visit(drawers.second).get(f"/routes/{KIND}/cases").text
    refused = move(drawers, [case_id], new)

    assert "新しい版に同じステップがありません" in page
    assert 'type="checkbox"' not in page
    assert "1件は移せませんでした" in refused
    assert drawers.bureau.waiting(case_id)["head_review"]


def test_a_decision_is_not_taken_back_across_a_transfer(drawers: Drawers):
    case_id = drawers.bureau.begin()
    vote = drawers.bureau.decide(drawers.bureau.head, case_id, "head_review")
    move(drawers, [case_id], put_into_force(drawers, RENAMED))

    with pytest.raises(Overtaken), drawers.city.unit(drawers.city.actor(drawers.bureau.head)) as work:
        take_back(work, work.session.get(Vote, vote.id))


def test_a_case_that_was_decided_meanwhile_or_moved_already_stays(drawers: Drawers):
    case_id = drawers.bureau.begin()
    old = drawers.bureau.case(case_id).route_version_id
    new = put_into_force(drawers, RENAMED)
    drawers.bureau.decide(drawers.bureau.head, case_id, "head_review", Decision.REJECT)
    typed = {"case": [str(case_id)], "version": str(old), "to": str(new), "reason": "名称"}

    page = drawers.visit(drawers.second).post(f"/routes/{KIND}/cases", typed).text

    assert "もうその版で進んでいません" in page


def test_cases_are_moved_only_with_a_reason_and_only_to_the_version_in_force(drawers: Drawers):
    case_id = drawers.bureau.begin()
    draft = drawers.draft(KIND, RENAMED)
    new = put_into_force(drawers, RENAMED)

    assert "理由を入れてください" in move(drawers, [case_id], new, reason="", status=422)
    assert "案件を選んでください" in move(drawers, [], new, status=422)
    assert "いま有効な版ではありません" in move(drawers, [case_id], draft)
    assert drawers.bureau.case(case_id).route_version_id not in (draft, new)


def test_whoever_puts_no_version_into_force_moves_no_case(drawers: Drawers):
    drawers.visit(drawers.bureau.head).post(f"/routes/{KIND}/cases", status=403)
    drawers.visit(drawers.city.person(Role.CLERK)).get(f"/routes/{KIND}/cases", status=403)
