"""Who is away is stood in for (代決), looks at it afterwards (後閲), and hands over when they move."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from backoffice.errors import Invalid, NotPermitted
from backoffice.identity import Role, Staff
from backoffice.inbox import absences, deciding, handling, queries, trays
from backoffice.inbox.absences import Away
from backoffice.inbox.models import Case, Vote
from backoffice.inbox.trays import Tray, Wanted
from tests.backoffice.inbox.cases import Bureau, chairs
from workflows.routes import Decision

TODAY = date(2026, 11, 24)


def go_away(bureau: Bureau, person: Staff, deputy: Staff | None) -> None:
    with bureau.city.unit(bureau.city.actor(person)) as work:
        absences.enter(work, person.id, Away(TODAY, date(2026, 11, 28), deputy.account if deputy else ""))


def tray_of(bureau: Bureau, person: Staff, tray: Tray = Tray.OWN) -> list[str]:
    with bureau.city.look(bureau.city.actor(person)) as work:
        found = trays.list_tasks(work.session, work.actor, chairs(work), Wanted(tray), work.now)
        return [task.step_id for task in found]


def test_a_deputy_finds_the_tray_of_who_is_away_and_decides_in_their_stead(bureau_on_both):
    bureau = bureau_on_both
    deputy = bureau.city.person(Role.CLERK, department=bureau.department)
    case_id = bureau.begin()
    go_away(bureau, bureau.head, deputy)

    assert tray_of(bureau, deputy, Tray.DEPUTY) == ["head_review"]
    vote = bureau.decide(deputy, case_id, "head_review")

    assert (vote.staff_id, vote.principal_id) == (deputy.id, bureau.head.id)


def test_who_was_stood_in_for_reviews_it_afterwards_and_nobody_else(bureau):
    deputy = bureau.city.person(Role.CLERK, department=bureau.department)
    case_id = bureau.begin()
    go_away(bureau, bureau.head, deputy)
    vote = bureau.decide(deputy, case_id, "head_review")

    with pytest.raises(NotPermitted), bureau.city.unit(bureau.city.actor(bureau.dx)) as work:
        deciding.review(work, work.session.get(Vote, vote.id), work.session.get(Case, case_id))
    with bureau.city.unit(bureau.city.actor(bureau.head)) as work:
        waiting = queries.votes_to_review(work.session, work.actor)
        deciding.review(work, waiting[0], work.session.get(Case, case_id))

    with bureau.city.look(bureau.city.actor(bureau.head)) as work:
        assert (len(waiting), len(queries.votes_to_review(work.session, work.actor))) == (1, 0)


def test_a_drafter_does_not_approve_their_own_draft_as_the_heads_deputy(bureau):
    case_id = bureau.begin()
    go_away(bureau, bureau.head, bureau.drafter)

    assert tray_of(bureau, bureau.drafter, Tray.DEPUTY) == []
    with pytest.raises(NotPermitted):
        bureau.decide(bureau.drafter, case_id, "head_review")


def test_a_deputy_does_not_decide_in_the_stead_of_a_drafter(bureau):
    """The head drafted it themselves: nobody decides it from their chair."""
    bureau.drafter = bureau.city.person(Role.CLERK, Role.HEAD, department=bureau.department)
    deputy = bureau.city.person(Role.CLERK, department=bureau.department)
    case_id = bureau.begin()
    go_away(bureau, bureau.drafter, deputy)

    with pytest.raises(NotPermitted):
        bureau.decide(deputy, case_id, "head_review")


def test_when_the_absence_is_over_so_is_standing_in(bureau):
    deputy = bureau.city.person(Role.CLERK, department=bureau.department)
    case_id = bureau.begin()
    go_away(bureau, bureau.head, deputy)
    bureau.city.clock.pass_(days=5)

    with pytest.raises(NotPermitted):
        bureau.decide(deputy, case_id, "head_review")


@pytest.mark.parametrize(
    ("starts", "ends", "deputy"),
    [
        (date(2026, 11, 28), date(2026, 11, 24), ""),
        (date(2026, 11, 1), date(2026, 11, 2), ""),
        (TODAY, date(2028, 1, 1), ""),
        (TODAY, TODAY, "nobody"),
        (TODAY, TODAY, "kacho"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(bureau, starts, ends, deputy):
    with pytest.raises(Invalid), bureau.city.unit(bureau.city.actor(bureau.head)) as work:
        absences.enter(work, bureau.head.id, Away(starts, ends, deputy))


def test_a_deputy_who_is_away_too_is_refused(bureau):
    go_away(bureau, bureau.dx, None)

    with pytest.raises(Invalid), bureau.city.unit(bureau.city.actor(bureau.head)) as work:
        absences.enter(work, bureau.head.id, Away(TODAY, TODAY, bureau.dx.account))


def test_all_open_work_is_handed_over_with_the_rules_of_the_route(bureau_on_both):
    bureau = bureau_on_both
    sent_back = bureau.begin(title="差し戻された制度")
    bureau.decide(bureau.head, sent_back, "head_review", Decision.SEND_BACK, "直してください")
    running = bureau.begin(title="回議中の制度")
    heir = bureau.city.person(Role.CLERK, Role.HEAD, department=bureau.department)

    with bureau.city.unit(bureau.city.actor(bureau.head)) as work:
        count = handling.hand_over(work, bureau.drafter.id, heir.id)

    assert count == 3
    assert "mend" in tray_of(bureau, heir)
    with pytest.raises(NotPermitted):
        bureau.decide(heir, running, "head_review")
    bureau.decide(heir, sent_back, "mend", Decision.DONE)
    with pytest.raises(NotPermitted):
        bureau.decide(bureau.drafter, sent_back, "head_review")


def test_work_is_not_handed_to_someone_who_has_left(bureau):
    gone = bureau.city.person(Role.CLERK, department=bureau.department)
    with bureau.city.unit() as work:
        work.session.scalars(select(Staff).where(Staff.id == gone.id)).one().active = False

    with pytest.raises(Invalid), bureau.city.unit(bureau.city.actor(bureau.head)) as work:
        handling.hand_over(work, bureau.drafter.id, gone.id)
