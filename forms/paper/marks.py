"""How does a machine know which page this is, and where? Four markers in the corners, one code beside the title."""

import segno

from forms.layout import CornerMarkers
from forms.paper.drawn import Squares

FAMILY = "ArUco 4x4_50"
# The first four of the dictionary, bit by bit; black is 1. A test compares them with the reader's own.
_BITS = (
    ("0100", "1010", "1100", "1101"),
    ("1111", "0000", "0110", "0101"),
    ("1100", "1100", "1101", "0010"),
    ("0110", "0110", "1011", "1001"),
)
MARKER_MM = 10.0
_CORNERS = ((7.0, 7.0), (193.0, 7.0), (193.0, 280.0), (7.0, 280.0))
QR_MM = 18.0
_QR_AT = (171.0, 5.5)


def markers() -> tuple[CornerMarkers, tuple[Squares, ...]]:
    """Return where the four markers stand, and how they are drawn."""
    drawn = tuple(Squares(x, y, MARKER_MM, _framed(bits)) for (x, y), bits in zip(_CORNERS, _BITS, strict=True))
    return CornerMarkers(family=FAMILY, ids=(0, 1, 2, 3), size_mm=MARKER_MM, corners_mm=_CORNERS), drawn


def page_name(code: str, version: int, page: int) -> str:
    """Return what all copies of a page have in common in their codes: `GIJO/form-12/v1/p2`."""
    return f"GIJO/{code}/v{version}/p{page}"


def page_code(name: str, serial: str) -> Squares:
    """Return the code of one copy of the page `name`. Error correction M: dust and folds cost up to 15 %."""
    return qr_code(f"{name}/{serial}" if serial else name, "m", (*_QR_AT, QR_MM))


def qr_code(text: str, error: str, place_mm: tuple[float, float, float]) -> Squares:
    """Return a code that says `text`, with error correction `error` (l, m, q, h); `place_mm` is left, top and side."""
    matrix = segno.make(text, error=error, micro=False).matrix
    return Squares(*place_mm, tuple("".join("1" if dark else "0" for dark in row) for row in matrix))


def _framed(bits: tuple[str, ...]) -> tuple[str, ...]:
    edge = "1" * (len(bits) + 2)
    return (edge, *(f"1{row}1" for row in bits), edge)
