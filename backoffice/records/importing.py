"""How do the rows of a file become records? Looked at first, then kept together; what breaks a rule waits apart."""

import hashlib
from collections.abc import Mapping, Sequence
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
from backoffice.records.matching import hash_of, matched, typed_of
from backoffice.records.models import Record
from backoffice.records.sheets_in import Sheet
from backoffice.records.workflow import Source
from backoffice.web.answers_in import Checked, check_answers
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
class Outlook:
    """What taking a file in would do: the rows that are fine, and those that would wait, each with what was found."""

    fine: Sequence[Checked]
    waiting: Sequence[tuple[int, Mapping[str, str], Checked]]


def bring(
    work: Work, design: FormDesign, definition: FormDefinition, name: str, content: bytes, sheet: Sheet
) -> RecordImport:
    """Keep a file that was read, its columns matched as last time. Raises Invalid for one that was taken in."""
    if work.actor.department_id is None:
        raise NotPermitted(_("所属のない職員は取り込めません。"))
    digest = hashlib.sha256(content).hexdigest()
    known = work.session.scalars(
        select(RecordImport).where(
            RecordImport.design_id == design.id,
            RecordImport.department_id == work.actor.department_id,
            RecordImport.sha256 == digest,
            RecordImport.state == ImportState.TAKEN,
        )
    ).first()
    if known is not None:
        raise Invalid(_("同じ内容のファイルが「%(name)s」として取り込み済みです。"), name=known.file_name)
    remembered = _mapping_of(work, design.id, sheet.header)
    brought = RecordImport(
        design_id=design.id,
        department_id=work.actor.department_id,
        file_name=name,
        sha256=digest,
        state=ImportState.LOOKED_AT,
        header=list(sheet.header),
        rows=[[line, cells] for line, cells in sheet.rows],
        mapping=matched(definition, sheet.header, remembered.mapping if remembered else {}),
        brought_by_id=work.actor.staff_id,
        brought_at=work.now,
    )
    work.session.add(brought)
    work.session.flush()
    work.record(ImportBrought(brought.id, len(sheet.rows)))
    return brought


def match(work: Work, brought: RecordImport, definition: FormDefinition, mapping: Sequence[str]) -> None:
    """Say which question each column answers; this is remembered for files with the same header. Raises Invalid."""
    _must_be_looked_at(brought)
    chosen = [key for key in mapping if key]
    known = {question.key for question in definition.questions if question.computed is None}
    if len(mapping) != len(brought.header) or not set(chosen) <= known:
        raise Invalid(_("列の対応を選び直してください。"))
    if len(set(chosen)) != len(chosen):
        raise Invalid(_("1つの欄に2つの列は対応できません。"))
    brought.mapping = list(mapping)
    remembered = _mapping_of(work, brought.design_id, brought.header)
    if remembered is None:
        remembered = ImportMapping(
            design_id=brought.design_id, department_id=brought.department_id, header_hash=hash_of(brought.header)
        )
        work.session.add(remembered)
    remembered.mapping = dict(zip(brought.header, mapping, strict=True))
    remembered.used_at = work.now


def outlook(definition: FormDefinition, brought: RecordImport) -> Outlook:
    """Check each row as if somebody had typed it. What only asks for a second look is no reason to wait."""
    fine: list[Checked] = []
    waiting: list[tuple[int, Mapping[str, str], Checked]] = []
    for line, cells in brought.rows:
        typed = typed_of(definition, brought.mapping, cells)
        checked = check_answers(definition, typed)
        if checked.refusing:
            waiting.append((line, typed, checked))
        else:
            fine.append(checked)
    return Outlook(fine, waiting)


def take(work: Work, brought: RecordImport, definition: FormDefinition) -> Outlook:
    """Keep the rows that are fine as records and the others in quarantine. Raises Invalid, Overtaken."""
    _must_be_looked_at(brought)
    if not any(brought.mapping):
        raise Invalid(_("どの列も欄に対応していません。"))
    found = outlook(definition, brought)
    if len(found.waiting) > MOST_WAITING:
        raise Invalid(
            _("そのままでは入らない行が%(n)s行あります。列の対応を確かめてください(%(most)s行まで)。"),
            n=len(found.waiting),
            most=MOST_WAITING,
        )
    if found.fine:
        kept = service.take_in(work, brought.design, definition, [checked.values for checked in found.fine])
        brought.change_set_id = kept.id
    work.session.add_all(
        QuarantinedRow(import_id=brought.id, line=line, typed=dict(typed)) for line, typed, _checked in found.waiting
    )
    brought.state, brought.taken, brought.rows = ImportState.TAKEN, len(found.fine), []
    work.record(ImportTaken(brought.id, len(found.fine), len(found.waiting)))
    return found


def drop(work: Work, brought: RecordImport) -> None:
    """Throw a file away before it is taken in. Raises Overtaken."""
    _must_be_looked_at(brought)
    brought.state, brought.rows = ImportState.DROPPED, []
    work.record(ImportDropped(brought.id))


def mend(
    work: Work, brought: RecordImport, row: QuarantinedRow, definition: FormDefinition, checked: Checked
) -> Record:
    """Keep a row from quarantine with answers that were mended, and checked before."""
    record = service.enter(work, brought.design, definition, checked.values, Source.FILE)
    work.session.delete(row)
    brought.taken += 1
    work.record(QuarantineMended(brought.id))
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


def _mapping_of(work: Work, design_id: int, header: Sequence[str]) -> ImportMapping | None:
    return work.session.scalars(
        select(ImportMapping).where(
            ImportMapping.design_id == design_id,
            ImportMapping.department_id == work.actor.department_id,
            ImportMapping.header_hash == hash_of(header),
        )
    ).one_or_none()


def _must_be_looked_at(brought: RecordImport) -> None:
    if brought.state != ImportState.LOOKED_AT:
        raise Overtaken(_("このファイルは、もう取り込んだか、取りやめています。"))
