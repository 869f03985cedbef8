"""What of a program leaves the house: what everybody may read of those in force, and nothing else."""

from __future__ import annotations

import csv
import io

import pytest

from backoffice.programs import queries, service
from backoffice.programs.public_part import EVENTS, PUBLISHED, WITHHELD, PublicProgram
from backoffice.programs.publishing import published
from backoffice.programs.sheets import definition
from tests.backoffice.programs.offices import BREAST_CANCER, SHEET, Office
from tests.backoffice.programs.test_versions import approve
from workflows.rules.tree import All, NotGranted, Period

IN_THREE = {
    **SHEET,
    "name_easy": "にゅうがん けんしん",
    "name_en": "Breast cancer screening",
    "summary_easy": "40さいから うけられます。",
    "summary_en": "Women aged 40 and over may be screened every two years.",
    "event_illness": True,
    "event_old_age": True,
    "url": "https://city.example/kenshin?no=1",
    "by_online": True,
    "telephone": "092-711-4111",
    "by_phone": True,
    "documents": "健康保険証\n受診券",
}
SECRETS = ("8000", "8,000", "1200", "1,200", "架空の改修")


def in_force(office: Office, sheet=IN_THREE, rule=BREAST_CANCER) -> int:
    version_id = office.begin(rule, {**sheet, "system_changes": "架空の改修"})
    approve(office, office.submit(version_id))
    return version_id


def what_goes_out(office: Office) -> list[PublicProgram]:
    with office.city.look() as work:
        return published(work)


def test_a_program_in_force_goes_out_with_its_owner_in_three_languages(office_on_both: Office):
    office = office_on_both
    version = office.version(in_force(office))

    (program,) = what_goes_out(office)

    assert (program.number, program.version, program.predecessor) == (version.program.number, 1, "")
    assert [each.name for each in program.owner] == ["福岡市", version.program.department.name]
    assert program.languages == ["ja", "easy", "en"]
    assert program.name.in_language("en") == ("en", "Breast cancer screening")
    assert [each.name.ja for each in program.life_events] == ["病気・けが", "高齢になる"]
    assert [each.code for each in program.ways] == ["online", "counter", "phone"]
    assert program.documents == ["健康保険証", "受診券"]


def test_whom_it_is_for_is_told_in_both_languages_where_the_reason_stands_in_the_open(office: Office):
    in_force(office)

    (program,) = what_goes_out(office)

    assert program.audience.ja == "性別が女性、かつ年度末年齢が40歳以上"
    assert program.audience.en == "sex: women and age at the end of the fiscal year 40 or over"


def test_whom_it_is_for_is_not_told_where_the_reason_is_veiled(office: Office):
    in_force(office, {**IN_THREE, "body_class": "veiled"})

    (program,) = what_goes_out(office)

    assert program.audience is None


def test_drafts_and_what_is_on_its_route_stay_in_the_house(office: Office):
    office.begin()
    office.submit(office.begin(sheet=IN_THREE))

    assert what_goes_out(office) == []


def test_what_a_draft_would_change_is_not_told_before_its_day(office: Office):
    version_id = in_force(office)
    with office.city.unit(office.city.actor(office.drafter)) as work:
        draft_id = service.draft_from(work, queries.find_version(work.session, version_id)).id
    with office.city.unit(office.city.actor(office.drafter)) as work:
        draft = queries.find_version(work.session, draft_id)
        service.write_sheet(work, draft, draft.version, {**IN_THREE, "name_ja": "まだ秘密の検診"})
    rule = All((NotGranted(office.version(version_id).program.number, Period.FISCAL_YEAR),))
    in_force(office, {**IN_THREE, "name_ja": "再検査の案内"}, rule)

    said = [program.audience.ja for program in what_goes_out(office)]

    assert "まだ秘密の検診" not in str(said)
    assert "乳がん検診" in said[1]


def test_a_program_that_takes_no_more_applications_goes_out_no_longer(office: Office):
    in_force(office, {**IN_THREE, "ends": "2026-12-31"})
    assert len(what_goes_out(office)) == 1

    office.city.clock.pass_(days=38)

    assert what_goes_out(office) == []


def test_of_every_question_on_the_sheet_it_was_decided_whether_the_answer_goes_out():
    asked = {field.key for field in definition().fields}

    assert asked == PUBLISHED | WITHHELD
    assert set() == PUBLISHED & WITHHELD


def test_life_events_are_called_without_the_heading_they_have_on_the_sheet():
    assert {code: event.name.ja for code, event in EVENTS.items()}["event_birth"] == "妊娠・出産"
    assert all(event.name.en and ":" not in event.name.en for event in EVENTS.values())


def test_the_table_opens_in_excel_with_a_row_for_each_program(office: Office):
    in_force(office)
    client = office.visit()

    answer = client.get("/programs/export.csv")

    assert answer.response.content.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(answer.response.content.decode("utf-8-sig"), newline=""))
    assert (row["制度名"], row["制度名_英"], row["言語"]) == (
        "乳がん検診",
        "Breast cancer screening",
        "日本語;やさしい日本語;英語",
    )
    assert (row["必要書類"], row["申請方法"], row["分野"]) == (
        "健康保険証;受診券",
        "オンライン;窓口;電話",
        "健康・医療",
    )
    assert row["対象者"] == "性別が女性、かつ年度末年齢が40歳以上"


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_no_cell_of_the_table_is_run_as_a_formula(office: Office, start):
    in_force(office, {**IN_THREE, "amount": f"{start}HYPERLINK(1)"})

    answer = office.visit().get("/programs/export.csv")

    (row,) = csv.DictReader(io.StringIO(answer.response.content.decode("utf-8-sig"), newline=""))
    assert row["支給内容"] == f"'{start}HYPERLINK(1)"


@pytest.mark.parametrize("path", ["/programs/export.csv", "/programs/export.jsonld"])
def test_no_file_holds_what_the_office_keeps_to_itself(office: Office, path):
    in_force(office)

    text = office.visit().get(path).text

    assert "乳がん検診" in text
    assert [secret for secret in (*SECRETS, office.drafter.name, office.drafter.account) if secret in text] == []


def test_the_list_of_programs_offers_both_files(office: Office):
    in_force(office)

    page = office.visit().get("/programs")

    links = {each.attributes.get("href") for each in page.seen.elements if each.tag == "a"}
    assert {"/programs/export.csv", "/programs/export.jsonld"} <= links
