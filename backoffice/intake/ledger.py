"""How often was the reader right? Counted a field of a form, as people settle sheets and check samples."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backoffice.intake.models import LedgerLine, Sheet, SheetField
from forms.definition import FormDefinition

DESK, ALWAYS, SAMPLE = "desk", "always", "sample"


ALWAYS_ASKED = "always_asked"
"""Why a field is asked of which the reader has no doubt (intake.always_asked)."""


class Place(NamedTuple):
    """Where in the ledger an outcome stands: LedgerLine says what each part is."""

    department_id: int
    form_code: str
    key: str
    type: str
    seen_by: str
    confidence: int


Outcome = tuple[Place, bool]


def note_desk(session: Session, sheet: Sheet, definition: FormDefinition) -> None:
    """Count what people made of the fields they were asked about, and of others they corrected; each field once."""
    seen = [field for field in sheet.fields if not field.counted and (not field.passes or field.corrected)]
    note(session, ((place_of(sheet, field, definition, _seen_by(field)), not field.corrected) for field in seen))
    for field in seen:
        field.counted = True


def _seen_by(field: SheetField) -> str:
    return ALWAYS if field.why_not == [ALWAYS_ASKED] else DESK


def place_of(sheet: Sheet, field: SheetField, definition: FormDefinition, seen_by: str) -> Place:
    kind = definition.field(field.key).type
    return Place(sheet.department_id, sheet.form_code, field.key, kind, seen_by, round(field.confidence * 100))


def note(session: Session, outcomes: Iterable[Outcome]) -> None:
    """Add outcomes to their lines, in one order: two units never wait for one another."""
    right: Counter[Place] = Counter()
    wrong: Counter[Place] = Counter()
    for place, was_right in outcomes:
        (right if was_right else wrong)[place] += 1
    rows = [{**place._asdict(), "right": right[place], "wrong": wrong[place]} for place in sorted({*right, *wrong})]
    if not rows:
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(LedgerLine)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=("department_id", "form_code", "key", "seen_by", "confidence"),
            set_={"right": LedgerLine.right + insert.excluded.right, "wrong": LedgerLine.wrong + insert.excluded.wrong},
        ),
        rows,
    )


def summed(lines: Iterable[LedgerLine]) -> Mapping[tuple[str, str, str], tuple[int, int]]:
    """Return right and wrong by form, question and who saw it."""
    sums: dict[tuple[str, str, str], tuple[int, int]] = {}
    for line in lines:
        place = (line.form_code, line.key, line.seen_by)
        right, wrong = sums.get(place, (0, 0))
        sums[place] = (right + line.right, wrong + line.wrong)
    return sums
