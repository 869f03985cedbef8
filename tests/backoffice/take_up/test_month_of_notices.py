"""What notices come to in a month: programs that push, notices sent, take-up, cost; as page, CSV and PDF."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from backoffice.audiences.models import NoticeRun
from backoffice.audiences.moving import minute_key
from backoffice.errors import Invalid
from backoffice.identity import Role
from backoffice.indicators.notice_figures import MonthFigures, figures_of, month_given
from backoffice.indicators.notice_report import csv_of, report_of
from backoffice.take_up.models import TakeUp
from backoffice.work import Office
from tests.backoffice.audiences.post import writing_office
from tests.backoffice.audiences.town import at, release
from tests.backoffice.office import City
from tests.backoffice.staff_client import StaffClient

NOVEMBER = date(2026, 11, 1)


def told_in_november(city: City, *, took_up: int | None = 40) -> None:
    """120 were told: 100 by mail, 20 by LINE, some in the first minute of the month and one minute before it."""
    run_id = release(city.office, [])
    with city.unit() as work:
        run = work.session.scalars(select(NoticeRun).where(NoticeRun.id == run_id)).one()
        run.began_at = at("2026-11-02T09:00")
        run.counts = {"schema": 1, "channels": {"mail": 100, "line": 20}}
        work.counted[minute_key(run_id, at("2026-11-01T00:00"))] += 20
        work.counted[minute_key(run_id, at("2026-11-30T23:59"))] += 100
        work.counted[minute_key(run_id, at("2026-10-31T23:59"))] += 500
        work.session.add(TakeUp(run_id=run_id, days=180, counted_at=work.now, counts={"told": 120, "took_up": took_up}))


def figures(office: Office, city: City) -> MonthFigures:
    with city.look() as work:
        work.office = office
        return figures_of(work, NOVEMBER)


def test_a_month_is_counted_by_the_days_of_tokyo(city_on_both: City):
    told_in_november(city_on_both)

    counted = figures(city_on_both.office, city_on_both)

    assert (counted.services, counted.sent, counted.took_up) == (1, 120, 40)
    assert counted.yen_per_take_up is None, "nobody has said what a mail costs"


def test_a_take_up_costs_what_the_notices_cost_that_it_took(city: City):
    told_in_november(city)

    counted = figures(writing_office(city, notice_yen_mail=4), city)

    assert counted.yen_per_take_up == 10


def test_what_is_not_told_stays_untold_in_the_sum(city: City):
    told_in_november(city, took_up=None)

    counted = figures(writing_office(city, notice_yen_mail=4), city)

    assert (counted.programs[0].took_up, counted.took_up, counted.yen_per_take_up) == (None, 0, None)


def test_the_report_is_an_archive_file_with_the_table_inside(city: City):
    told_in_november(city)
    counted = figures(city.office, city)

    report = report_of(counted)

    assert report.startswith(b"%PDF-")
    assert "乳がん検診" in csv_of(counted).decode("utf-8-sig")


def test_the_page_shows_the_targets_and_hands_out_both_files(city: City):
    told_in_november(city)
    client = StaffClient(city).sign_in(city.person(Role.HEAD))

    page = client.get("/indicators/notices?month=2026-11")

    assert "令和9年度" in page.text
    assert "乳がん検診" in page.text
    assert client.http.get("/indicators/notices.csv?month=2026-11").headers["content-type"].startswith("text/csv")
    assert client.http.get("/indicators/notices.pdf?month=2026-11").content.startswith(b"%PDF-")
    client.get("/indicators/notices?month=November", 422)


@pytest.mark.parametrize("typed", ["2026-13", "11", "2026-11-01"])
def test_what_is_no_month_is_refused(typed: str):
    with pytest.raises(Invalid):
        month_given(typed, date(2026, 12, 1))


def test_without_a_month_it_is_the_last_whole_one():
    assert month_given("", date(2027, 1, 5)) == date(2026, 12, 1)
