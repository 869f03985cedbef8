"""How do the rows of a file become records? Looked at first, then kept together; what breaks a rule waits apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from backoffice.db.lookup import one_or_not_there
from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.form_designs.models import FormDesign
from backoffice.identity import Actor, Permission, within
from backoffice.records import service
from backoffice.records.events import ImportBrought, ImportDropped, ImportTaken, QuarantineMended
from backoffice.records.import_models import ImportMapping, QuarantinedRow, RecordImport
from backoffice.records.matching import askable, hash_of, matched
from backoffice.records.models import Record
from backoffice.records.outlook import Outlook
from backoffice.records.sheets_in import Sheet
from backoffice.records.workflow import Source
from backoffice.web.answers_in import Checked
from backoffice.web.translations import _
from backoffice.work import Work
from forms.definition import FormDefinition

MOST_WAITING = 500


class ImportState(StrEnum):
    LOOKED_AT = "looked_at"
    """Its columns are being matched; nothing is kept yet."""
    TAKEN = "taken"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Brought:
    """A file as it was read, how its columns are understood, and what came of its rows."""

    name: str
    sha256: str
    sheet: Sheet
    mapping: Sequence[str]
    found: Outlook
    sources: Sequence[Sequence[str]] = ()
    """As RecordImport keeps them."""


def read(session: Session, actor: Actor, design_id: int, definition: FormDefinition, sheet: Sheet) -> list[str]:
    """Say which question each column answers: as last time, else by its heading."""
    remembered = _mapping_of(session, design_id, actor.department_id, sheet.header)
    return matched(definition, sheet.header, remembered.mapping if remembered else {})


def is_known(session: Session, actor: Actor, design_id: int, sheet: Sheet) -> bool:
    """Say whether the person's department has matched the columns of such a file before."""
    return _mapping_of(session, design_id, actor.department_id, sheet.header) is not None


def bring(work: Work, design: FormDesign, definition: FormDefinition, file: Brought) -> RecordImport:
    """Keep a file that was read and checked. Raises Invalid for one that was taken in."""
    if work.actor.department_id is None:
        raise NotPermitted(_("所属のない職員は取り込めません。"))
    known = work.session.scalars(
        select(RecordImport).where(
            RecordImport.design_id == design.id,
            RecordImport.department_id == work.actor.department_id,
            RecordImport.sha256 == file.sha256,
            RecordImport.state == ImportState.TAKEN,
        )
    ).first()
    if known is not None:
        raise Invalid(_("同じ内容のファイルが「%(name)s」として取り込み済みです。"), name=known.file_name)
    brought = RecordImport(
        design_id=design.id,
        department_id=work.actor.department_id,
        file_name=file.name,
        sha256=file.sha256,
        sources=[list(each) for each in file.sources],
        state=ImportState.LOOKED_AT,
        header=list(file.sheet.header),
        rows=[[line, cells] for line, cells in file.sheet.rows],
        brought_by_id=work.actor.staff_id,
        brought_at=work.now,
    )
    _note(brought, definition, file.mapping, file.found)
    work.session.add(brought)
    work.session.flush()
    work.record(ImportBrought(brought.id, len(file.sheet.rows)))
    return brought


def must_fit(definition: FormDefinition, brought: RecordImport, mapping: Sequence[str]) -> None:
    """Raise Invalid where columns cannot mean what is said, Overtaken once the file is taken in or thrown away."""
    _must_be_looked_at(brought)
    if brought.sources:
        raise Invalid(_("報告書の欄は、欄の名前で決まります。"))
    chosen = [key for key in mapping if key]
    known = {question.key for question in askable(definition)}
    if len(mapping) != len(brought.header) or not set(chosen) <= known:
        raise Invalid(_("列の対応を選び直してください。"))
    if len(set(chosen)) != len(chosen):
        raise Invalid(_("1つの欄に2つの列は対応できません。"))


def match(
    work: Work, brought: RecordImport, definition: FormDefinition, mapping: Sequence[str], found: Outlook
) -> None:
    """Say which question each column answers, and what came of it; remembered for files with the same header."""
    must_fit(definition, brought, mapping)
    _note(brought, definition, mapping, found)
    remembered = _mapping_of(work.session, brought.design_id, work.actor.department_id, brought.header)
    if remembered is None:
        remembered = ImportMapping(
            design_id=brought.design_id, department_id=brought.department_id, header_hash=hash_of(brought.header)
        )
        work.session.add(remembered)
    remembered.mapping = dict(zip(brought.header, mapping, strict=True))
    remembered.used_at = work.now


def take(work: Work, brought: RecordImport, definition: FormDefinition) -> None:
    """Keep the rows that are fine as records and the others in quarantine. Raises Invalid, Overtaken."""
    _must_be_looked_at(brought)
    if not any(brought.mapping):
        raise Invalid(_("どの列も欄に対応していません。"))
    if brought.checked_version != definition.version:
        raise Invalid(
            _("確かめた後に様式が新しい版になりました。取りやめて、ファイルを選び直してください。")
            if brought.sources
            else _("確かめた後に様式が新しい版になりました。「この対応で確かめ直す」を押してください。")
        )
    if len(brought.waiting) > MOST_WAITING:
        raise Invalid(
            _("そのままでは入らない行が%(n)s行あります。列の対応を確かめてください(%(most)s行まで)。"),
            n=len(brought.waiting),
            most=MOST_WAITING,
        )
    if brought.fine:
        brought.change_set_id = service.take_in(work, brought.design, definition, brought.fine).id
    work.session.add_all(
        QuarantinedRow(import_id=brought.id, line=line, typed=typed, findings=findings)
        for line, typed, findings in brought.waiting
    )
    work.record(ImportTaken(brought.id, len(brought.fine), len(brought.waiting)))
    brought.state, brought.taken = ImportState.TAKEN, len(brought.fine)
    _empty(brought)


def drop(work: Work, brought: RecordImport) -> None:
    """Throw a file away before it is taken in. Raises Overtaken."""
    _must_be_looked_at(brought)
    brought.state = ImportState.DROPPED
    _empty(brought)
    work.record(ImportDropped(brought.id))


def mend(
    work: Work, brought: RecordImport, row: QuarantinedRow, definition: FormDefinition, checked: Checked
) -> Record:
    """Keep a row from quarantine with answers that were mended, and checked before."""
    record = service.enter(work, brought.design, definition, checked.values, Source(brought.source))
    work.session.delete(row)
    brought.taken += 1
    work.record(QuarantineMended(brought.id, record.id))
    return record


def throw_away(work: Work, brought: RecordImport, row_ids: Sequence[int]) -> int:
    """Throw rows in quarantine away, and give how many there were."""
    rows = [row for row in waiting_rows(work.session, brought.id) if row.id in set(row_ids)]
    if rows:
        work.session.execute(delete(QuarantinedRow).where(QuarantinedRow.id.in_([row.id for row in rows])))
        work.record(ImportDropped(brought.id))
    return len(rows)


def find_import(session: Session, actor: Actor, import_id: int) -> RecordImport:
    """Give a file of the person's departments. Raises NotThere."""
    mine = within(actor, Permission.RECORD_WRITE, RecordImport.department_id)
    statement = select(RecordImport).where(RecordImport.id == import_id, mine)
    return one_or_not_there(session, statement.options(joinedload(RecordImport.design)))


def list_imports(session: Session, actor: Actor, design_id: int) -> Sequence[RecordImport]:
    mine = within(actor, Permission.RECORD_WRITE, RecordImport.department_id)
    statement = (
        select(RecordImport)
        .where(RecordImport.design_id == design_id, mine)
        .options(joinedload(RecordImport.brought_by))
        .order_by(RecordImport.id.desc())
        .limit(30)
    )
    return session.scalars(statement).all()


def waiting_rows(session: Session, import_id: int) -> Sequence[QuarantinedRow]:
    statement = select(QuarantinedRow).where(QuarantinedRow.import_id == import_id)
    return session.scalars(statement.order_by(QuarantinedRow.line)).all()


def find_row(session: Session, import_id: int, row_id: int) -> QuarantinedRow:
    """Give a row in quarantine. Raises NotThere."""
    statement = select(QuarantinedRow).where(QuarantinedRow.id == row_id, QuarantinedRow.import_id == import_id)
    return one_or_not_there(session, statement)


def _note(brought: RecordImport, definition: FormDefinition, mapping: Sequence[str], found: Outlook) -> None:
    brought.mapping, brought.checked_version = list(mapping), definition.version
    brought.fine, brought.waiting = [dict(values) for values in found.fine], [list(row) for row in found.waiting]


def _empty(brought: RecordImport) -> None:
    brought.rows, brought.fine, brought.waiting = [], [], []


def _mapping_of(
    session: Session, design_id: int, department_id: int | None, header: Sequence[str]
) -> ImportMapping | None:
    return session.scalars(
        select(ImportMapping).where(
            ImportMapping.design_id == design_id,
            ImportMapping.department_id == department_id,
            ImportMapping.header_hash == hash_of(header),
        )
    ).one_or_none()


def _must_be_looked_at(brought: RecordImport) -> None:
    if brought.state != ImportState.LOOKED_AT:
        raise Overtaken(_("このファイルは、もう取り込んだか、取りやめています。"))
