"""Once a year a link is looked at again, as a case: it goes on, is narrowed or is ended, and only the case decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from backoffice.clients.scopes import Scope
from backoffice.data_links import live, queries, reviewing, service
from backoffice.data_links.models import LinkReview, LinkUse
from backoffice.data_links.reviewing import Outcome
from backoffice.data_links.workflow import VersionState
from backoffice.errors import NotPermitted, Overtaken
from backoffice.inbox import opening
from backoffice.inbox.deciding import Said, decide
from backoffice.inbox.models import Case, Task
from backoffice.services import TOKYO
from tests.backoffice.clients.machines import machine
from tests.backoffice.data_links.agreements import LIBRARY, Agreements, stranger
from workflows.links import LinkState, Necessity, Use, written_terms
from workflows.routes import Decision, RouteKind


def today(desk: Agreements) -> date:
    return desk.city.clock().astimezone(TOKYO).date()


def due(desk: Agreements) -> int:
    """A link in force whose review is today."""
    now = today(desk)
    return desk.agreed(replace(LIBRARY, review_on=now, valid_until=now + timedelta(days=900)))


def opened(desk: Agreements) -> int:
    """The case of a review that the worker opened."""
    assert reviewing.tick(desk.city.office) == 1
    return case_ids(desk)[-1]


def case_ids(desk: Agreements) -> list[int]:
    with desk.city.look() as work:
        kind = str(RouteKind.LINK_REVIEW)
        return list(work.session.scalars(select(Case.id).where(Case.kind == kind).order_by(Case.id)))


def review_of(desk: Agreements, case_id: int) -> LinkReview:
    with desk.city.look() as work:
        return work.session.scalars(select(LinkReview).where(LinkReview.case_id == case_id)).one()


def answer(desk: Agreements, case_id: int, outcome: Outcome) -> None:
    with desk.city.unit(desk.city.actor(desk.bureau.drafter)) as work:
        task = work.session.scalars(
            select(Task).where(Task.case_id == case_id, Task.step_id == "answer").order_by(Task.id.desc()).limit(1)
        ).one()
        decide(work, task, Said(Decision.DONE, answers={"outcome": str(outcome)}))


def reviewed(desk: Agreements, case_id: int, outcome: Outcome) -> LinkReview:
    """Let the department answer and the two offices agree."""
    answer(desk, case_id, outcome)
    desk.bureau.decide(desk.bureau.privacy, case_id, "privacy_review")
    desk.bureau.decide(desk.bureau.dx, case_id, "dx_approval")
    desk.take_effect()
    return review_of(desk, case_id)


def used(desk: Agreements, version_id: int, released: list[str], times: int = 1, days_ago: int = 1) -> None:
    client = machine(desk.city, frozenset({Scope.LINKS}), name=f"図書館 {days_ago} {len(released)}")
    with desk.city.unit() as work:
        link_id = desk.version(version_id).link_id
        work.session.add_all(
            LinkUse(
                link_id=link_id,
                client_id=client.client_id,
                key_hash=f"{number:064}",
                purpose="issue_card",
                asked=released,
                released=released,
                outcome=live.RELEASED,
                at=work.now - timedelta(days=days_ago),
            )
            for number in range(times)
        )


def test_when_its_day_comes_the_worker_opens_one_review_and_no_second(desk_on_both: Agreements):
    desk = desk_on_both
    due(desk)

    opened_by_day = []
    for _day in range(3):
        opened_by_day += [reviewing.tick(desk.city.office), reviewing.tick(desk.city.office)]
        desk.city.clock.pass_(days=1)

    assert opened_by_day == [1, 0, 0, 0, 0, 0]
    assert "answer" in desk.bureau.waiting(case_ids(desk)[0])


def test_before_its_day_and_when_it_is_shut_or_over_none_is_opened(desk: Agreements):
    version_id = due(desk)
    desk.city.clock.pass_(days=-1)
    assert reviewing.tick(desk.city.office) == 0

    desk.city.clock.pass_(days=1)
    desk.shut(version_id)
    assert reviewing.tick(desk.city.office) == 0


def test_the_case_says_what_left_what_never_did_and_how_many_consent(desk_on_both: Agreements):
    desk = desk_on_both
    version_id = due(desk)
    used(desk, version_id, ["full_name"], times=3)
    used(desk, version_id, ["city_resident", "full_name"], times=2, days_ago=300)
    used(desk, version_id, ["age_over_18"], days_ago=366)

    said = desk.bureau.case(opened(desk)).answers["values"]

    assert said["uses"].splitlines() == ["氏名: 5回", "18歳以上: 0回", "福岡市民: 2回"]
    assert (said["never_used"], said["people"]) == ("18歳以上", "0人")


def test_where_only_less_was_asked_the_case_names_the_less(desk: Agreements):
    now, birth = today(desk), Use("birth_date", Necessity.REQUIRED, ("issue_card",), "同じ名前の人を見分けるため")
    version_id = desk.agreed(replace(LIBRARY, uses=(birth,), review_on=now, valid_until=now + timedelta(days=900)))
    used(desk, version_id, ["age_over_65"])

    said = desk.bureau.case(opened(desk)).answers["values"]

    assert said["never_used"] == "生年月日(渡したのは、より少ない 65歳以上 だけ)"


def test_what_is_kept_is_looked_at_again_in_a_year_and_not_before(desk: Agreements):
    version_id = due(desk)
    review = reviewed(desk, opened(desk), Outcome.KEPT)
    assert (review.outcome, review.next_on) == ("kept", today(desk).replace(year=today(desk).year + 1))
    assert desk.state(version_id) is LinkState.LIVE

    desk.city.clock.pass_(days=364)
    assert reviewing.tick(desk.city.office) == 0
    desk.city.clock.pass_(days=1)
    assert reviewing.tick(desk.city.office) == 1


def test_a_narrowed_link_gets_a_draft_of_what_was_used_which_one_person_puts_in_force(desk: Agreements):
    version_id = due(desk)
    used(desk, version_id, ["city_resident", "full_name"])

    reviewed(desk, opened(desk), Outcome.NARROWED)

    with desk.city.look() as work:
        draft = queries.versions_of(work.session, desk.version(version_id).link_id)[0]
    assert (draft.number, draft.state) == (2, VersionState.DRAFT)
    assert [use.attribute for use in service.terms_of(draft).uses] == ["full_name", "city_resident"]
    desk.put_in_force(draft.id)
    assert desk.counts(version_id) == 2


def test_what_left_for_the_first_time_while_the_case_was_on_its_way_is_used_too(desk: Agreements):
    version_id = due(desk)
    used(desk, version_id, ["full_name"])
    case_id = opened(desk)
    used(desk, version_id, ["age_over_18"], days_ago=0)

    reviewed(desk, case_id, Outcome.NARROWED)

    with desk.city.look() as work:
        draft = queries.versions_of(work.session, desk.version(version_id).link_id)[0]
    assert [use.attribute for use in service.terms_of(draft).uses] == ["full_name", "age_over_18"]


def test_a_draft_that_is_being_written_already_is_left_alone(desk: Agreements):
    version_id = due(desk)
    draft_id = desk.next(version_id, per_minute=30)

    review = reviewed(desk, opened(desk), Outcome.NARROWED)

    assert review.outcome == "narrowed"
    assert service.terms_of(desk.version(draft_id)) == replace(
        service.terms_of(desk.version(version_id)), per_minute=30
    )


def test_an_ended_link_is_shut_and_the_record_names_the_case(desk_on_both: Agreements):
    desk = desk_on_both
    version_id = due(desk)
    case_id = opened(desk)

    reviewed(desk, case_id, Outcome.ENDED)

    with desk.city.look() as work:
        (stop,) = queries.stops_of(work.session, desk.version(version_id).link_id)
    assert desk.state(version_id) is LinkState.KILLED
    assert (stop.is_drill, desk.bureau.case(case_id).number in stop.reason) == (False, True)


def test_nothing_follows_before_the_case_is_over(desk: Agreements):
    version_id = due(desk)
    case_id = opened(desk)

    answer(desk, case_id, Outcome.ENDED)
    desk.bureau.decide(desk.bureau.privacy, case_id, "privacy_review")
    desk.take_effect()

    assert (desk.state(version_id), review_of(desk, case_id).outcome) == (LinkState.LIVE, "")


def test_what_is_sent_back_is_answered_anew_and_the_last_answer_counts(desk: Agreements):
    version_id = due(desk)
    case_id = opened(desk)
    answer(desk, case_id, Outcome.ENDED)
    desk.bureau.decide(desk.bureau.privacy, case_id, "privacy_review", Decision.SEND_BACK)

    reviewed(desk, case_id, Outcome.KEPT)

    assert desk.state(version_id) is LinkState.LIVE


def test_whoever_answered_does_not_check_it(desk: Agreements):
    due(desk)
    case_id = opened(desk)
    answer(desk, case_id, Outcome.KEPT)

    with pytest.raises(NotPermitted):
        desk.bureau.decide(desk.bureau.drafter, case_id, "privacy_review")


def test_a_review_that_is_withdrawn_changes_nothing_and_may_be_begun_by_hand(desk: Agreements):
    version_id = due(desk)
    case_id = opened(desk)
    with desk.city.unit(desk.city.actor(desk.bureau.drafter)) as work:
        opening.withdraw(work, case_id, "別の案件で決めるため")

    assert (review_of(desk, case_id).outcome, desk.state(version_id)) == ("dropped", LinkState.LIVE)
    assert reviewing.tick(desk.city.office) == 0
    page = desk.visit().post(f"/links/{desk.link(version_id).id}/review")
    assert (page.path, len(case_ids(desk))) == (f"/cases/{case_ids(desk)[-1]}", 2)


def test_one_review_at_a_time_and_only_by_the_department(desk: Agreements):
    version_id = due(desk)
    opened(desk)
    link = desk.link(version_id)

    with pytest.raises(Overtaken), desk.city.unit(desk.city.actor(desk.drafter)) as work:
        reviewing.begin(work, link)
    with pytest.raises(NotPermitted), desk.city.unit(desk.city.actor(stranger(desk))) as work:
        reviewing.begin(work, link)


def test_where_the_drafter_has_left_a_head_answers_for_it(desk: Agreements):
    due(desk)
    with desk.city.unit() as work:
        work.session.merge(desk.drafter).active = False

    case = desk.bureau.case(opened(desk))

    assert (case.responsible_id, case.department_id) == (desk.bureau.head.id, desk.bureau.department.id)


def test_what_one_link_raises_keeps_no_other_from_its_review(desk: Agreements):
    broken = due(desk)
    with desk.city.unit() as work:
        # No case can be called so.
        queries.lock_link(work.session, desk.version(broken).link_id).name = "番" * 250
    now = today(desk)
    with desk.city.unit(desk.city.actor(desk.drafter)) as work:
        other = service.begin_link(work, "pool", "プール")
        other.terms = written_terms(replace(LIBRARY, review_on=now, valid_until=now + timedelta(days=900)))
        other.state, other.scope, other.in_force_at = VersionState.IN_FORCE, 1, work.now

    assert reviewing.tick(desk.city.office) == 1


def test_the_page_of_the_link_says_when_it_is_reviewed_and_what_came_of_it(desk: Agreements):
    version_id = due(desk)
    page, path = desk.visit(), f"/links/{desk.link(version_id).id}"
    assert "まだ見直していません" in page.get(path).text

    case_id = opened(desk)
    assert "見直し中" in page.get(path).text
    reviewed(desk, case_id, Outcome.KEPT)
    assert f"/cases/{case_id}" in page.get(path).text
    with desk.city.look() as work:
        assert work.session.scalar(select(func.count(LinkReview.id))) == 1
