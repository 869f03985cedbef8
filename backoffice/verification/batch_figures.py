"""How did a batch go: what passed, what people were asked and corrected, did two agree, how long did it take?

Of a batch and its forms, never of a person: nothing here knows who checked what.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, case, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from backoffice.intake.keeping import TWICE
from backoffice.intake.models import PaperBatch, Sheet, SheetField
from backoffice.intake.service import ENTRIES_DIFFER
from backoffice.intake.workflow import SheetState
from backoffice.verification.models import FieldSample
from backoffice.verification.workflow import SampleState

LAST_BATCHES = 10
"""A form's earlier batches that its pace is compared with."""
MOST_FORMS = 20
_AGREEING = frozenset({SampleState.AGREED, SampleState.READ_RIGHT})


@dataclass(frozen=True)
class Pace:
    """How much of people's time went into the settled sheets."""

    sheets: int = 0
    seconds: float = 0.0

    @property
    def minutes_a_hundred(self) -> float | None:
        return self.seconds / 60 / self.sheets * 100 if self.sheets else None


@dataclass(frozen=True)
class FieldCounts:
    """Fields of the sheets that are read: what passed, what people were asked about, what they corrected of either."""

    passed: int = 0
    asked: int = 0
    corrected: int = 0


@dataclass(frozen=True)
class FormFigures:
    code: str
    sheets: int
    fields: FieldCounts
    pace: Pace
    before: Pace
    """Of the form's last batches before this one, in the same department."""


@dataclass(frozen=True)
class Agreement:
    """Of what was entered twice, how much agreed, how much did not, and how much is still open."""

    agreed: int = 0
    differed: int = 0
    open: int = 0

    @property
    def every(self) -> int:
        return self.agreed + self.differed + self.open


@dataclass(frozen=True)
class BatchFigures:
    forms: Sequence[FormFigures]
    """Those of which most sheets are there come first; of more than 20, the others are left out."""
    second_entries: Agreement
    """In sheets: those with fields that two people enter."""
    samples: Agreement
    """In fields: what passed and was keyed blindly. Where whoever keyed it was wrong themselves, the reading agreed."""


def figures_of(session: Session, batch: PaperBatch) -> BatchFigures:
    """Count a batch in five statements: their cost grows with it and with its forms' last ten, no more."""
    sheets = _sheets(session, batch)
    codes = sorted(sheets, key=lambda code: -sheets[code][0])[:MOST_FORMS]
    fields, before = _fields(session, batch), _before(session, batch, codes)
    forms = [
        FormFigures(code, sheets[code][0], fields.get(code, FieldCounts()), sheets[code][1], before.get(code, Pace()))
        for code in codes
    ]
    return BatchFigures(forms, _second_entries(session, batch), _samples(session, batch))


def _sheets(session: Session, batch: PaperBatch) -> Mapping[str, tuple[int, Pace]]:
    """Give by form how many sheets a batch has, and the pace of the settled ones."""
    settled = Sheet.state == SheetState.SETTLED
    rows = session.execute(
        select(
            Sheet.form_code,
            func.count(),
            func.count().filter(settled),
            func.coalesce(func.sum(Sheet.verify_seconds).filter(settled), 0.0),
        )
        .where(Sheet.batch_id == batch.id, Sheet.form_code != "")
        .group_by(Sheet.form_code)
    )
    return {code: (count, Pace(done, seconds)) for code, count, done, seconds in rows}


def _fields(session: Session, batch: PaperBatch) -> Mapping[str, FieldCounts]:
    passes, count = SheetField.passes.is_(True), func.count()
    corrected = count.filter(SheetField.corrected.is_(True))
    rows = session.execute(
        select(Sheet.form_code, count.filter(passes), count.filter(~passes), corrected)
        .join(SheetField, SheetField.sheet_id == Sheet.id)
        .where(Sheet.batch_id == batch.id)
        .group_by(Sheet.form_code)
    )
    return {code: FieldCounts(passed, asked, mended) for code, passed, asked, mended in rows}


def _before(session: Session, batch: PaperBatch, codes: Sequence[str]) -> Mapping[str, Pace]:
    """Give the pace of each form in its last batches: one look into an index a form, however many there were."""
    if not codes:
        return {}
    looks = []
    for code in codes:
        own = (Sheet.department_id == batch.department_id) & (Sheet.form_code == code)
        last = (
            select(Sheet.batch_id)
            .where(own, Sheet.batch_id < batch.id)
            .group_by(Sheet.batch_id)
            .order_by(Sheet.batch_id.desc())
            .limit(LAST_BATCHES)
        )
        settled = own & Sheet.batch_id.in_(last) & (Sheet.state == SheetState.SETTLED)
        looks.append(
            select(
                literal(code, String).label("code"), func.count(), func.coalesce(func.sum(Sheet.verify_seconds), 0.0)
            ).where(settled)
        )
    return {code: Pace(sheets, seconds) for code, sheets, seconds in session.execute(union_all(*looks))}


def _second_entries(session: Session, batch: PaperBatch) -> Agreement:
    """A sheet of which two people's entries differed goes to a third look, settled or not."""
    differed = func.max(_says(ENTRIES_DIFFER))
    each = (
        select(Sheet.state, differed.label("differed"))
        .join(SheetField, SheetField.sheet_id == Sheet.id)
        .where(Sheet.batch_id == batch.id)
        .group_by(Sheet.id, Sheet.state)
        .having(func.max(_says(TWICE)) == 1)
        .subquery()
    )
    rows = session.execute(select(each.c.state, each.c.differed, func.count()).group_by(each.c.state, each.c.differed))
    counted = {(state, bool(told)): count for state, told, count in rows}
    differing = sum(count for (_state, told), count in counted.items() if told)
    agreed = counted.get((SheetState.SETTLED, False), 0)
    return Agreement(agreed, differing, sum(counted.values()) - agreed - differing)


def _says(code: str) -> ColumnElement[int]:
    """Give 1 where a field was asked for that reason."""
    return case((cast(SheetField.why_not, String).contains(f'"{code}"', autoescape=True), 1), else_=0)


def _samples(session: Session, batch: PaperBatch) -> Agreement:
    rows = session.execute(
        select(FieldSample.state, func.count())
        .join(Sheet, Sheet.id == FieldSample.sheet_id)
        .where(Sheet.batch_id == batch.id)
        .group_by(FieldSample.state)
    )
    counted = {SampleState(state): count for state, count in rows}
    agreed = sum(counted.get(state, 0) for state in _AGREEING)
    wrong = counted.get(SampleState.READ_WRONG, 0)
    return Agreement(agreed, wrong, sum(counted.values()) - agreed - wrong)
