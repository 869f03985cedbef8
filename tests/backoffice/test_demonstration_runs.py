"""A newcomer finds what became of a run of weeks ago, one run that leaves and one to decide on, made by services."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from backoffice.audiences import queries
from backoffice.audiences.freezing import freeze
from backoffice.audiences.models import NoticeRun, Recipient
from backoffice.audit import AuditEvent
from backoffice.audit.chain import verify
from backoffice.demo import city as demonstration
from backoffice.demo import notice_runs, readers, residents, weeks_ago
from backoffice.demo.edge import line_server, sink
from backoffice.demo.edge.ledger import Ledger, entries
from backoffice.demo.edge.line_account import Account
from backoffice.demo.edge.line_server import Played
from backoffice.demo.edge.sink import Sink
from backoffice.inbox import ticking
from backoffice.indicators.notice_figures import figures_of, month_given
from backoffice.take_up.counting import count_run
from backoffice.take_up.models import GrantedList, TakeUp
from backoffice.work import Office
from tests.backoffice.audiences.post import writing_office
from tests.backoffice.audiences.town import at
from tests.backoffice.office import City
from workflows.calendar import is_business_day

TOKEN = "演習".encode().hex()


def written_to(city: City, folder: Path) -> tuple[Office, weeks_ago.Happened]:
    """Let the past happen, its messages taken by the demonstration's own servers."""
    (folder / "token").write_text(TOKEN)
    with (
        closing(Ledger(folder / "phones.jsonl")) as ledger,
        sink.serving(Sink(ledger)) as mails,
        line_server.serving(Played(Account(ledger, TOKEN))) as line,
    ):
        told = {"smtp_host": "127.0.0.1", "smtp_port": mails, "smtp_security": "none"}
        told |= {"line_endpoint": f"http://127.0.0.1:{line}", "line_token_file": folder / "token"}
        office = writing_office(city, **told)
        return office, weeks_ago.happen(office)


def test_a_run_left_weeks_ago_and_another_leaves_to_the_same_people(city: City, tmp_path: Path):
    office, past = written_to(city, tmp_path)
    residents.move_about(office)

    sent, *coming = notice_runs.periods(office)
    notice_runs.prepare(office)
    leaving, waiting = (notice_runs.begin(office, period) for period in coming)
    for run_id in (leaving, waiting):
        freeze(office, run_id)
    notice_runs.release(office, leaving)
    city.clock.pass_(minutes=2)
    ticking.tick(office)

    with city.look() as work:
        runs = {run.id: (run.state, run.period) for run in work.session.scalars(select(NoticeRun))}
        told = queries.find_run(work.session, waiting).counts
        states = Counter(work.session.scalars(select(Recipient.state).where(Recipient.run_id == past.run_id)))
    assert past.readers == readers.READERS + readers.TOO_YOUNG
    assert runs == {
        past.run_id: ("done", sent),
        leaving: ("released", coming[0]),
        waiting: ("frozen", coming[1]),
    }
    assert states == {"accepted": readers.READERS}
    assert sum(len(each.to) for each in entries(tmp_path / "phones.jsonl")) == readers.READERS
    assert 0.9 * readers.READERS < told["recipients"] <= readers.READERS
    assert told["days"][0]["second"] == told["days"][0]["sends"]


def test_take_up_and_the_months_report_tell_of_it(city: City, tmp_path: Path):
    office, past = written_to(city, tmp_path)
    residents.move_about(office)

    weeks_ago.bring_grants(office)
    assert past.run_id
    assert count_run(office, past.run_id) == ""
    weeks_ago.bring_grants(office)

    with city.look() as work:
        assert len(work.session.scalars(select(GrantedList)).all()) == 1, "the same list is taken once"
        counts = work.session.scalars(select(TakeUp)).one().counts
        month = figures_of(work, month_given("", work.today))
    assert counts["told"] == month.sent == readers.READERS
    assert counts["took_up"] == month.took_up == 140
    assert sum(side is not None for cell in counts["groups"]["ward"].values() for side in cell.values()) > 10
    assert min(counts["missed"][why] for why in ("rule", "not_registered")) >= 30
    assert list(counts["clauses"].values()) == [counts["missed"]["rule"]]


def test_the_trail_tells_it_in_the_order_in_which_it_happened(city: City, tmp_path: Path):
    written_to(city, tmp_path)
    residents.move_about(city.office)

    with city.look(demonstration.HOUSE) as work:
        moments = list(work.session.scalars(select(AuditEvent.at).order_by(AuditEvent.id)))
        assert verify(work.session) is None
    assert moments == sorted(moments)


def test_nothing_left_where_nobody_was_in_office_yet(city: City):
    city.clock.moment = at("2026-04-15T11:00")

    past = weeks_ago.happen(city.office)
    residents.move_about(city.office)

    assert (past.run_id, past.readers) == (None, readers.READERS + readers.TOO_YOUNG)


@pytest.mark.parametrize("today", [date(2026, 11, 28), date(2026, 12, 1), date(2027, 1, 31), date(2027, 3, 31)])
def test_it_left_on_a_business_day_of_a_month_of_which_there_is_a_report(today: date):
    day = weeks_ago.sent_on(today)

    assert is_business_day(day)
    assert today - day >= weeks_ago.AT_LEAST
    assert (day.year, day.month) < (today.year, today.month)
