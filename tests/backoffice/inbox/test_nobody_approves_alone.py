"""No path leads from a draft to its approval without another person: every shipped route, every set of roles."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from backoffice.accounts import service as accounts
from backoffice.errors import Refusal
from backoffice.identity import Department, Role, RoleGrant
from backoffice.inbox import absences, handling
from backoffice.inbox.absences import Away
from backoffice.inbox.kinds import KINDS
from tests.backoffice.inbox.cases import Bureau
from workflows.routes import Decision, RouteKind

ONWARD = (Decision.APPROVE, Decision.DONE)
ROLE_SETS = [(role,) for role in Role] + [tuple(Role)]
MOST_MOVES = 40


def alone(bureau: Bureau, case_id: int, person) -> str:
    """Let one person press every button that goes on, as often as they can, and give how the case ended."""
    for _ in range(MOST_MOVES):
        if not any(pressed(bureau, case_id, person, step_id) for step_id in bureau.waiting(case_id)):
            break
    return bureau.case(case_id).outcome


def pressed(bureau: Bureau, case_id: int, person, step_id: str) -> bool:
    for decision in ONWARD:
        try:
            bureau.decide(person, case_id, step_id, decision)
        except Refusal:
            continue
        return True
    return False


def give_everywhere(bureau: Bureau, staff, roles: tuple[Role, ...]) -> None:
    with bureau.city.unit() as work:
        city = work.session.scalars(select(Department).where(Department.depth == 0)).one()
        held = work.session.execute(
            select(RoleGrant.role, RoleGrant.department_id).where(RoleGrant.staff_id == staff.id)
        )
        wanted = {(role, place.id) for role in roles for place in (city, bureau.department)}
        for role, place_id in sorted(wanted - {(Role(role), place_id) for role, place_id in held}):
            accounts.grant_role(work, staff.id, role, place_id, date(2026, 4, 1), None)


@pytest.mark.parametrize("roles", ROLE_SETS, ids=lambda roles: "+".join(roles) if len(roles) < 3 else "every role")
def test_a_drafter_approves_none_of_their_own_cases_whatever_roles_they_hold(bureau, roles):
    give_everywhere(bureau, bureau.drafter, roles)

    ended = {kind: alone(bureau, bureau.begin(RouteKind(kind), widening=True), bureau.drafter) for kind in KINDS}

    assert {kind for kind, outcome in ended.items() if outcome == "approved"} == set()


def test_nor_as_the_deputy_of_everyone_who_could(bureau):
    give_everywhere(bureau, bureau.drafter, tuple(Role))
    today = bureau.city.office.services.today()
    for principal in (bureau.head, bureau.privacy, bureau.dx, bureau.dx_head, bureau.operator):
        with bureau.city.unit(bureau.city.actor(principal)) as work:
            absences.enter(work, principal.id, Away(today, today, bureau.drafter.account))

    ended = {kind: alone(bureau, bureau.begin(RouteKind(kind)), bureau.drafter) for kind in KINDS}

    assert "approved" not in ended.values()


def test_nor_after_handing_the_case_to_a_colleague_and_back(bureau):
    give_everywhere(bureau, bureau.drafter, tuple(Role))
    case_ids = [bureau.begin(RouteKind(kind)) for kind in KINDS]
    for giver, heir in ((bureau.drafter, bureau.head), (bureau.head, bureau.drafter)):
        with bureau.city.unit(bureau.city.actor(bureau.head)) as work:
            handling.hand_over(work, giver.id, heir.id)

    assert "approved" not in {alone(bureau, case_id, bureau.drafter) for case_id in case_ids}
    assert "approved" not in {alone(bureau, case_id, bureau.head) for case_id in case_ids}


def test_two_people_together_do_reach_an_approval(bureau):
    """So that the tests above could fail: with a second pair of hands the same cases end."""
    give_everywhere(bureau, bureau.drafter, tuple(Role))
    give_everywhere(bureau, bureau.head, tuple(Role))
    third = bureau.city.person(*Role, department=bureau.department)
    give_everywhere(bureau, third, tuple(Role))
    case_id = bureau.begin()

    for _ in range(6):
        alone(bureau, case_id, bureau.head)
        alone(bureau, case_id, third)

    assert bureau.case(case_id).outcome == "approved"
