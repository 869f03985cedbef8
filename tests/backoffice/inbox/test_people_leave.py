"""People leave and move on the first of April; the work that waited for them does not wait in vain."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from backoffice.accounts import service as accounts
from backoffice.audit import AuditEvent
from backoffice.errors import NotPermitted
from backoffice.identity import Role, RoleGrant, Staff
from backoffice.inbox import absences, handling, talking
from backoffice.inbox.absences import Away
from backoffice.inbox.models import Absence, Case, CaseEntry, Opinion, Pile, Task, TrayEntry, Vote
from tests.backoffice.inbox.cases import Bureau
from tests.backoffice.inbox.personnel import first_of_april
from tests.backoffice.staff_client import StaffClient
from workflows.routes import Decision


def trays(bureau: Bureau, case_id: int) -> dict[str, Pile]:
    with bureau.city.look() as work:
        rows = work.session.execute(
            select(TrayEntry.desk, TrayEntry.pile)
            .join(Task, Task.id == TrayEntry.task_id)
            .where(Task.case_id == case_id)
        )
        return {desk: Pile(pile) for desk, pile in rows}


def story(bureau: Bureau, case_id: int) -> list[str]:
    with bureau.city.look() as work:
        entries = select(CaseEntry.kind).where(CaseEntry.case_id == case_id).order_by(CaseEntry.id)
        return list(work.session.scalars(entries))


def trail(bureau: Bureau) -> list[str]:
    with bureau.city.look() as work:
        return list(work.session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id)))


def claim(bureau: Bureau, person: Staff, case_id: int) -> None:
    with bureau.city.unit(bureau.city.actor(person)) as work:
        (task,) = bureau.waiting(case_id).values()
        handling.claim(work, work.session.get(Task, task.id))


def end_roles(bureau: Bureau, person: Staff) -> None:
    with bureau.city.unit() as work:
        for grant in work.session.scalars(select(RoleGrant).where(RoleGrant.staff_id == person.id)).all():
            accounts.end_role(work, person.id, grant.id)


def head_again(bureau: Bureau) -> Staff:
    return bureau.city.person(Role.HEAD, department=bureau.department, account="kacho2")


@pytest.mark.parametrize("goes", ["leaves", "moves"])
def test_what_somebody_had_taken_on_comes_back_to_the_desk(bureau_on_both, goes):
    bureau = bureau_on_both
    second = head_again(bureau)
    case_id = bureau.begin()
    claim(bureau, bureau.head, case_id)
    elsewhere = bureau.city.department("水道局")

    first_of_april(bureau, **({"leave": ["kacho"]} if goes == "leaves" else {"move": {"kacho": elsewhere}}))

    (task,) = bureau.waiting(case_id).values()
    assert task.claimed_by_id is None
    assert trays(bureau, case_id) == {f"head@{bureau.department.id}": Pile.OPEN}
    assert story(bureau, case_id)[-1] == "let_go"
    bureau.decide(second, case_id, "head_review")


def test_what_was_sent_back_to_one_who_left_lies_with_the_heads_of_the_department(bureau_on_both):
    bureau = bureau_on_both
    case_id = bureau.begin()
    bureau.decide(bureau.head, case_id, "head_review", Decision.SEND_BACK)
    assert set(trays(bureau, case_id)) == {f"person:{bureau.drafter.id}"}

    first_of_april(bureau, leave=["tanto"])

    assert trays(bureau, case_id) == {f"head@{bureau.department.id}": Pile.OPEN}
    assert {"to_heads", "unattended"} <= set(story(bureau, case_id))
    assert {"task_passed_on", "case_unattended"} <= set(trail(bureau))


def test_what_is_sent_back_after_its_drafter_left_goes_to_the_heads_at_once(bureau):
    case_id = bureau.begin()
    first_of_april(bureau, leave=["tanto"])

    bureau.decide(bureau.head, case_id, "head_review", Decision.SEND_BACK)

    assert trays(bureau, case_id) == {f"head@{bureau.department.id}": Pile.OPEN}


def test_the_head_sees_who_left_what_and_gives_it_to_somebody_who_mends_it(bureau):
    case_id, draft_id = bureau.begin(title="差し戻した件"), bureau.begin(title="下書きの件")
    with bureau.city.unit() as work:
        work.session.get(Case, draft_id).state = "draft"
    bureau.decide(bureau.head, case_id, "head_review", Decision.SEND_BACK)
    heir = bureau.city.person(Role.CLERK, department=bureau.department, account="kokei")
    first_of_april(bureau, leave=["tanto"])
    head = StaffClient(bureau.city).sign_in(bureau.head)

    notice, listed = head.get("/inbox"), head.get("/hand-over")
    chosen = head.get("/hand-over?person=tanto")
    done = head.post("/hand-over", {"from": "tanto", "to": "kokei"})

    assert "離れた職員の案件 2件" in notice.text
    assert bureau.drafter.name in listed.text
    assert "差し戻した件" in chosen.text
    assert "2件を" in done.text
    assert trays(bureau, case_id) == {f"person:{heir.id}": Pile.RETURNED}
    assert {bureau.case(each).responsible_id for each in (case_id, draft_id)} == {heir.id}
    assert "離れた職員の案件" not in head.get("/inbox").text


def test_the_head_of_another_department_hands_nothing_of_it_over(bureau):
    bureau.begin()
    other = bureau.city.department("水道局")
    stranger = bureau.city.person(Role.HEAD, department=other, account="yoso")
    first_of_april(bureau, leave=["tanto"])
    client = StaffClient(bureau.city).sign_in(stranger)

    page = client.post("/hand-over", {"from": "tanto", "to": "yoso"}, status=422)

    assert "部署の職員IDを確かめてください" in page.text
    assert "離れた職員の案件" not in client.get("/inbox").text


def test_a_question_to_one_who_left_is_closed_and_the_case_says_so(bureau_on_both):
    bureau = bureau_on_both
    case_id = bureau.begin()
    with bureau.city.unit(bureau.city.actor(bureau.head)) as work:
        talking.ask_opinion(work, work.session.get(Case, case_id), "rpa", "動きますか")

    first_of_april(bureau, leave=["rpa"])

    with bureau.city.look() as work:
        opinion = work.session.scalars(select(Opinion)).one()
    assert (opinion.answer, opinion.answered_at) == ("", bureau.city.clock.moment)
    assert story(bureau, case_id)[-1] == "opinion_closed"
    page = StaffClient(bureau.city).sign_in(bureau.head).get(f"/cases/{case_id}")
    assert "回答なし" in page.text


@pytest.mark.parametrize("goes", ["leaves", "moves"])
def test_whoever_goes_stands_in_for_nobody_any_more(bureau_on_both, goes):
    bureau = bureau_on_both
    today = bureau.city.office.services.today()
    case_id = bureau.begin()
    with bureau.city.unit() as work:
        absences.enter(work, bureau.head.id, Away(today, today + timedelta(days=5), "dx1"))
    elsewhere = bureau.city.department("水道局")

    first_of_april(bureau, **({"leave": ["dx1"]} if goes == "leaves" else {"move": {"dx1": elsewhere}}))

    with bureau.city.look() as work:
        absence = work.session.scalars(select(Absence)).one()
    assert (absence.deputy_id, absence.cancelled_at) == (None, None)
    assert "deputy_ended" in trail(bureau)
    if goes == "moves":
        with pytest.raises(NotPermitted):
            bureau.decide(bureau.dx, case_id, "head_review")


def test_the_coming_absences_of_one_who_left_are_cancelled(bureau):
    today = bureau.city.office.services.today()
    with bureau.city.unit() as work:
        absences.enter(work, bureau.head.id, Away(today, today + timedelta(days=5), ""))

    first_of_april(bureau, leave=["kacho"])

    with bureau.city.look() as work:
        assert work.session.scalars(select(Absence)).one().cancelled_at is not None


def test_who_moved_keeps_their_own_matters_until_they_hand_them_over(bureau_on_both):
    bureau = bureau_on_both
    case_id = bureau.begin(title="異動前の件")
    bureau.decide(bureau.head, case_id, "head_review", Decision.SEND_BACK)
    heir = bureau.city.person(Role.CLERK, department=bureau.department, account="kokei")
    elsewhere = bureau.city.department("水道局")

    first_of_april(bureau, move={"tanto": elsewhere})

    assert trays(bureau, case_id) == {f"person:{bureau.drafter.id}": Pile.RETURNED}
    mover = StaffClient(bureau.city).sign_in(bureau.drafter)
    assert "前の部署の案件 1件" in mover.get("/inbox").text
    assert "異動前の件" in mover.get("/hand-over/own").text
    mover.post("/hand-over/own", {"to": "kokei"})
    assert trays(bureau, case_id) == {f"person:{heir.id}": Pile.RETURNED}
    assert "前の部署の案件" not in mover.get("/inbox").text


def test_what_stayed_with_who_moved_goes_to_nobody_but_the_department_whose_matter_it_is(bureau):
    case_id = bureau.begin()
    elsewhere = bureau.city.department("水道局")
    bureau.city.person(Role.CLERK, department=elsewhere, account="suido")
    first_of_april(bureau, move={"tanto": elsewhere})

    page = StaffClient(bureau.city).sign_in(bureau.drafter).post("/hand-over/own", {"to": "suido"}, status=422)

    assert "案件の部署の職員IDを入れてください" in page.text
    assert bureau.case(case_id).responsible_id == bureau.drafter.id


def test_a_desk_where_nobody_sits_any_more_is_looked_after_above(bureau_on_both):
    bureau = bureau_on_both
    above = bureau.city.department("学校教育部")
    bureau.department = bureau.city.department("給食課", above)
    bureau.drafter = bureau.city.person(Role.CLERK, department=bureau.department, account="kyushoku")
    bureau.city.person(Role.HEAD, department=bureau.department, account="kyushoku-kacho")
    director = bureau.city.person(Role.HEAD, department=above, account="bucho")
    case_id = bureau.begin()

    first_of_april(bureau, leave=["kyushoku-kacho"])

    assert trays(bureau, case_id) == {f"head@{above.id}": Pile.OPEN}
    assert story(bureau, case_id)[-1] == "to_above"
    bureau.decide(director, case_id, "head_review")


def test_a_desk_that_an_administrator_empties_by_hand_is_looked_after_above_as_well(bureau_on_both):
    bureau = bureau_on_both
    above = bureau.city.department("学校教育部")
    bureau.department = bureau.city.department("給食課", above)
    bureau.drafter = bureau.city.person(Role.CLERK, department=bureau.department, account="kyushoku")
    heads = [bureau.city.person(Role.HEAD, department=bureau.department, account=f"kacho-{n}") for n in (1, 2)]
    director = bureau.city.person(Role.HEAD, department=above, account="bucho")
    case_id = bureau.begin()
    desks = []

    for head in heads:
        end_roles(bureau, head)
        desks.append(trays(bureau, case_id))

    assert desks == [{f"head@{bureau.department.id}": Pile.OPEN}, {f"head@{above.id}": Pile.OPEN}]
    assert story(bureau, case_id)[-1] == "to_above"
    bureau.decide(director, case_id, "head_review")


def test_what_was_decided_for_one_who_left_waits_for_nobody_to_look_at_it(bureau_on_both):
    bureau = bureau_on_both
    today = bureau.city.office.services.today()
    case_id = bureau.begin()
    with bureau.city.unit() as work:
        absences.enter(work, bureau.head.id, Away(today, today + timedelta(days=5), "dx1"))
    vote = bureau.decide(bureau.dx, case_id, "head_review")

    first_of_april(bureau, leave=["kacho"])

    with bureau.city.look() as work:
        assert work.session.get(Vote, vote.id).reviewed_at == bureau.city.clock.moment
    assert story(bureau, case_id)[-1] == "review_closed"
    assert "review_closed" in trail(bureau)


def test_the_head_who_comes_with_the_same_file_finds_the_desk_as_it_was(bureau):
    successor = bureau.city.person(Role.CLERK, department=bureau.city.department("水道局"), account="shin-kacho")
    case_id = bureau.begin()

    first_of_april(bureau, leave=["kacho"], move={"shin-kacho": bureau.department}, roles={"shin-kacho": [Role.HEAD]})

    assert trays(bureau, case_id) == {f"head@{bureau.department.id}": Pile.OPEN}
    bureau.decide(successor, case_id, "head_review")


def test_a_file_that_changes_nobodys_place_leaves_all_work_where_it_is(bureau):
    case_id = bureau.begin()
    claim(bureau, bureau.head, case_id)
    before = (trays(bureau, case_id), story(bureau, case_id))
    bureau.city.person(Role.CLERK, department=bureau.department, account="yameru")

    first_of_april(bureau, leave=["yameru"])

    (task,) = bureau.waiting(case_id).values()
    assert (trays(bureau, case_id), story(bureau, case_id)) == before
    assert task.claimed_by_id == bureau.head.id


def test_the_cases_of_one_who_was_shut_out_are_shown_to_the_heads_until_they_are_let_in_again(bureau):
    bureau.begin()
    client = StaffClient(bureau.city).sign_in(bureau.head)
    shown = []

    for active in (False, True):
        with bureau.city.unit() as work:
            accounts.switch_staff(work, bureau.drafter.id, active=active)
        shown.append("離れた職員の案件 1件" in client.get("/inbox").text)

    assert shown == [True, False]


def test_a_case_that_has_ended_is_nobodys_worry(bureau):
    case_id = bureau.begin()
    first_of_april(bureau, leave=["tanto"])

    bureau.decide(bureau.head, case_id, "head_review", Decision.REJECT)

    assert bureau.case(case_id).unattended_at is None
