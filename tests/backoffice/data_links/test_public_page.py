"""Anybody reads which links are open, with whom and what for; nobody signs in, and nobody is in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from backoffice.services import TOKYO
from tests.backoffice.clients.machines import gateway
from tests.backoffice.data_links.agreements import LIBRARY, Agreements
from tests.backoffice.staff_client import check_page
from workflows.links import Necessity, Use

PRIVATE = replace(LIBRARY, private_partner=True, uses=(Use("age_over_65", Necessity.REQUIRED, ("issue_card",)),))
PAGES = ("/public/links", "/public/links/en")


def test_an_open_link_says_who_reads_what_and_until_when(desk: Agreements):
    desk.agreed()
    http = gateway(desk.city)

    ja, en = (http.get(page).text for page in PAGES)

    for words in ("図書館カード", "図書館システム(演習用)", "図書館カードを作る", "氏名", "任意", "365日", "学事課"):
        assert words in ja
    for words in ("Library (exercise)", "Issue a library card", "full name", "365 days", "Optional"):
        assert words in en
    assert "民間</span>" not in ja


def test_a_private_partner_is_marked(desk: Agreements):
    desk.agreed(PRIVATE)
    http = gateway(desk.city)

    assert '<span class="mark">民間</span>' in http.get(PAGES[0]).text
    assert http.get("/public/links.json").json()["links"][0]["private"] is True


def test_the_same_is_there_as_data(desk: Agreements):
    desk.agreed()

    (link,) = gateway(desk.city).get("/public/links.json").json()["links"]

    assert (link["code"], link["valid_until"], link["retention_days"]) == ("library-card", "2027-10-31", 365)
    assert [read["code"] for read in link["reads"]] == ["full_name", "age_over_18", "city_resident"]
    assert "contacts" not in link


def test_what_is_shut_a_draft_not_begun_or_over_stands_there_no_longer(desk: Agreements):
    today = desk.city.clock().astimezone(TOKYO).date()
    http = gateway(desk.city)

    def count() -> int:
        return len(http.get("/public/links.json").json()["links"])

    version_id = desk.begin()
    assert count() == 0
    desk.city.clock.pass_(minutes=2)
    first = desk.begin("pool", replace(LIBRARY, valid_from=today + timedelta(days=1)))
    with desk.city.unit() as work:
        version = work.session.merge(desk.version(first))
        version.state, version.in_force_at = "in_force", work.now
    assert (count(), version_id) == (0, version_id)
    desk.city.clock.pass_(days=1)
    assert count() == 1
    desk.shut(first)
    assert count() == 0
    assert "今開いているデータ連携はありません。" in http.get(PAGES[0]).text


@pytest.mark.parametrize("page", PAGES)
def test_the_page_owes_its_reader_what_every_page_does_and_sets_no_cookie(desk: Agreements, page):
    desk.agreed()
    answer = gateway(desk.city).get(page)

    seen = check_page(answer.text)
    assert "<script" not in answer.text
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert "set-cookie" not in answer.headers
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert seen.heading("h1")


def test_its_style_comes_from_the_same_place(desk: Agreements):
    answer = gateway(desk.city).get("/public/links.css")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
