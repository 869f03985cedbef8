"""What stands on this straightened sheet? Clean, read, check, measure; what must not be kept is covered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain

from forms.field_types import FieldType
from forms.layout import PaperField
from ocr.advice import LEAST_CONTRAST
from ocr.alike import Likeness, content_of, values_of, writing_of
from ocr.blankness import has_stroke
from ocr.cleaning import flat_paper, marks_in, placed, writing_in
from ocr.crosscheck import distinct, doubted, places_checked, rules_checked
from ocr.decode import Grey
from ocr.encode import jpeg
from ocr.engine import Engines
from ocr.evidence import Evidence, Sight, first_sight, second_opinion
from ocr.furigana import agreed
from ocr.gate import lone_doubts, reasons
from ocr.geometry import box_px
from ocr.known_form import KnownForm, rooms_px
from ocr.lookalikes import other_forms
from ocr.my_numbers import MY_NUMBER, with_boxes_covered, without_my_numbers
from ocr.name_dictionary import readings_of
from ocr.page import FieldReading, PageReading
from ocr.quality import quality_of
from ocr.registration import Registered
from ocr.slots import joined, rooms_of
from ocr.ticks import tick_in
from ocr.unanswered import may_stay_empty

Writings = tuple[Grey, ...]
"""What is written in each room of a field: a line, or several where its form prints letters between them."""

_SURROUNDINGS = 120  # pixels: 15 mm
_IN_PLACE_MINIMUM = 0.5
_CORNERS_MISSED = 1
_TICK_MARGIN = 12
_FORMS_OFFERED = 2


class SheetReader:
    """Reads straightened sheets of one form."""

    def __init__(self, form: KnownForm, engines: Engines) -> None:
        self._form = form
        self._layout = form.layout
        self._definition = form.definition
        self._optional = may_stay_empty(form.definition)
        self._engines = engines

    def read(self, registered: Registered, picture: Grey, told: PageReading) -> PageReading:
        """Return what stands on a sheet of `picture`, added to what is `told` of it already."""
        flat = flat_paper(registered.page)
        quality = quality_of(registered, flat, self._form, (picture.shape[0], picture.shape[1]))
        crops = {field.key: self._writings(field, flat, registered) for field in self._written_fields}
        fields = self._checked(self._fields(crops, flat, registered))
        fields, covered = without_my_numbers(fields, flat, self._form, self._engines)
        if quality.contrast < LEAST_CONTRAST:
            fields = tuple(doubted(field, "faint") for field in fields)
        return replace(
            told,
            registered_by=registered.by,
            residual_px=registered.residual_px,
            fields=fields,
            page_jpeg=jpeg(with_boxes_covered(registered.page, covered)),
            codes=(MY_NUMBER,) if covered else (),
            quality=quality,
            likeness=self._likeness(picture, crops, fields),
        )

    @property
    def _written_fields(self) -> list[PaperField]:
        return [field for field in self._layout.fields if _is_one_line(field)]

    def _writings(self, field: PaperField, flat: Grey, registered: Registered) -> Writings:
        nudge = registered.details.nudge(box_px(field.box_mm))
        rooms = zip(rooms_px(field), self._form.printed[field.key], strict=True)
        return tuple(writing_in(flat, printed, room, nudge) for room, printed in rooms)

    def _likeness(self, picture: Grey, crops: Mapping[str, Writings], fields: tuple[FieldReading, ...]) -> Likeness:
        writings = chain.from_iterable(crops.values())
        return Likeness(
            content_of(picture), writing_of(writings), values_of((each.value, each.passes) for each in fields)
        )

    def _fields(self, crops: Mapping[str, Writings], flat: Grey, registered: Registered) -> tuple[FieldReading, ...]:
        seen = self._seen(crops)
        return tuple(
            self._written(field, seen[field.key], flat, registered)
            if field.key in crops
            else self._not_written(field, flat, registered)
            for field in self._layout.fields
        )

    def _seen(self, crops: Mapping[str, Writings]) -> dict[str, list[Sight]]:
        """Return the first sight of each room of each field; a name and its reading are seen together."""
        asked = {field.key: field for field in self._written_fields}
        seen = {
            key: [
                first_sight(room, line, self._engines.first)
                for room, line in zip(rooms_of(asked[key]) or (asked[key],), lines, strict=True)
            ]
            for key, lines in crops.items()
        }
        whole = {key: sights[0] for key, sights in seen.items() if not asked[key].slots}
        return seen | {key: [sight] for key, sight in agreed(self._layout.fields, whole, readings_of).items()}

    def _checked(self, fields: tuple[FieldReading, ...]) -> tuple[FieldReading, ...]:
        placed_right = places_checked(fields)
        return placed_right if self._definition is None else rules_checked(placed_right, self._definition)

    def _not_written(self, field: PaperField, flat: Grey, registered: Registered) -> FieldReading:
        if field.options:
            return self._chosen(field, flat, registered)
        return _left_to_people(field) if field.lines is not None else self._ticked(field, flat, registered)

    def _chosen(self, field: PaperField, flat: Grey, registered: Registered) -> FieldReading:
        """Read the tick boxes of a question's options: of a choice exactly one is ticked."""
        ticks = [
            (option.code, tick_in(placed(flat, box, _TICK_MARGIN, registered.details.nudge(box)), _TICK_MARGIN))
            for option in field.options
            for box in [box_px(option.box_mm)]
        ]
        chosen = [code for code, tick in ticks if tick.ticked]
        several = field.type is FieldType.CHOICE and len(chosen) > 1
        checks = (
            ("tick_faint", any(tick.ticked is None for _code, tick in ticks)),
            ("empty", not chosen and field.key not in self._optional),
            ("several_ticks", several),
        )
        return FieldReading(
            key=field.key,
            type=field.type,
            value=None if several or not chosen else ",".join(chosen),
            text=",".join(chosen),
            confidence=min(tick.certainty for _code, tick in ticks),
            why_not=(*(code for code, holds in checks if holds), *_misplaced(registered, field)),
            candidates=tuple(chosen) if several else (),
            box_px=box_px(field.box_mm),
        )

    def _ticked(self, field: PaperField, flat: Grey, registered: Registered) -> FieldReading:
        box = box_px(field.box_mm)
        tick = tick_in(placed(flat, box, _TICK_MARGIN, registered.details.nudge(box)), _TICK_MARGIN)
        doubts = ("tick_faint",) if tick.ticked is None else ()
        return FieldReading(
            key=field.key,
            type=field.type,
            value=tick.ticked,
            text="☑" if tick.ticked else "☐",
            confidence=tick.certainty,
            why_not=(*doubts, *_misplaced(registered, field)),
            candidates=(),
            box_px=box,
        )

    def _written(self, field: PaperField, sights: Sequence[Sight], flat: Grey, registered: Registered) -> FieldReading:
        misplaced = _misplaced(registered, field)
        rooms = rooms_of(field) or (field,)
        read = [self._line(room, sight, doubted=bool(misplaced)) for room, sight in zip(rooms, sights, strict=True)]
        evidence = joined(field, read) if field.slots else read[0]
        sight = evidence.sight
        left_empty = sight.crop is None and self._may_be_left(field, flat, registered)
        return FieldReading(
            key=field.key,
            type=field.type,
            value=sight.normal.value,
            text=sight.normal.text,
            confidence=1.0 if left_empty else sight.certainty,
            why_not=(*(() if left_empty else reasons(field.type, evidence)), *misplaced),
            candidates=_candidates(field.type, evidence),
            box_px=box_px(field.box_mm),
            second_text=evidence.second_normal.text,
        )

    def _may_be_left(self, field: PaperField, flat: Grey, registered: Registered) -> bool:
        """Say whether nobody has to answer, and nobody did: not even a stroke that is too faint to be read."""
        if field.key not in self._optional:
            return False
        nudge = registered.details.nudge(box_px(field.box_mm))
        rooms = zip(rooms_px(field), self._form.printed[field.key], strict=True)
        return not any(has_stroke(marks_in(flat, printed, room, nudge)) for room, printed in rooms)

    def _line(self, field: PaperField, sight: Sight, *, doubted: bool) -> Evidence:
        may_pass = not (doubted or lone_doubts(field.type, sight))
        return second_opinion(field, sight, self._engines.second, may_pass=may_pass)


def _is_one_line(field: PaperField) -> bool:
    return field.type is not FieldType.CHECKBOX and not field.options and field.lines is None


def _left_to_people(field: PaperField) -> FieldReading:
    """Writing on several lines is not read: whoever checks the sheet keys what stands there, if anything does."""
    return FieldReading(field.key, field.type, None, "", 0.0, ("several_lines",), (), box_px(field.box_mm))


def _misplaced(registered: Registered, field: PaperField) -> tuple[str, ...]:
    """A field with few printed details in place around it may be another field of another edition of the form.

    A written field that misses corners of its frame may be cut off or covered. (A tick hides the corners of its box.)
    """
    box = box_px(field.box_mm)
    around = registered.details.around(box, _SURROUNDINGS).in_place
    elsewhere = len(around) > 0 and around.mean() < _IN_PLACE_MINIMUM
    corners = registered.details.near(box).in_place
    cut = field.type is not FieldType.CHECKBOX and (~corners).sum() > _CORNERS_MISSED
    return ("misplaced",) if elsewhere or cut else ()


def _candidates(kind: FieldType, evidence: Evidence) -> tuple[str, ...]:
    """Of a name that may be spelled in letters of its own, how: an engine proposes its everyday letters only."""
    text, others = evidence.sight.normal.text, evidence.sight.first.others
    forms = other_forms(text) if kind is FieldType.PERSON_NAME else ()
    return distinct((evidence.second_normal.text, *forms[:_FORMS_OFFERED], *others), besides=text)
