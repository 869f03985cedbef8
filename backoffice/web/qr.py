"""How does a page show a two-dimensional code? As one path of dark squares, a unit a square, a quiet zone around."""

from dataclasses import dataclass
from typing import Self

import segno

QUIET_ZONE = 4


@dataclass(frozen=True)
class Qr:
    path: str
    size: int

    @classmethod
    def of(cls, text: str) -> Self:
        matrix = segno.make(text, micro=False).matrix
        rows = enumerate(matrix, QUIET_ZONE)
        path = "".join(f"M{x} {y}h1v1h-1z" for y, row in rows for x, dark in enumerate(row, QUIET_ZONE) if dark)
        return cls(path, len(matrix) + 2 * QUIET_ZONE)
