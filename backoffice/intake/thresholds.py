"""From which confidence on does a field pass in this department? Where people set it, and as far as the ledger allows.

What people set holds for one type of field of one form. A higher threshold asks people more often, which is always
possible. A lower one lets pass what was asked only for its confidence, as long as the upper limit of errors keeps to
the rate that was wanted: each sheet that is read looks into the ledger anew.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from backoffice.intake.ledger import (
    BELOW_THRESHOLD,
    CAUGHT,
    HAND,
    LOW_PROBABILITY,
    SAMPLE,
    UNSURE,
    in_hundredths,
)
from backoffice.intake.models import LedgerLine, PassedLine, ReadingThreshold, Sheet, SheetField
from forms.definition import FormDefinition
from ocr.strata import GATE, Step, Stratum, in_force, steps

ERRORS_OF = 10_000
"""A wanted error rate is so many wrong ones among these that pass."""
_DECIDED_BY_CONFIDENCE = frozenset({UNSURE, HAND, CAUGHT})
Key = tuple[int, str, str]
"""A department, the code of a form and a type of its fields."""


def hold_to(session: Session, sheet: Sheet, definition: FormDefinition) -> None:
    """Ask about what lies below what the department set, and let pass what was asked only for its confidence."""
    types = {question.key: question.type for question in definition.questions}
    for kept in _settings_of(session, sheet):
        if kept.threshold is None:
            continue
        own = [field for field in sheet.fields if types.get(field.key) == kept.type]
        _ask_below(own, kept.threshold)
        if kept.threshold < GATE:
            _let_pass(session, own, kept, kept.threshold)


def _ask_below(fields: Iterable[SheetField], threshold: int) -> None:
    for field in fields:
        if field.passes and in_hundredths(field) < threshold:
            field.passes, field.why_not = False, [BELOW_THRESHOLD]


def _let_pass(session: Session, fields: Iterable[SheetField], kept: ReadingThreshold, threshold: int) -> None:
    doubted = [each for each in fields if each.why_not == [LOW_PROBABILITY] and in_hundredths(each) >= threshold]
    if not doubted:
        return
    lowest = in_force(threshold, steps_of(session, kept.key), kept.errors / ERRORS_OF)
    for field in doubted:
        if lowest < GATE and in_hundredths(field) >= lowest:
            field.passes, field.why_not, field.value = True, [], field.read_value


def steps_of(session: Session, key: Key) -> tuple[Step, ...]:
    """Return what each threshold would do for one type of field of a form, as far as the department's ledger knows."""
    return steps(*strata_of(lines_of(session, key)))


class Lines(NamedTuple):
    """What the ledger says of one type of field, all its questions together: six kinds at 101 confidences at most."""

    seen: list[tuple[str, int, int, int]]
    """What it was seen for, at which confidence in hundredths, how many were right and how many wrong."""
    passed: list[tuple[int, int]]
    """At which confidence, how many passed."""


def lines_of(session: Session, key: Key) -> Lines:
    seen = session.execute(
        select(LedgerLine.seen_by, LedgerLine.confidence, func.sum(LedgerLine.right), func.sum(LedgerLine.wrong))
        .where(_is_of(LedgerLine, key))
        .group_by(LedgerLine.seen_by, LedgerLine.confidence)
    )
    passed = session.execute(
        select(PassedLine.confidence, func.sum(PassedLine.passed))
        .where(_is_of(PassedLine, key))
        .group_by(PassedLine.confidence)
    )
    return Lines(
        [(seen_by, at, int(right), int(wrong)) for seen_by, at, right, wrong in seen],
        [(at, int(count)) for at, count in passed],
    )


def _is_of(table: type[LedgerLine | PassedLine | ReadingThreshold], key: Key) -> ColumnElement[bool]:
    return and_(table.department_id == key[0], table.form_code == key[1], table.type == key[2])


def strata_of(lines: Lines) -> tuple[list[Stratum], int]:
    """Give what is known at each confidence, and how many fields were asked about whatever their confidence.

    What a form is filled in by hand for counts among what passes: it does, once handwriting of its type is opened.
    """
    sums: dict[int, list[int]] = {}
    always = 0
    for seen_by, confidence, right, wrong in lines.seen:
        at = sums.setdefault(confidence, [0] * 5)
        if seen_by in _DECIDED_BY_CONFIDENCE:
            at[0], at[1] = at[0] + right + wrong, at[1] + wrong
        elif seen_by == SAMPLE:
            at[3], at[4] = at[3] + right + wrong, at[4] + wrong
        else:
            always += right + wrong
    for confidence, count in lines.passed:
        sums.setdefault(confidence, [0] * 5)[2] += count
    return [Stratum(confidence, *counted) for confidence, counted in sums.items() if any(counted)], always


def settings_now() -> Select[ReadingThreshold]:
    """Give the last setting of each department, form and type."""
    other = aliased(ReadingThreshold)
    last = select(func.max(other.number)).where(
        other.department_id == ReadingThreshold.department_id,
        other.form_code == ReadingThreshold.form_code,
        other.type == ReadingThreshold.type,
    )
    return select(ReadingThreshold).where(ReadingThreshold.number == last.scalar_subquery())


def history_of(session: Session, key: Key) -> list[ReadingThreshold]:
    """Give every setting of one type of field of a form, the last first, with who set it."""
    own = select(ReadingThreshold).where(_is_of(ReadingThreshold, key)).options(joinedload(ReadingThreshold.set_by))
    return list(session.scalars(own.order_by(ReadingThreshold.number.desc())))


def _settings_of(session: Session, sheet: Sheet) -> list[ReadingThreshold]:
    own = (ReadingThreshold.department_id == sheet.department_id) & (ReadingThreshold.form_code == sheet.form_code)
    return list(session.scalars(settings_now().where(own).order_by(ReadingThreshold.type)))
