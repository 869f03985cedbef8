"""What is done with one field of many sheets: held, confirmed, given back; the last one settles its sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backoffice.form_designs.shelf import definition_of
from backoffice.intake import service as intake
from backoffice.intake.models import Sheet, SheetField
from backoffice.verification import queries
from backoffice.verification.events import FieldConfirmed, FieldHeld
from backoffice.verification.queries import FieldKey
from backoffice.verification.workflow import HOLD_TIME
from backoffice.web.answers_in import sentence, typed_text, understood
from backoffice.work import Work
from forms.field_types import Value
from forms.validation import validate

SHOWN = "shown-"
"""Before a field's id: the name of what tells that it was in the row."""


@dataclass(frozen=True)
class Done:
    """What came of a row: fields confirmed, sheets settled, fields that went to others, and by field what is wrong."""

    confirmed: int
    settled: int
    gone: int
    wrong: Mapping[int, str]


def hold(work: Work, wanted: FieldKey) -> int:
    """Keep the next fields of one question for the person, and give how many that makes."""
    fields = queries.fields_to_hold(work.session, work.actor, work.now, wanted)
    for field in fields:
        field.held_by_id, field.held_until = work.actor.staff_id, work.now + HOLD_TIME
    for field in fields:
        work.record(FieldHeld(field.sheet_id))
    return len(fields)


def give_back(work: Work, wanted: FieldKey) -> None:
    """Let others check what the person holds of one question."""
    for field, _sheet in queries.fields_held(work.session, work.actor, work.now, wanted):
        field.held_by_id = field.held_until = None


def confirm(work: Work, wanted: FieldKey, typed: Mapping[str, str]) -> Done:
    """Confirm each field that the person was shown, as it was typed under `<id>--<key>`; skipped ones are given back.

    One that cannot be what it should stays, with a sentence; the others are confirmed all the same. Whoever was slow
    keeps what nobody else has begun on. A field that the person holds in another window is left alone.
    """
    held = queries.fields_to_confirm(work.session, work.actor, work.now, wanted)
    held = [(field, sheet) for field, sheet in held if was_shown(field, typed)]
    shown = sum(name.startswith(SHOWN) for name in typed)
    gone = shown - len(held)
    if not held:
        return Done(0, 0, gone, {})
    _count_time(work, held, shown)
    question = definition_of(work.session, wanted[0], wanted[1]).field(wanted[2])
    confirmed: list[Sheet] = []
    wrong: dict[int, str] = {}
    for field, sheet in held:
        if f"skip-{field.id}" in typed:
            field.held_by_id, field.held_until, field.desk_only = None, None, True
            continue
        normal = understood(question, typed_text(question, typed, f"{field.id}--"))
        if normal.problem is not None:
            wrong[field.id] = sentence(normal.problem)
            field.held_until = work.now + HOLD_TIME
            continue
        _confirm(work, field, normal.value)
        confirmed.append(sheet)
    settled = sum(_settle_if_all_confirmed(work, sheet) for sheet in confirmed)
    for sheet in confirmed:
        work.record(FieldConfirmed(sheet.id))
    return Done(len(confirmed), settled, gone, wrong)


def was_shown(field: SheetField, typed: Mapping[str, str]) -> bool:
    """Say whether a posted row had this field in it: a box that is not ticked sends nothing of its own."""
    return f"{SHOWN}{field.id}" in typed


def _count_time(work: Work, held: Sequence[tuple[SheetField, Sheet]], shown: int) -> None:
    """Share the time since the row was begun among all it showed; more than a hold's length is a break, not work."""
    until = [field.held_until for field, _sheet in held if field.held_until is not None]
    spent = min(work.now - (max(until) - HOLD_TIME), HOLD_TIME)
    for _field, sheet in held:
        sheet.verify_seconds += spent.total_seconds() / shown


def _confirm(work: Work, field: SheetField, value: Value) -> None:
    field.value, field.corrected = value, value != field.read_value
    field.confirmed_by_id, field.confirmed_at = work.actor.staff_id, work.now
    field.held_by_id = field.held_until = None


def _settle_if_all_confirmed(work: Work, sheet: Sheet) -> bool:
    """Settle a sheet once nothing on it is open; where a rule is broken, or it came before, its own desk decides."""
    if any(not field.passes and field.confirmed_at is None for field in sheet.fields) or sheet.alike_id:
        return False
    definition = definition_of(work.session, sheet.form_code, sheet.form_version)
    on_paper = {field.key: field.value for field in sheet.fields}
    if any(problem.key in on_paper for problem in validate(definition, on_paper)):
        return False
    intake.settle_as_confirmed(work, sheet)
    return True
