"""What the partner has shown goes along when a link is sent on its route, stays, and says of which terms it is."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from backoffice.data_links import queries, service
from backoffice.data_links.sandbox.models import ContractReport
from backoffice.errors import Invalid
from backoffice.inbox.models import Case
from backoffice.web.translations import speaking
from tests.backoffice.data_links.agreements import Agreements
from tests.backoffice.data_links.test_sandbox import answer, changed, fetch, opened, request_of
from workflows.links import Persona
from workflows.routes import Decision


def test_a_version_whose_partner_has_not_shown_everything_is_sent_with_a_reason_or_not_at_all(desk: Agreements):
    version_id = desk.begin()
    partner = opened(desk, version_id)
    fetch(partner, request_of(desk, Persona.CONSENTS))
    with desk.city.unit(desk.city.actor(desk.drafter)) as work:
        version = queries.find_version(work.session, version_id)
        with pytest.raises(Invalid) as refusal:
            service.submit(work, version, version.version, desk.bureau.department.id)
        assert set(refusal.value.fields) == {"untried"}
        work.refused = True

    case = desk.bureau.case(desk.submit(version_id))

    assert "○ 目的を名のって、項目を受け取った" in json.dumps(case.answers, ensure_ascii=False)
    assert "相手のシステムは今の版と同じ" in json.dumps(case.answers, ensure_ascii=False)


def test_the_report_stays_as_it_was_when_the_version_was_sent(desk_on_both: Agreements):
    desk = desk_on_both
    version_id = desk.begin()
    partner = opened(desk, version_id)
    fetch(partner, request_of(desk, Persona.CONSENTS))
    case_id = desk.submit(version_id)

    answer(partner, request_of(desk, Persona.CONSENTS))

    with desk.city.look() as work:
        kept = work.session.scalars(select(ContractReport)).one()
    results = {each["check"]: each["result"] for each in kept.findings}
    assert (kept.case_id, results["fetched"], results["card_number"]) == (case_id, "shown", "not_yet")
    page = desk.visit().get(f"/links/versions/{version_id}/sandbox")
    assert (page.text.count("示した</"), "回議に添えた結果" in page.text) == (3, True)
    with pytest.raises(DBAPIError, match="never changed"), desk.city.office.engine.begin() as connection:
        connection.execute(text("UPDATE contract_report SET why = ''"))


def test_the_case_says_where_what_was_shown_is_of_other_terms_than_are_decided_on(desk: Agreements):
    version_id = desk.begin()
    partner = opened(desk, version_id)
    fetch(partner, request_of(desk, Persona.CONSENTS))
    case_id = desk.submit(version_id)

    def said() -> str:
        with desk.city.look() as work:
            return str(work.session.get_one(Case, case_id).answers["values"]["contract_test"])

    assert "変わっています" not in said()
    desk.bureau.decide(desk.bureau.head, case_id, "head_review", Decision.SEND_BACK)
    desk.write(version_id, changed(desk, version_id, per_minute=600))

    assert said().startswith("この結果のあとで、機械に関わる内容が変わっています。")


def test_a_case_speaks_the_citys_language_whoever_sends_it(desk: Agreements):
    version_id = desk.begin()

    with speaking("en"):
        case_id = desk.submit(version_id)

    with desk.city.look() as work:
        said = work.session.get_one(Case, case_id).answers["values"]["contract_test"]
    assert "目的を名のって" in said
    assert "示されていない点がある理由" in said
