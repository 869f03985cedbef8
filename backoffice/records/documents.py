"""Which files hang on a record? Each answers one question of its form; the answer is the file's number.

A file is put away as soon as it comes, so that a page which is refused loses none. One that no record names after a
week is erased. A file that was replaced stays: the record's history tells of it, and a change can be undone.
"""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backoffice.db.among import among
from backoffice.db.lookup import one_or_not_there
from backoffice.errors import Invalid, NotThere
from backoffice.identity import Actor, Origin
from backoffice.records import queries
from backoffice.records.models import Record, RecordFile
from backoffice.web.forms_in import whole_number
from backoffice.web.translations import _
from backoffice.work import Office, Work
from forms.definition import FormDefinition, FormField
from forms.field_types import FieldType, Value
from forms.problems import Problem

UNCLAIMED_DAYS = 7
HOUSE = Actor.house(Origin.WORKER)


def questions_of(definition: FormDefinition) -> list[FormField]:
    return [one for one in definition.questions if one.type is FieldType.FILE]


def foreign_answers(
    work: Work, design_id: int, record: Record | None, definition: FormDefinition, values: Mapping[str, Value]
) -> dict[str, Problem]:
    """Find the answers that name a file which is not the person's to give: another record's, another's own."""
    rows = named(work.session, definition, values)
    return {
        one.key: Problem(
            one.key, "file_taken", "このファイルは使えません。選び直してください。", "Please choose the file again."
        )
        for one in questions_of(definition)
        if (number := _number_of(values.get(one.key))) is not None
        and not _may_take(rows.get(number), work.actor, design_id, record, one.key)
    }


def claim(work: Work, record: Record, definition: FormDefinition) -> None:
    """Let a record's answers be its own files. Raises Invalid where one is not the person's to give."""
    if not any(record.values.get(one.key) for one in questions_of(definition)):
        return
    work.session.flush()
    if foreign_answers(work, record.design_id, record, definition, record.values):
        raise Invalid(_("この記録に付けられないファイルがあります。"))
    for row in named(work.session, definition, record.values).values():
        row.record_id = record.id


def named(session: Session, definition: FormDefinition, values: Mapping[str, object]) -> dict[int, RecordFile]:
    """Give the files that answers name, by number."""
    numbers = [number for one in questions_of(definition) if (number := _number_of(values.get(one.key))) is not None]
    if not numbers:
        return {}
    return {row.id: row for row in session.scalars(select(RecordFile).where(among(RecordFile.id, numbers)))}


def names(
    work: Work, record: Record | None, definition: FormDefinition, answers: Mapping[str, object]
) -> dict[str, str]:
    """Give the names of the files that answers name, by their numbers: the record's own and what the person brought."""
    rows = named(work.session, definition, answers).values()
    return {str(row.id): row.name for row in rows if _may_take(row, work.actor, row.design_id, record, row.key)}


def find_file(session: Session, actor: Actor, record_file_id: int) -> RecordFile:
    """Give a file of a record that the person may read, or one that they have just brought. Raises NotThere."""
    statement = select(RecordFile).where(RecordFile.id == record_file_id).options(joinedload(RecordFile.file))
    row = one_or_not_there(session, statement)
    if row.record_id is not None:
        queries.find_record(session, actor, row.record_id)
    elif row.added_by_id != actor.staff_id:
        raise NotThere(_("このファイルはありません。"))
    return row


def forget_unclaimed(office: Office) -> int:
    """Erase files that no record has named for a week, and give how many; their bytes are swept later."""
    with office.unit(HOUSE) as work:
        oldest = work.now - timedelta(days=UNCLAIMED_DAYS)
        statement = (
            select(RecordFile)
            .where(RecordFile.record_id.is_(None), RecordFile.added_at < oldest)
            .options(joinedload(RecordFile.file))
            .order_by(RecordFile.id)
        )
        rows = work.session.scalars(statement).all()
        for row in rows:
            office.files.erase(row.file, work.now)
            work.session.delete(row)
        return len(rows)


def _may_take(row: RecordFile | None, actor: Actor, design_id: int, record: Record | None, key: str) -> bool:
    if row is None or (row.design_id, row.key) != (design_id, key):
        return False
    if row.record_id is None:
        return row.added_by_id == actor.staff_id
    return record is not None and row.record_id == record.id


def _number_of(answer: object) -> int | None:
    return whole_number(answer) if isinstance(answer, str) else None
