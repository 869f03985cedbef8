"""What was read off a page, and is it this record's? Only what stands beside something that the record itself holds."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from pydantic import BaseModel

from rpa_bots.recording.page.endings import Ending, StoppedError
from rpa_bots.recording.tape.marks import Column, Reading

ROWS_AT_MOST: Final = 2_000
PAGES_AT_MOST: Final = 50
LETTERS_AT_MOST: Final = 4_000
HEADINGS_WITHIN: Final = 5
"""So many rows from the top the headings are looked for."""
PIECES_AT_MOST: Final = 4
"""A value of the record may be shown in so many pieces: 山田 花子."""
BETWEEN: Final = re.compile(r"[\s:、,()\[\]「」『』【】<>/]+")
ORNAMENTS: Final = re.compile(r"[\s:*※▲▼△▽↑↓]|\(必須\)")
TOTALS: Final = frozenset({"合計", "小計", "計", "総計"})
Cells: TypeAlias = Mapping[str, str]
Taken: TypeAlias = str | Sequence[Cells]


class Seen(BaseModel):
    """An element as `taking.js` tells of it."""

    shown: str
    rows: list[list[str]] | None
    headings: list[str]
    beside: list[str]


@dataclass(frozen=True)
class Sheet:
    """A table with its headings; `raw`: all of it, to tell one page from the next."""

    rows: tuple[Cells, ...]
    raw: tuple[tuple[str, ...], ...]


def text_of(seen: Seen, reading: Reading, key: str) -> str:
    """Give the text that was read. Raises StoppedError where it is not proven to be what is meant, of the record."""
    _must_stand(key, seen.beside)
    if reading.label and _heading(reading.label) not in map(_heading, seen.headings):
        raise StoppedError(Ending.FAILED, f"「{reading.name}」を読み取る所に、見出し「{reading.label}」がありません")
    return _within(seen.shown)


def sheet_of(seen: Seen, reading: Reading, key: str) -> Sheet:
    """Give the rows that were read. Raises StoppedError where there is no such table, or it is not the record's."""
    if seen.rows is None:
        raise StoppedError(Ending.FAILED, f"「{reading.name}」を読み取る所が、表ではありません")
    if len(seen.rows) > ROWS_AT_MOST:
        raise StoppedError(Ending.FAILED, f"「{reading.name}」の行が多すぎます({ROWS_AT_MOST:,}行まで)")
    if reading.proof == "page":
        _must_stand(key, seen.beside)
    top, names = _headings(seen.rows, reading)
    filled = [row for row in seen.rows[top + 1 :] if any(row) and row != seen.rows[top] and not _is_a_total(row)]
    mine = [row for row in filled if reading.proof == "page" or stands(key, row)]
    rows = tuple({name: _within(row[place]) for place, name in names.items() if place < len(row)} for row in mine)
    return Sheet(rows, tuple(map(tuple, seen.rows)))


def stands(key: str, lines: Sequence[str]) -> bool:
    """Tell whether a value stands whole in one of the lines: 12 does not stand in 123, nor 山田 花 in 山田 花子."""
    wanted = _bare(key)
    return bool(wanted) and any(wanted in pieces for pieces in map(_pieces, lines))


def is_not_read(taken: Taken) -> bool:
    return not taken or (not isinstance(taken, str) and not any(any(row.values()) for row in taken))


def _pieces(line: str) -> set[str]:
    """Give the line, its pieces, and what some pieces beside one another say together."""
    parts = [_bare(part) for part in BETWEEN.split(unicodedata.normalize("NFKC", line)) if part]
    runs = (
        "".join(parts[start:end])
        for start in range(len(parts))
        for end in range(start + 1, min(start + PIECES_AT_MOST, len(parts)) + 1)
    )
    return {_bare(line), *runs}


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _must_stand(key: str, lines: Sequence[str]) -> None:
    if not stands(key, lines):
        raise StoppedError(Ending.FAILED, "この記録のものだと確かめられる値が画面にないため、読み取りませんでした")


def _headings(rows: Sequence[Sequence[str]], reading: Reading) -> tuple[int, dict[int, str]]:
    """Find the row of the headings, and the column of each that is wanted: wherever it has moved to."""
    for top, row in enumerate(rows[:HEADINGS_WITHIN]):
        found = _columns(row, reading.columns)
        if found:
            return top, found
    raise StoppedError(Ending.FAILED, f"「{reading.name}」の表に、読み取る見出しの列がないか、2つあります")


def _columns(row: Sequence[str], wanted: Sequence[Column]) -> dict[int, str]:
    names = [_heading(cell) for cell in row]
    if not wanted:
        return {place: row[place].strip() for place, name in enumerate(names) if name and names.count(name) == 1}
    if any(names.count(_heading(column.heading)) != 1 for column in wanted):
        return {}
    return {names.index(_heading(column.heading)): column.heading for column in wanted}


def _heading(text: str) -> str:
    return ORNAMENTS.sub("", unicodedata.normalize("NFKC", text))


def _is_a_total(row: Sequence[str]) -> bool:
    return _heading(next(filter(None, row), "")) in TOTALS


def _within(text: str) -> str:
    """What is longer than any answer of a form is no answer."""
    if len(text) > LETTERS_AT_MOST:
        raise StoppedError(Ending.FAILED, f"読み取った値が長すぎます({LETTERS_AT_MOST:,}文字まで)")
    return "\n".join(_lines(text))


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if bare := " ".join(line.replace("\xa0", " ").split()):
            yield bare
