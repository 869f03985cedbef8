"""How good is this picture of a sheet, and what should the person at the scanner do better? Measured, then told."""

from dataclasses import asdict, dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.blanks import BlankPage
from ocr.decode import Grey
from ocr.geometry import DPI, moved
from ocr.known_form import KnownForm
from ocr.loose_writing import known_places
from ocr.reduced import reduced
from ocr.registration import Registered

_PATCH = 12
_FAINTEST_PRINT = 0.1  # what is printed paler than this tells nothing of a scan
_HALF, _COARSE = 2, 8
_EVERY = 4  # detail: forty tell as much as all
_BLEED = (9, 130)  # grey levels under the paper's: more than grain once averaged, less than a pen
_QUARTER_TURN = 90


@dataclass(frozen=True, slots=True)
class Quality:
    """What was measured of one sheet.

    `dpi` dots an inch of the sheet; `edge_px` how wide the edges of the print are, at 200 dpi; `contrast` of the print
    against its paper, as a share of the empty form's, 0 to 1; `shadow` how much darker the darkest paper is than the
    brightest, 0 to 1; `skew` in degrees, up to 45; `cut` the share of the form's print that lies outside the picture;
    `bleed` the share of the paper that something shows through.
    """

    dpi: int
    edge_px: float
    contrast: float
    shadow: float
    skew: float
    cut: float
    bleed: float

    def as_json(self) -> dict[str, float]:
        """Return the documented figures."""
        return asdict(self)


def quality_of(registered: Registered, flat: Grey, form: KnownForm, size: tuple[int, int]) -> Quality:
    """Measure a sheet; `flat` is its page with the shadows taken out, `size` the height and width of the picture."""
    edge, contrast = _print_of(registered, form.blank)
    return Quality(
        dpi=_dots(registered),
        edge_px=edge,
        contrast=contrast,
        shadow=_shadow(registered.page, flat),
        skew=_skew(registered),
        cut=_cut(registered, form.blank, size),
        bleed=_bleed(flat, form),
    )


def _dots(registered: Registered) -> int:
    area = float(cv2.contourArea(registered.outline.astype(np.float32)))
    return round(DPI * registered.scale * float(np.sqrt(area / registered.page.size)))


def _skew(registered: Registered) -> float:
    right, down = registered.outline[1] - registered.outline[0]
    angle = float(np.degrees(np.arctan2(down, right))) % _QUARTER_TURN
    return round(min(angle, _QUARTER_TURN - angle), 1)


def _print_of(registered: Registered, blank: BlankPage) -> tuple[float, float]:
    """Return how wide an edge of the print is, and how dark it is beside the empty form's, the medians over details.

    Beside the empty form's: a form that prints in grey or in a colour is no fainter a scan for it.
    """
    edges, contrasts, printed = [], [], []
    for x, y in registered.details.printed[registered.details.in_place][::_EVERY].round().astype(int):
        here = np.s_[y - _PATCH : y + _PATCH + 1, x - _PATCH : x + _PATCH + 1]
        patch = registered.page[here].astype(np.float32)
        dark, bright = _dark_and_bright(patch)
        steepest = max(float(np.abs(np.diff(patch, axis=0)).max()), float(np.abs(np.diff(patch, axis=1)).max()), 1.0)
        edges.append((bright - dark) / steepest)
        contrasts.append(_contrast(dark, bright))
        printed.append(_contrast(*_dark_and_bright(blank.common[here].astype(np.float32))))
    if not edges:
        return 0.0, 0.0
    contrast = float(np.median(contrasts)) / max(float(np.median(printed)), _FAINTEST_PRINT)
    return round(float(np.median(edges)), 2), round(min(1.0, contrast), 2)


def _dark_and_bright(patch: NDArray[np.float32]) -> tuple[float, float]:
    return float(patch.min()), float(np.percentile(patch, 90))


def _contrast(dark: float, bright: float) -> float:
    return (bright - dark) / max(bright, 1.0)


def _shadow(page: Grey, flat: Grey) -> float:
    before, after = (reduced(each, _COARSE).picture.astype(np.float32) for each in (page, flat))
    dark, bright = np.percentile(before / np.maximum(after, 1), (1, 99))
    return round(1 - float(dark / max(bright, 1e-3)), 2)


def _cut(registered: Registered, blank: BlankPage, size: tuple[int, int]) -> float:
    if not len(blank.details):
        return 0.0
    across, down = moved(blank.details, registered.matrix).T * registered.scale
    outside = (across < 0) | (down < 0) | (across > size[1]) | (down > size[0])
    return round(float(outside.mean()), 3)


def _bleed(flat: Grey, form: KnownForm) -> float:
    """Return the share of the paper, away from print and fields, that is darker than paper and paler than a pen."""
    soft = cv2.blur(reduced(flat, _HALF).picture, (3, 3))
    free = soft[~known_places(form)]
    if not free.size:
        return 0.0
    under = int(np.median(free)) - free.astype(np.int16)
    return round(float(((under > _BLEED[0]) & (under < _BLEED[1])).mean()), 3)
