"""How often was the reader right? Counted a field of a form, as people settle sheets and check samples.

What passed and nobody saw is counted too: without its number the samples of it say nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from backoffice.intake.models import LedgerLine, PassedLine, Sheet, SheetField
from forms.definition import FormDefinition

DESK = "desk"
"""The reader was in doubt about more than its confidence, or a rule was broken."""
UNSURE = "unsure"
"""Only its confidence was too low: another threshold would have let it pass."""
HAND = "hand"
"""Only because the form is filled in by hand."""
ALWAYS = "always"
"""Only because such fields always are."""
CAUGHT = "caught"
"""It had passed, and whoever checked the rest of the sheet saw that it was wrong."""
SAMPLE = "sample"
"""It had passed, and somebody keyed it blindly."""

ALWAYS_ASKED = "always_asked"
"""Why a field is asked of which the reader has no doubt (intake.always_asked)."""
LOW_PROBABILITY = "low_probability"
"""Why the reader itself asks of a field that it has no other doubt about (ocr.gate)."""
BELOW_THRESHOLD = "below_threshold"
"""Why a field is asked that lies below what a department set (intake.thresholds)."""
HANDWRITING = "handwriting"
"""Why a field is asked of a form that is filled in by hand (intake.handwriting)."""
_SEEN_FOR = {ALWAYS_ASKED: ALWAYS, LOW_PROBABILITY: UNSURE, BELOW_THRESHOLD: UNSURE, HANDWRITING: HAND}


class Place(NamedTuple):
    """Where in the ledger an outcome stands: LedgerLine says what each part is."""

    department_id: int
    form_code: str
    key: str
    type: str
    seen_by: str
    confidence: int


Outcome = tuple[Place, bool]


def note_settled(session: Session, sheet: Sheet, definition: FormDefinition) -> None:
    """Count what people made of the fields they were asked about, and which passed unseen; each field once."""
    fresh = [field for field in sheet.fields if not field.counted]
    passed = [field for field in fresh if field.passes and not field.corrected]
    seen = [field for field in fresh if field not in passed] if sheet.settled_by_id is not None else []
    note(session, ((place_of(sheet, field, definition, _seen_for(field)), not field.corrected) for field in seen))
    note_passed(session, (place_of(sheet, field, definition, "") for field in passed))
    for field in (*passed, *seen):
        field.counted = True


def _seen_for(field: SheetField) -> str:
    if field.passes:
        return CAUGHT
    return _SEEN_FOR.get(field.why_not[0], DESK) if len(field.why_not) == 1 else DESK


def in_hundredths(field: SheetField) -> int:
    """Give the confidence of a field as the ledger and thresholds count it."""
    return round(field.confidence * 100)


def place_of(sheet: Sheet, field: SheetField, definition: FormDefinition, seen_by: str) -> Place:
    kind = definition.field(field.key).type
    return Place(sheet.department_id, sheet.form_code, field.key, kind, seen_by, in_hundredths(field))


def note(session: Session, outcomes: Iterable[Outcome]) -> None:
    """Add outcomes to their lines, in one order: two units never wait for one another."""
    right: Counter[Place] = Counter()
    wrong: Counter[Place] = Counter()
    for place, was_right in outcomes:
        (right if was_right else wrong)[place] += 1
    rows = [{**place._asdict(), "right": right[place], "wrong": wrong[place]} for place in sorted({*right, *wrong})]
    _add(session, LedgerLine, ("department_id", "form_code", "key", "seen_by", "confidence"), ("right", "wrong"), rows)


def note_passed(session: Session, places: Iterable[Place]) -> None:
    """Count fields that passed and that nobody saw; who saw a place is left out."""
    rows = [{**place._asdict(), "passed": count} for place, count in sorted(Counter(places).items())]
    for row in rows:
        del row["seen_by"]
    _add(session, PassedLine, ("department_id", "form_code", "key", "confidence"), ("passed",), rows)


def _add(
    session: Session,
    lines: type[LedgerLine | PassedLine],
    place: Sequence[str],
    sums: Sequence[str],
    rows: Sequence[Mapping[str, object]],
) -> None:
    if not rows:
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(lines)
    more = {name: getattr(lines, name) + insert.excluded[name] for name in sums}
    session.execute(insert.on_conflict_do_update(index_elements=place, set_=more), rows)


def summed(lines: Iterable[LedgerLine]) -> Mapping[tuple[str, str, str], tuple[int, int]]:
    """Return right and wrong by form, question and who saw it."""
    sums: dict[tuple[str, str, str], tuple[int, int]] = {}
    for line in lines:
        place = (line.form_code, line.key, line.seen_by)
        right, wrong = sums.get(place, (0, 0))
        sums[place] = (right + line.right, wrong + line.wrong)
    return sums
