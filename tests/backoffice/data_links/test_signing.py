"""What a link may do to people is answered by its drafter and signed by the privacy officer who approves it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from backoffice.data_links import queries, service, signing, terms_in
from backoffice.data_links.workflow import VersionState
from backoffice.drawing.queries import version_in_force
from backoffice.errors import Invalid
from backoffice.inbox.models import Vote
from backoffice.inbox.taking_back import take_back
from tests.backoffice.data_links.agreements import LIBRARY, WITHOUT_AGE, Agreements
from tests.backoffice.data_links.test_agreement_pages import TWELVE_DIGITS
from tests.workflows.links.agreements import HARMLESS, answering
from workflows.links import NOT_ASSESSED, Concern, written_terms
from workflows.routes import Decision

HEAVY = answering(Concern.HARM, measures=False)


def reviewed(desk: Agreements, **changes: object) -> tuple[int, int]:
    """A version that its head and then the privacy officer approved, and its case."""
    version_id = desk.begin(terms=replace(LIBRARY, **changes))
    case_id = desk.submit(version_id)
    desk.bureau.decide(desk.bureau.head, case_id, "head_review")
    desk.bureau.decide(desk.bureau.privacy, case_id, "privacy_review")
    return version_id, case_id


def signed(desk: Agreements, version_id: int) -> signing.Signed | None:
    with desk.city.look() as work:
        return signing.signed(work.session, queries.find_version(work.session, version_id))


@pytest.mark.parametrize("impact", [NOT_ASSESSED, replace(HARMLESS, answers=HARMLESS.answers[1:]), HEAVY])
def test_what_is_not_assessed_to_the_end_is_not_sent(desk: Agreements, impact):
    version_id = desk.begin(terms=replace(LIBRARY, impact=impact))

    with pytest.raises(Invalid):
        desk.submit(version_id)


def test_the_privacy_officers_approval_is_the_signature_and_nobody_elses(desk_on_both: Agreements):
    desk = desk_on_both
    version_id = desk.begin()
    case_id = desk.submit(version_id)
    desk.bureau.decide(desk.bureau.head, case_id, "head_review")
    assert signed(desk, version_id) is None

    desk.bureau.decide(desk.bureau.privacy, case_id, "privacy_review")

    found = signed(desk, version_id)
    assert found is not None
    assert (found.signature.staff_id, found.holds, found.signature.risk) == (desk.bureau.privacy.id, True, "middle")


def test_sending_back_signs_nothing(desk: Agreements):
    version_id = desk.begin()
    case_id = desk.submit(version_id)
    desk.bureau.decide(desk.bureau.head, case_id, "head_review")

    desk.bureau.decide(desk.bureau.privacy, case_id, "privacy_review", Decision.SEND_BACK)

    assert signed(desk, version_id) is None


def test_an_approval_that_is_taken_back_is_no_signature(desk: Agreements):
    version_id, case_id = reviewed(desk)

    with desk.city.unit(desk.city.actor(desk.bureau.privacy)) as work:
        votes = select(Vote).where(Vote.staff_id == desk.bureau.privacy.id)
        take_back(work, work.session.scalars(votes).one())

    assert signed(desk, version_id) is None
    assert "privacy_review" in desk.bureau.waiting(case_id)


def test_who_approves_reads_the_assessment_on_the_case(desk: Agreements):
    _version_id, case_id = reviewed(desk, impact=answering(Concern.CLOUD, words="市の契約のクラウドに置く"))

    page = desk.visit(desk.bureau.privacy).get(f"/cases/{case_id}").text

    assert "リスクは中くらい" in page
    assert "ほかの利用者と共用のクラウドに置く: 市の契約のクラウドに置く" in page


@pytest.mark.parametrize("changes", [{"impact": answering(Concern.CLOUD)}, {"uses": WITHOUT_AGE}])
def test_what_is_changed_after_the_signature_voids_it_until_it_is_signed_anew(desk: Agreements, changes):
    bureau = desk.bureau
    version_id, case_id = reviewed(desk)
    bureau.decide(bureau.head, case_id, "source_consent", Decision.SEND_BACK)
    desk.write(version_id, replace(LIBRARY, **changes))

    found = signed(desk, version_id)
    page = desk.visit().get(f"/links/versions/{version_id}").text
    assert (found is not None and found.holds) is False
    assert "署名は無効です" in page

    bureau.decide(bureau.drafter, case_id, "mend", Decision.DONE)
    desk.approve(case_id)
    anew = signed(desk, version_id)
    assert (anew is not None and anew.holds, desk.counts(version_id)) == (True, 1)


def test_what_nobody_signed_never_comes_into_force(desk_on_both: Agreements):
    desk = desk_on_both
    version_id, case_id = reviewed(desk)
    with desk.city.unit() as work:
        version = queries.find_version(work.session, version_id)
        version.terms = written_terms(replace(LIBRARY, per_minute=61))

    desk.approve(case_id)

    assert (desk.version(version_id).state, desk.counts(version_id)) == (VersionState.DRAFT, None)
    assert desk.events()[-1] == "link_returned"


def test_on_a_route_that_asks_no_privacy_officer_nothing_is_sent(desk: Agreements):
    version_id = desk.begin()
    with desk.city.unit() as work:
        route = version_in_force(work.session, "data_link", work.today)
        assert route is not None
        route.bpmn = route.bpmn.replace('role="privacy_officer"', 'role="dx_office"')

    with pytest.raises(Invalid, match="署名を受けられません"):
        desk.submit(version_id)


def test_answers_that_make_the_risk_greater_need_the_whole_route_again(desk: Agreements):
    first = desk.in_force()
    riskier = desk.next(first, impact=answering(Concern.CLOUD))

    with pytest.raises(Invalid):
        desk.put_in_force(riskier)


def test_a_version_that_only_narrows_goes_on_with_the_signature_before_it(desk: Agreements):
    first = desk.in_force(replace(LIBRARY, impact=answering(Concern.CLOUD)))
    narrower = desk.next(first, impact=HARMLESS)

    desk.put_in_force(narrower)

    assert desk.counts(first) == 2
    assert "前の版の署名のまま" in desk.visit().get(f"/links/versions/{narrower}").text


def test_the_database_itself_keeps_signatures(desk_on_both: Agreements):
    reviewed(desk_on_both)

    for statement in ("DELETE FROM link_signature", "UPDATE link_signature SET risk = 'low'"):
        with pytest.raises(DatabaseError), desk_on_both.city.unit() as work:
            work.session.execute(text(statement))


def test_the_questions_are_answered_on_a_page_half_or_whole(desk: Agreements):
    version_id = desk.begin(terms=replace(LIBRARY, impact=NOT_ASSESSED))
    visit, page = desk.visit(), f"/links/versions/{version_id}/impact"
    seen = desk.version(version_id).version
    half = {"version": str(seen), "answer-harm": "yes", "words-harm": "住所が知られる", "measure-harm": "暗号化する"}

    assert "影響評価" in visit.get(page).text
    assert "影響評価の問いに、すべて答えてください" in visit.post(page, half).text
    again = visit.get(page).text
    kept = service.terms_of(desk.version(version_id)).impact
    assert (len(kept.unanswered), kept.measure_against(Concern.HARM)) == (9, "暗号化する")
    assert "住所が知られる" in again


def test_a_my_number_in_an_answer_comes_back_unsaved(desk: Agreements):
    version_id = desk.begin()
    typed = {"version": str(desk.version(version_id).version), "answer-harm": "yes", "words-harm": TWELVE_DIGITS}

    page = desk.visit().post(f"/links/versions/{version_id}/impact", typed, status=422)

    assert "個人番号" in page.text
    assert service.terms_of(desk.version(version_id)).impact == HARMLESS


def test_writing_the_terms_leaves_the_answers_as_they_are(desk: Agreements):
    version_id = desk.begin(terms=replace(LIBRARY, impact=answering(Concern.CLOUD)))
    typed = {**terms_in.typed_of(LIBRARY), "version": str(desk.version(version_id).version)}
    desk.visit().post(f"/links/versions/{version_id}/edit", typed)

    assert service.terms_of(desk.version(version_id)).impact == answering(Concern.CLOUD)
