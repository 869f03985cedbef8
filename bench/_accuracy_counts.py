"""How much was read right? Every field of every sheet as one record, and the figures that records add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from rapidfuzz.distance import Levenshtein

from bench._accuracy_sheets import Form, Sheet
from forms.answers import normalise
from forms.field_types import FieldType
from forms.widths import one_hyphen, plain, without_spaces
from ocr.calibration import Curve, curve_of, threshold
from ocr.page import FieldReading, PageReading

ERA_PRINTED = "date_in_print"
"""A date whose era, year, month and day are printed inside its box has a line of its own in the tables."""

VARIANTS = "髙﨑德濵邉邊栁薗瀨齋齊廣靑黑淵冨簑籾轟𠮷"
NOT_IN_REPERTOIRE = "𠮷"


@dataclass(frozen=True)
class Record:
    """One field of one sheet: what stands there, what was read, and whether it passes."""

    sheet: Sheet
    key: str
    kind: str
    written: str
    text: str
    exact: bool
    confidence: float
    why_not: tuple[str, ...]

    @property
    def passes(self) -> bool:
        return not self.why_not


@dataclass(frozen=True)
class Page:
    """What became of one sheet. `off_px` is how far the worst box lies from where it should, None where refused."""

    sheet: Sheet
    reason: str | None
    residual: float | None
    off_px: float | None


@dataclass(frozen=True)
class Share:
    """So many of so many, as a share with its interval."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        return self.hits / self.of if self.of else 1.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval, 95 %."""
        if self.of == 0:
            return 0.0, 1.0
        z, share, n = 1.959964, self.share, self.of
        middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        reach = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        return max(0.0, middle - reach), min(1.0, middle + reach)


def records_of(sheet: Sheet, form: Form, reading: PageReading, slots: Iterable[str]) -> list[Record]:
    fields = {field.key: field for field in form.layout.fields}
    return [_record(sheet, found, fields[found.key], apart=found.key in slots) for found in reading.fields]


def _record(sheet: Sheet, found: FieldReading, field: object, *, apart: bool) -> Record:
    answer = sheet.answers[found.key]
    kind = ERA_PRINTED if apart else found.type.value
    if found.type is FieldType.CHECKBOX:
        exact, written = found.value == bool(answer), "☑" if answer else "☐"
    else:
        true = normalise(field, str(answer))  # type: ignore[arg-type] # a PaperField, as normalise asks
        assert true.problem is None, f"no right answer: {answer}"
        exact, written = found.value == true.value, str(answer)
    return Record(sheet, found.key, kind, written, found.text, exact, found.confidence, found.why_not)


def exact(records: Sequence[Record]) -> Share:
    return Share(sum(record.exact for record in records), len(records))


def passed(records: Sequence[Record]) -> Share:
    return Share(sum(record.passes for record in records), len(records))


def precision(records: Sequence[Record]) -> Share:
    return exact([record for record in records if record.passes])


def grouped(records: Iterable[Record], by: Callable[[Record], str]) -> Mapping[str, list[Record]]:
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(by(record), []).append(record)
    return dict(sorted(groups.items()))


def confusions(records: Iterable[Record]) -> Counter[tuple[str, str]]:
    """Count which letter was read as which, over all fields that are not exact; ∅ stands for none."""
    found: Counter[tuple[str, str]] = Counter()
    for record in records:
        if record.exact or record.kind == "checkbox" or not record.text:
            continue
        true, seen = (without_spaces(one_hyphen(plain(text))) for text in (record.written, record.text))
        for step in Levenshtein.opcodes(true, seen):
            if step.tag != "equal":
                found[_pair(true[step.src_start : step.src_end], seen[step.dest_start : step.dest_end])] += 1
    return found


def _pair(true: str, seen: str) -> tuple[str, str]:
    return true or "∅", seen or "∅"


def letters_of_names(records: Iterable[Record]) -> dict[str, Counter[str]]:
    """Count, for each letter that registers spell in their own way, how often it was read, passed, and passed wrong."""
    found: dict[str, Counter[str]] = {}
    for record in records:
        if record.kind != "person_name":
            continue
        for letter in set(record.written) & set(VARIANTS):
            marks = {"written": 1, "exact": record.exact, "passed": record.passes}
            wrong = record.passes and not record.exact
            found.setdefault(letter, Counter()).update(marks | {"passed_wrong": wrong})
    return found


@dataclass(frozen=True)
class Fold:
    """Thresholds chosen on one half of the sheets, and what they do on that half and on the other."""

    thresholds: Mapping[str, float]
    chosen_on: tuple[Share, Share]
    held_on: tuple[Share, Share]


def fold(records: Sequence[Record], wanted_error: float, first: int) -> Fold:
    """Choose on the sheets with `number // forms` even (first 0) or odd (first 1), and hold on the rest.

    A field counts as passed where every other reason to ask a person is absent and its confidence reaches the threshold
    of its type. Each type's confidence becomes a probability by the half that is chosen on; one probability for all
    types, the lowest that keeps the wanted error rate there with its interval in account, is each type's threshold.
    """
    halves: tuple[list[Record], list[Record]] = ([], [])
    for record in records:
        # Twelve sheets of a form hold every capture, marking and writing once; halves are cut between twelves.
        halves[(record.sheet.number // 4 // 12 + first) % 2].append(record)
    known = grouped(filter(_open, halves[0]), lambda one: one.kind)
    curves = {kind: curve_of((one.confidence, one.exact) for one in group) for kind, group in known.items()}
    probable = [(curves[one.kind].at(one.confidence), one.exact) for group in known.values() for one in group]
    least = threshold(probable, wanted_error)
    thresholds = {kind: _lowest(group, curves[kind], least) for kind, group in known.items()}
    chosen, held = (_by_thresholds(half, thresholds) for half in halves)
    return Fold(thresholds, chosen, held)


def _open(record: Record) -> bool:
    return set(record.why_not) <= {"low_probability"}


def _lowest(records: Sequence[Record], curve: Curve, least: float | None) -> float:
    """Return the lowest confidence of these that is as probably right as wanted; above 1 where none is."""
    wanted = (one.confidence for one in records if least is not None and curve.at(one.confidence) >= least)
    return min(wanted, default=1.01)


def _by_thresholds(records: Sequence[Record], thresholds: Mapping[str, float]) -> tuple[Share, Share]:
    through = [record for record in records if _open(record) and record.confidence >= thresholds.get(record.kind, 1.01)]
    return Share(len(through), len(records)), exact(through)
