"""What does the second of two people do? Enter what they read on the paper, without seeing what the first entered."""

from collections.abc import Mapping
from dataclasses import dataclass

from backoffice.errors import NotPermitted, Overtaken
from backoffice.form_designs.shelf import definition_of
from backoffice.intake import service as intake
from backoffice.intake.models import Sheet, SheetField
from backoffice.intake.workflow import SheetState
from backoffice.verification.events import EntriesDiffer
from backoffice.web.answers_in import sentence, typed_text, understood
from backoffice.web.translations import _
from backoffice.work import Work
from forms.field_types import Value


@dataclass(frozen=True)
class Entered:
    """What came of it: whether both agree, or which answers cannot be, by key with a sentence."""

    agree: bool
    wrong: Mapping[str, str]


def fields_of(sheet: Sheet) -> list[SheetField]:
    """Give the fields that wait for a second person."""
    return [field for field in sheet.fields if field.first_by_id is not None]


def enter(work: Work, sheet: Sheet, typed: Mapping[str, str]) -> Entered:
    """Compare what the second person typed with what the first entered: agreed, the sheet is settled, else sent back.

    Raises NotPermitted for the first person, Overtaken where somebody was second already.
    """
    must_be_second(work, sheet)
    definition = definition_of(work.session, sheet.form_code, sheet.form_version)
    values: dict[str, Value] = {}
    wrong: dict[str, str] = {}
    for field in fields_of(sheet):
        question = definition.field(field.key)
        normal = understood(question, typed_text(question, typed))
        values[field.key] = normal.value
        if normal.problem is not None:
            wrong[field.key] = sentence(normal.problem)
    if wrong:
        return Entered(agree=False, wrong=wrong)
    differing = [field for field in fields_of(sheet) if values[field.key] != field.first_value]
    if differing:
        _send_back(work, sheet, values, differing)
        return Entered(agree=False, wrong={})
    for field in fields_of(sheet):
        field.value, field.corrected = field.first_value, field.first_value != field.read_value
        field.first_value = field.first_by_id = None
    intake.settle_as_confirmed(work, sheet)
    return Entered(agree=True, wrong={})


def must_be_second(work: Work, sheet: Sheet) -> None:
    """Raise Overtaken unless the sheet waits for a second person, NotPermitted for the first."""
    if sheet.state != SheetState.SECOND_ENTRY:
        raise Overtaken(_("この用紙は、2人目の入力を待っていません。"))
    if any(field.first_by_id == work.actor.staff_id for field in fields_of(sheet)):
        raise NotPermitted(_("1人目に入力した職員は、2人目にはなれません。"))


def _send_back(work: Work, sheet: Sheet, values: Mapping[str, Value], differing: list[SheetField]) -> None:
    """Let a third look decide: what both entered stands beside the field."""
    for field in fields_of(sheet):
        if field in differing:
            field.candidates = [str(value) for value in (field.first_value, values[field.key]) if value is not None]
            field.why_not = [*field.why_not, intake.ENTRIES_DIFFER]
        else:
            field.value, field.why_not = field.first_value, [*field.why_not, intake.ENTRIES_DIFFER]
        field.first_value = field.first_by_id = None
    intake.move(sheet, SheetState.TO_VERIFY)
    work.record(EntriesDiffer(sheet.id, len(differing)))
