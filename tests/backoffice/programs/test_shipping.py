"""The shipped programs come in as drafts of their departments: whole, approved by nobody, and once."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload
from typer.testing import CliRunner

from backoffice.cli.program import whole_program
from backoffice.errors import Invalid, NotThere
from backoffice.identity import Role
from backoffice.programs import catalogue, checking, queries, service, shipping, thresholds
from backoffice.programs.models import Program, ProgramVersion, Threshold
from backoffice.programs.workflow import VersionState
from tests.backoffice.programs.offices import Office

ALL = len(catalogue.every_program())


def take_in(office: Office, *, otherwise: bool = True) -> int:
    with office.city.unit() as work:
        return shipping.take_in_shipped(work, office.bureau.department if otherwise else None)


def versions(office: Office) -> list[ProgramVersion]:
    with office.city.look() as work:
        return list(
            work.session.scalars(
                select(ProgramVersion).options(
                    selectinload(ProgramVersion.examples), selectinload(ProgramVersion.program)
                )
            )
        )


def test_they_come_in_as_drafts_that_nobody_has_drafted_or_approved(office_on_both: Office):
    office = office_on_both

    assert take_in(office) == ALL

    found = versions(office)
    assert {(each.state, each.drafted_by_id, each.approved_at, each.number) for each in found} == {
        (VersionState.DRAFT, None, None, 1)
    }
    assert len({each.program.number for each in found}) == ALL
    assert office.events().count("program_begun") == ALL


def test_taken_in_a_second_time_nothing_is_added_even_after_a_department_renamed_one(office: Office):
    take_in(office)
    with office.city.unit(office.city.actor(office.drafter)) as work:
        version = queries.find_version(work.session, versions(office)[0].id)
        service.write_sheet(work, version, version.version, {**version.sheet["values"], "name_ja": "別の名前"})

    assert take_in(office) == 0

    assert len(versions(office)) == ALL


def test_each_is_whole_when_it_stands_in_the_office(office: Office):
    take_in(office)

    with office.city.look() as work:
        for version in versions(office):
            looked = checking.look(work, queries.find_version(work.session, version.id))
            assert (version.name, looked.is_whole, looked.failing) == (version.name, True, [])


def test_a_rule_asks_about_earlier_grants_by_the_number_of_its_own_program(office: Office):
    take_in(office)

    with office.city.look() as work:
        number = shipping.number_of(work, "gan-nyu")
        version = next(each for each in versions(office) if each.program.number == number)
    assert {"not_granted": {"program": number, "within": "two_fiscal_years"}} in version.rule["rule"]["all"]
    assert any(f"granted_{number}" in example.facts["facts"] for example in version.examples)


def test_a_program_goes_to_its_department_where_the_city_has_it(office: Office):
    schools = office.bureau.department
    elderly = office.city.department("高齢福祉課")

    assert take_in(office, otherwise=False) == 6

    with office.city.look() as work:
        rows = work.session.execute(select(Program.shipped_as, Program.department_id))
        of_department = {row.shipped_as: row.department_id for row in rows}
        assert (of_department["shugaku-enjo"], of_department["koreisha-joshaken"]) == (schools.id, elderly.id)
        assert len(shipping.left_out(work)) == ALL - 6


def test_what_was_left_out_comes_in_once_its_department_is_there(office: Office):
    take_in(office, otherwise=False)
    office.city.department("住宅管理課")

    assert take_in(office, otherwise=False) == 1


def test_thresholds_come_with_a_value_that_waits_for_somebody_of_the_department(office: Office):
    take_in(office)

    with office.city.unit(office.city.actor(office.drafter)) as work:
        code = select(Threshold.id).where(Threshold.code == "shugaku-enjo-limit")
        threshold = queries.find_threshold(work.session, work.session.scalars(code).one())
        (value,) = threshold.values
        assert (value.entered_by_id, value.confirmed_by_id) == (None, None)
        thresholds.confirm_value(work, threshold, value.id, thresholds.fingerprint_of(value))
        assert value.confirmed_by_id == office.drafter.id


def test_a_citys_own_threshold_of_that_code_stays_as_it_is(office: Office):
    with office.city.unit(office.city.actor(office.drafter)) as work:
        thresholds.begin_threshold(
            work, "shugaku-enjo-limit", ("本市の限度額", "The city's own limit"), "円", is_table=True
        )

    take_in(office)

    with office.city.look() as work:
        names = select(Threshold.name_ja).where(Threshold.code == "shugaku-enjo-limit")
        assert work.session.scalars(names).one() == "本市の限度額"


def test_two_thresholds_of_one_name_are_refused_and_nothing_comes_in(office: Office):
    with office.city.unit(office.city.actor(office.drafter)) as work:
        thresholds.begin_threshold(work, "own", ("就学援助の所得限度額", "The city's own limit"), "円", is_table=True)

    with pytest.raises(Invalid, match="別の符号"):
        take_in(office)

    with office.city.look() as work:
        assert work.session.scalar(select(func.count()).select_from(Program)) == 0


def test_a_clerk_of_the_department_sends_one_on_its_route_as_it_is(office: Office):
    take_in(office)
    draft = next(each for each in versions(office) if each.name == "乳がん検診")

    case = office.case(office.submit(draft.id))

    assert case.title == "乳がん検診の登録(第1版)"
    assert "〈乳がん検診 R8-制度-" in case.answers["values"]["audience"]


def test_pages_show_who_drafted_them(office: Office):
    take_in(office)
    first = versions(office)[0]
    visit = office.visit(office.city.person(Role.CLERK, department=office.bureau.department))

    assert "第3子優遇事業" in visit.get("/programs").text
    assert "備え付け" in visit.get(f"/programs/{first.program_id}").text
    assert first.name in visit.get(f"/programs/versions/{first.id}").text


def test_the_command_takes_them_in_for_a_department_and_says_what_waits(office: Office, monkeypatch):
    monkeypatch.setenv("GIJO_DATA_DIR", str(office.city.office.settings.data_dir))
    command = ("programs", "take-in-catalogue")

    of_schools = CliRunner().invoke(whole_program(), [*command, "--json"])
    kept = CliRunner().invoke(whole_program(), [*command, "--otherwise", office.bureau.department.name])
    again = CliRunner().invoke(whole_program(), [*command, "--json"])

    assert '"taken_in": 2' in of_schools.stdout
    assert '"name": "乳がん検診"' in of_schools.stdout
    assert f"{ALL - 2}件の制度を下書きとして取り込みました" in kept.stdout
    assert "所得限度額の表は演習用の仮の値です。" in kept.stdout
    assert again.stdout.strip() == '{"taken_in": 0, "left_out": []}'


def test_a_keeper_who_is_not_there_is_refused(office: Office, monkeypatch):
    monkeypatch.setenv("GIJO_DATA_DIR", str(office.city.office.settings.data_dir))

    said = CliRunner().invoke(whole_program(), ["programs", "take-in-catalogue", "--otherwise", "ない課"])

    assert isinstance(said.exception, NotThere)
