"""What becomes of what a recorded bot took home? Kept with the item; rows become records of a list, each once.

What breaks the list's rules waits in the quarantine of its imports. Rows are checked, and files sealed, before the unit
opens.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from backoffice.automation.events import ItemFileTaken, ItemRead
from backoffice.automation.models import WorkItem
from backoffice.automation.taken.models import ItemFile, ItemReading, ReadRow
from backoffice.db.lookup import one_or_not_there
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.shelf import newest_definitions
from backoffice.form_designs.workflow import DesignState
from backoffice.identity import Actor, Origin
from backoffice.records import service as records
from backoffice.records.import_models import QuarantinedRow, RecordImport
from backoffice.records.importing import ImportState
from backoffice.records.matching import typed_of
from backoffice.records.models import Record, RecordFile
from backoffice.records.outlook import check_row, findings_of
from backoffice.records.workflow import Source
from backoffice.vault import StoredFile
from backoffice.web.answers_in import Checked
from backoffice.web.file_names import safe_name
from backoffice.web.translations import _
from backoffice.work import Office, Work
from forms.definition import FormDefinition
from rpa_bots.file_kinds import MEDIA_TYPES
from rpa_bots.outcomes import TakenHome
from rpa_bots.recording.tape.marks import Download, Marked, Reading, looking_in, marked
from rpa_bots.recording.tape.steps import Recording

SHOWN_AT_MOST = 200
READ_ROW = "read_row"
CLOSED = _("読み取った値を入れる様式は、受付を終了しています。")
NO_QUESTION = _("読み取った値を入れる欄が、様式にありません。")
WORKER = Actor.house(Origin.WORKER)
Taken = str | Sequence[Mapping[str, str]]


class ListClosedError(Exception):
    """The list that takes the rows takes none any more."""


@dataclass(frozen=True)
class ReadyRow:
    """A row as it goes into a list: what was typed so to say, and what came of checking it."""

    marks: Sequence[str]
    """By which the row is known again: the first is kept, the others are those of keys before this one."""
    typed: Mapping[str, str] = field(repr=False)
    checked: Checked = field(repr=False)


@dataclass(frozen=True)
class ReadyFile:
    name: str
    kind: str
    printer: str
    to: str
    file: StoredFile


@dataclass(frozen=True)
class Brought:
    """All that was taken home for one record, ready to be kept. `code`: of the list that takes it, "" for none."""

    readings: Mapping[str, Taken] = field(repr=False)
    files: Sequence[ReadyFile]
    code: str = ""
    definition: FormDefinition | None = None
    rows: Sequence[ReadyRow] = ()
    fault: str = ""
    """Why the list takes nothing: then a person must look."""


NOTHING = Brought({}, ())


def prepare(office: Office, recording: Recording, reference: str, home: TakenHome) -> Brought:
    """Seal what fell and check what was read against the list that takes it; no unit may be open."""
    if not home.readings and not home.files:
        return NOTHING
    steps = marked(recording)
    downloads = {each.download.name: each.download for each in steps if each.download}
    files = [_sealed(office, downloads[each.name], each.kind, each.content) for each in home.files]
    looking = looking_in(recording)
    if looking is None or not looking.list:
        return Brought(home.readings, files)
    readings = [each.reading for each in steps if each.reading]
    with office.look(WORKER) as work:
        definition = newest_definitions(work.session, [looking.list]).get(looking.list)
        if definition is None or not _is_open(work.session, looking.list):
            return Brought({}, (), fault=CLOSED)
    if not _takers(steps) <= {question.key for question in definition.questions}:
        return Brought({}, (), fault=NO_QUESTION)
    rows = _ready(office, reference, definition, rows_for_list(readings, home.readings))
    return Brought(home.readings, files, looking.list, definition, rows)


def rows_for_list(readings: Sequence[Reading], taken: Mapping[str, Taken]) -> list[dict[str, str]]:
    """Give the answers of each record that is to be: a table's row each, with the single values beside it in each.

    Without a table the single values are one record.
    """
    texts = {each.to: str(taken[each.name]) for each in readings if each.to and isinstance(taken.get(each.name), str)}
    rows = [
        {column.to: cells.get(column.heading, "") for column in each.columns if column.to}
        for each in readings
        if any(column.to for column in each.columns)
        for cells in taken.get(each.name, ())
        if not isinstance(cells, str)
    ]
    asks_for_rows = any(column.to for each in readings for column in each.columns)
    return [{**texts, **row} for row in rows] if asks_for_rows else [texts] if texts else []


def keep(work: Work, item_id: int, brought: Brought) -> None:
    """Keep what was taken home for an item. Done twice it changes nothing, and doubles no record.

    Raises ListClosedError where the list was closed since `prepare`.
    """
    if brought is NOTHING:
        return
    item = work.session.get_one(WorkItem, item_id)
    item.took_home = True
    _keep_readings(work, item, brought.readings)
    new = [ready for ready in brought.files if _keep_file(work, item, ready)]
    _keep_rows(work, item, brought, new)


def _takers(steps: Sequence[Marked]) -> set[str]:
    """Give the questions into which something is to go: one that the form has lost since would lose it unseen."""
    readings = [each.reading for each in steps if each.reading]
    taking = [*(each.to for each in readings), *(column.to for each in readings for column in each.columns)]
    return {to for to in (*taking, *(each.download.to for each in steps if each.download)) if to}


def _is_open(session: Session, code: str) -> bool:
    state = session.scalar(select(FormDesign.state).where(FormDesign.code == code))
    return state == DesignState.IN_USE


def _sealed(office: Office, download: Download, kind: str, content: bytes) -> ReadyFile:
    file = office.files.put(content, MEDIA_TYPES[kind], office.services.now())
    return ReadyFile(download.name, kind, download.printer if kind == "pdf" else "", download.to, file)


def _ready(
    office: Office, reference: str, definition: FormDefinition, rows: Sequence[Mapping[str, str]]
) -> list[ReadyRow]:
    """A list takes a row as the row of a file. Two rows that say the same are two, and are told apart by their turn.

    What a row said outlives its reading only as a mark: of a hash somebody could guess that she was a widow.
    """
    ready: list[ReadyRow] = []
    turns: Counter[str] = Counter()
    for answers in rows:
        said = json.dumps([reference, sorted(answers.items())], ensure_ascii=False)
        turns[said] += 1
        marks = office.cipher.marks_given_out(f"{turns[said]} {said}", READ_ROW)
        typed = typed_of(definition, list(answers), list(answers.values()))
        ready.append(ReadyRow(marks, typed, check_row(definition, typed)))
    return ready


def _keep_readings(work: Work, item: WorkItem, readings: Mapping[str, Taken]) -> None:
    there = {
        each.name: each for each in work.session.scalars(select(ItemReading).where(ItemReading.item_id == item.id))
    }
    for name, taken in readings.items():
        kept = there.get(name) or ItemReading(item_id=item.id, name=name)
        kept.taken, kept.read_at = taken if isinstance(taken, str) else [dict(row) for row in taken], work.now
        work.session.add(kept)


def _keep_rows(work: Work, item: WorkItem, brought: Brought, files: Sequence[ReadyFile]) -> None:
    """Enter the rows that are new and fine; put the others that are new aside."""
    there = set(work.session.scalars(select(ReadRow.digest).where(ReadRow.item_id == item.id)))
    new = [row for row in brought.rows if there.isdisjoint(row.marks)]
    if brought.definition is None or not new:
        return
    design = work.session.scalars(select(FormDesign).where(FormDesign.code == brought.code)).one()
    if design.state != DesignState.IN_USE:
        raise ListClosedError
    fine = [row for row in new if not row.checked.refusing]
    waiting = [row for row in new if row.checked.refusing]
    answers = _answered_by(work, item, design, files) if fine and len(brought.rows) == 1 else {}
    for row in fine:
        values = {**row.checked.values, **answers}
        record = records.enter(work, design, brought.definition, values, Source.BOT, item.department_id)
        work.session.add(ReadRow(item_id=item.id, digest=row.marks[0], record_id=record.id))
    if waiting:
        quarantine = put_aside(work, item.reference, design, brought.definition, waiting, item.department_id)
        work.session.add_all(ReadRow(item_id=item.id, digest=row.marks[0], import_id=quarantine.id) for row in waiting)
    work.record(ItemRead(item.id, design.id, len(fine), len(waiting)))


def _answered_by(work: Work, item: WorkItem, design: FormDesign, files: Sequence[ReadyFile]) -> dict[str, str]:
    """Let the files that were received answer the questions of the one record that comes of an item."""
    rows = {
        ready.to: RecordFile(
            design_id=design.id,
            department_id=item.department_id,
            key=ready.to,
            file_id=ready.file.id,
            name=safe_name(f"{ready.name}.{ready.kind}"),
            added_at=work.now,
        )
        for ready in files
        if ready.to
    }
    work.session.add_all(rows.values())
    work.session.flush()
    return {key: str(row.id) for key, row in rows.items()}


def put_aside(
    work: Work,
    reference: str,
    design: FormDesign,
    definition: FormDefinition,
    rows: Sequence[ReadyRow],
    department_id: int,
) -> RecordImport:
    """Let rows that break a form's rules wait in the quarantine of its list's imports, under an item's number."""
    keys = list(rows[0].typed)
    brought = RecordImport(
        design_id=design.id,
        department_id=department_id,
        file_name=reference,
        source=Source.BOT,
        sha256=hashlib.sha256("".join(row.marks[0] for row in rows).encode()).hexdigest(),
        sources=[],
        state=ImportState.TAKEN,
        header=keys,
        rows=[],
        mapping=keys,
        checked_version=definition.version,
        fine=[],
        waiting=[],
        brought_at=work.now,
    )
    work.session.add(brought)
    work.session.flush()
    work.session.add_all(
        QuarantinedRow(import_id=brought.id, line=line, typed=dict(row.typed), findings=findings_of(row.checked))
        for line, row in enumerate(rows, 1)
    )
    return brought


def _keep_file(work: Work, item: WorkItem, ready: ReadyFile) -> bool:
    """Keep a file with its item; False where it is kept already: the sealed copy has no row then, and is swept."""
    mine = select(ItemFile.id).where(
        ItemFile.item_id == item.id, ItemFile.name == ready.name, ItemFile.sha256 == ready.file.sha256
    )
    if work.session.scalar(mine) is not None:
        return False
    work.session.add(ready.file)
    work.session.flush()
    kept = ItemFile(
        item_id=item.id,
        file_id=ready.file.id,
        name=ready.name,
        kind=ready.kind,
        sha256=ready.file.sha256,
        taken_at=work.now,
        printer=ready.printer,
    )
    work.session.add(kept)
    work.session.flush()
    work.record(ItemFileTaken(item.id, kept.id))
    return True


def readings_of(session: Session, item_id: int) -> Sequence[ItemReading]:
    return session.scalars(select(ItemReading).where(ItemReading.item_id == item_id).order_by(ItemReading.id)).all()


def files_of(session: Session, item_id: int) -> Sequence[ItemFile]:
    return session.scalars(select(ItemFile).where(ItemFile.item_id == item_id).order_by(ItemFile.id)).all()


def find_file(session: Session, item: WorkItem, item_file_id: int) -> ItemFile:
    """Give a file of an item. Raises NotThere."""
    mine = select(ItemFile).where(ItemFile.id == item_file_id, ItemFile.item_id == item.id)
    return one_or_not_there(session, mine.options(joinedload(ItemFile.file)))


def records_of(session: Session, item_id: int) -> Sequence[Record]:
    """Give the records that the rows of an item became, the first of them."""
    rows = select(Record).join(ReadRow, ReadRow.record_id == Record.id).where(ReadRow.item_id == item_id)
    return session.scalars(rows.order_by(ReadRow.id).limit(SHOWN_AT_MOST)).all()


def count_waiting(session: Session, item_id: int) -> int:
    """Count the rows of an item that wait in quarantine still: nobody has mended them or thrown them away."""
    mine = select(ReadRow.import_id).where(ReadRow.item_id == item_id)
    waiting = select(func.count()).select_from(QuarantinedRow).where(QuarantinedRow.import_id.in_(mine))
    return session.scalar(waiting) or 0
