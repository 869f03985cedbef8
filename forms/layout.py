"""Where does each field stand on the paper? In millimetres from the top left, as `layout.json` tells."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from forms.field_types import LISTING, SCREEN_ONLY, FieldType

Millimetres = Annotated[float, Field(ge=0, le=2000)]
Box = tuple[Millimetres, Millimetres, Millimetres, Millimetres]
_RULE_MM = 0.5


class LayoutError(ValueError):
    """A layout file does not have the documented format; the sentence names the place."""


class _Part(BaseModel):
    # Unknown keys are let through: the format belongs to whoever draws the form, and may grow.
    model_config = ConfigDict(frozen=True, extra="ignore")


class PaperOption(_Part):
    """The tick box of one option."""

    code: str = Field(min_length=1, max_length=64)
    box_mm: Box


class PaperSlot(_Part):
    """Room to write in, between letters of the answer that the form prints: `before` it and `after` it."""

    box_mm: Box
    before: str = Field(default="", max_length=16)
    after: str = Field(default="", max_length=16)


class PaperField(_Part):
    """One box on the paper. `box_mm` is x, y, width, height from the page's top left corner.

    A choice has a tick box an option; writing on several lines says how many `lines` are ruled in its box. A box that
    prints 令和 年 月 日 has `slots`, whose answers and printed letters make the answer together. Twelve digits in a box
    with a `business_key` are no 個人番号.
    """

    key: str = Field(min_length=1, max_length=64)
    label: str = ""
    type: FieldType
    box_mm: Box
    comb: int | None = Field(default=None, ge=1, le=64)
    options: tuple[PaperOption, ...] = Field(default=(), max_length=200)
    lines: int | None = Field(default=None, ge=1, le=40)
    slots: tuple[PaperSlot, ...] = Field(default=(), max_length=12)
    business_key: bool = False

    @model_validator(mode="after")
    def _can_be_read_from_paper(self) -> Self:
        drawn = bool(self.options) if self.type in LISTING else self.lines is not None
        if self.type in SCREEN_ONLY and not drawn:
            raise ValueError(f"a field of type {self.type} is asked on a screen only")
        if self.slots and (self.type in LISTING | {FieldType.CHECKBOX} or self.lines is not None):
            raise ValueError("a field with slots is written on one line")
        if not all(_holds(self.box_mm, slot.box_mm) for slot in self.slots):
            raise ValueError("a slot lies outside its field's box")
        return self


def _holds(outer: Box, inner: Box) -> bool:
    """Say whether the inner box lies within the outer one, along both sides and but for the breadth of a rule."""
    along = ((outer[side], outer[side + 2], inner[side], inner[side + 2]) for side in (0, 1))
    return all(
        start <= begins + _RULE_MM and begins + long <= start + length + _RULE_MM
        for start, length, begins, long in along
    )


class CornerMarkers(_Part):
    """Four square markers; `corners_mm` are the top left corners of the markers, in the order of `ids`."""

    family: str
    ids: tuple[int, int, int, int]
    size_mm: float = Field(gt=0, le=100)
    corners_mm: tuple[
        tuple[Millimetres, Millimetres],
        tuple[Millimetres, Millimetres],
        tuple[Millimetres, Millimetres],
        tuple[Millimetres, Millimetres],
    ]


class PaperLayout(_Part):
    """One page of a form on paper, as its `layout.json` tells it.

    `qr_text` is the whole text of its QR code, or the part of it before `/` and the sheet's own serial.
    """

    form: str = Field(min_length=1)
    version: int = Field(ge=1)
    page_mm: tuple[Annotated[float, Field(gt=20, le=1200)], Annotated[float, Field(gt=20, le=1200)]]
    page: int = Field(default=1, ge=1)
    pages: int = Field(default=1, ge=1)
    qr_text: str | None = None
    markers: CornerMarkers | None = None
    fields: tuple[PaperField, ...] = Field(max_length=400)
    blank_with_markers: str | None = None
    blank_without_markers: str | None = None

    @model_validator(mode="after")
    def _stand_on_the_page(self) -> Self:
        if self.page > self.pages:
            raise ValueError(f"page {self.page} of {self.pages}")
        keys = [field.key for field in self.fields]
        if len(set(keys)) != len(keys):
            raise ValueError("two fields have the same key")
        for field in self.fields:
            x, y, width, height = field.box_mm
            if width <= 0 or height <= 0 or x + width > self.page_mm[0] + 1 or y + height > self.page_mm[1] + 1:
                raise ValueError(f"the box of {field.key} does not stand on the page")
        return self


class Blanks(_Part):
    """The empty form as images, file contents: with corner markers, without, or both."""

    with_markers: bytes | None = None
    without_markers: bytes | None = None


def parse_layout(text: str | bytes) -> PaperLayout:
    """Read a layout from JSON. Raises LayoutError naming the field at fault."""
    try:
        return PaperLayout.model_validate_json(text)
    except ValidationError as reason:
        first = reason.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "layout"
        raise LayoutError(f"帳票の配置ファイルが読めません: {place}: {first['msg']}") from reason


def load_layout(path: Path) -> tuple[PaperLayout, Blanks]:
    """Read a layout file and the blanks it names, which lie relative to it.

    Raises LayoutError when the file or a blank it names cannot be read.
    """
    try:
        layout = parse_layout(path.read_bytes())
        return layout, Blanks(
            with_markers=_beside(path, layout.blank_with_markers),
            without_markers=_beside(path, layout.blank_without_markers),
        )
    except OSError as reason:
        raise LayoutError(f"配置ファイル又は白紙の画像が開けません: {reason.filename}") from reason


def _beside(path: Path, name: str | None) -> bytes | None:
    return None if name is None else (path.parent / name).read_bytes()
