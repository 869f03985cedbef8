"""What is done with samples: drawn as a sheet is settled, keyed by somebody who does not see what passed, decided."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from backoffice.errors import Invalid, Overtaken
from backoffice.form_designs.shelf import definition_of
from backoffice.identity import Actor
from backoffice.intake import ledger
from backoffice.intake.events import SheetSettled
from backoffice.intake.models import Sheet, SheetField
from backoffice.intake.workflow import SheetState
from backoffice.verification.events import SampleChecked, SampleDrawn
from backoffice.verification.models import FieldSample
from backoffice.verification.workflow import ONE_IN, SampleState
from backoffice.web.answers_in import sentence, understood
from backoffice.web.translations import _
from backoffice.work import Work
from forms.field_types import Value

_CHANCES = 1 << 16
FOR_OTHERS = _("この欄は、ほかの職員が確かめるか、もう確かめられています。")


def follow_settling(work: Work, event: SheetSettled) -> None:
    """Draw samples of what passed on a settled sheet, and note in the ledger what became of every field."""
    sheet = work.session.scalars(
        select(Sheet).where(Sheet.id == event.sheet_id).options(selectinload(Sheet.fields))
    ).one()
    ledger.note_settled(work.session, sheet, definition_of(work.session, sheet.form_code, sheet.form_version))
    draw(work, sheet)


def draw(work: Work, sheet: Sheet) -> int:
    """Draw fields of a sheet that passed without a person, each by a chance of its own; give how many."""
    there = set(work.session.scalars(select(FieldSample.key).where(FieldSample.sheet_id == sheet.id)))
    passed = [field for field in sheet.fields if field.passes and not field.corrected and field.key not in there]
    drawn = [field for field in passed if _by_chance(work)]
    work.session.add_all(
        FieldSample(
            sheet_id=sheet.id,
            key=field.key,
            department_id=sheet.department_id,
            state=SampleState.WAITING,
            drawn_at=work.now,
        )
        for field in drawn
    )
    if drawn:
        work.record(SampleDrawn(sheet.id, len(drawn)))
    return len(drawn)


def _by_chance(work: Work) -> bool:
    return int.from_bytes(work.office.services.random_bytes(2)) * ONE_IN < _CHANCES


def may_answer(actor: Actor, sample: FieldSample) -> bool:
    """Say whether a sample is open and its sheet settled, each by somebody else."""
    open_still = sample.state in (SampleState.WAITING, SampleState.DIFFERS)
    settled = sample.sheet.state == SheetState.SETTLED
    return open_still and settled and actor.staff_id not in (sample.sheet.settled_by_id, sample.checked_by_id)


def check(work: Work, sample: FieldSample, typed: str) -> SampleState:
    """Compare what somebody keyed without seeing it with what passed. Raises Invalid, Overtaken."""
    if sample.state != SampleState.WAITING or not may_answer(work.actor, sample):
        raise Overtaken(FOR_OTHERS)
    keyed = _read(work, sample, typed)
    agrees = keyed == field_of(sample).read_value
    sample.keyed = keyed
    _end(work, sample, SampleState.AGREED if agrees else SampleState.DIFFERS)
    return SampleState(sample.state)


def decide(work: Work, sample: FieldSample, typed: str) -> SampleState:
    """Say what the paper really says where two differ. Raises Invalid, Overtaken."""
    if sample.state != SampleState.DIFFERS or not may_answer(work.actor, sample):
        raise Overtaken(FOR_OTHERS)
    right = _read(work, sample, typed) == field_of(sample).read_value
    _end(work, sample, SampleState.READ_RIGHT if right else SampleState.READ_WRONG)
    return SampleState(sample.state)


def field_of(sample: FieldSample) -> SheetField:
    """Give the field of a sample whose sheet is loaded. Raises Overtaken where it was read anew since."""
    found = next((field for field in sample.sheet.fields if field.key == sample.key), None)
    if found is None:
        raise Overtaken(_("この用紙は読み直されています。"))
    return found


def _read(work: Work, sample: FieldSample, typed: str) -> Value:
    definition = definition_of(work.session, sample.sheet.form_code, sample.sheet.form_version)
    normal = understood(definition.field(sample.key), typed)
    if normal.problem is not None:
        raise Invalid(_("入力を確認してください"), {"value": sentence(normal.problem)})
    return normal.value


def _end(work: Work, sample: FieldSample, state: SampleState) -> None:
    sample.state, sample.checked_by_id, sample.checked_at = state, work.actor.staff_id, work.now
    work.record(SampleChecked(sample.id, state))
    if state == SampleState.DIFFERS:
        return
    definition = definition_of(work.session, sample.sheet.form_code, sample.sheet.form_version)
    place = ledger.place_of(sample.sheet, field_of(sample), definition, ledger.SAMPLE)
    ledger.note(work.session, [(place, state != SampleState.READ_WRONG)])
