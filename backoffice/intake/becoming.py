"""What does a settled sheet of a built form become? A record in its form's list; reopened, it leaves the list again."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from backoffice.errors import Invalid
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.shelf import definition_of
from backoffice.intake.events import SheetReopened, SheetSettled
from backoffice.intake.models import Sheet
from backoffice.records import service as records
from backoffice.records.models import Record
from backoffice.records.workflow import RecordState
from backoffice.web.translations import _
from backoffice.work import Work
from forms.asking import settle
from forms.definition import FormDefinition
from forms.field_types import Value


def become_record(work: Work, event: SheetSettled) -> None:
    """Keep what a settled sheet says as a record; of a form that the house ships there is no list."""
    sheet = _sheet(work, event.sheet_id)
    design = work.session.scalars(select(FormDesign).where(FormDesign.code == sheet.form_code)).one_or_none()
    if design is None:
        return
    definition = definition_of(work.session, sheet.form_code, sheet.form_version)
    values = answers_of(sheet, definition)
    if sheet.record is None:
        numbered = records.Numbered(sheet.number, sheet.department_id)
        sheet.record = records.enter_from_paper(work, design, definition, values, numbered)
        return
    if sheet.record.state == RecordState.REMOVED:
        records.move(work, sheet.record, sheet.record.version, RecordState.ENTERED)
        work.session.flush()
    records.change(work, sheet.record, sheet.record.version, definition, values)


def leave_the_list(work: Work, event: SheetReopened) -> None:
    """Take the record of a reopened sheet out of its list. Raises Invalid where somebody has gone on with it."""
    sheet = _sheet(work, event.sheet_id)
    if sheet.record is None or sheet.record.state == RecordState.REMOVED:
        return
    definition = definition_of(work.session, sheet.form_code, sheet.form_version)
    if sheet.record.state != RecordState.ENTERED or not _says(sheet.record, answers_of(sheet, definition)):
        raise Invalid(_("一覧の記録がもう処理されているため、確定を取り消せません。一覧で直してください。"))
    records.move(work, sheet.record, sheet.record.version, RecordState.REMOVED)


def answers_of(sheet: Sheet, definition: FormDefinition) -> dict[str, Value]:
    """Give the answers of a sheet with its fields: what is computed is computed, what is not asked is left out."""
    return dict(settle(definition, {field.key: field.value for field in sheet.fields}).values)


def _says(record: Record, values: dict[str, Value]) -> bool:
    return bool(record.values == {key: value for key, value in values.items() if value is not None})


def _sheet(work: Work, sheet_id: int) -> Sheet:
    return work.session.scalars(
        select(Sheet)
        .where(Sheet.id == sheet_id)
        .options(selectinload(Sheet.fields), joinedload(Sheet.record).joinedload(Record.design))
    ).one()
