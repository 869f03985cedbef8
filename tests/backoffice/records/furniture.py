"""Lists of records for tests that look at pages: entered, changed by the many, one file taken in with a row waiting."""

from __future__ import annotations

from sqlalchemy import select

from backoffice.clients.models import MachineClient
from backoffice.enclosures.models import Packet
from backoffice.records import importing, queries, service
from backoffice.records.importing import Brought
from backoffice.records.models import Record, RecordFile, SavedView
from backoffice.records.outlook import outlook
from backoffice.records.sender_models import FormSender
from backoffice.records.sheets_in import Sheet
from backoffice.records.workflow import Source
from backoffice.work import Work

NOBODY = 2_000_000_000


def add_records(work: Work, design_id: object, rows: int) -> dict[str, object]:
    """So many records of a form in use, one of them changed together with others; one row in quarantine."""
    if not rows:
        return {
            "record_id": NOBODY,
            "change_set_id": NOBODY,
            "view_id": NOBODY,
            "import_id": NOBODY,
            "row_id": NOBODY,
            "sender_id": NOBODY,
            "record_file_id": NOBODY,
            "packet_id": NOBODY,
        }
    design, definition = queries.find_form(work.session, work.actor, int(str(design_id)))
    first = definition.questions[0]
    values = [{first.key: f"2026-11-{1 + number % 28:02d}"} for number in range(min(rows, 30))]
    records = [service.enter(work, design, definition, each, Source.SCREEN) for each in values]
    work.session.flush()
    kept = service.change_many(work, design, definition, records[:2], first.key, "2026-10-31")
    view = SavedView(
        design_id=design.id,
        department_id=work.actor.department_id,
        name="今月",
        query="state=entered",
        saved_at=work.now,
    )
    work.session.add(view)
    sheet = Sheet((first.label,), ((2, ["2026-11-03"]), (3, ["いつか"])))
    mapping = importing.read(work.session, work.actor, design.id, definition, sheet)
    found = outlook(definition, mapping, sheet.rows)
    brought = importing.bring(work, design, definition, Brought("list.csv", "list", sheet, mapping, found))
    brought.design = design
    importing.take(work, brought, definition)
    sender = FormSender(
        design_id=design.id,
        department_id=work.actor.department_id,
        client_id=work.session.scalars(select(MachineClient.id).order_by(MachineClient.id).limit(1)).one(),
        allowed_at=work.now,
    )
    work.session.add(sender)
    kept_file = file_of(work, records[-1])
    packet = packet_of(work, records[-1])
    work.session.add_all([kept_file, packet])
    work.session.flush()
    row, *_ = importing.waiting_rows(work.session, brought.id)
    return {
        "record_id": records[-1].id,
        "change_set_id": kept.change_set_id,
        "view_id": view.id,
        "import_id": brought.id,
        "row_id": row.id,
        "sender_id": sender.id,
        "record_file_id": kept_file.id,
        "packet_id": packet.id,
    }


def packet_of(work: Work, record: Record) -> Packet:
    file = work.office.files.put(b"%PDF-1.7 packet", "application/pdf", work.now)
    return Packet(
        record_id=record.id,
        design_id=record.design_id,
        department_id=record.department_id,
        papers=["公園の街灯"],
        pages=2,
        file=file,
        sha256=file.sha256,
        printer="kouen",
        asked_by_id=work.actor.staff_id,
        asked_at=work.now,
        printing_at=work.now,
        printed_at=work.now,
    )


def file_of(work: Work, record: Record) -> RecordFile:
    return RecordFile(
        design_id=record.design_id,
        department_id=record.department_id,
        key="photo",
        record_id=record.id,
        file=work.office.files.put(b"%PDF-1.7", "application/pdf", work.now),
        name="写し.pdf",
        added_by_id=work.actor.staff_id,
        added_at=work.now,
    )
