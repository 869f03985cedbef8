"""When data has leaked: the case begins with what was counted, its steps are due on the days of the law."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from backoffice.audit.models import AuditEvent
from backoffice.breaches import queries, service
from backoffice.breaches.clocks import clocks
from backoffice.identity import Role
from backoffice.inbox.models import Case
from backoffice.inbox.ticking import tick
from backoffice.services import TOKYO
from tests.backoffice.data_links.library import Library
from workflows.routes import Decision

TOLD = {"what": "受信箱を取り違えた", "first": "R8.11.1", "last": "R8.11.30", "known": "R8.11.24", "measures": "止めた"}


def begun(library: Library, **said: str) -> int:
    """Begin the case of a leak as a privacy officer does on its page; gives the leak."""
    officer = library.desk.visit(library.desk.bureau.privacy)
    link_id = str(library.desk.link(library.version_id).id)
    return int(officer.post("/breaches/new", {**TOLD, "link": link_id, **said}).path.rsplit("/", 1)[1])


def case_of(library: Library, breach_id: int) -> Case:
    with library.city.look() as work:
        breach = queries.find_breach(work.session, breach_id)
        return work.session.scalars(select(Case).where(Case.id == breach.case_id)).one()


def due(library: Library, case: Case) -> dict[str, date]:
    waiting = library.desk.bureau.waiting(case.id)
    return {step: task.due_at.astimezone(TOKYO).date() for step, task in waiting.items()}


def test_the_days_of_the_law_run_from_the_day_it_was_known():
    days = {each.key: each.due_on for each in clocks(date(2026, 11, 24), harm_suspected=False)}
    with_harm = {each.key: each.due_on for each in clocks(date(2026, 11, 24), harm_suspected=True)}

    assert days == {
        "first_report_by": date(2026, 11, 27),
        "notice_by": date(2026, 11, 29),
        "full_report_by": date(2026, 12, 24),
    }
    assert with_harm == days | {"full_report_by": date(2027, 1, 23)}


def test_the_case_holds_what_was_counted_and_never_who_it_was(library: Library):
    said = case_of(library, begun(library)).answers["values"]

    assert (said["people"], said["releases"], said["attributes"]) == (1, 1, "福岡市民 1回\n氏名 1回")
    assert (said["link"], said["first_report_by"]) == ("図書館カード library-card", "2026-11-27")
    assert library.person["pseudonym"] not in str(said)


def test_the_report_and_the_notice_wait_side_by_side_each_with_its_day(library: Library):
    case = case_of(library, begun(library))
    assert due(library, case) == {"first_report": date(2026, 11, 27), "notice": date(2026, 11, 29)}

    library.desk.bureau.decide(library.desk.bureau.privacy, case.id, "first_report", Decision.DONE)

    assert due(library, case)["full_report"] == date(2026, 12, 24)


def test_a_report_that_is_late_goes_further_up_like_any_task(library: Library):
    case = case_of(library, begun(library))
    library.city.clock.pass_(days=7)

    tick(library.city.office)

    assert library.desk.bureau.waiting(case.id)["first_report"].escalated_at is not None
    assert "日超過" in library.desk.visit(library.desk.bureau.privacy).get("/breaches/1").text


def test_where_harm_may_have_been_meant_the_full_report_has_twice_the_time(library: Library):
    breach_id = begun(library)
    case = case_of(library, breach_id)
    bureau = library.desk.bureau
    bureau.decide(bureau.privacy, case.id, "first_report", Decision.DONE)
    officer = library.desk.visit(bureau.privacy)
    version = officer.get(f"/breaches/{breach_id}").text.split('name="version" value="')[1].split('"')[0]

    officer.post(f"/breaches/{breach_id}/harm", {"version": version, "reason": "持ち出しの跡があった"})
    officer.post(f"/breaches/{breach_id}/harm", {"version": version, "reason": "また押した"}, status=409)

    assert due(library, case)["full_report"] == date(2027, 1, 23)
    assert case_of(library, breach_id).answers["values"]["harm_suspected"] is True


def test_a_later_count_stands_beside_the_first(library: Library):
    breach_id = begun(library)
    library.consent()
    library.fetch(library.ask_for_card())
    officer = library.desk.visit(library.desk.bureau.dx)

    officer.post(f"/breaches/{breach_id}/recount", {})

    with library.city.look() as work:
        assert [each.releases for each in queries.counts_of(work.session, breach_id)] == [2, 1]
    assert case_of(library, breach_id).answers["values"]["releases"] == 1


def test_what_turns_out_to_be_no_leak_ends_at_once(library: Library):
    case = case_of(library, begun(library))
    bureau = library.desk.bureau

    bureau.decide(bureau.privacy, case.id, "first_report", Decision.REJECT)

    assert bureau.case(case.id).outcome == "rejected"
    assert bureau.waiting(case.id) == {}


def test_whoever_began_or_reported_does_not_close_it(library: Library):
    case = case_of(library, begun(library))
    bureau = library.desk.bureau
    second = library.city.person(Role.PRIVACY_OFFICER, account="kojin2")
    for step, who in (("first_report", bureau.privacy), ("full_report", second), ("notice", second)):
        bureau.decide(who, case.id, step, Decision.DONE)

    bureau.decide(bureau.dx, case.id, "closing")

    assert bureau.case(case.id).outcome == "approved"


def test_what_did_not_leave_through_a_link_has_a_case_as_well(library: Library):
    breach_id = begun(library, link="", people="120", harm="yes")

    said = case_of(library, breach_id).answers["values"]

    assert (said["people"], said["full_report_by"]) == (120, "2027-01-23")
    officer = library.desk.visit(library.desk.bureau.privacy)
    officer.post(f"/breaches/{breach_id}/recount", {}, status=422)


def test_nobody_drafts_a_leak_or_a_request_that_no_record_stands_behind(library: Library):
    officer = library.desk.visit(library.desk.bureau.privacy)

    assert "漏えい等への対応" not in officer.get("/cases/new").text
    for kind in ("data_breach", "disclosure"):
        officer.get(f"/cases/new/{kind}", status=404)
        officer.post(f"/cases/new/{kind}", {"title": "手で起こす"}, status=404)


def test_everything_that_is_wrong_is_said_at_once(library: Library):
    officer = library.desk.visit(library.desk.bureau.privacy)
    link_id = library.desk.link(library.version_id).id

    page = officer.get(f"/links/{link_id}/affected?first=soon&last=late&known=now", status=422)
    refused = officer.post("/breaches/new", {"link": str(link_id), "first": "x", "last": "y"}, status=422)

    assert page.text.count('class="field-error"') == 3
    assert refused.text.count('class="field-error"') == 3


def test_the_page_of_what_left_leads_to_its_case(library: Library):
    officer = library.desk.visit(library.desk.bureau.privacy)
    link_id = library.desk.link(library.version_id).id

    page = officer.get(f"/links/{link_id}/affected?first=R8.11.1&last=R8.11.30").text

    assert f"/breaches/new?link={link_id}&amp;first=2026-11-01" in page


def test_the_trail_says_what_was_done_in_numbers_alone(library: Library):
    begun(library)

    with library.city.look() as work:
        kinds = list(work.session.scalars(select(AuditEvent.kind)))
    assert {"breach_begun", "breach_counted"} <= set(kinds)
    assert case_of(library, 1).subject_kind == service.SUBJECT


def test_no_leak_begins_after_today(library: Library):
    officer = library.desk.visit(library.desk.bureau.privacy)
    link_id = str(library.desk.link(library.version_id).id)

    page = officer.get(f"/links/{link_id}/affected?first=R8.11.25&last=R8.11.30", status=422)
    officer.post("/breaches/new", {**TOLD, "link": link_id, "first": "R8.11.25"}, status=422)

    assert "始まりの日が、今日より先です" in page.text
    with library.city.look() as work:
        assert queries.count_breaches(work.session) == 0


def test_a_form_that_is_sent_twice_begins_one_case(library: Library):
    officer = library.desk.visit(library.desk.bureau.privacy)
    said = {**TOLD, "link": str(library.desk.link(library.version_id).id), "first": "R8.11.24", "last": "R8.11.24"}
    officer.post("/breaches/new", said)

    assert "たった今起こしています" in officer.post("/breaches/new", said, status=409).text
    with library.city.look() as work:
        assert queries.count_breaches(work.session) == 1


def test_a_count_that_is_repeated_reaches_the_last_day_that_was_typed(library: Library):
    breach_id = begun(library, first="R8.11.24", last="R8.11.30")
    library.city.clock.pass_(days=2)
    for machine in (library.portal, library.system):
        machine._tokens.clear()
    library.consent()
    library.fetch(library.ask_for_card())

    officer = library.desk.visit(library.desk.bureau.privacy)
    officer.post(f"/breaches/{breach_id}/recount")

    with library.city.look() as work:
        assert [each.releases for each in queries.counts_of(work.session, breach_id)] == [2, 1]
