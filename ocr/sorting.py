"""Which sheets lie in this picture, and of which forms are they? By code, by markers, by print; never guessed.

The cover of a pile is known by its code, and no form is laid on it. A sheet's code names its form. Without one, forms
are first ranked at little cost, by what the page has of their print, and the likeliest few are laid on it. Where two
forms fit, what only one of them prints decides; where that does not show clearly, the sheet is refused.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import cv2
import numpy as np

from ocr.beside import shows_another_page
from ocr.blankness import is_blank
from ocr.covers import Cover, cover_of
from ocr.decode import Grey
from ocr.features import METHODS, Features, FormPrint
from ocr.geometry import Matrix, Points, moved
from ocr.known_form import KnownForm
from ocr.likeliest import clear_winner
from ocr.markers import Code, by_markers, placed_codes, serial_in
from ocr.reduced import Reduced
from ocr.refusal import PageRefusedError
from ocr.registration import RESIDUAL_LIMIT_PX, Registered, looked_at, straightened
from ocr.thumbnail import glanced_at

_SHEETS_AT_MOST = 8
_ROOM_FOR_ONE = 0.7  # of the smallest sheet found: less of the picture than that leaves no room for another
_LAID_ON = 3
# Shares of the best form's rank. A sheet's own form was at least 1.3 times as like it as any other of 31 by all their
# features, and as a whole 1.7 times; by the strongest features alone, some poor photographs were liker other forms.
_LAGS, _LAGS_AS_A_WHOLE = 0.5, 0.75
_CLEARLY_LAGS = 0.6


@dataclass(frozen=True)
class Found:
    """A sheet that was found: the place of its form in the list, the serial on it, and the straightened page."""

    form: int
    serial: str | None
    registered: Registered


def find_sheets(picture: Grey, forms: Sequence[KnownForm]) -> tuple[Cover | Found | PageRefusedError, ...]:
    """Return the sheets in a picture, in reading order, those that cannot be read as the refusal to give; covers first.

    `other_form` when its QR code names another form, `two_forms` when two fit about equally, `residual` when the best
    answer is too far off, `not_registered` when there is none.
    """
    original = picture
    picture, small = looked_at(original)
    codes = placed_codes(small.picture)
    codes = tuple(Code(code.text, moved(code.corners, small.to_full)) for code in codes) or placed_codes(picture)
    covers, codes = _told_apart(codes, max(picture.shape))
    sheets: list[Found] = []
    refusal: PageRefusedError | None = None
    rest = small
    for cover in covers:
        rest = _without(rest, cover.outline)
    while len(sheets) < _SHEETS_AT_MOST and _has_room(picture, [*covers, *(sheet.registered for sheet in sheets)]):
        try:
            sheets.append(_Search(picture, rest, forms, codes).best())
        except PageRefusedError as reason:
            refusal = reason
            break
        codes = tuple(code for code in codes if not _lies_on(code, sheets[-1]))
        rest = _without(rest, sheets[-1].registered.outline)
    if not sheets and not covers:
        return (refusal or PageRefusedError("not_registered"),)
    lost = [PageRefusedError("not_registered") for code in codes if _named_by((code,), forms)]
    if covers and not sheets and refusal is not None and not lost and not is_blank(rest.picture):
        lost = [refusal]
    outlines = [*(cover.outline for cover in covers), *(sheet.registered.outline for sheet in sheets)]
    if sheets and refusal is not None and not lost and shows_another_page(picture, outlines):
        lost = [PageRefusedError("not_registered")]
    scale = original.shape[0] / picture.shape[0]
    in_order = sorted(sheets, key=lambda sheet: _place(sheet.registered.outline))
    told = [replace(sheet, registered=replace(sheet.registered, scale=scale)) for sheet in in_order]
    return (*covers, *told, *lost)


def _told_apart(codes: Sequence[Code], long_side: int) -> tuple[list[Cover], tuple[Code, ...]]:
    """Return the covers that some of `codes` are on, in reading order, and all other codes."""
    found = [(code, cover_of(code, long_side)) for code in codes]
    covers = [cover for _, cover in found if cover is not None]
    return sorted(covers, key=lambda cover: _place(cover.outline)), tuple(
        code for code, cover in found if cover is None
    )


def _has_room(picture: Grey, found: Sequence[Cover | Registered]) -> bool:
    areas = [float(cv2.contourArea(page.outline.astype(np.float32))) for page in found]
    return not areas or picture.size - sum(areas) > _ROOM_FOR_ONE * min(areas)


def _lies_on(code: Code, sheet: Found) -> bool:
    return _inside(code.middle, sheet.registered)


def _lies_over(one: Registered, other: Registered) -> bool:
    return _inside(one.outline.mean(axis=0), other)


def _inside(place: Points, page: Registered) -> bool:
    outline = page.outline.astype(np.float32)
    return bool(cv2.pointPolygonTest(outline, (float(place[0]), float(place[1])), measureDist=False) >= 0)


def _without(small: Reduced, outline: Points) -> Reduced:
    """Cover a sheet with the picture's own grey, so that the next is looked for beside it."""
    rest = small.picture.copy()
    cv2.fillConvexPoly(rest, moved(outline, small.from_full).round().astype(np.int32), int(np.median(rest)))
    return Reduced(rest, small.factor)


def _place(outline: Points) -> tuple[int, float]:
    """Rows from the top, then from the left; sheets less than half a sheet apart lie in one row."""
    middle, high = outline.mean(axis=0), float(np.ptp(outline[:, 1]))
    return round(middle[1] / high), float(middle[0])


def _named_by(codes: Sequence[Code], forms: Sequence[KnownForm]) -> Mapping[int, str]:
    """Return the forms that one of `codes` names, with the serial it tells."""
    named: dict[int, str] = {}
    for number, form in enumerate(forms):
        for code in codes:
            serial = None if form.layout.qr_text is None else serial_in(code.text, form.layout.qr_text)
            if serial is not None:
                named.setdefault(number, serial)
    return named


class _Search:
    """A search for one sheet in a picture, of which others may already be covered."""

    def __init__(self, picture: Grey, small: Reduced, forms: Sequence[KnownForm], codes: tuple[Code, ...]) -> None:
        self._picture = picture
        self._small = small
        self._forms = forms
        self._codes = codes
        self._features = Features(small)

    def best(self) -> Found:
        """Return the sheet whose form fits. Raises PageRefusedError."""
        code = "not_registered"
        for answers in self._answers(self._allowed()):
            laid = [(number, self._laid(number, by, matrix)) for number, by, matrix in answers]
            fits = {number: page for number, page in laid if page is not None and page.residual_px <= RESIDUAL_LIMIT_PX}
            if fits:
                return self._decided(fits)
            if any(page is not None for _, page in laid):
                code = "residual"
        raise PageRefusedError(code)

    def _allowed(self) -> list[int]:
        """Forms that a code names, and those without codes; all, where no code was read. Raises `other_form`."""
        if not self._codes:
            return list(range(len(self._forms)))
        named = _named_by(self._codes, self._forms)
        allowed = [n for n, form in enumerate(self._forms) if n in named or form.layout.qr_text is None]
        if not allowed:
            raise PageRefusedError("other_form")
        return allowed

    def _answers(self, allowed: list[int]) -> Iterator[list[tuple[int, str, Matrix]]]:
        """Yield the ways in which the likeliest forms may lie there, the cheapest and surest method first."""
        yield self._by_markers(allowed)
        likely = self._likely(allowed)
        for method in METHODS:
            found = [(number, self._forms[number].print.found_by(method, self._features)) for number in likely]
            yield [(number, method.name, matrix) for number, matrix in found if matrix is not None]

    def _by_markers(self, allowed: list[int]) -> list[tuple[int, str, Matrix]]:
        answers = []
        marked = [number for number in allowed if self._forms[number].layout.markers is not None]
        for _, numbers in groupby(sorted(marked, key=self._markers), key=self._markers):
            alike = list(numbers)
            layout = self._forms[alike[0]].layout
            matrix = by_markers(self._small, layout.markers, layout.page_mm) if layout.markers else None
            if matrix is not None:
                answers += [(number, "markers", matrix) for number in self._like_as_a_whole(alike, matrix)]
        return answers

    def _like_as_a_whole(self, alike: list[int], matrix: Matrix) -> list[int]:
        if len(alike) == 1:
            return alike
        page = glanced_at(self._small, matrix, self._forms[alike[0]].blank.half)
        return _front({number: self._forms[number].thumbnail.likeness(page) for number in alike}, _LAGS_AS_A_WHOLE)

    def _markers(self, number: int) -> str:
        layout = self._forms[number].layout
        return f"{layout.page_mm} {layout.markers}"

    def _likely(self, allowed: list[int]) -> list[int]:
        if len(allowed) <= 1:
            return allowed
        first, second, *_ = sorted(glimpses := self._ranked(FormPrint.glimpse, allowed), key=lambda n: -glimpses[n])
        if glimpses[second] <= _CLEARLY_LAGS * glimpses[first]:
            return _front(glimpses, _LAGS)
        return _front(self._ranked(FormPrint.resemblance, allowed), _LAGS)

    def _ranked(self, rank: Callable[[FormPrint, Features], int], allowed: list[int]) -> Mapping[int, int]:
        return {number: rank(self._forms[number].print, self._features) for number in allowed}

    def _laid(self, number: int, by: str, matrix: Matrix) -> Registered | None:
        return straightened(self._picture, self._small, by, matrix, self._forms[number].blank)

    def _decided(self, fits: Mapping[int, Registered]) -> Found:
        first, *_ = fits.values()
        # What lies elsewhere is another sheet, whose turn comes.
        rivals = {number: page for number, page in fits.items() if _lies_over(page, first)}
        winner = clear_winner({number: (page, self._forms[number].blank) for number, page in rivals.items()})
        found = Found(winner, None, fits[winner])
        here = [code for code in self._codes if _lies_on(code, found)]
        named = _named_by(here, self._forms)
        if named and winner not in named:
            raise PageRefusedError("other_form")
        return Found(winner, named.get(winner) or None, fits[winner])


def _front(ranks: Mapping[int, float], lags: float) -> list[int]:
    """Return the best few, without those that lag behind the best."""
    order = sorted(ranks, key=lambda number: -ranks[number])[:_LAID_ON]
    return [number for number in order if ranks[number] >= lags * ranks[order[0]]]
