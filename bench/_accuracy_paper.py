"""What are the unseen forms drawn with? A page in millimetres that remembers every field it was given."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import segno
from PIL import Image, ImageDraw, ImageFont

from forms.layout import Box

DPI = 300
MARKER_MM = 10.0
MARKER_EDGE_MM = 6.0
QR_MM = 16.0
# How far below the middle of its line the foot of a Japanese letter lies, in parts of its size.
FOOT = 0.38

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)


def px(millimetres: float) -> int:
    return round(millimetres * DPI / 25.4)


@dataclass
class Paper:
    """One empty page under the pen. `asked` and `placed` become form.json and layout.json."""

    code: str
    title: str
    title_en: str
    page_mm: tuple[float, float]
    font: Path
    ink: Colour
    image: Image.Image = field(init=False)
    asked: list[dict[str, Any]] = field(default_factory=list)
    placed: list[dict[str, Any]] = field(default_factory=list)
    rules: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", (px(self.page_mm[0]), px(self.page_mm[1])), WHITE)

    @property
    def pen(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.image)

    def shade(self, box: Box, colour: Colour) -> None:
        x, y, width, height = box
        self.pen.rectangle((px(x), px(y), px(x + width), px(y + height)), fill=colour)

    def frame(self, box: Box, thick: float = 0.2) -> None:
        x, y, width, height = box
        self.pen.rectangle((px(x), px(y), px(x + width), px(y + height)), outline=self.ink, width=max(1, px(thick)))

    def rule(self, start: tuple[float, float], end: tuple[float, float], thick: float = 0.2) -> None:
        self.pen.line((*map(px, start), *map(px, end)), fill=self.ink, width=max(1, px(thick)))

    def dotted(self, start: tuple[float, float], end: tuple[float, float], gap: float = 1.2) -> None:
        """Draw a rule of short strokes; it runs along or down the page."""
        length = max(end[0] - start[0], end[1] - start[1])
        across = end[0] > start[0]
        for step in range(int(length / gap)):
            at = step * gap
            one = (start[0] + at, start[1]) if across else (start[0], start[1] + at)
            other = (one[0] + gap * 0.45, one[1]) if across else (one[0], one[1] + gap * 0.45)
            self.pen.line((*map(px, one), *map(px, other)), fill=self.ink, width=max(1, px(0.15)))

    def say(self, text: str, at: tuple[float, float], size: float, widest: float | None = None) -> None:
        """Print `text` from `at`, the left end of its middle line, smaller where it would be wider than allowed."""
        font = ImageFont.truetype(self.font, px(size))
        if widest is not None and font.getlength(text) > px(widest):
            font = ImageFont.truetype(self.font, int(px(size) * px(widest) / font.getlength(text)))
        self.pen.text((px(at[0]), px(at[1]) + font.size * FOOT), text, font=font, fill=self.ink, anchor="ls")

    def label(self, text: str, box: Box, size: float = 2.9, shade: Colour | None = None) -> None:
        """Print the name of a field in a cell of its own."""
        if shade is not None:
            self.shade(box, shade)
        self.frame(box)
        self.say(text, (box[0] + 0.8, box[1] + box[3] / 2), size, box[2] - 1.4)

    def zone(self, key: str, names: tuple[str, str], kind: str, box: Box, **more: Any) -> None:  # noqa: ANN401 - keys of the definition
        """Remember a field. `more` are keys of its question; `comb` stands in the layout too, `slots` there alone."""
        placed = {name: more[name] for name in ("comb", "slots") if name in more}
        more.pop("slots", None)
        self.placed.append({"key": key, "label": names[0], "type": kind, "box_mm": box, **placed})
        question = {"key": key, "label": names[0], "label_en": names[1], "type": kind}
        self.asked.append(question | ({} if kind == "checkbox" else {"required": True}) | more)

    def box(self, key: str, names: tuple[str, str], kind: str, box: Box, **more: Any) -> None:  # noqa: ANN401 - as above
        """Draw the frame of a field, with a cell for each digit where it has a comb, and remember it."""
        self.frame(box)
        x, y, width, height = box
        for cell in range(1, more.get("comb", 1)):
            at = x + width * cell / more["comb"]
            self.rule((at, y), (at, y + height), 0.15)
        self.zone(key, names, kind, box, **more)

    def tick(self, key: str, names: tuple[str, str], at: tuple[float, float], side: float = 3.6) -> None:
        """Draw a box to tick with its name to the right; `at` is its top left corner."""
        self.frame((*at, side, side), 0.25)
        self.say(names[0], (at[0] + side + 1.0, at[1] + side / 2), 2.8)
        self.zone(key, names, "checkbox", (*at, side, side))

    def rule_of(self, code: str, holds: str, keys: Sequence[str], message: str) -> None:
        words = {"severity": "ask", "message_ja": message, "message_en": code.replace("_", " ")}
        self.rules.append({"code": code, "holds": holds, "keys": list(keys), **words})

    def corners(self) -> list[tuple[float, float]]:
        right = self.page_mm[0] - MARKER_EDGE_MM - MARKER_MM
        low = self.page_mm[1] - MARKER_EDGE_MM - MARKER_MM
        near = MARKER_EDGE_MM
        return [(near, near), (right, near), (right, low), (near, low)]

    def with_markers(self) -> Image.Image:
        """Return the page as Gijo's own printing would mark it: four corner marks and a QR."""
        marked = self.image.copy()
        dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
        for number, (x, y) in enumerate(self.corners()):
            mark = cv2.aruco.generateImageMarker(dictionary, number, px(MARKER_MM))
            marked.paste(Image.fromarray(mark).convert("RGB"), (px(x), px(y)))
        modules = np.array(
            [list(row) for row in segno.make(self.qr_text, micro=False, error="m").matrix], dtype=np.uint8
        )
        code = Image.fromarray(255 - modules * 255).resize((px(QR_MM), px(QR_MM)), Image.Resampling.NEAREST)
        marked.paste(code.convert("RGB"), (px(self.page_mm[0] - 36), px(5)))
        return marked

    @property
    def qr_text(self) -> str:
        return f"{self.code.upper()}/v1/p1"

    def save(self, folder: Path) -> None:
        """Write form.json, layout.json and both blanks, at the 200 dpi of an office scanner."""
        folder.mkdir(parents=True, exist_ok=True)
        definition = {"schema": 1, "code": self.code, "title": self.title, "title_en": self.title_en, "version": 1}
        layout = {
            "form": self.title,
            "version": 1,
            "page_mm": self.page_mm,
            "pages": 1,
            "qr_text": self.qr_text,
            "markers": {
                "family": "ArUco 4x4_50",
                "ids": [0, 1, 2, 3],
                "size_mm": MARKER_MM,
                "corners_mm": self.corners(),
            },
            "fields": self.placed,
            "blank_with_markers": "blank_markers.png",
            "blank_without_markers": "blank_plain.png",
        }
        _write(folder / "form.json", definition | {"fields": self.asked, "rules": self.rules})
        _write(folder / "layout.json", layout)
        for name, page in (("blank_markers.png", self.with_markers()), ("blank_plain.png", self.image)):
            at_scanner = page.convert("L").resize((page.width * 2 // 3, page.height * 2 // 3), Image.Resampling.BOX)
            at_scanner.save(folder / name)


def _write(file: Path, content: dict[str, Any]) -> None:
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
