"""A person asks to see, correct or stop what is held of them: decided in time, and who it is stands in no case."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date

import pytest
from sqlalchemy import select

from backoffice.audit.models import AuditEvent
from backoffice.composition import all_models
from backoffice.data_links.models import LinkDeletion
from backoffice.identity import Role, Staff
from backoffice.inbox.deciding import Said, decide
from backoffice.inbox.models import Case, Task
from backoffice.inbox.ticking import tick
from backoffice.inbox.workflow import WAITING
from backoffice.rights import queries
from backoffice.rights.models import RightsRequest
from backoffice.rights.workflow import decide_by
from backoffice.services import TOKYO
from tests.backoffice.clients.test_gateway import problem
from tests.backoffice.data_links.library import NAME, Library
from tests.backoffice.staff_client import Answer, StaffClient
from workflows.routes import Decision

HANDED_OVER = {
    *("registrant_channel", "consent", "registrant_look", "rights_request", "digital_id"),
    *("link_consent", "link_holding", "link_request", "link_use", "link_deletion"),
    *("notice_stop", "address_standing", "recipient"),
}
LEFT_OUT = {"wallet_nonce": "a number drawn for a wallet, gone once it is answered"}
SAID = {"kind": "disclose", "identity": "my_number_card", "asked": "登録と同意のすべて"}


@pytest.fixture
def officer(library: Library) -> StaffClient:
    return library.desk.visit(library.desk.bureau.privacy)


@pytest.fixture
def head(library: Library) -> Staff:
    """The head of the department where the counter is."""
    return library.city.person(Role.HEAD, department=library.desk.bureau.privacy.department, account="hogo-kacho")


def opened(library: Library, officer: StaffClient) -> str:
    """The address of the person's page, opened for a reason."""
    said = {"pseudonym": library.person["pseudonym"], "reason": "開示の請求 R8-1"}
    return officer.post("/consents/find", said).path


def taken(library: Library, officer: StaffClient, **said: str) -> tuple[str, RightsRequest]:
    look = opened(library, officer)
    officer.post(f"{look}/rights", {**SAID, **said})
    with library.city.look() as work:
        return look, work.session.scalars(select(RightsRequest).order_by(RightsRequest.id.desc()).limit(1)).one()


def step(library: Library, who: Staff, case_id: int, decision: Decision, **answers: str) -> None:
    with library.city.unit(library.city.actor(who)) as work:
        task = work.session.scalars(select(Task).where(Task.case_id == case_id, Task.state.in_(WAITING))).one()
        decide(work, task, Said(decision, answers=answers))


def decided(library: Library, head: Staff, request: RightsRequest, outcome: str = "granted") -> RightsRequest:
    """Let the request be examined, decided, told and take effect."""
    privacy = library.desk.bureau.privacy
    step(library, privacy, request.case_id, Decision.DONE, outcome=outcome, grounds="本人の情報である")
    step(library, head, request.case_id, Decision.APPROVE)
    step(library, privacy, request.case_id, Decision.DONE)
    library.city.clock.pass_(minutes=2)
    tick(library.city.office)
    with library.city.look() as work:
        return queries.find_request(work.session, request.id)


def due(library: Library, case_id: int) -> date:
    (task,) = library.desk.bureau.waiting(case_id).values()
    return task.due_at.astimezone(TOKYO).date()


def package(answer: Answer) -> dict:
    packed = zipfile.ZipFile(io.BytesIO(answer.response.content))
    assert sorted(packed.namelist()) == ["record.csv", "record.json"]
    return json.loads(packed.read("record.json")) | {"csv": packed.read("record.csv").decode("utf-8-sig")}


def test_the_day_of_the_request_does_not_count_among_the_thirty():
    assert decide_by(date(2026, 11, 24)) == date(2026, 12, 24)


def test_a_request_is_a_case_with_its_day_and_without_the_person(library: Library, officer: StaffClient):
    _look, request = taken(library, officer, requested_on="R8.11.20")

    with library.city.look() as work:
        case = work.session.scalars(select(Case).where(Case.id == request.case_id)).one()
    assert (case.answers["values"]["decide_by"], due(library, case.id)) == ("2026-12-20", date(2026, 12, 20))
    assert library.person["pseudonym"] not in f"{case.title}{case.answers}"


def test_the_pseudonym_may_not_be_written_into_the_case(library: Library, officer: StaffClient):
    look = opened(library, officer)

    refused = officer.post(f"{look}/rights", {**SAID, "asked": f"{library.person['pseudonym']} の分"}, status=422)

    assert "仮名は案件に書けません" in refused.text


def test_the_same_request_of_the_same_person_is_noticed(library: Library, officer: StaffClient):
    look, _request = taken(library, officer)

    refused = officer.post(f"{look}/rights", SAID, status=422)
    officer.post(f"{look}/rights", {**SAID, "kind": "correct"})

    assert "伺" in refused.text
    assert "でまだ決まっていません" in refused.text


def test_what_is_wrong_with_a_request_is_said_all_at_once(library: Library, officer: StaffClient):
    look = opened(library, officer)

    refused = officer.post(f"{look}/rights", {"requested_on": "9999/1/1", "asked": "写し"}, status=422)

    assert refused.text.count('class="field-error"') == 3


def test_what_is_held_is_handed_over_whole_once_it_was_granted(library: Library, officer: StaffClient, head: Staff):
    look, request = taken(library, officer)
    officer.post(f"{look}/rights/{request.id}/hand-over", {}, status=409)
    decided(library, head, request)

    held = package(officer.post(f"{look}/rights/{request.id}/hand-over", {}))

    assert held["pseudonym"] == library.person["pseudonym"]
    assert [each["released"] for each in held["uses"]] == [["city_resident", "full_name"]]
    assert (len(held["consents"]), len(held["link_consents"]), len(held["looks"])) == (1, 1, 1)
    assert held["prepared"]["city_resident"] is True
    assert [(each["link"], each["values"]) for each in held["link_requests"]] == [("図書館カード", {"full_name": NAME})]
    assert (held["channels"][0]["kind"], "図書館カード" in held["csv"]) == ("mail", True)
    with library.city.look() as work:
        assert "rights_handed_over" in set(work.session.scalars(select(AuditEvent.kind)))


def test_every_table_that_knows_a_person_is_handed_over_or_left_out_for_a_reason():
    found = {
        table.name
        for table in all_models().tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "registrant"
    }

    assert found == HANDED_OVER | set(LEFT_OUT)


def test_a_refusal_hands_nothing_over(library: Library, officer: StaffClient, head: Staff):
    look, request = taken(library, officer)

    assert decided(library, head, request, "refused").outcome == "refused"

    officer.post(f"{look}/rights/{request.id}/hand-over", {}, status=409)


def test_when_the_use_is_to_stop_every_consent_ends_and_deletion_is_asked(
    library: Library, officer: StaffClient, head: Staff
):
    _look, request = taken(library, officer, kind="stop")
    waits = library.ask_for_card()

    decided(library, head, request)

    problem(library.fetch(waits), 404, "not-available")
    with library.city.look() as work:
        ended = {
            event.kind
            for each in queries.every_link_consent(work.session, request.registrant_id)
            for event in each.events
        }
        assert "withdrawn" in ended
        assert queries.live_link_consents(work.session, request.registrant_id, work.today) == []
        assert work.session.scalars(select(LinkDeletion.registrant_id)).all() == [request.registrant_id]
        events = set(work.session.scalars(select(AuditEvent.kind)))
        assert {"consent_withdrawn", "link_withdrawn", "link_deletion_asked", "rights_stopped"} <= events


def test_a_refused_stop_leaves_every_consent_as_it_is(library: Library, officer: StaffClient, head: Staff):
    _look, request = taken(library, officer, kind="stop")

    decided(library, head, request, "partly")

    with library.city.look() as work:
        assert len(queries.live_link_consents(work.session, request.registrant_id, work.today)) == 1


def test_the_term_is_extended_once_and_with_a_reason(library: Library, officer: StaffClient):
    _look, request = taken(library, officer)
    page = f"/rights/{request.id}"
    version = officer.get(page).text.split('name="version" value="')[1].split('"')[0]
    officer.post(f"{page}/extend", {"version": version, "reason": ""}, status=422)

    officer.post(f"{page}/extend", {"version": version, "reason": "対象が多い"})

    assert due(library, request.case_id) == date(2027, 1, 23)
    officer.post(f"{page}/extend", {"version": version, "reason": "もう1度"}, status=409)
    assert "期限を延ばす" not in officer.get(page).text


def test_a_term_that_is_over_is_not_extended_any_more(library: Library, officer: StaffClient):
    _look, request = taken(library, officer, requested_on="R8.10.1")
    page = officer.get(f"/rights/{request.id}").text

    assert ("日超過" in page, "期限を延ばす" in page) == (True, False)


def test_a_request_may_be_withdrawn(library: Library, officer: StaffClient):
    look, request = taken(library, officer)

    officer.post(f"/cases/{request.case_id}/withdraw", {"withdraw_reason": "本人が取り下げた"})

    assert "取下げ" in officer.get(f"{look}/rights").text


def test_whose_request_it_is_opens_only_for_a_reason(library: Library, officer: StaffClient):
    _look, request = taken(library, officer)
    assert library.person["pseudonym"] not in officer.get(f"/rights/{request.id}").text
    officer.post(f"/rights/{request.id}/open", {"why": ""}, status=422)

    found = officer.post(f"/rights/{request.id}/open", {"why": "請求の調査"})

    assert "請求の調査" in officer.get(found.path.removesuffix("/rights")).text


def test_the_page_of_anothers_look_hands_nothing_over(library: Library, officer: StaffClient, head: Staff):
    look, request = taken(library, officer)
    decided(library, head, request)
    second = library.desk.visit(library.city.person(Role.PRIVACY_OFFICER, account="kojin2"))

    second.post(f"{look}/rights/{request.id}/hand-over", {}, status=404)


def test_of_whoever_is_protected_only_they_themselves_are_told(library: Library, officer: StaffClient, head: Staff):
    look, request = taken(library, officer, identity="representative")
    assert decided(library, head, request).outcome == "granted"
    library.protect()

    officer.post(f"{look}/rights/{request.id}/hand-over", {}, status=403)
    page = officer.post(f"{look}/rights", {**SAID, "kind": "correct", "identity": "representative"}, status=422)

    assert "支援措置の対象者です" in page.text
    officer.post(f"{look}/rights", {**SAID, "kind": "correct"})
