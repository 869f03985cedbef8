"""What of a form that people fill in by hand may pass? Nothing, until the ledger shows that it is read well enough.

Each type of field of a form is opened for itself, once at most one reading in 1,000 of it is wrong. Forms that come
with the house were measured with print: only forms that departments build or lay say how they are filled in.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.form_designs.models import FormDesign
from backoffice.intake.ledger import ALWAYS, CAUGHT, HAND, HANDWRITING, SAMPLE
from backoffice.intake.models import LedgerLine, SheetField
from forms.definition import FormDefinition
from ocr.calibration import worst_error

MOST_ERRORS = 1 / 1000
_TELLING = (HAND, ALWAYS, CAUGHT, SAMPLE)
"""What the reader had no doubt about, and people saw all the same."""


def ask_unless_opened(
    session: Session, form_code: str, fields: Iterable[SheetField], definition: FormDefinition
) -> None:
    """Ask about each field of a form filled in by hand that passed, but of the types that the ledger has opened."""
    passed = [field for field in fields if field.passes]
    if not passed or not by_hand_among(session, {form_code}):
        return
    types = {question.key: question.type.value for question in definition.questions}
    opened = {kind for (_code, kind), seen in told_of(session, {form_code}).items() if seen.is_open}
    for field in passed:
        if types[field.key] not in opened:
            field.passes, field.why_not = False, [HANDWRITING]


@dataclass(frozen=True)
class Seen:
    """How many readings of one type of field people saw that the reader was sure of, and how many were wrong."""

    of: int = 0
    wrong: int = 0

    @property
    def worst(self) -> float:
        """The error rate that the true one does not exceed, at 95 %."""
        return worst_error(self.wrong, self.of)

    @property
    def is_open(self) -> bool:
        """Whether at most one reading in 1,000 is wrong: without one wrong, from 2,995 on."""
        return self.worst <= MOST_ERRORS


def by_hand_among(session: Session, codes: Collection[str]) -> frozenset[str]:
    """Return which of these forms people fill in by hand."""
    by_hand = select(FormDesign.code).where(FormDesign.code.in_(codes), FormDesign.handwritten.is_(True))
    return frozenset(session.scalars(by_hand))


def told_of(session: Session, codes: Collection[str]) -> Mapping[tuple[str, str], Seen]:
    """Return what every department's ledger knows of each type of field of these forms."""
    sums = session.execute(
        select(LedgerLine.form_code, LedgerLine.type, func.sum(LedgerLine.right), func.sum(LedgerLine.wrong))
        .where(LedgerLine.form_code.in_(codes), LedgerLine.seen_by.in_(_TELLING))
        .group_by(LedgerLine.form_code, LedgerLine.type)
    )
    return {(code, kind): Seen(int(right) + int(wrong), int(wrong)) for code, kind, right, wrong in sums}
