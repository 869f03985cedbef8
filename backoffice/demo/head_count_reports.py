"""Which head counts have the demonstration's community centres sent? Two months of workbooks, some of them wanting.

Centres, people and numbers are invented. Each workbook comes in as a clerk would bring it (docs/head-counts.md).
"""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime

import xlsxwriter
from sqlalchemy import select

from backoffice.demo.city import actor_of
from backoffice.form_designs.models import FormDesign
from backoffice.records import importing, queries
from backoffice.records.reports_in import brought_of, read_files
from backoffice.work import Office

CENTRES = ("あおぞら", "さくら", "かわせみ", "みなと", "こもれび", "つばさ", "なぎさ", "やまなみ", "ひばり", "わかば")
ROOMS = ("講堂", "会議室", "和室", "調理室")
MONTHS = (date(2026, 9, 1), date(2026, 10, 1))
NOT_YET = ("わかば公民館", MONTHS[1])
"""Whose last report has not come: the table of sums shows the gap."""
MISCOUNTED = ("ひばり公民館", MONTHS[1])
"""Whose totals do not add up: the report waits."""

Room = tuple[str, int, int]
"""Its name, and how many adults and children used it."""


def workbook(centre: str, month: date, reporter: str, rooms: Sequence[Room], *, too_many: int = 0) -> bytes:
    """Write a report as a centre fills it in; `too_many` is what its own sum of adults is wrong by."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        # Two of the same report are the same file, whenever they are written.
        book.set_properties({"created": datetime(month.year, month.month, 1, tzinfo=UTC)})
        sheet = book.add_worksheet("報告")
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet.write(0, 1, f"{month.year}年{month.month}月 公民館利用人数報告", bold)
        sheet.write_row(2, 0, ["公民館名", centre, "", "報告者", reporter])
        sheet.write(3, 0, "報告する月の初日")
        sheet.write_datetime(3, 1, month, book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_row(5, 0, ["部屋", "大人(人)", "子ども(人)"], bold)
        for line, room in enumerate(rooms, 6):
            sheet.write_row(line, 0, room)
        sums = (sum(room[1] for room in rooms) + too_many, sum(room[2] for room in rooms))
        sheet.write_row(6 + len(rooms), 0, ["計", *sums], bold)
        sheet.write_row(8 + len(rooms), 0, ["行事の回数", 0])
    return file.getvalue()


def bring(office: Office) -> int:
    """Bring each month's workbooks to the list of head counts, and give how many became records."""
    return sum(_bring_month(office, month) for month in MONTHS)


def _bring_month(office: Office, month: date) -> int:
    actor = actor_of(office, "tanaka")
    with office.look(actor) as work:
        design_id = work.session.scalars(select(FormDesign.id).where(FormDesign.series == "公民館")).one()
        _design, definition = queries.find_form(work.session, actor, design_id)
    read = read_files(definition, ((f"{month:%Y-%m} {name}.xlsx", content) for name, content in _sent(month)))
    with office.unit(actor) as work:
        design, _definition = queries.find_form(work.session, actor, design_id)
        found = brought_of(work.session, definition, design_id, actor.department_id, read)
        brought = importing.bring(work, design, definition, found)
        work.session.flush()
        brought.design = design
        importing.take(work, brought, definition)
        return brought.taken


def _sent(month: date) -> list[tuple[str, bytes]]:
    sent = []
    for place, name in enumerate(CENTRES):
        centre = f"{name}公民館"
        if (centre, month) == NOT_YET:
            continue
        rooms = [
            (room, 60 + (place * 37 + row * 53 + month.month * 11) % 190, (place * 29 + row * 17 + month.month) % 80)
            for row, room in enumerate(ROOMS[: 3 + place % 2])
        ]
        too_many = 10 if (centre, month) == MISCOUNTED else 0
        sent.append((centre, workbook(centre, month, f"見本 {name}", rooms, too_many=too_many)))
    return sent
