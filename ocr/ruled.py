"""Which boxes does an empty page offer to write in? What ruled lines enclose, small squares, rows of equal cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from ocr.cleaning import Ink, flat_paper
from ocr.decode import Grey
from ocr.geometry import BoxPx, to_px

_PRINTED_BELOW = 190
"""Print, also thin dividers that a scan leaves grey; shaded strips behind labels are brighter."""
_RULE = 24  # pixels: 3 mm, longer than most strokes of letters, shorter than the side of a tick box
_LONG_RULE = 44
_RECTANGLE = 0.88
_LEAST, _MOST = to_px(2.2), to_px(285)
_TICK_LEAST, _TICK_MOST = to_px(2.4), to_px(7.5)
_TICK_SQUARE = 1.25
_CELL_MOST = to_px(11.5)
_ALIKE = 0.18
_COMB_LEAST = 3
_BESIDE = to_px(1.0)
_FRAME = 4
_MOST_PLACES = 1000
_SPECKS = 12  # pixels of ink: dust, and the end of a stroke that hangs in
_HANGS_OVER = to_px(2.5)
_THROUGH, _FINE = 0.8, 6
_UNDERLINE_LEAST = to_px(25)
_UNDERLINE_HIGH = to_px(8)


@dataclass(frozen=True)
class Cell:
    """A place that lines enclose, with the middle of its lines; `printed` is the box around what stands in it.

    `ruled` counts the fine lines in it on which one writes: they are no print.
    """

    box: BoxPx
    printed: BoxPx | None
    ruled: int = 0

    @property
    def is_tick(self) -> bool:
        _x, _y, width, height = self.box
        low, high = sorted((width, height))
        return self.printed is None and low >= _TICK_LEAST and high <= _TICK_MOST and high <= _TICK_SQUARE * low


@dataclass(frozen=True)
class Comb:
    """A row of equal cells, a letter each."""

    box: BoxPx
    cells: int


class RuledPage:
    """An empty page, grey, 200 dpi, upright: its lines, its cells and its print."""

    def __init__(self, page: Grey) -> None:
        self.flat = flat_paper(page)
        self.ink: Ink = np.asarray(self.flat < _PRINTED_BELOW)
        self._across = _opened(self.ink, (_RULE, 1))
        self._down = _opened(self.ink, (1, _RULE))

    @cached_property
    def print(self) -> Ink:
        """Return what is inked and no line: letters, in the main. A long stroke of a large letter stays one."""
        lines = _opened(self.ink, (_LONG_RULE, 1)) | _opened(self.ink, (1, _LONG_RULE))
        for x, y, width, height in self._enclosed:
            cv2.rectangle(lines, (x, y), (x + width, y + height), 1, 3)
        return np.asarray(self.ink & (cv2.dilate(lines, np.ones((5, 5), np.uint8)) == 0))

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Return the places that lines enclose, but those in which others lie, by row and column."""
        found = [box for box in self._enclosed if self._stands_alone(box)]
        inner = [box for box in found if not any(_holds(box, other) for other in found)]
        return tuple(self._cell(box) for box in sorted(inner, key=lambda box: (box[1], box[0])))

    @cached_property
    def frames(self) -> tuple[BoxPx, ...]:
        """Return the places in which others lie: the row of a question's tick boxes, for one."""
        found = self._enclosed
        return tuple(box for box in found if any(_holds(box, other) for other in found))

    @cached_property
    def underlines(self) -> tuple[BoxPx, ...]:
        """Return the room above lines that enclose nothing, where nothing is printed."""
        _, _, stats, _ = cv2.connectedComponentsWithStats(self._across, connectivity=8)
        found = []
        for x, y, width, height, _area in stats[1:].tolist():
            room = (x, max(0, y - round(_UNDERLINE_HIGH)), width, round(_UNDERLINE_HIGH))
            at_an_end = self._down[max(0, y - _RULE) : y + height + _RULE, max(0, x - 3) : x + width + 3].any()
            if width >= _UNDERLINE_LEAST and not at_an_end and self.printed_in(room, inside=0) is None:
                found.append(room)
        return tuple(found)

    def printed_in(self, box: BoxPx, inside: int = _FRAME) -> BoxPx | None:
        """Return the box around the print in `box`, None where there is none."""
        x, y, width, height = box
        top, left = max(0, y + inside), max(0, x + inside)
        crop = self.print[top : max(top, y + height - inside), left : max(left, x + width - inside)]
        if int(crop.sum()) < _SPECKS:
            return None
        rows, columns = np.flatnonzero(crop.any(axis=1)), np.flatnonzero(crop.any(axis=0))
        return (
            left + int(columns[0]),
            top + int(rows[0]),
            int(columns[-1] - columns[0]) + 1,
            int(rows[-1] - rows[0]) + 1,
        )

    def _cell(self, box: BoxPx) -> Cell:
        printed = self.printed_in(box)
        if printed is None or self._hangs_over(box, printed):
            return Cell(box, None)
        ruled = self._fine_lines(box, printed)
        return Cell(box, None if ruled else printed, ruled)

    def _hangs_over(self, box: BoxPx, printed: BoxPx) -> bool:
        """A label that was too long for its own cell hangs into the next one."""
        return printed[0] <= box[0] + 2 * _FRAME and printed[2] <= _HANGS_OVER and box[2] > 4 * printed[2]

    def _fine_lines(self, box: BoxPx, printed: BoxPx) -> int:
        """Count lines of dots or dashes that run through a place with nothing else in it."""
        x, y, width, height = printed
        if width < _THROUGH * box[2]:
            return 0
        rows = self.print[y : y + height, x : x + width].any(axis=1).astype(np.int8)
        starts, ends = (np.flatnonzero(np.diff(rows, prepend=0, append=0) == step) for step in (1, -1))
        return len(starts) if int((ends - starts).max()) <= _FINE else 0

    @cached_property
    def _lines(self) -> Grey:
        # A line that a scan broke is joined again, and corners meet.
        return np.asarray(cv2.dilate(self._across | self._down, np.ones((3, 3), np.uint8)), dtype=np.uint8)

    @cached_property
    def _enclosed(self) -> list[BoxPx]:
        free = (self._lines == 0).astype(np.uint8)
        _, _, stats, _ = cv2.connectedComponentsWithStats(free, connectivity=4)
        high, wide = free.shape
        found = []
        for x, y, width, height, area in stats[1:].tolist():
            at_edge = x == 0 or y == 0 or x + width == wide or y + height == high
            if at_edge or min(width, height) < _LEAST or max(width, height) > _MOST:
                continue
            box = (x - 3, y - 3, width + 6, height + 6)
            if area >= _RECTANGLE * width * height or _is_frame(free[y : y + height, x : x + width]):
                found.append(box)
        # Squared paper has thousands: which of them lies in which is asked of the largest only.
        return sorted(found, key=lambda box: -box[2] * box[3])[:_MOST_PLACES]

    def _stands_alone(self, box: BoxPx) -> bool:
        """A small square right between two letters is a letter: 該当する□に."""
        x, y, width, height = box
        if max(width, height) > _TICK_MOST:
            return True
        reach, off = round(_BESIDE), 6
        beside = self.ink[y : y + height, max(0, x - reach) : max(0, x - off)]
        behind = self.ink[y : y + height, x + width + off : x + width + reach]
        return not (int(beside.sum()) > _SPECKS and int(behind.sum()) > _SPECKS) or self._is_in_a_row(box)

    def _is_in_a_row(self, box: BoxPx) -> bool:
        """Beside the cell of a comb stands another line, not a letter."""
        x, y, width, height = box
        middle = np.s_[y + height // 4 : y + height - height // 4, max(0, x - round(_BESIDE)) : x + width + 8]
        return int(self.print[middle].sum()) < _SPECKS


def combs(cells: Sequence[Cell]) -> tuple[list[Comb], list[Cell]]:
    """Return the rows of equal narrow cells that touch one another, and the cells that stand in none."""
    rows: list[list[Cell]] = []
    for cell in sorted((one for one in cells if _may_be_of_a_comb(one)), key=lambda one: one.box[0]):
        row = next((row for row in rows if _goes_on(row[-1].box, cell.box)), None)
        if row is None:
            rows.append([cell])
        else:
            row.append(cell)
    found = [row for row in rows if len(row) >= _COMB_LEAST]
    taken = {id(cell) for row in found for cell in row}
    return [_comb(row) for row in found], [cell for cell in cells if id(cell) not in taken]


def _comb(row: Sequence[Cell]) -> Comb:
    x, y, _width, height = row[0].box
    last = row[-1].box
    return Comb((x, y, last[0] + last[2] - x, height), len(row))


def _may_be_of_a_comb(cell: Cell) -> bool:
    return cell.printed is None and cell.box[2] <= _CELL_MOST


def _goes_on(before: BoxPx, box: BoxPx) -> bool:
    same_row = abs(before[1] - box[1]) <= _FRAME and abs(before[3] - box[3]) <= _FRAME
    touches = abs(before[0] + before[2] - box[0]) <= 2 * _FRAME
    return same_row and touches and abs(before[2] - box[2]) <= max(_FRAME, _ALIKE * before[2])


def _opened(inked: Ink, size: tuple[int, int]) -> Grey:
    whole = cv2.morphologyEx(inked.astype(np.uint8), cv2.MORPH_CLOSE, np.ones(_turned((3, 1), size), np.uint8))
    return np.asarray(cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones(size[::-1], np.uint8)), dtype=np.uint8)


def _turned(hole: tuple[int, int], size: tuple[int, int]) -> tuple[int, int]:
    """Close along the line only: lines that run side by side stay two."""
    return hole[::-1] if size[0] > size[1] else hole


def _is_frame(free: Grey) -> bool:
    """Say whether a component is a rectangle with others inside it: full along all of its edges."""
    edges = (free[3, 3:-3], free[-4, 3:-3], free[3:-3, 3], free[3:-3, -4])
    return all(float(edge.mean()) > _RECTANGLE for edge in edges if edge.size)


def _holds(outer: BoxPx, inner: BoxPx) -> bool:
    if outer == inner:
        return False
    return (
        outer[0] < inner[0]
        and outer[1] < inner[1]
        and outer[0] + outer[2] > inner[0] + inner[2]
        and outer[1] + outer[3] > inner[1] + inner[3]
    )
