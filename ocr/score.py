"""How good is the reading, against what is known to be written? Counted by kind of sheet."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from forms.answers import normalise
from forms.field_types import FieldType, Value
from forms.layout import PaperField, PaperLayout
from ocr.page import FieldReading, PageReading

_UNKNOWN = "不明"


class TruthError(ValueError):
    """The file of what is written does not have the documented format."""


def load_truth(path: Path) -> dict[str, dict[str, Any]]:
    """Read the truth: a list of `{"file", "writing", "capture", "fields": {key: text or bool}}`.

    It is returned by file name. Raises TruthError when the file cannot be read or has another shape.
    """
    try:
        sheets = json.loads(path.read_bytes())
        return {sheet["file"]: {**sheet, "fields": dict(sheet["fields"])} for sheet in sheets}
    except (OSError, ValueError, TypeError, KeyError) as reason:
        raise TruthError(f"正解ファイルが読めません: {path}") from reason


def score(
    readings: Iterable[PageReading], truth: Mapping[str, Mapping[str, Any]], layouts: Sequence[PaperLayout]
) -> dict[str, Any]:
    """Count pages and fields: exact, passed and passed though wrong, in all and by kind of sheet.

    Check boxes and written fields are counted apart. `wrong` names each wrong field that passed.
    """
    pages: Counter[str] = Counter()
    counts: dict[str, Counter[str]] = {}
    wrong: list[str] = []
    for reading in readings:
        sheet = truth.get(Path(reading.file).name)
        if sheet is None:
            raise TruthError(f"正解にないファイルです: {reading.file}")
        pages.update(["sheets", "registered" if reading.status == "read" else "refused"])
        fields = {} if reading.form_number is None else {one.key: one for one in layouts[reading.form_number].fields}
        for found in reading.fields:
            right = found.value == _written(fields[found.key], sheet["fields"][found.key])
            for kind in _kinds(found, sheet):
                counts.setdefault(kind, Counter()).update(_marks(found, right=right))
            if found.passes and not right:
                wrong.append(f"{Path(reading.file).name}:{found.key}")
    return {**pages, "kinds": {kind: dict(count) for kind, count in sorted(counts.items())}, "wrong": wrong}


def _written(field: PaperField, text: object) -> Value:
    if field.type is FieldType.CHECKBOX:
        return bool(text)
    return normalise(field, str(text)).value


def _kinds(found: FieldReading, sheet: Mapping[str, Any]) -> tuple[str, ...]:
    if found.type is FieldType.CHECKBOX:
        return ("checkboxes",)
    return ("written", f"writing: {sheet.get('writing', _UNKNOWN)}", f"capture: {sheet.get('capture', _UNKNOWN)}")


def _marks(found: FieldReading, *, right: bool) -> dict[str, int]:
    return {"fields": 1, "exact": right, "passed": found.passes, "passed_wrong": found.passes and not right}
