"""What left of whom, and when? A person reads it at the portal and the counter; after a leak it is counted."""

from __future__ import annotations

import pytest

from backoffice.data_links import live
from tests.backoffice.clients.test_gateway import problem
from tests.backoffice.data_links.agreements import Agreements
from tests.backoffice.data_links.library import ALL, Library, found_library


@pytest.fixture
def library(desk: Agreements) -> Library:
    return found_library(desk)


def test_a_person_reads_what_left_when_and_for_what(library: Library):
    reference = library.consent()
    library.fetch(library.ask_for_card())

    told = library.portal.call("POST", "/portal/links/uses", json={"person": library.person}).json()

    assert [(each["link"], each["purpose"], each["released"]) for each in told["uses"]] == [
        ("library-card", "issue_card", ["city_resident", "full_name"])
    ]
    assert [each["reference"] for each in told["consents"]] == [reference]


def test_what_left_is_not_pushed_out_of_sight_by_calls_that_were_refused_or_sent_again(library: Library, monkeypatch):
    monkeypatch.setattr(live, "MOST_LISTED", 3)
    library.consent()
    request = library.ask_for_card()
    for _ in range(4):
        library.fetch(request, once="the-very-same-call")
        library.fetch(request, said={"attributes": []})

    told = library.portal.call("POST", "/portal/links/uses", json={"person": library.person}).json()

    assert [each["released"] for each in told["uses"]] == [["city_resident", "full_name"]]


def test_the_same_call_that_gives_more_than_before_is_shown_to_the_person(library: Library):
    library.consent()
    request = library.ask_for_card()
    library.fetch(request, *ALL, once="the-very-same-call")
    library.consent("age_over_18")

    library.fetch(request, *ALL, once="the-very-same-call")

    told = library.portal.call("POST", "/portal/links/uses", json={"person": library.person}).json()
    assert [len(each["released"]) for each in told["uses"]] == [3, 2]
    assert library.outcomes() == ["released", "released"]


def test_at_the_counter_a_person_sees_what_left_and_withdraws_from_a_link(library: Library):
    library.consent()
    request = library.ask_for_card()
    library.fetch(request)
    clerk = library.desk.visit(library.desk.bureau.privacy)
    found = clerk.post("/consents/find", {"pseudonym": library.person["pseudonym"], "reason": "窓口 R8-1"})
    page = clerk.get(f"{found.path}/links")
    assert ("図書館カード" in page.text, "氏名" in page.text, "まだ何も渡していません" in page.text) == (
        True,
        True,
        False,
    )
    reference = page.text.split("/links/")[1].split("/withdraw")[0]

    clerk.post(f"{found.path}/links/{reference}/withdraw", {})

    problem(library.fetch(request), 404, "not-available")


def test_nobody_reads_the_links_of_a_person_without_having_opened_them_for_a_reason(library: Library):
    clerk = library.desk.visit(library.desk.bureau.privacy)

    clerk.get("/consents/looks/1/links", status=404)


def test_when_something_leaked_it_is_counted_whose_data_left_and_by_when_that_is_reported(library: Library):
    library.consent()
    library.fetch(library.ask_for_card())
    officer = library.desk.visit(library.desk.bureau.privacy)
    link_id = library.desk.link(library.version_id).id

    page = officer.get(f"/links/{link_id}/affected?first=R8.11.1&last=R8.11.30&known=R8.11.24")

    assert ("1人" in page.text, "令和8年11月27日 – 令和8年11月29日" in page.text) == (True, True)
    assert "令和8年12月24日" in page.text
    assert "何も渡していません" in officer.get(f"/links/{link_id}/affected?first=R8.10.1&last=R8.10.2").text
    assert "前です" in officer.get(f"/links/{link_id}/affected?first=R8.10.3&last=R8.10.2", status=422).text


def test_days_that_have_not_come_are_no_days_of_a_leak(library: Library):
    library.consent()
    library.fetch(library.ask_for_card())
    officer = library.desk.visit(library.desk.bureau.privacy)
    page = f"/links/{library.desk.link(library.version_id).id}/affected"

    assert "1人" in officer.get(f"{page}?first=R8.11.1&last=9999/12/31").text
    assert "今日より先" in officer.get(f"{page}?first=R8.11.1&last=R8.11.24&known=9999/12/31", status=422).text


def test_the_list_of_whose_data_left_is_for_privacy_officers_and_on_the_trail(library: Library):
    library.consent()
    library.fetch(library.ask_for_card())
    link_id = library.desk.link(library.version_id).id
    days = "first=2026-11-01&last=2026-11-30"
    dx = library.desk.visit(library.desk.bureau.dx)
    assert "export.csv" not in dx.get(f"/links/{link_id}/affected?{days}").text
    dx.get(f"/links/{link_id}/affected/export.csv?{days}", status=403)

    listed = library.desk.visit(library.desk.bureau.privacy).get(f"/links/{link_id}/affected/export.csv?{days}")

    assert library.person["pseudonym"] in listed.text
    assert library.desk.events()[-1] == "link_affected_listed"
