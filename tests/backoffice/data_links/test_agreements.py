"""A data link is agreed: written, approved by everybody, widened only by approval, narrowed and shut at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from backoffice.data_links import queries, service
from backoffice.data_links.workflow import VersionState
from backoffice.errors import Invalid, NotPermitted, Overtaken
from tests.backoffice.data_links.agreements import LIBRARY, WITHOUT_AGE, Agreements, stranger
from workflows.links import LinkState, Necessity, Use
from workflows.routes import Decision

WIDER = (*LIBRARY.uses, Use("telephone", Necessity.OPTIONAL, ("issue_card",), "予約の本が届いたら電話する"))


def test_nothing_flows_until_everybody_has_approved(desk_on_both: Agreements):
    desk = desk_on_both
    version_id = desk.begin()
    case_id = desk.submit(version_id)
    assert (desk.state(version_id), desk.counts(version_id)) == (LinkState.NOT_BEGUN, None)

    desk.approve(case_id)

    version = desk.version(version_id)
    assert (version.state, version.scope, desk.state(version_id)) == (VersionState.IN_FORCE, 1, LinkState.LIVE)
    sent = ["link_contract_report_kept", "link_submitted"]
    assert desk.events() == ["link_begun", "link_terms_written", *sent, "link_signed", "link_approved"]


def test_the_case_says_what_is_handed_over_to_whom_and_that_it_opens(desk: Agreements):
    case = desk.bureau.case(desk.submit(desk.begin()))

    said = case.answers["values"]
    assert (case.title, case.subject_kind) == ("図書館カードの連携(第1版)", "link_version")
    assert said["attributes"].splitlines()[0] == "氏名 (必須: issue_card)"
    assert (said["recipient"], said["retention"], said["widening"]) == ("図書館システム(演習用)", "365日", True)


def test_while_a_wider_version_is_on_its_route_the_link_goes_on_as_it_was(desk_on_both: Agreements):
    desk = desk_on_both
    first = desk.in_force()
    wider = desk.next(first, uses=WIDER)
    case_id = desk.submit(wider)
    assert (desk.state(first), desk.counts(first)) == (LinkState.FROZEN, 1)

    desk.approve(case_id)

    assert (desk.state(first), desk.counts(first)) == (LinkState.LIVE, 2)
    assert desk.version(wider).scope == 2


def test_what_widens_nothing_residents_agreed_to_needs_approval_but_no_new_consents(desk: Agreements):
    first = desk.in_force()
    oftener = desk.next(first, per_minute=120)

    desk.approve(desk.submit(oftener))

    assert (desk.counts(first), desk.version(oftener).scope) == (2, 1)


def test_what_only_closes_counts_at_once_by_one_persons_hand(desk_on_both: Agreements):
    desk = desk_on_both
    first = desk.in_force()
    narrower = desk.next(first, uses=WITHOUT_AGE, retention_days=30)

    desk.put_in_force(narrower)

    assert (desk.counts(first), desk.version(narrower).scope) == (2, 1)
    assert desk.events()[-1] == "link_narrowed"


@pytest.mark.parametrize(
    "changes", [{"uses": WIDER}, {"uses": WITHOUT_AGE, "per_minute": 61}, {"controller": "架空社"}]
)
def test_what_opens_anything_is_not_put_in_force_without_approval(desk: Agreements, changes):
    first = desk.in_force()
    wider = desk.next(first, **changes)

    with pytest.raises(Invalid, match="回議"):
        desk.put_in_force(wider)

    assert desk.counts(first) == 1


def test_a_first_version_is_never_put_in_force_without_approval(desk: Agreements):
    version_id = desk.begin()

    with pytest.raises(Invalid, match="回議"):
        desk.put_in_force(version_id)


def test_a_version_that_says_what_is_in_force_already_is_not_sent(desk: Agreements):
    first = desk.in_force()

    with pytest.raises(Invalid, match="同じ内容"):
        desk.submit(desk.next(first))


def test_half_an_agreement_is_kept_and_not_sent(desk: Agreements):
    version_id = desk.begin(terms=replace(LIBRARY, uses=()))

    with pytest.raises(Invalid, match="そろっていない"):
        desk.submit(version_id)


def test_one_version_at_a_time_is_written_or_on_its_route(desk: Agreements):
    first = desk.in_force()
    desk.next(first)

    with pytest.raises(Overtaken, match="もう下書き"):
        desk.next(first)


def test_what_is_refused_becomes_a_draft_once_more(desk: Agreements):
    version_id = desk.begin()
    case_id = desk.submit(version_id)
    desk.bureau.decide(desk.bureau.head, case_id, "head_review", Decision.REJECT)
    desk.take_effect()

    assert (desk.version(version_id).state, desk.counts(version_id)) == (VersionState.DRAFT, None)
    assert desk.submit(version_id) != case_id


def test_what_only_closes_is_not_said_to_widen_though_it_was_sent_on_the_route(desk: Agreements):
    first = desk.in_force()

    desk.submit(desk.next(first, retention_days=30))

    assert desk.state(first) == LinkState.LIVE


def test_what_was_sent_back_is_mended_and_its_case_says_so(desk: Agreements):
    version_id = desk.begin()
    case_id = desk.submit(version_id)
    with pytest.raises(Overtaken, match="差し戻された"):
        desk.write(version_id, replace(LIBRARY, retention_days=30))
    desk.bureau.decide(desk.bureau.head, case_id, "head_review", Decision.SEND_BACK)

    desk.write(version_id, replace(LIBRARY, retention_days=30))

    assert desk.bureau.case(case_id).answers["values"]["retention"] == "30日"


def test_another_department_reads_and_does_not_write(desk: Agreements):
    version_id = desk.begin()
    other = stranger(desk)

    with pytest.raises(NotPermitted):
        desk.write(version_id, LIBRARY, other)
    with pytest.raises(NotPermitted):
        desk.submit(version_id, other)


def test_whoever_saw_an_older_draft_is_told_who_changed_it(desk: Agreements):
    version_id = desk.begin()
    seen = desk.version(version_id).version
    desk.write(version_id, replace(LIBRARY, retention_days=30))

    with (
        pytest.raises(Overtaken, match="先に変更"),
        desk.city.unit(desk.city.actor(desk.drafter)) as work,
    ):
        service.write_terms(work, queries.find_version(work.session, version_id), seen, LIBRARY)


def test_a_link_that_was_shut_stays_shut_until_a_new_version_is_approved(desk_on_both: Agreements):
    desk = desk_on_both
    first = desk.in_force()
    desk.shut(first)
    assert desk.state(first) == LinkState.KILLED
    desk.city.clock.pass_(minutes=1)
    again = desk.next(first)
    with pytest.raises(Invalid, match="回議"):
        desk.put_in_force(again)

    desk.approve(desk.submit(again))

    assert (desk.state(first), desk.version(again).scope) == (LinkState.LIVE, 1)


def test_not_even_what_closes_opens_a_shut_link_without_approval(desk: Agreements):
    first = desk.in_force()
    desk.shut(first)

    with pytest.raises(Invalid, match="回議"):
        desk.put_in_force(desk.next(first, retention_days=1))


def test_whoever_approved_a_version_sent_before_the_link_was_shut_did_not_open_it(desk: Agreements):
    first = desk.in_force()
    case_id = desk.submit(desk.next(first, uses=WIDER))
    desk.city.clock.pass_(minutes=1)
    desk.shut(first)

    desk.approve(case_id)

    assert (desk.counts(first), desk.state(first)) == (2, LinkState.KILLED)


def test_a_drill_leaves_the_same_evidence_and_shuts_nothing(desk_on_both: Agreements):
    desk = desk_on_both
    first = desk.in_force()

    stop = desk.shut(first, "半年ごとの訓練", drill=True)

    assert (stop.is_drill, desk.state(first), desk.events()[-1]) == (True, LinkState.LIVE, "link_drilled")


def test_shutting_asks_for_a_reason_and_is_done_once(desk: Agreements):
    first = desk.in_force()
    with pytest.raises(Invalid, match="理由"):
        desk.shut(first, " ")
    desk.shut(first)

    with pytest.raises(Overtaken, match="もう止まって"):
        desk.shut(first)


@pytest.mark.parametrize("change", ["UPDATE link_stop SET reason = 'x'", "DELETE FROM link_stop"])
def test_when_a_link_was_shut_is_not_rewritten_by_anybody(desk_on_both: Agreements, change):
    desk = desk_on_both
    desk.shut(desk.in_force())

    with pytest.raises(DatabaseError, match="never changed"), desk.city.unit() as work:
        work.session.execute(text(change))


def test_a_link_ends_on_its_last_day(desk: Agreements):
    first = desk.in_force(replace(LIBRARY, valid_until=date(2026, 11, 30), review_on=date(2026, 11, 28)))
    desk.city.clock.pass_(days=6)
    assert desk.state(first) == LinkState.LIVE

    desk.city.clock.pass_(days=1)

    assert desk.state(first) == LinkState.ENDED


@pytest.mark.parametrize("code", ["", "Ab", "1ab", "a b c", "図書館", "a" * 41, "x-"])
def test_a_code_that_no_machine_could_name_is_refused(desk: Agreements, code):
    with pytest.raises(Invalid), desk.city.unit(desk.city.actor(desk.drafter)) as work:
        service.begin_link(work, code, "架空")


def test_a_code_is_given_once(desk: Agreements):
    desk.begin()

    with pytest.raises(Invalid), desk.city.unit(desk.city.actor(desk.drafter)) as work:
        service.begin_link(work, "library-card", "別の連携")
