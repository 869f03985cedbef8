"""From the ledger of rewards to the statements of a year: on the page, on paper, as a workbook."""

from __future__ import annotations

import csv
import io
import re

import pypdf
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from backoffice.demo import reward_ledger
from backoffice.demo.built_forms import build_one
from backoffice.demo.worked_bots import WORKS, taught
from backoffice.form_designs.models import FormDesign
from backoffice.identity import Role
from backoffice.records.models import Record
from tests.backoffice.staff_client import StaffClient


@pytest.fixture
def clerk(city):
    """Somebody who keeps the demonstration's ledger; the clock stands in November."""
    department = city.department("学事課")
    clerk = city.person(Role.CLERK, department=department, account=reward_ledger.CLERK)
    work = next(each for each in WORKS if each.title == reward_ledger.LEDGER)
    build_one(city.office, clerk.account, department.name, work.series, taught(work).draft)
    assert reward_ledger.bring(city.office) == len(reward_ledger.PAID)
    return StaffClient(city).sign_in(clerk)


def address(city) -> str:
    with city.look() as work:
        design_id = work.session.scalars(select(FormDesign.id).where(FormDesign.title == reward_ledger.LEDGER)).one()
    return f"/records/{design_id}/statements"


def rows(page: str, title: str) -> list[list[str]]:
    table = page[page.index(f'id="{title}"') :].partition("</table>")[0]
    found = re.findall(r"<tr>(.*?)</tr>", table.partition("<tbody>")[2], re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in found]
    return [[re.sub(r"<[^>]+>|\s+", " ", cell).strip() for cell in row] for row in cells]


def test_the_page_of_a_year_says_who_is_told_and_where_the_tax_is_wrong(city, clerk):
    page = clerk.get(address(city)).text

    payees, wrong = rows(page, "payees-title"), rows(page, "wrong-title")
    fees = [paid for place, paid in enumerate(reward_ledger.PAID) if place % 6 != reward_ledger.MEMBER]
    sums = sorted(int(row[3].replace(",", "")) for row in payees)
    assert sum(sums) == sum(fees)
    assert [row[5].strip("● ") for row in payees] == ["要"] * 2 + ["不要"] * 3
    assert sorted((row[3], row[4], row[5]) for row in wrong) == [("20,000", "0", "2,042"), ("33,000", "3,300", "3,369")]
    assert "給与等とした支払いが3件" in page
    assert "支払調書" in clerk.get(address(city).removesuffix("/statements")).text


def test_what_a_kind_is_for_the_tax_a_person_may_say_otherwise(city, clerk):
    code = re.search(
        r'name="nature_(o\d)"[^>]*>(?:(?!</select>).)*?salary"[^>]* selected', clerk.get(address(city)).text, re.DOTALL
    )[1]

    page = clerk.get(f"{address(city)}?year=2026&nature_{code}=fee").text

    assert len(rows(page, "payees-title")) == 6
    assert "給与等とした" not in page


def test_the_statements_are_printed_a_page_each_with_no_individual_number(city, clerk):
    sent = {"year": "2026", "as": "pdf"}

    pdf = pypdf.PdfReader(io.BytesIO(clerk.post(f"{address(city)}/export", sent).response.content))

    pages = ["".join(page.extract_text().split()) for page in pdf.pages]
    assert len(pages) == 2
    assert all(
        "支払調書" in text and "令和8年分" in text and "個人番号はこの仕組みに入れません" in text for text in pages
    )
    assert any("1,257,000" in text for text in pages)
    assert not any(re.search(r"\d{12}", text) for text in pages)


def test_the_list_is_a_workbook_of_numbers(city, clerk):
    content = clerk.post(f"{address(city)}/export", {"year": "2026", "as": "excel"}).response.content

    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        heading, *lines = book.get_sheet_by_index(0).to_python()
    assert heading[:3] == ["受取人カナ", "受取人氏名", "受取人住所"]
    assert [line[7] for line in lines].count("要") == 2
    assert sum(line[5] for line in lines) == 1_437_000, "numbers, not texts"
    clerk.post(f"{address(city)}/export", {"year": "2020", "as": "pdf"}, 422)


def test_a_payment_without_a_day_stands_in_no_year_and_is_told(city, clerk):
    with city.unit() as work:
        record = work.session.scalars(select(Record).order_by(Record.id)).first()
        with_day = dict(record.values)
        day = next(key for key, value in sorted(with_day.items()) if key == "a8")
        record.values = {key: value for key, value in with_day.items() if key != day}

    assert "支払日のない記録が1件" in clerk.get(address(city)).text


def test_what_was_rejected_is_not_paid_and_what_says_too_little_is_told(city, clerk):
    before = rows(clerk.get(address(city)).text, "payees-title")
    with city.unit() as work:
        fees = work.session.scalars(select(Record).order_by(Record.id).limit(2)).all()
        lost = sum(each.values["a6"] for each in fees)
        fees[0].state = "rejected"
        fees[1].values = {key: value for key, value in fees[1].values.items() if key != "a6"}

    page = clerk.get(address(city)).text

    total = [sum(int(row[3].replace(",", "")) for row in each) for each in (before, rows(page, "payees-title"))]
    assert total[0] - total[1] == lost
    assert "支払金額のどれかがない記録が1件" in page


def test_how_often_counts_fees_alone(city, clerk):
    content = clerk.post(f"{address(city)}/export", {"year": "2026", "as": "csv"}).response.content.decode("utf-8-sig")
    with city.unit() as work:
        record = work.session.scalars(select(Record).order_by(Record.id)).first()
        other = dict(record.values)
        member = next(each for each in work.session.scalars(select(Record)) if each.values["a7"] != other["a7"])
        record.values = other | {"a7": member.values["a7"]}

    after = clerk.post(f"{address(city)}/export", {"year": "2026", "as": "csv"}).response.content.decode("utf-8-sig")

    times = [sum(int(row["回数"]) for row in csv.DictReader(io.StringIO(each))) for each in (content, after)]
    assert times == [len(reward_ledger.PAID) - 3, len(reward_ledger.PAID) - 4]
