"""Whoever decides on a run sees on which days it falls, and for how many it is one notice too many that week."""

from __future__ import annotations

from datetime import timedelta

from backoffice.audiences import queries
from tests.backoffice.audiences.runs import Sending, found_sending
from tests.backoffice.programs.offices import Office
from workflows.notices.metering import Pace


def counts(sending: Sending, run_id: int) -> dict:
    return sending.run(run_id).counts


def released(sending: Sending, **said: object) -> int:
    run_id = sending.frozen(**said)
    with sending.city.unit() as work:
        queries.lock_run(work.session, run_id).state = "released"
    return run_id


def test_the_second_and_third_notice_of_a_week_are_counted_over_all_runs(office_on_both: Office):
    sending = found_sending(office_on_both)
    names = sending.women_over_forty(60)
    sending.register(names)

    shown = [counts(sending, released(sending, period=str(number)))["days"] for number in range(3)]

    assert [len(days) for days in shown] == [1, 1, 1]
    assert [(day["sends"], day["second"], day["third"]) for days in shown for day in days] == [
        (60, None, None),
        (60, 60, None),
        (60, None, 60),
    ]


def test_a_slow_run_is_spread_over_days_and_says_whom_it_will_not_reach(sending: Sending):
    sending.register(sending.women_over_forty(90))
    today = sending.city.clock().date()
    run_id = sending.frozen(pace=Pace(3), last_day=today + timedelta(days=1))

    shown = counts(sending, run_id)

    assert len(shown["days"]) == 2
    assert shown["too_late"]
    page = sending.office.visit().get(f"/audiences/{run_id}").text
    assert "最終日までに順番が来ません" in page


def test_each_text_is_shown_once_for_its_channel_and_language(sending: Sending):
    names = sending.women_over_forty(60)
    sending.register(names[:30])
    sending.register(names[30:], line=True, language="easy")

    shown = counts(sending, sending.frozen())

    assert [people for _text, people in shown["texts"]] == [30, 30]
    assert [people for _pattern, people in shown["reasons"]] == [60]
