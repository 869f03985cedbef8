"""What does a row of data put into the steps? `{{column}}` becomes the row's value of that name; secrets never do."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rpa_bots.recording.tape.marks import Marked, marked
from rpa_bots.recording.tape.reading import UnusableRecordingError
from rpa_bots.recording.tape.steps import (
    Alternatives,
    Change,
    Click,
    DoubleClick,
    Hover,
    Recording,
    Scroll,
    Step,
    WaitForElement,
)

Row = Mapping[str, str]
PLACE: Final = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
ACCOUNT: Final = "{{gijo.account}}"
PASSWORD: Final = "{{gijo.password}}"  # noqa: S105 - where the password goes, not its value
"""Not of the row: the account that the target system was given, and its password."""
ABOUT_SECRETS: Final = re.compile(r"password|passwd|passcode|secret|パスワード|暗証|暗唱", re.IGNORECASE)
SHORT: Final = 3
ROWS_AT_MOST: Final = 100_000
ENCODINGS: Final = ("utf-8-sig", "cp932")


class UnusableDataError(ValueError):
    """The sentence is in the office's words and quotes headings only, no values."""


def read_rows(content: bytes) -> tuple[Row, ...]:
    """Read a CSV with headings, in UTF-8 or the Shift_JIS of Windows. Raises UnusableDataError."""
    table = csv.reader(io.StringIO(_text(content), newline=""), strict=True)
    try:
        headings = [heading.strip() for heading in next(table, [])]
        lines = [line for line in table if any(line)]
    except csv.Error:
        raise UnusableDataError("データのCSVを読めません。引用符が閉じているか確かめてください。") from None
    if not headings or not all(headings) or len(set(headings)) < len(headings):
        raise UnusableDataError("データのCSVの1行目に、列の名前を重なりなく入れてください。")
    if len(lines) > ROWS_AT_MOST:
        raise UnusableDataError(f"データが多すぎます({ROWS_AT_MOST:,}行まで)。")
    if odd := next((number for number, line in enumerate(lines, 1) if len(line) != len(headings)), None):
        raise UnusableDataError(f"データの{odd}行目は、列の数が見出しと違います。")
    return tuple(dict(zip(headings, line, strict=True)) for line in lines)


def _text(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnusableDataError("データのCSVの文字コードが分かりません。UTF-8かシフトJISで保存してください。")


def columns_asked(recording: Recording) -> tuple[str, ...]:
    """Name the columns that the steps and their marks ask for, each once, in their order.

    A cell of a table that is repeated over is in the table's column. Raises UnusableRecordingError for wrong marks.
    """
    return tuple(dict.fromkeys(name for each in marked(recording) for name in _columns_of(each)))


def names_in(step: Marked) -> list[str]:
    """Name what a step and its marks ask for: columns, and in a repeat also the cells `table.part` of its row."""
    said = [each.key for each in (step.reading, step.download) if each]
    bound = [name for text in (*_texts(step.step), *said) for name in PLACE.findall(text)]
    return bound + ([step.condition.column] if step.condition else [])


def _columns_of(step: Marked) -> list[str]:
    if step.repeat is None:
        return names_in(step)
    table = step.repeat.table
    return [table, *(name for name in names_in(step) if not name.startswith(f"{table}."))]


def check_columns(recording: Recording, columns: Sequence[str]) -> None:
    """Raise UnusableDataError for a column that the data lacks, UnusableRecordingError for one that holds a secret."""
    asked = columns_asked(recording)
    if secret := [name for name in asked if ABOUT_SECRETS.search(name)]:
        raise UnusableRecordingError(f"パスワードなどの秘密は、データの列から入れられません: {'、'.join(secret)}")
    for number, step in enumerate(recording.steps, 1):
        if isinstance(step, Change) and is_about_a_secret(step) and is_bound(step):
            raise UnusableRecordingError(f"{number}番目の手順: パスワードの欄に、データの列を入れられません。")
    if missing := [name for name in asked if name not in columns]:
        raise UnusableDataError(f"データのCSVにない列が、録画に書かれています: {'、'.join(missing)}")


def is_about_a_secret(step: Change) -> bool:
    """Tell by its ways to the field alone; what kind of field it is shows only on the page."""
    return any(ABOUT_SECRETS.search(part) for way in step.selectors for part in way)


def is_bound(step: Step) -> bool:
    """Tell whether a row's value goes into this step."""
    return any(PLACE.search(text) for text in _texts(step))


def is_of_the_record(step: Step) -> bool:
    """Tell whether a value of the record itself goes into this step, and not only the account's."""
    return any(f"{{{{{name}}}}}" != ACCOUNT for text in _texts(step) for name in PLACE.findall(text))


def written(text: str, row: Row) -> str:
    """Give a text with the row's values in the place of their columns."""
    return _put(text, row)


def filled(step: Step, row: Row) -> Step:
    """Give the step with the row's values in it. Ways that name none go, where others of the step do.

    What was recorded beside such a way (a place in a list, for instance) belongs to the row that was there then.
    """
    changed: dict[str, object] = {}
    if isinstance(step, Change):
        changed["value"] = _put(step.value, row)
    if bound := [way for way in ways_of(step) if any(PLACE.search(part) for part in way)]:
        changed["selectors"] = tuple(tuple(_put_in_way(part, row) for part in way) for way in bound)
    return step.model_copy(update=changed) if changed else step


def _put_in_way(part: str, row: Row) -> str:
    """A text that is a row's own is meant whole: 山田 is not 山田 花子."""
    filled = _put(part, row)
    return f"exact/{filled.removeprefix('text/')}" if filled != part and part.startswith("text/") else filled


def ways_of(step: Step) -> Alternatives:
    """Give the recorded ways to a step's element, none where it has none."""
    if isinstance(step, Click | DoubleClick | Hover | Change | WaitForElement | Scroll):
        return step.selectors or ()
    return ()


def _put(text: str, row: Row) -> str:
    return text if text == PASSWORD else PLACE.sub(lambda place: row[place[1]], text)


def _texts(step: Step) -> Iterator[str]:
    if isinstance(step, Change) and step.value != PASSWORD:
        yield step.value
    for way in ways_of(step):
        yield from way


def tells_of(text: str, row: Row) -> bool:
    """Tell whether a text of the page names a value of the row, in whichever widths.

    A name of one letter counts if it stands alone; a number or letters of an option, up to two, are nobody's.
    """
    written = _squeezed(text)
    bare = written.partition("/")[2].split("[", maxsplit=1)[0] or written
    values = [value for value in map(_squeezed, row.values()) if value and not (len(value) < SHORT and value.isascii())]
    return any(value in written if len(value) > 1 else value == bare for value in values)


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def masked(text: str, row: Row) -> str:
    """Give a text of the page with the row's values taken out: 〔氏名〕 for the value of that column."""
    for name, value in sorted(row.items(), key=lambda each: -len(each[1])):
        if len(value.strip()) > 1:
            text = text.replace(value.strip(), f"〔{name}〕")
    return text
