"""What does the empty form look like, and which printed details show that a page lies right? Found once, kept."""

from contextlib import closing
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from forms.layout import Blanks, PaperLayout
from ocr.decode import Grey
from ocr.files import document_of
from ocr.geometry import Points, box_px, page_size
from ocr.reduced import Reduced, reduced

_DETAILS = 160
_APART = 45
_EDGE = 40
_LOOKED_AT = 12
_SAME_INK = 40


class BlankError(ValueError):
    """The layout names no blank, or a blank that is not a picture."""


@dataclass(frozen=True)
class BlankPage:
    """The empty form at 200 dpi. `common` holds only what is printed on every variant of it (no corner markers)."""

    common: Grey
    box_corners: Points

    @cached_property
    def details(self) -> Points:
        """Return printed points to be found again on a page: strong corners, and those of boxes that have a frame."""
        quality = cv2.goodFeaturesToTrack(self.common, _DETAILS, 0.05, _APART, blockSize=7)
        strong = np.empty((0, 2)) if quality is None else quality.reshape(-1, 2).astype(np.float64)
        every = np.vstack([self.box_corners, strong])
        height, width = self.common.shape
        inside = (every.min(axis=1) > _EDGE) & (every[:, 0] < width - _EDGE) & (every[:, 1] < height - _EDGE)
        places = np.unique(every[inside].round(), axis=0)
        return np.asarray([place for place in places if self._is_printed(*place)], dtype=np.float64).reshape(-1, 2)

    def _is_printed(self, x: float, y: float) -> bool:
        around = np.s_[int(y) - _LOOKED_AT : int(y) + _LOOKED_AT, int(x) - _LOOKED_AT : int(x) + _LOOKED_AT]
        return bool(np.ptp(self.common[around]) > _SAME_INK)

    @cached_property
    def softened(self) -> Grey:
        """Return the empty form with paper grain's scale blurred, to compare pages with."""
        return _softened(self.common)

    @cached_property
    def half(self) -> Reduced:
        """Return the empty form at 100 dpi."""
        return reduced(self.common, 2)

    @cached_property
    def softened_half(self) -> Grey:
        """Return the empty form at 100 dpi, blurred alike."""
        return _softened(self.half.picture)


def blank_page(layout: PaperLayout, blanks: Blanks) -> BlankPage:
    """Prepare the empty form from its pictures. Raises BlankError when there is none."""
    pictures = [data for data in (blanks.without_markers, blanks.with_markers) if data is not None]
    if not pictures:
        raise BlankError("白紙の画像がありません。")
    variants = tuple(_at_page_size(_picture(data, layout.page), layout) for data in pictures)
    common = variants[0] if len(variants) == 1 else _printed_on_both(*variants)
    corners = [_corners(box_px(field.box_mm)) for field in layout.fields]
    return BlankPage(common, np.asarray(corners, dtype=np.float64).reshape(-1, 2))


def _picture(data: bytes, page: int) -> Grey:
    """One file may hold the empty pages of the whole form."""
    with closing(document_of(data)) as document:
        return document.page(min(page, document.pages))


def _softened(picture: Grey) -> Grey:
    return np.asarray(cv2.GaussianBlur(picture, (3, 3), 0), dtype=np.uint8)


def _at_page_size(picture: Grey, layout: PaperLayout) -> Grey:
    size = page_size(layout)
    if (picture.shape[1], picture.shape[0]) == size:
        return picture
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _printed_on_both(first: Grey, second: Grey) -> Grey:
    differs = cv2.absdiff(first, second) > _SAME_INK
    return np.where(differs, np.uint8(255), first).astype(np.uint8)


def _corners(box: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    x, y, width, height = box
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
