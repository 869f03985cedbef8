"""Head counts of community centres, as docs/head-counts.md tells: workbooks in, checked, kept, added up, reported."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from backoffice.demo.built_forms import head_counts
from backoffice.demo.head_count_reports import workbook
from backoffice.form_designs import service
from backoffice.form_designs.paper import draw
from backoffice.identity import Role
from backoffice.records.crosstab import laid_out
from backoffice.records.models import Record
from forms.field_types import FieldType
from tests.backoffice.staff_client import Answer, StaffClient

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
ROOMS = (("講堂", 40, 12), ("和室", 8, 0))


@pytest.fixture
def clerk(city_on_both) -> StaffClient:
    department = city_on_both.department("公民館支援課")
    clerk = city_on_both.person(Role.CLERK, department=department)
    with city_on_both.unit(city_on_both.actor(clerk)) as work:
        design = service.begin(work, "公民館 利用人数報告", "公民館", department.id, head_counts())
        service.publish(
            work, design, design.version, "", draw(service.definition_to_draw(work, design)), confirmed=False
        )
    return StaffClient(city_on_both).sign_in(clerk)


def bring(clerk: StaffClient, *files: tuple[str, bytes], status: int = 200) -> Answer:
    parts = [("files", (name, content, "application/octet-stream")) for name, content in files]
    return clerk.post("/records/1/imports/reports", {}, status, files=parts)


def take(clerk: StaffClient, page: Answer) -> str:
    return clerk.post(re.search(r'action="(/records/1/imports/\d+/take)"', page.text).group(1), {}).text


def report(centre: str, month: date = OCTOBER, rooms=ROOMS, **more) -> tuple[str, bytes]:
    return f"{month:%m} {centre}.xlsx", workbook(centre, month, "見本 花子", rooms, **more)


def records(city) -> list[Record]:
    with city.look() as work:
        return list(work.session.scalars(select(Record).order_by(Record.id)))


def test_each_workbook_becomes_one_record_with_its_table_of_rooms(city_on_both, clerk):
    page = bring(clerk, report("あおぞら公民館"), report("さくら公民館"))
    assert "取り込む(2件)" in page.text
    assert records(city_on_both) == []

    take(clerk, page)

    first, second = records(city_on_both)
    keys = {column.label: column.key for column in head_counts().fields[3].columns}
    assert first.values["a1"] == "あおぞら公民館"
    assert first.values["a2"] == "2026-10-01"
    assert (first.values[f"{keys['部屋']}_1"], first.values[f"{keys['大人']}_2"]) == ("講堂", 8)
    assert 60 in first.values.values(), "what the form computes is computed"
    assert second.values["a1"] == "さくら公民館"


def test_a_report_whose_sums_do_not_add_up_waits_with_its_reason_until_somebody_mends_it(city_on_both, clerk):
    page = bring(clerk, report("あおぞら公民館"), report("ひばり公民館", too_many=5))
    assert "大人」の合計は53ですが、内訳を足すと48です" in page.text

    waiting = take(clerk, page)

    assert len(records(city_on_both)) == 1
    row = re.search(r'href="(/records/1/imports/1/rows/\d+)"', waiting).group(1)
    typed = re.findall(r'name="(f_[^"]+)"[^>]*value="([^"]*)"', clerk.get(row).text)
    clerk.post(row, dict(typed))
    assert [one.values["a1"] for one in records(city_on_both)] == ["あおぞら公民館", "ひばり公民館"]


def test_a_report_that_comes_again_corrected_waits_beside_the_record_that_is_there(city_on_both, clerk):
    take(clerk, bring(clerk, report("あおぞら公民館")))
    number = records(city_on_both)[0].number

    again = bring(clerk, report("あおぞら公民館"), report("あおぞら公民館", SEPTEMBER))
    assert "同じ内容のファイルを「10 あおぞら公民館.xlsx」として受け取っています" in again.text
    assert f"「公民館名・報告する月の初日」が同じ記録 {number} があります" in again.text
    assert "取り込む(1件)" in again.text
    corrected = bring(clerk, report("あおぞら公民館", rooms=(("講堂", 41, 12),)))
    assert f"同じ記録 {number} があります" in corrected.text
    assert "取り込む(0件)" in corrected.text


def test_what_a_colleague_took_in_meanwhile_is_not_taken_twice(city_on_both, clerk):
    mine, theirs = bring(clerk, report("あおぞら公民館")), bring(clerk, report("あおぞら公民館"))
    take(clerk, theirs)

    refused = clerk.post("/records/1/imports/1/take", {}, 422)

    assert "「公民館名・報告する月の初日」が同じ記録" in refused.text
    assert "同じ内容" not in mine.text
    assert len(records(city_on_both)) == 1
    clerk.post("/records/1/imports/1/match", {}, 422)


def test_two_reports_of_one_centre_and_month_are_not_both_taken(clerk):
    page = bring(clerk, report("あおぞら公民館"), ("copy.xlsx", report("あおぞら公民館", rooms=ROOMS[:1])[1]))

    assert "「公民館名・報告する月の初日」が「10 あおぞら公民館.xlsx」と同じです" in page.text
    assert "取り込む(1件)" in page.text


def test_what_is_no_workbook_or_another_form_waits_with_its_reason_and_hinders_no_other(clerk):
    page = bring(
        clerk,
        report("あおぞら公民館"),
        ("broken.xlsx", b"PK\x03\x04 no workbook"),
        ("prices.csv", "品名,単価\n鉛筆,100\n".encode()),
    )

    assert "Excelのファイルとして読み取れません" in page.text
    assert "この様式の欄の名前が見つかりません" in page.text
    assert "取り込む(1件)" in page.text


def test_months_stand_beside_one_another_and_whoever_has_not_reported_is_seen(clerk):
    take(clerk, bring(clerk, report("あおぞら公民館", SEPTEMBER), report("さくら公民館", SEPTEMBER, ROOMS[:1])))
    take(clerk, bring(clerk, report("さくら公民館")))
    total = next(one.key for one in head_counts().fields if one.label == "合計" and one.type is FieldType.INTEGER)
    choice = {"by": "a1", "across": "a2", "adding": total}

    page = clerk.get("/records/1/totals?" + "&".join(f"{name}={value}" for name, value in choice.items())).text
    file = clerk.post("/records/1/totals/export", {**choice, "address": "/records/1"}).response.content

    assert "2026-09" in page
    assert "なし" in page
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    assert rows[2:] == [
        ["公民館名", "2026-09", "2026-10", "合計"],
        ["あおぞら公民館", 60.0, "", 60.0],
        ["さくら公民館", 52.0, 60.0, 112.0],
        ["合計", 112.0, 60.0, 172.0],
    ]


def test_who_may_not_write_in_a_list_brings_no_reports(city_on_both, clerk):
    stranger = StaffClient(city_on_both).sign_in(
        city_on_both.person(Role.CLERK, department=city_on_both.department("学事課"))
    )

    bring(stranger, report("あおぞら公民館"), status=404)

    assert records(city_on_both) == []


def test_of_many_months_the_latest_are_shown_and_it_is_said_that_others_are_not():
    centre, month = (head_counts().definition("form-1", 1).field(key) for key in ("a1", "a2"))
    months = [f"{year}-{number:02d}" for year in (2024, 2025, 2026) for number in range(1, 13)]

    some = laid_out({("館", each): 1 for each in months[:24]}, centre, month)
    many = laid_out({("館", each): 1 for each in months}, centre, month)

    assert (some.remark, some.total) == ("", 24)
    assert (many.columns[0], many.columns[-1], many.left_out, many.total) == ("2025-01", "2026-12", 12, 24)
    assert "新しい24" in many.remark
