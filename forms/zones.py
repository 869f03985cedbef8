"""Where does each answer stand on paper that the house did not print? Zones that a person drew on the empty form.

Format 1. A zone is drawn before anybody says what is written in it, so whether zones fit the form is asked later
(forms.building.zone_findings); what a layout is made of is every zone that fits.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from forms.definition import FormDefinition, FormField
from forms.field_types import LISTING, FieldType
from forms.layout import Box, PaperField, PaperLayout, PaperOption

MOST_PAGES = 20
MOST_ZONES = 400
MOST_CELLS, MOST_LINES = 64, 40
"""Of one place on paper, as layouts have it."""
NO_PAPER = frozenset({FieldType.FILE, FieldType.TABLE})
"""What has no zone of its own: a table's cells have theirs, a file lies beside the paper."""

Code = Annotated[str, Field(pattern=r"^z[1-9][0-9]{0,5}$")]


class Writing(StrEnum):
    """How is written in a zone."""

    LINE = "line"
    COMB = "comb"
    """A letter a cell; the zone says how many."""
    TICK = "tick"
    LINES = "lines"
    """On several ruled lines, which the zone counts: kept as a picture that a person reads."""


COUNTED = frozenset({Writing.COMB, Writing.LINES})


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Zone(_Part):
    """A box on a page, counted from 1: x, y, width, height in millimetres from its top left corner.

    `key` names the question that is answered there (a cell of a table by the cell's own key), `option` the code of what
    a tick in it means; both are empty while nobody has said. `label` is what stood beside it when it was proposed.
    """

    code: Code
    page: int = Field(ge=1, le=MOST_PAGES)
    box: Box
    writing: Writing = Writing.LINE
    many: int | None = Field(default=None, ge=1, le=MOST_CELLS)
    key: str = Field(default="", max_length=64)
    option: str = Field(default="", max_length=64)
    label: str = Field(default="", max_length=100)

    @property
    def means(self) -> tuple[str, str]:
        """Return what is answered there: the question and the option."""
        return self.key, self.option


class ProposedOption(_Part):
    """One tick box of a question that seems to list options."""

    label: str = Field(max_length=100)
    box: Box


class Proposal(_Part):
    """A zone that an empty page seems to have, and the question that seems to be asked there.

    Of a choice each option has a tick box; `box` is then what they stand in.
    """

    box: Box
    label: str = Field(max_length=100)
    type: FieldType
    writing: Writing
    many: int | None = Field(default=None, ge=1, le=MOST_CELLS)
    options: tuple[ProposedOption, ...] = ()

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Return where one would write."""
        return tuple(option.box for option in self.options) or (self.box,)


class ForeignPage(_Part):
    """One empty page: the SHA-256 of its picture (PNG, grey, 200 dpi), and how wide and high it is in millimetres."""

    blank: str = Field(pattern=r"^[0-9a-f]{64}$")
    page_mm: tuple[Annotated[float, Field(gt=20, le=1200)], Annotated[float, Field(gt=20, le=1200)]]


class ForeignPaper(_Part):
    """The empty form as it was brought, and what was drawn on it. `schema` counts the format's own versions."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    format: Literal[1] = Field(default=1, alias="schema")
    pages: tuple[ForeignPage, ...] = Field(min_length=1, max_length=MOST_PAGES)
    zones: tuple[Zone, ...] = Field(default=(), max_length=MOST_ZONES)

    @model_validator(mode="after")
    def _each_zone_stands_on_a_page(self) -> Self:
        codes = [zone.code for zone in self.zones]
        if len(set(codes)) != len(codes) or any(zone.page > len(self.pages) for zone in self.zones):
            raise ValueError("two zones have the same code, or one stands on a page that is not there")
        return self

    def find(self, code: str) -> Zone:
        """Return the zone `code`. Raises KeyError."""
        return {zone.code: zone for zone in self.zones}[code]

    def on(self, page: int) -> tuple[Zone, ...]:
        """Return the zones of a page as one reads: lines of 4 mm from the top, each from the left."""
        here = (zone for zone in self.zones if zone.page == page)
        return tuple(sorted(here, key=lambda zone: (round(zone.box[1] / 4), zone.box[0])))

    def new_code(self) -> str:
        """Return a code that no zone has."""
        taken = {zone.code for zone in self.zones}
        return next(code for code in (f"z{number}" for number in range(1, MOST_ZONES + 2)) if code not in taken)

    def with_(self, zones: Sequence[Zone]) -> "ForeignPaper":
        """Return the paper with other zones, checked anew. Raises ValidationError."""
        return ForeignPaper(pages=self.pages, zones=tuple(zones))

    def put(self, zone: Zone) -> "ForeignPaper":
        """Put a zone in the place of the one with its code, at the end where there is none."""
        if all(one.code != zone.code for one in self.zones):
            return self.with_((*self.zones, zone))
        return self.with_([zone if one.code == zone.code else one for one in self.zones])

    def without(self, code: str) -> "ForeignPaper":
        """Take a zone out. Raises KeyError."""
        gone = self.find(code)
        return self.with_([zone for zone in self.zones if zone is not gone])


def lies_in(zone: Zone, page: ForeignPage) -> bool:
    """Say whether a zone has an extent and stands on its page."""
    x, y, width, height = zone.box
    return width > 0 and height > 0 and x + width <= page.page_mm[0] and y + height <= page.page_mm[1]


def fits(zone: Zone, question: FormField) -> bool:
    """Say whether a zone can carry an answer of this question: a tick what is ticked, anything else what is written."""
    if question.type in NO_PAPER or question.computed is not None:
        return False
    if question.type in LISTING:
        return zone.writing is Writing.TICK and zone.option in {option.code for option in question.options}
    return (zone.writing is Writing.TICK) is (question.type is FieldType.CHECKBOX) and not zone.option


def layouts_of(definition: FormDefinition, paper: ForeignPaper) -> tuple[PaperLayout, ...]:
    """Return a layout for each page: of every zone that stands on it and fits its question; of two for one, the first.

    All tick boxes of a question stand on the page of the first.
    """
    questions = {question.key: question for question in definition.questions}
    drawn: dict[str, list[Zone]] = {}
    for zone in paper.zones:
        question = questions.get(zone.key)
        if question is None or not fits(zone, question) or not lies_in(zone, paper.pages[zone.page - 1]):
            continue
        together = drawn.setdefault(zone.key, [])
        if zone.page == (together or [zone])[0].page and all(zone.means != one.means for one in together):
            together.append(zone)
    return tuple(
        PaperLayout(
            form=definition.title or definition.code,
            version=definition.version,
            page=number,
            pages=len(paper.pages),
            page_mm=page.page_mm,
            fields=tuple(_fields(questions, drawn, number)),
        )
        for number, page in enumerate(paper.pages, 1)
    )


def around(boxes: Sequence[Box]) -> Box:
    """Return the smallest box that holds all of `boxes`."""
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    return left, top, max(box[0] + box[2] for box in boxes) - left, max(box[1] + box[3] for box in boxes) - top


def _fields(questions: dict[str, FormField], drawn: dict[str, list[Zone]], page: int) -> Iterator[PaperField]:
    for key, question in questions.items():
        zones = drawn.get(key, [])
        if not zones or zones[0].page != page:
            continue
        first = zones[0]
        on_lines = question.type is FieldType.LINES or first.writing is Writing.LINES
        yield PaperField(
            key=key,
            label=question.label,
            type=question.type,
            box_mm=around([zone.box for zone in zones]),
            comb=first.many if first.writing is Writing.COMB and not on_lines else None,
            lines=min(first.many or 1, MOST_LINES) if on_lines else None,
            options=tuple(PaperOption(code=zone.option, box_mm=zone.box) for zone in _in_order(zones, question))
            if question.type in LISTING
            else (),
            business_key=question.business_key,
        )


def _in_order(zones: Sequence[Zone], question: FormField) -> list[Zone]:
    order = [option.code for option in question.options]
    return sorted(zones, key=lambda zone: order.index(zone.option))
