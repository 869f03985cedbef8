"""What is told of the nights in the morning, to whom, and how often?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from backoffice.audit.models import AuditEvent
from backoffice.automation.queue.changes import as_number
from backoffice.identity import Role
from backoffice.indicators.models import ConfirmedMinutes
from backoffice.night_reports import mailing, making
from backoffice.night_reports.models import NightReportMail, NightReportPart
from rpa_bots.outcomes import Cause
from tests.backoffice.automation.nights import SETTINGS, NightShift, open_shift
from tests.backoffice.automation.scripts import end_unknown, fail_with, refuse
from tests.backoffice.automation.test_runs_by_day import begin
from tests.backoffice.city_mail import give_mail, with_mail
from tests.backoffice.staff_client import StaffClient
from tests.city_mail_server import CityMailServer, serve

WEDNESDAY = date(2026, 11, 25)


def run_a_night(shift: NightShift) -> int:
    """Four records: one refused, one unknown, two done; it ends at noon on Tuesday."""
    shift.bot.scripts = {1: refuse, 2: end_unknown}
    shift.bot.answers = [fail_with(Cause.UNREACHABLE)(None, None, None)] * 9
    night_id = shift.start()
    shift.run(night_id)
    return night_id


def confirm(shift: NightShift, minutes: str) -> None:
    with shift.city.unit() as work:
        work.session.add(
            ConfirmedMinutes(
                department_id=shift.department.id,
                procedure="shugaku-enjo",
                minutes=Decimal(minutes),
                valid_from=date(2026, 4, 1),
                basis="10件の実測",
                confirmed_at=work.now,
            )
        )


def parts(city) -> list[NightReportPart]:
    with city.look() as work:
        return list(work.session.scalars(select(NightReportPart).order_by(NightReportPart.id)))


def test_each_night_is_reported_once_by_outcome_with_the_hours_saved(city_on_both):
    city = city_on_both
    shift = open_shift(city, records=4)
    confirm(shift, "12.5")
    night_id = run_a_night(shift)
    with city.unit() as work:
        work.session.scalars(select(ConfirmedMinutes)).one()
    same_noon = making.tick(city.office)
    shift.queue(3, seed=5)
    city.clock.pass_(hours=15)  # three in the morning
    at_night = making.tick(city.office)
    city.clock.pass_(hours=4)

    first, again = making.tick(city.office), making.tick(city.office)
    quiet_day = [city.clock.pass_(days=1), making.tick(city.office)][1]

    assert (same_noon is None, at_night, first, again, quiet_day) == (False, None, None, None, None)
    (part,) = parts(city)
    assert (part.night_id, part.done, part.to_decide, part.left_waiting) == (night_id, 2, 2, 0)
    assert part.codes == {"keyed": 2, "refused": 1, "unknown": 1}
    assert part.saved_minutes == Decimal("25.0")


def test_before_its_hour_nothing_is_told_and_afterwards_all_that_ended_since(city):
    shift = open_shift(city, records=1)
    city.clock.pass_(hours=-6)  # Tuesday, six in the morning
    first = shift.start()
    shift.run(first)
    early = making.tick(city.office)
    city.clock.pass_(hours=1)
    on_time = making.tick(city.office)
    shift.queue(1, seed=3)
    second = shift.start()
    shift.run(second)
    same_day = making.tick(city.office)
    city.clock.pass_(days=1)

    next_day = making.tick(city.office)

    assert early is None
    assert on_time is not None
    assert same_day is None
    assert next_day is not None
    assert [part.night_id for part in parts(city)] == [first, second]


def test_operators_and_the_department_s_head_get_one_mail_with_numbers_alone(city):
    shift = open_shift(city, records=4)
    operator = city.person(Role.BOT_OPERATOR, department=shift.department)
    head = city.person(Role.HEAD, department=shift.department)
    stranger = city.person(Role.BOT_OPERATOR, Role.HEAD)
    for person, mail, language in (
        (operator, "denbo@city.example.jp", "ja"),
        (head, "kacho@city.example.jp", "en"),
        (stranger, "yoso@city.example.jp", "ja"),
    ):
        give_mail(city, person, mail, language)
    run_a_night(shift)
    report_id = making.tick(city.office)

    with serve(CityMailServer()) as running:
        with_mail(city, running)
        running.server.content_answer = "451 later"
        refused = mailing.tick(city.office)
        running.server.content_answer = "250 OK"
        city.clock.pass_(minutes=2)
        sent = [mailing.tick(city.office), mailing.tick(city.office)]
        by_person = {str(letter["To"]): letter.get_content() for letter in running.server.taken}

    assert (refused, sent) == (0, [2, 0])
    assert set(by_person) == {"denbo@city.example.jp", "kacho@city.example.jp"}
    text = by_person["denbo@city.example.jp"]
    assert "登録済 2件(証跡あり)" in text
    assert "人の判断待ち 2件" in text
    assert "https://gijo.city.example.jp/nights/reports?day=2026-11-24" in text
    assert not any(item.reference in text or item.values["name"] in text for item in shift.items())
    assert "2" in by_person["kacho@city.example.jp"]
    with city.look() as work:
        mails = work.session.scalars(select(NightReportMail)).all()
        assert {mail.staff_id for mail in mails} == {operator.id, head.id}
        made = work.session.scalars(select(AuditEvent).where(AuditEvent.kind == "night_report_made")).one()
        assert made.data == {"report_id": report_id, "nights": 1}


def test_the_page_tells_the_night_to_whoever_may_see_it_and_leads_to_what_is_to_be_decided(city):
    shift = open_shift(city, records=4)
    confirm(shift, "30.0")
    night_id = run_a_night(shift)
    making.tick(city.office)
    head = StaffClient(city).sign_in(city.person(Role.HEAD, department=shift.department))
    operator = StaffClient(city).sign_in(city.person(Role.BOT_OPERATOR, department=shift.department))
    stranger = StaffClient(city).sign_in(city.person(Role.BOT_OPERATOR))

    page = operator.get("/nights/reports").text
    of_another_day = operator.get("/nights/reports?day=2026-11-20").text

    assert f'href="/nights/{night_id}"' in page
    assert '<a href="/exceptions">2<' in page
    assert "データが受け付けられませんでした" in page
    assert "1.0時間" in page
    assert "すべて終わりました" in page
    assert f'href="/nights/{night_id}"' in head.get("/nights/reports").text
    assert "見られる報告はありません。" in of_another_day
    assert f'href="/nights/{night_id}"' not in stranger.get("/nights/reports").text


def test_what_was_keyed_by_day_is_counted_apart(city):
    shift = open_shift(city, records=3, settings=replace(SETTINGS, by_day=True))
    operator = city.person(Role.BOT_OPERATOR, department=shift.department)
    give_mail(city, operator, "denbo@city.example.jp", "ja")
    shift.run(begin(shift, shift.items()[0]))
    shift.run(shift.start())
    making.tick(city.office)

    page = StaffClient(city).sign_in(operator).get("/nights/reports").text
    with serve(CityMailServer()) as running:
        with_mail(city, running)
        mailing.tick(city.office)
        (letter,) = running.server.taken

    text = letter.get_content()
    assert ("昼の入力(証跡あり)" in page, "昼</span>" in page) == (True, True)
    assert "夜間の入力: 1回" in text
    assert ("登録済 2件(証跡あり)" in text, "昼の入力 1件(証跡あり)" in text) == (True, True)


def test_a_day_is_written_on_the_trail_as_a_number():
    assert (as_number(WEDNESDAY), as_number(None)) == (20261125, 0)
