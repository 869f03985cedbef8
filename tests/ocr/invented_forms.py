"""Forms that nobody has: boxes and words thrown by a seed, drawn with nothing but lines; and sheets of them scanned."""

import cv2
import numpy as np

from forms.field_types import FieldType
from forms.layout import Blanks, CornerMarkers, PaperField, PaperLayout
from ocr.geometry import to_px
from ocr.known_form import KnownForm

WIDE, HIGH = 1654, 2339
MARKERS = CornerMarkers(
    family="4x4_50", ids=(0, 1, 2, 3), size_mm=12, corners_mm=((8, 8), (190, 8), (190, 277), (8, 277))
)


def _rows(dice):
    top = 30.0
    while top < 255:
        height, left = float(dice.uniform(8, 13)), float(dice.uniform(20, 60))
        yield left, top, float(dice.uniform(60, 185 - left)), height
        top += height + float(dice.uniform(3, 12))


def _words(page, dice, times):
    for _ in range(times):
        word = "".join(dice.choice(list("ABCDEFGHKLMNPRSTUVXYZ236789"), int(dice.integers(3, 9))))
        place = int(dice.integers(120, WIDE - 400)), int(dice.integers(140, HIGH - 140))
        cv2.putText(page, word, place, cv2.FONT_HERSHEY_SIMPLEX, float(dice.uniform(0.7, 1.1)), 30, 2, cv2.LINE_AA)


def _markers(page):
    family = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    side = round(to_px(MARKERS.size_mm))
    for number, (x, y) in zip(MARKERS.ids, MARKERS.corners_mm, strict=True):
        left, top = round(to_px(x)), round(to_px(y))
        page[top : top + side, left : left + side] = cv2.aruco.generateImageMarker(family, number, side)


def invented(seed, *, marked=False, page=1, pages=1, qr_text=None, besides=()):
    """Draw the form of a seed; `besides` are further words, as an edition of it has."""
    dice = np.random.default_rng(seed)
    picture = np.full((HIGH, WIDE), 255, np.uint8)
    fields = []
    for number, box in enumerate(_rows(dice)):
        x, y, width, height = (round(to_px(side)) for side in box)
        cv2.rectangle(picture, (x, y), (x + width, y + height), 0, 2)
        fields.append(PaperField(key=f"f{number}", type=FieldType.TEXT, box_mm=box))
    _words(picture, dice, 40)
    for place, word in besides:
        cv2.putText(picture, word, place, cv2.FONT_HERSHEY_SIMPLEX, 1.0, 30, 2, cv2.LINE_AA)
    if marked:
        _markers(picture)
    layout = PaperLayout(
        form=f"様式{seed}",
        version=1,
        page_mm=(210, 297),
        page=page,
        pages=pages,
        qr_text=qr_text,
        markers=MARKERS if marked else None,
        fields=tuple(fields),
    )
    blank = cv2.imencode(".png", picture)[1].tobytes()
    return KnownForm(layout, Blanks(without_markers=blank))


def scanned(form, seed=1, *, turns=0, angle=0.7, written=True, code=None):
    """Write on a form, and scan it a little askew, turned by so many quarters."""
    dice = np.random.default_rng(seed)
    page = form.blank.common.copy()
    for field in form.layout.fields if written else ():
        x, y, _, height = (round(to_px(side)) for side in field.box_mm)
        text = "".join(dice.choice(list("0123456789"), 6))
        cv2.putText(page, text, (x + 20, y + height - 14), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.2, 60, 2, cv2.LINE_AA)
    if code is not None:
        stamped(page, code)
    matrix = cv2.getRotationMatrix2D((WIDE / 2, HIGH / 2), angle, 0.98)
    soft = cv2.warpAffine(page, matrix, (WIDE, HIGH), flags=cv2.INTER_AREA, borderValue=250)
    noisy = cv2.GaussianBlur(soft, (3, 3), 0) + dice.normal(0, 4, soft.shape)
    return np.ascontiguousarray(np.rot90(noisy.clip(0, 255).astype(np.uint8), turns))


def stamped(page, code):
    """Print a QR code at the top of a page."""
    square = np.asarray(cv2.QRCodeEncoder.create().encode(code), np.uint8)
    large = cv2.resize(square, (190, 190), interpolation=cv2.INTER_NEAREST)
    page[40 : 40 + 190, 900 : 900 + 190] = large
