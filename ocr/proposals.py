"""Which zones would a person draw on this empty page, and how are they called? Proposed only: a person decides.

A label is looked for where forms put one: in the cell to the left, in the cell above (of a table, above all rows),
inside the cell at its top left, or as loose words to the left; behind a tick box.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import cv2
import numpy as np

from forms.field_types import FieldType
from forms.forbidden import names_my_number
from forms.importing.guessing import type_of_label
from forms.layout import Box
from forms.widths import plain, without_spaces
from forms.zones import MOST_CELLS, MOST_LINES, MOST_ZONES, Proposal, ProposedOption, Writing
from ocr.cleaning import Ink
from ocr.decode import Grey
from ocr.engine import Engine
from ocr.geometry import DPI, BoxPx, to_px
from ocr.ruled import Cell, RuledPage, combs

_NOT_WRITTEN = frozenset({FieldType.CHOICE, FieldType.CHOICES, FieldType.FILE, FieldType.CHECKBOX})
_OFFICE_USE = re.compile("処理欄|処理者|使用欄|記入不要|記入しない|受付印|受付欄|職員|決裁|公印")
"""What stands in boxes that the office itself fills in."""
_UNITS = re.compile(r"[年月日生時分円人名様歳才回件台点枚本年度〒()()\-ー－―~〜~令和平成昭大正西暦]+")
"""Words that are printed where one writes, and name no question."""
_SEVERAL = re.compile("すべて|全て|いくつでも|複数")
_HINTS = re.compile(r"(例|記入例).*$|[((]必須[))]|1つに.*$|あてはまる.*$|当てはまる.*$")
_NUMBERED = re.compile(r"^[((]?[0-9①-⑳ア-ン][))..、,]\s*")
_KANA = re.compile("力(?=ナ|タカナ)")
"""Engines take the カ of カナ for 力: in a label it never is."""
_HALF_A_BRACKET = re.compile(r"[((][^))]*$")
_AROUND = " :：・*※"
_APART = "\t"
_SURE = 0.3
_LONE = 2
_MARGIN = 6
_LONGEST_LABEL = 60
_LOOK_LEFT, _LOOK_RIGHT = to_px(60), to_px(70)
_NEAR = to_px(9)
_WIDE_GAP = to_px(5.5)
_TOUCHING = 10
_HALF = 0.5
_ROOM_MM, _HIGH_MM = 30.0, 8.0
_FREE_SHARE = 0.6
_LEAST_MM = 8.5, 4.0
_TALL_MM, _LINE_MM = 16.0, 8.5
_LINE_GAP = 3
_MOST_PARTS = 400


class Proposed(NamedTuple):
    """What was found on a page, and whether one of its labels asks for a 個人番号, which no form here may."""

    proposals: tuple[Proposal, ...]
    asks_my_number: bool


def proposals_on(page: Grey, engine: Engine) -> Proposed:
    """Return the zones that an empty page, grey, 200 dpi, upright, seems to have."""
    return _Proposing(RuledPage(page), engine).found()


class _Proposing:
    """Reads each label once: many cells may stand under one."""

    def __init__(self, ruled: RuledPage, engine: Engine) -> None:
        self._ruled = ruled
        self._engine = engine
        self._combs, self._cells = combs(ruled.cells[:_MOST_PARTS])
        self._printed = [cell for cell in self._cells if cell.printed is not None]
        self._ticks = [cell for cell in self._cells if cell.is_tick]
        self._empty = [cell for cell in self._cells if cell.printed is None and not cell.is_tick]
        self._read: dict[BoxPx, str] = {}
        between = [cell for cell in self._printed if cell.printed and self._are_units(cell.printed)]
        self._empty += between
        self._printed = [cell for cell in self._printed if cell not in between]

    def found(self) -> Proposed:
        places = [*self._of_combs(), *self._of_cells(), *self._of_ticks(), *self._of_underlines()]
        labels = [self._text(cell.printed) for cell in self._printed if cell.printed]
        labels += [label for proposal in places for label in (proposal.label, *(o.label for o in proposal.options))]
        in_order = sorted(places, key=lambda one: (round(one.box[1] / 4), one.box[0]))
        return Proposed(tuple(in_order[:MOST_ZONES]), any(names_my_number(label) for label in labels))

    def _of_combs(self) -> Iterator[Proposal]:
        for comb in self._combs:
            if comb.cells > MOST_CELLS:
                continue
            label = self._label(comb.box)
            guessed = type_of_label(label)
            kind = FieldType.DIGITS if guessed in (FieldType.TEXT, FieldType.LINES, FieldType.CHECKBOX) else guessed
            yield _zone(_mm(comb.box), label, kind, Writing.COMB, comb.cells)

    def _of_cells(self) -> Iterator[Proposal]:
        for cell in self._empty:
            yield from self._written(cell.box, self._label(cell.box), cell.ruled)
        for cell in self._printed:
            if cell.printed is None or self._labels_another(cell):
                continue
            x, y, width, height = cell.box
            right, below = cell.printed[0] + cell.printed[2], cell.printed[1] + cell.printed[3]
            if cell.printed[0] > x + _FREE_SHARE * width:  # a unit at its right end: 円
                yield from self._written((x, y, cell.printed[0] - 4 - x, height), self._label(cell.box))
            elif right < x + (1 - _FREE_SHARE) * width and height >= to_px(_HIGH_MM) and width >= to_px(_ROOM_MM):
                tall = height >= 2 * to_px(_HIGH_MM)
                room = (
                    (x, below + 2, width, y + height - below - 2)
                    if tall
                    else (right + 6, y, x + width - right - 6, height)
                )
                yield from self._written(room, self._text(cell.printed))

    def _written(self, box: BoxPx, label: str, ruled: int = 0) -> Iterator[Proposal]:
        if _OFFICE_USE.search(without_spaces(label)):
            return
        millimetres = _mm(box)
        if millimetres[2] < _LEAST_MM[0] or millimetres[3] < _LEAST_MM[1]:
            return
        guessed = type_of_label(label)
        kind = (
            FieldType.TEXT
            if guessed in (FieldType.CHOICE, FieldType.CHOICES, FieldType.FILE, FieldType.CHECKBOX)
            else guessed
        )
        if ruled or (millimetres[3] >= _TALL_MM and kind in (FieldType.TEXT, FieldType.LINES)):
            many = min(ruled + 1 if ruled else max(1, round(millimetres[3] / _LINE_MM)), MOST_LINES)
            yield _zone(millimetres, label, FieldType.LINES, Writing.LINES, many)
        else:
            on_lines = (Writing.LINES, 1) if kind is FieldType.LINES else (Writing.LINE, None)
            yield _zone(millimetres, label, kind, *on_lines)

    def _of_ticks(self) -> Iterator[Proposal]:
        left = list(self._ticks)
        for frame in self._ruled.frames:
            inside = [tick for tick in left if _is_inside(tick.box, frame)]
            label = self._label(frame)
            if len(inside) > 1 and label:
                left = [tick for tick in left if tick not in inside]
                told = tuple(ProposedOption(label=self._behind(tick.box), box=_mm(tick.box)) for tick in inside)
                kind = FieldType.CHOICES if self._says_several(frame) else FieldType.CHOICE
                yield _zone(_mm(frame), label, kind, Writing.TICK).model_copy(update={"options": told})
        for tick in left:
            yield _zone(_mm(tick.box), self._behind(tick.box), FieldType.CHECKBOX, Writing.TICK)

    def _are_units(self, box: BoxPx) -> bool:
        """年　月　日: one writes between them. Set close together (生年月日) they are a label."""
        parts = self._words(box).split(_APART)
        return len(parts) > 1 and all(len(part) <= _LONE and _UNITS.fullmatch(part) for part in parts)

    def _of_underlines(self) -> Iterator[Proposal]:
        for room in self._ruled.underlines:
            if not any(_overlap(room, cell.box) for cell in self._cells):
                yield from self._written(room, self._loose_left(room))

    def _label(self, box: BoxPx) -> str:
        left = self._neighbour(box, self._is_left_of)
        if left is not None and left.printed is not None:
            return self._text(left.printed)
        above, row = self._above(box), 1
        seen = {box}
        while above is not None and above.printed is None and above.box not in seen:
            seen.add(above.box)
            above, row = self._above(above.box), row + 1
        if above is not None and above.printed is not None:
            label = self._text(above.printed)
            return f"{label}({row}行目)" if row > 1 and label else label
        return self._loose_left(box)

    def _above(self, box: BoxPx) -> Cell | None:
        return self._neighbour(box, self._is_above)

    def _neighbour(self, box: BoxPx, is_there: Callable[[BoxPx, BoxPx], bool]) -> Cell | None:
        return next(
            (cell for cell in self._cells if cell.box != box and not cell.is_tick and is_there(cell.box, box)), None
        )

    @staticmethod
    def _is_left_of(other: BoxPx, box: BoxPx) -> bool:
        touches = abs(other[0] + other[2] - box[0]) <= _TOUCHING
        return touches and _shared(other[1], other[3], box[1], box[3]) >= _HALF * min(other[3], box[3])

    @staticmethod
    def _is_above(other: BoxPx, box: BoxPx) -> bool:
        touches = abs(other[1] + other[3] - box[1]) <= _TOUCHING
        return touches and _shared(other[0], other[2], box[0], box[2]) >= _HALF * min(other[2], box[2])

    def _labels_another(self, cell: Cell) -> bool:
        """Say whether what is printed in a cell names the place beside or below it."""
        others = [one.box for one in self._empty]
        others += [*(comb.box for comb in self._combs), *self._ruled.frames]
        return any(self._is_left_of(cell.box, other) or self._is_above(cell.box, other) for other in others)

    def _loose_left(self, box: BoxPx) -> str:
        """Return words that stand free to the left of a place, in its height."""
        x, y, _width, height = box
        start = max(0, round(x - _LOOK_LEFT))
        words = self._ruled.printed_in((start, y, x - 4 - start, height), inside=0)
        if words is None or x - (words[0] + words[2]) > _NEAR:
            return ""
        columns = self._columns(words)
        begin = _after_last_gap(columns)
        return self._text((words[0] + begin, words[1], words[2] - begin, words[3]))

    def _behind(self, box: BoxPx) -> str:
        """Return the words behind a tick box, up to the next wide gap or box."""
        x, y, width, height = box
        start = x + width + 4
        others = [
            one.box[0] for one in self._ticks if one.box[0] > x + width and _shared(one.box[1], one.box[3], y, height)
        ]
        end = min([start + round(_LOOK_RIGHT), *(other - 4 for other in others), self._ruled.ink.shape[1]])
        words = self._ruled.printed_in((start, y - height // 4, end - start, height + height // 2), inside=0)
        if words is None or words[0] - start > _NEAR:
            return ""
        columns = self._columns(words)
        return self._text((words[0], words[1], _before_gap(columns), words[3]))

    def _columns(self, box: BoxPx) -> Ink:
        x, y, width, height = box
        return np.asarray(self._ruled.print[y : y + height, x : x + width].any(axis=0))

    def _says_several(self, frame: BoxPx) -> bool:
        x, y, width, height = frame
        above = self._neighbour(frame, self._is_above) or self._neighbour(frame, self._is_left_of)
        printed = above.printed if above else self._ruled.printed_in((x, y - height, width, height), inside=0)
        return printed is not None and _SEVERAL.search(self._words(printed)) is not None

    def _text(self, box: BoxPx) -> str:
        """Return what is printed in `box` as a label: without numbers before it, hints and marks."""
        parts = self._words(box).split(_APART)
        # Letters set far apart fill a cell (氏　名); after a whole word, what stands far off is a hint.
        whole = "".join(parts) if all(len(part) <= _LONE for part in parts) else parts[0]
        said = _KANA.sub("カ", _NUMBERED.sub("", _HINTS.sub("", plain(whole)).strip()))
        return _HALF_A_BRACKET.sub("", said).strip(_AROUND)[:_LONGEST_LABEL]

    def _words(self, box: BoxPx) -> str:
        if box not in self._read:
            self._read[box] = self._spelled(box)
        return self._read[box]

    def _spelled(self, box: BoxPx) -> str:
        x, y, width, height = box
        rows = np.asarray(self._ruled.print[y : y + height, x : x + width].any(axis=1))
        said = [self._line((x, y + top, width, bottom - top)) for top, bottom in _runs(rows)]
        return "".join(said)

    def _line(self, box: BoxPx) -> str:
        """Read a line in parts, where a wide gap divides it: what stands apart is another matter."""
        x, y, _width, height = box
        if height < to_px(1.2):
            return ""
        columns = self._columns(box)
        words = []
        for first, last in _parts(columns):
            crop = self._ruled.flat[y : y + height, x + first : x + last]
            reading = self._engine.read(_on_paper(crop), FieldType.TEXT)
            words.append(reading.text if reading.least >= _SURE or len(reading.text) > 1 else "")
        return _APART.join(word for word in words if word)


def _on_paper(crop: Grey) -> Grey:
    """White around it: what stands beside the words belongs to another place."""
    around = (_MARGIN, _MARGIN, _MARGIN, _MARGIN)
    return np.asarray(cv2.copyMakeBorder(crop, *around, cv2.BORDER_CONSTANT, value=255), dtype=np.uint8)


def _runs(marked: Ink, least: int = _LINE_GAP) -> Iterator[tuple[int, int]]:
    """Yield where marks stand, from the first to behind the last, parted by gaps of at least `least`."""
    places = np.flatnonzero(marked)
    if not len(places):
        return
    breaks = np.flatnonzero(np.diff(places) > least)
    starts, ends = [0, *(breaks + 1)], [*breaks, len(places) - 1]
    for first, last in zip(starts, ends, strict=True):
        yield int(places[first]), int(places[last]) + 1


def _parts(columns: Ink) -> list[tuple[int, int]]:
    return list(_runs(columns, round(_WIDE_GAP)))


def _before_gap(columns: Ink) -> int:
    return _parts(columns)[0][1]


def _after_last_gap(columns: Ink) -> int:
    return _parts(columns)[-1][0]


def _shared(start: int, length: int, other_start: int, other_length: int) -> int:
    return max(0, min(start + length, other_start + other_length) - max(start, other_start))


def _is_inside(box: BoxPx, frame: BoxPx) -> bool:
    return (
        _shared(box[0], box[2], frame[0], frame[2]) == box[2] and _shared(box[1], box[3], frame[1], frame[3]) == box[3]
    )


def _overlap(one: BoxPx, other: BoxPx) -> bool:
    return bool(_shared(one[0], one[2], other[0], other[2]) and _shared(one[1], one[3], other[1], other[3]))


def _zone(box: Box, label: str, kind: FieldType, writing: Writing, many: int | None = None) -> Proposal:
    return Proposal(box=box, label=label, type=kind, writing=writing, many=many)


def _mm(box: BoxPx) -> Box:
    x, y, width, height = (max(0.0, round(side * 25.4 / DPI, 1)) for side in box)
    return x, y, width, height


def every_box(proposals: Sequence[Proposal]) -> list[Box]:
    """Return where one would write: of a choice its tick boxes."""
    return [box for one in proposals for box in ([option.box for option in one.options] or [one.box])]
