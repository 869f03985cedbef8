"""Does a year of the trail leave when it may, only then, and without breaking the chain?"""

from __future__ import annotations

import json
import threading

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from backoffice.audit import AuditEvent, verify
from backoffice.audit.chain import heads
from backoffice.audit.publishing import publish_heads, published_heads
from backoffice.cli.answers import Exit
from backoffice.cli.program import whole_program
from backoffice.consents.models import Consent, RegistrantLook
from backoffice.consents.service import open_look
from backoffice.errors import Invalid
from backoffice.identity import Role
from backoffice.operations.events import JobResumed
from backoffice.operations.retirement import retire_year
from backoffice.programs.models import Inquiry, ProgramVersion, ProtectedQuestion
from tests.backoffice.consents.counter import WHO, WHY, consented, entered
from tests.backoffice.programs.furniture import add_programs, add_questions
from tests.backoffice.staff_client import StaffClient
from tests.backoffice.test_tables import GUARDS, TRIGGERS
from tests.backoffice.test_the_trail_holds import behind_the_triggers


def years(city, count: int, each: int = 3) -> None:
    """Let so many fiscal years pass, from 2026 on, with events and a published head in each."""
    for number in range(count):
        if number:
            city.clock.pass_(days=365.25)
        for turn in range(each):
            with city.unit() as work:
                work.record(JobResumed(f"read_sheet:{turn}:1"))
        with city.look() as work:
            publish_heads(work.session, city.office.settings.audit_heads_path, work.now)


def broken(city):
    with city.look() as work:
        return verify(work.session, published_heads(city.office.settings.audit_heads_path))


def events_by_year(city) -> dict[int, int]:
    with city.look() as work:
        return dict(
            work.session.execute(select(AuditEvent.fiscal_year, func.count()).group_by(AuditEvent.fiscal_year)).all()
        )


def guards(city) -> set[str]:
    with city.office.engine.connect() as connection:
        return set(connection.scalars(text(TRIGGERS[connection.dialect.name])))


def test_a_year_past_its_retention_goes_and_the_chain_stays_whole(city_on_both):
    city = city_on_both
    years(city, 8)

    assert retire_year(city.office, 2026) == 3
    assert retire_year(city.office, 2027) == 3

    assert broken(city) is None
    assert sorted(events_by_year(city)) == [2028, 2029, 2030, 2031, 2032, 2033]
    with city.look() as work:
        assert [head.fiscal_year for head in heads(work.session)] == [2028, 2029, 2030, 2031, 2032, 2033]
    with city.unit() as work:
        work.record(JobResumed("read_sheet:9:1"))
    assert broken(city) is None


def test_the_database_refuses_to_forget_as_before(city_on_both):
    city = city_on_both
    years(city, 7)
    retire_year(city.office, 2026)

    with pytest.raises(DBAPIError, match="never changed"), city.office.engine.begin() as connection:
        connection.execute(delete(AuditEvent).where(AuditEvent.fiscal_year == 2027))

    assert guards(city) == GUARDS[city.office.engine.dialect.name]
    assert events_by_year(city)[2027] == 3


@pytest.mark.parametrize("year", [2027, 2031, 2032, 2099])
def test_a_year_that_must_still_be_kept_stays(city, year):
    years(city, 7)

    with pytest.raises(Invalid, match="まだ廃棄できません"):
        retire_year(city.office, year)

    assert sum(events_by_year(city).values()) == 21


def test_years_go_oldest_first(city):
    years(city, 9)

    with pytest.raises(Invalid, match="古い年度から"):
        retire_year(city.office, 2027)

    assert 2027 in events_by_year(city)


def test_nothing_is_dropped_from_a_chain_that_is_broken(city_on_both):
    city = city_on_both
    years(city, 7)
    behind_the_triggers(city, "UPDATE audit_event SET kind = 'nothing' WHERE fiscal_year = 2026 AND position = 2")

    with pytest.raises(Invalid, match="切れています"):
        retire_year(city.office, 2026)

    assert events_by_year(city)[2026] == 3


@pytest.mark.parametrize("year", [2026, 2027])
def test_a_year_that_was_taken_out_without_a_word_is_missed(city_on_both, year):
    years(city_on_both, 7)
    if year == 2027:
        retire_year(city_on_both.office, 2026)

    behind_the_triggers(city_on_both, f"DELETE FROM audit_event WHERE fiscal_year = {year}")

    found = broken(city_on_both)
    assert (found.fiscal_year, found.reason) == (year, "missing")


def test_a_kept_end_that_was_changed_is_found(city):
    years(city, 7)
    retire_year(city.office, 2026)

    with city.office.engine.begin() as connection:
        connection.execute(text("UPDATE audit_segment SET hash = replace(hash, 'a', 'b') WHERE fiscal_year = 2026"))

    assert (broken(city).fiscal_year, broken(city).reason) == (2027, "changed")


def test_the_newest_year_cannot_vanish_as_if_it_had_been_retired(city):
    years(city, 2)

    behind_the_triggers(city, "DELETE FROM audit_event WHERE fiscal_year = 2027")

    assert broken(city).reason == "cut off or added to"


def test_people_go_on_working_while_a_year_is_dropped(city_on_both):
    city = city_on_both
    years(city, 7, each=40)
    troubles: list[Exception] = []

    def work_on() -> None:
        try:
            for number in range(25):
                with city.unit() as work:
                    work.record(JobResumed(f"read_sheet:{number}:2"))
        except Exception as trouble:  # noqa: BLE001 -- told to the test, which lives in another thread
            troubles.append(trouble)

    people = [threading.Thread(target=work_on) for _ in range(3)]
    for person in people:
        person.start()
    retire_year(city.office, 2026)
    for person in people:
        person.join()

    assert troubles == []
    assert broken(city) is None
    assert 2026 not in events_by_year(city)


def test_an_auditor_reads_that_a_year_was_dropped(city):
    years(city, 7)
    retire_year(city.office, 2026)

    auditor = StaffClient(city).sign_in(city.person(Role.AUDITOR))

    assert "2026年度の監査記録3件を廃棄しました" in auditor.get("/audit").text
    assert "つながっています" in auditor.get("/audit/chain").text


def test_the_command_refuses_a_year_of_today_and_says_until_when(city, monkeypatch):
    years(city, 1)
    monkeypatch.setenv("GIJO_DATA_DIR", str(city.office.settings.data_dir))

    refused = CliRunner().invoke(whole_program(), ["audit", "retire", "2026", "--yes", "--json"])
    verified = CliRunner().invoke(whole_program(), ["audit", "verify", "--json"])

    assert isinstance(refused.exception, Invalid)
    assert json.loads(verified.stdout) == {"whole": True}


def test_the_command_asks_before_it_drops_what_cannot_be_had_again(city, monkeypatch):
    monkeypatch.setenv("GIJO_DATA_DIR", str(city.office.settings.data_dir))

    answers = [CliRunner().invoke(whole_program(), ["audit", "retire", "2026"], input=said) for said in ("n\n", "y\n")]

    assert answers[0].exit_code == Exit.REFUSED
    assert "廃棄しませんでした" in answers[0].stderr
    assert isinstance(answers[1].exception, Invalid)


def test_with_a_year_goes_what_was_asked_in_it_about_residents(city_on_both):
    city = city_on_both
    department = city.department("学事課")
    person = city.person(Role.CLERK, department=department)
    with city.unit() as work:
        add_programs(work, department, person, 2)
    years(city, 7)
    with city.unit() as work:
        add_questions(work, list(work.session.scalars(select(ProgramVersion))), person, "sora")

    retire_year(city.office, 2026)

    with city.look() as work:
        years_left = {each.year for each in work.session.scalars(select(Inquiry.day))}
        assert (years_left, work.session.scalar(select(func.count()).select_from(ProtectedQuestion))) == ({2032}, 2)


def test_with_a_year_goes_who_looked_at_registrants_in_it_and_their_consents_stay(city_on_both):
    city = city_on_both
    clerk = city.person(Role.CLERK)
    consented(city, clerk, entered(city, clerk))
    years(city, 7)
    with city.unit(city.actor(clerk)) as work:
        open_look(work, WHO, WHY)

    retire_year(city.office, 2026)

    with city.look() as work:
        assert {each.year for each in work.session.scalars(select(RegistrantLook.opened_at))} == {2032}
        assert work.session.scalar(select(func.count()).select_from(Consent)) == 1
