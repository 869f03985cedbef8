"""How does an answer come onto the paper? In a print font or a handwriting-style one, and never a letter it lacks."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random

from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageDraw, ImageFont

from forms.layout import Box, PaperField

ROOT = Path(__file__).resolve().parent.parent
DEBIAN = Path("/usr/share/fonts")
LABEL_FONTS = {
    "gothic": DEBIAN / "opentype/ipafont-gothic/ipagp.ttf",
    "mincho": DEBIAN / "opentype/ipafont-mincho/ipam.ttf",
    "sans": DEBIAN / "opentype/noto/NotoSansCJK-Regular.ttc",
}
PRINT = {
    "ipa-gothic": DEBIAN / "opentype/ipafont-gothic/ipag.ttf",
    "ipa-mincho": DEBIAN / "opentype/ipafont-mincho/ipam.ttf",
    "noto-sans": DEBIAN / "opentype/noto/NotoSansCJK-Regular.ttc",
    "noto-serif": DEBIAN / "opentype/noto/NotoSerifCJK-Regular.ttc",
}
HAND = ("hachi-maru-pop", "klee-one", "new-tegomin", "yomogi", "yuji-syuku", "yusei-magic", "zen-kurenaido")
PARTS = ("japanese", "latin")

FOOT = 0.38
BLACK_INKS = ((25, 25, 25), (45, 45, 50), (70, 70, 75))
PEN_INKS = (*BLACK_INKS, (35, 45, 110), (50, 60, 140))


@dataclass(frozen=True)
class Face:
    """One font: its files, each with the letters that it holds."""

    name: str
    writing: str
    files: tuple[Path, ...]

    def can_write(self, text: str) -> bool:
        return all(letter.isspace() or self.file_of(letter) is not None for letter in text)

    def file_of(self, letter: str) -> Path | None:
        return next((file for file in self.files if ord(letter) in _letters(file)), None)


@lru_cache(maxsize=32)
def _letters(file: Path) -> frozenset[int]:
    with TTFont(file, fontNumber=0) as font:
        return frozenset(font.getBestCmap())


@lru_cache(maxsize=512)
def _font(file: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size)


def faces(folder: Path) -> list[Face]:
    """Return every font; those of npm lie in `folder`, where unpack() has put them."""
    print_ = [Face(name, "print", (file,)) for name, file in PRINT.items()]
    return print_ + [Face(name, "hand", tuple(folder / f"{name}-{part}.ttf" for part in PARTS)) for name in HAND]


def unpack(folder: Path) -> None:
    """Unpack npm's fonts into `folder`: packed ones would be unpacked again for every size of a letter.

    Where one is missing this function will raise FileNotFoundError that names it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in HAND:
        for part in PARTS:
            packed = ROOT / "node_modules" / "@fontsource" / name / "files" / f"{name}-{part}-400-normal.woff2"
            with TTFont(packed, recalcTimestamp=False) as font:
                font.flavor = None
                font.save(folder / f"{name}-{part}.ttf")


@dataclass(frozen=True)
class Hand:
    """Who writes: in which font, in which ink, how unsteadily (0 for a printer), at which dots an inch."""

    face: Face
    ink: tuple[int, int, int]
    unsteady: float
    dpi: float

    def px(self, millimetres: float) -> float:
        return millimetres * self.dpi / 25.4


def pick_hand(chance: Random, face: Face, dpi: float) -> Hand:
    if face.writing == "print":
        return Hand(face, chance.choice(BLACK_INKS), 0.0, dpi)
    return Hand(face, chance.choice(PEN_INKS), chance.uniform(0.4, 1.0), dpi)


def write(page: Image.Image, hand: Hand, field: PaperField, text: str, chance: Random) -> None:
    """Write one answer into its box: digit by digit where the box has cells, else along its line."""
    x, y, width, height = field.box_mm
    if field.comb is not None:
        cells = re.sub(r"\D", "", text)
        cell = width / field.comb
        size = min(height * 0.74, cell * 1.15) * (1 if hand.unsteady == 0 else chance.uniform(0.85, 1.0))
        for at, letter in enumerate(cells):
            left = x + cell * (at + 0.5) - hand_width(hand, letter, size) / 2
            _letter(page, hand, letter, (left, y + height / 2), size, chance)
        return
    # Numbers are written to the right of their box as often as to the left.
    to_the_right = field.type in {"yen", "integer"} and chance.random() < 0.5
    line(page, hand, text, field.box_mm, chance, to_the_right=to_the_right)


def line(page: Image.Image, hand: Hand, text: str, box: Box, chance: Random, *, to_the_right: bool = False) -> None:
    x, y, width, height = box
    most = 4.6 if hand.unsteady == 0 else 8.0
    size = min(most, height * (0.62 if hand.unsteady == 0 else chance.uniform(0.56, 0.74)))
    gap = 0.0 if hand.unsteady == 0 else size * chance.uniform(0.0, 0.12)
    lead = chance.uniform(0.9, 2.4)
    room = width - lead - 1.2
    wanted = _width(hand, text, size, gap)
    if wanted > room:
        size, gap = size * room / wanted, gap * room / wanted
        wanted = room
    at = x + width - 1.2 - wanted if to_the_right else x + lead
    middle = y + height / 2 + hand.unsteady * chance.uniform(-0.03, 0.03) * height
    for letter in text:
        _letter(page, hand, letter, (at, middle), size, chance)
        at += hand_width(hand, letter, size) + gap


def hand_width(hand: Hand, letter: str, size: float) -> float:
    """Return how far a letter takes the pen, in millimetres; a space is half a letter."""
    if letter.isspace():
        return size * 0.5
    file = hand.face.file_of(letter)
    assert file is not None, f"{hand.face.name} was asked for {letter}"
    return size * _font(file, 200).getlength(letter) / 200


def _width(hand: Hand, text: str, size: float, gap: float) -> float:
    return sum(hand_width(hand, letter, size) + gap for letter in text)


def _letter(page: Image.Image, hand: Hand, letter: str, at: tuple[float, float], size: float, chance: Random) -> None:
    """Put one letter, its left end and middle line at `at`; a hand tilts, lifts and sizes each anew."""
    file = hand.face.file_of(letter)
    if letter.isspace() or file is None:
        return
    shake = hand.unsteady
    scale = 1 + shake * chance.uniform(-0.05, 0.05)
    pixels = max(6, round(hand.px(size * scale)))
    lift = shake * chance.uniform(-0.035, 0.035) * pixels
    tile = Image.new("L", (pixels * 2, pixels * 2), 0)
    pen = ImageDraw.Draw(tile)
    pen.text((pixels / 2, pixels + pixels * FOOT + lift), letter, font=_font(file, pixels), fill=255, anchor="ls")
    if shake:
        tile = tile.rotate(shake * chance.uniform(-2.5, 2.5), Image.Resampling.BICUBIC)
    _press(page, tile, (round(hand.px(at[0]) - pixels / 2), round(hand.px(at[1]) - pixels)), hand.ink)


def _press(page: Image.Image, strokes: Image.Image, at: tuple[int, int], ink: tuple[int, int, int]) -> None:
    """Darken the page by ink: what is printed beneath stays visible, as on paper."""
    box = (*at, at[0] + strokes.width, at[1] + strokes.height)
    below = page.crop(box)
    wet, dry = (Image.new("RGB", strokes.size, colour) for colour in (ink, (255, 255, 255)))
    inked = Image.composite(wet, dry, strokes)
    page.paste(ImageChops.multiply(below, inked), box)


TICKS = ("check", "check", "re", "cross", "filled")


def tick(page: Image.Image, hand: Hand, box: Box, chance: Random) -> None:
    """Tick a box in one of the ways people do."""
    way = chance.choice(TICKS)
    side = hand.px(box[2])
    margin = math.ceil(side)
    corner = (int(hand.px(box[0])) - margin, int(hand.px(box[1])) - margin)
    x, y = hand.px(box[0]) - corner[0], hand.px(box[1]) - corner[1]
    strokes = Image.new("L", (3 * margin + 1, 3 * margin + 1), 0)
    pen = ImageDraw.Draw(strokes)
    thick = max(2, round(hand.px(chance.uniform(0.3, 0.6))))

    def at(across: float, down: float) -> tuple[float, float]:
        shake = 0.05 * side
        return x + across * side + chance.uniform(-shake, shake), y + down * side + chance.uniform(-shake, shake)

    if way == "filled":
        pen.rectangle((*at(0.2, 0.2), *at(0.8, 0.8)), fill=255)
    elif way == "cross":
        pen.line((*at(0.15, 0.15), *at(0.85, 0.85)), fill=255, width=thick)
        pen.line((*at(0.85, 0.15), *at(0.15, 0.85)), fill=255, width=thick)
    else:
        up = at(1.15, -0.15) if way == "check" else at(0.95, 0.2)
        start = at(0.12, 0.5) if way == "check" else at(0.25, 0.1)
        pen.line((*start, *at(0.42, 0.86), *up), fill=255, width=thick, joint="curve")
    _press(page, strokes, corner, hand.ink)


def write_parts(
    page: Image.Image, hand: Hand, box: Box, text: str, starts: Sequence[float], room: float, chance: Random
) -> None:
    """Write the numbers of a date between letters that the form prints."""
    for start, number in zip(starts, re.findall(r"\d+|元", text), strict=True):
        line(page, hand, number, (box[0] + start, box[1], room, box[3]), chance)


def by_writing(found: Sequence[Face]) -> Mapping[str, list[Face]]:
    return {kind: [face for face in found if face.writing == kind] for kind in ("print", "hand")}
