"""Is this the same sheet once more? By what is written on it, not by the form, which all sheets of it share.

The writing of each field is kept as a coarse map of its ink. Two maps are compared a letter's width at a time, and the
worst place counts: a sheet scanned twice differs nowhere.
"""

import base64
import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from forms.field_types import Value
from ocr.cleaning import ink
from ocr.decode import Grey

_CELL = 10  # pixels: 1.3 mm
_LEVELS = 15
_LETTER = 5  # cells
_THICKER = 2.0
_LITTLE = 2.0  # of ink, in full cells: a spot, or a stroke's end

SAME_SHEET = 0.3
"""Measured on 24 sheets: scanned again at 120 dpi, softer, askew, upside down, shadowed or as a small JPEG they were up
to 0.18 apart, at half the contrast 0.34, in black and white 0.47; different sheets 0.49 and more."""
_FORMAT = "1"
_NOT_SURE = "-"

Sure = tuple[Value, bool]
"""A field's value, and whether it is sure."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """`content` is the same for the very same pixels only; `writing` and `values` are what `distance` compares."""

    content: str
    writing: str
    values: str

    def as_json(self) -> dict[str, str]:
        """Return the documented shape."""
        return asdict(self)


def content_of(picture: Grey) -> str:
    """Return a hash of a picture's pixels, whatever file they came in."""
    return hashlib.sha256(str(picture.shape).encode() + picture.tobytes()).hexdigest()


def writing_of(fields: Iterable[Grey]) -> str:
    """Return the map of the writing in each field, the crops in the order of the form."""
    maps = [_map(crop) for crop in fields]
    packed = b"".join(bytes(each.shape) + each.tobytes() for each in maps)
    return _FORMAT + base64.b85encode(zlib.compress(packed, 9)).decode()


def _map(crop: Grey) -> NDArray[np.uint8]:
    height, width = (max(1, round(side / _CELL)) for side in crop.shape)
    share = cv2.resize(ink(crop).astype(np.float32), (min(width, 255), min(height, 255)), interpolation=cv2.INTER_AREA)
    return np.asarray((share * _LEVELS).round(), dtype=np.uint8)


def _unpacked(writing: str) -> list[NDArray[np.float32]]:
    packed = zlib.decompress(base64.b85decode(writing[len(_FORMAT) :]))
    maps: list[NDArray[np.float32]] = []
    at = 0
    while at < len(packed):
        height, width = packed[at], packed[at + 1]
        cells = np.frombuffer(packed, np.uint8, height * width, at + 2)
        maps.append(np.asarray(cells.reshape(height, width) / _LEVELS, dtype=np.float32))
        at += 2 + height * width
    return maps


def values_of(fields: Iterable[Sure]) -> str:
    """Return a short hash of each field's value, where it is sure."""
    return ".".join(_hashed(str(value)) if sure else _NOT_SURE for value, sure in fields)


def _hashed(value: str) -> str:
    return hashlib.blake2b(value.encode(), digest_size=3).hexdigest()


def distance(one: Likeness, other: Likeness) -> float:
    """Return how differently two sheets are written on at the worst place: 0 alike, up to SAME_SHEET one sheet, to 1.

    Sheets of different forms are 1 apart, and so are two whose values differ where both are sure: brothers and sisters
    typed on one machine differ in a few letters only.
    """
    mine, others = _unpacked(one.writing), _unpacked(other.writing)
    if [each.shape for each in mine] != [each.shape for each in others] or _values_clash(one.values, other.values):
        return 1.0
    return max((_apart(here, there) for here, there in zip(mine, others, strict=True)), default=1.0)


def _values_clash(one: str, other: str) -> bool:
    pairs = zip(one.split("."), other.split("."), strict=True)
    return any(here != there and _NOT_SURE not in (here, there) for here, there in pairs)


def _apart(here: NDArray[np.float32], there: NDArray[np.float32]) -> float:
    here, there = _evened(_soft(here), _soft(there))
    differs = _by_letter(np.abs(here - there))
    return float((differs / (_by_letter(here + there) + _LITTLE)).max())


def _evened(here: NDArray[np.float32], there: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Strokes are thicker on one scan than on another: give both as much ink, where that is a matter of thickness."""
    ratio = float((here.sum() + 1) / (there.sum() + 1))
    return (here, there * ratio) if 1 / _THICKER < ratio < _THICKER else (here, there)


def _soft(cells: NDArray[np.float32]) -> NDArray[np.float32]:
    """What lies near the edge of a cell lies in the next one on another scan."""
    return np.asarray(cv2.GaussianBlur(cells, (3, 3), 0.6, borderType=cv2.BORDER_REPLICATE), dtype=np.float32)


def _by_letter(cells: NDArray[np.float32]) -> NDArray[np.float32]:
    wide = min(_LETTER, cells.shape[1])
    columns = cells.sum(axis=0)
    return np.asarray(np.convolve(columns, np.ones(wide, np.float32), "valid"), dtype=np.float32)
