"""A box that prints 令和 年 月 日: its numbers are read, its letters are known."""

import pytest
from pydantic import ValidationError

from forms.answers import normalise
from forms.field_types import FieldType
from forms.layout import PaperField
from ocr.engine import LineReading
from ocr.evidence import NOTHING, Evidence, Sight
from ocr.gate import reasons
from ocr.slots import joined, rooms_of

DAY = PaperField(
    key="day",
    type="date",
    box_mm=(10, 10, 60, 8),
    slots=[
        {"box_mm": (20, 10, 9, 8), "before": "令和", "after": "年"},
        {"box_mm": (35, 10, 9, 8), "after": "月"},
        {"box_mm": (50, 10, 9, 8), "after": "日"},
    ],
)


def read(*numbers, second=None, certainty=0.999):
    rooms = zip(rooms_of(DAY), numbers, second or numbers, strict=True)
    return joined(DAY, [_room(room, number, other, certainty) for room, number, other in rooms])


def _room(room, number, other, certainty):
    if not number:
        return Evidence(Sight(None, NOTHING, normalise(room, "")), NOTHING, normalise(room, ""))
    sight = Sight(b"ink", LineReading(number, certainty), normalise(room, number), certainty=certainty)
    return Evidence(sight, LineReading(other, 1.0), normalise(room, other))


@pytest.mark.parametrize(
    ("seen", "value", "why"),
    [
        (read("8", "6", "15"), "2026-06-15", ()),
        (read("8", "6", "15", second=("8", "6", "")), "2026-06-15", ()),
        (read("8", "6", "15", second=("8", "6", "16")), "2026-06-15", ("engines_differ",)),
        (read("8", "6", "15", certainty=0.3), "2026-06-15", ("low_probability",)),
        (read("8", "", "15"), None, ("date_shape", "engines_differ")),
        (read("", "", ""), None, ("empty",)),
    ],
)
def test_the_rooms_of_a_date_make_one_answer(seen, value, why):
    assert (seen.sight.normal.value, reasons(FieldType.DATE, seen)) == (value, why)


@pytest.mark.parametrize(
    ("kind", "slot", "why"),
    [("date", (5, 10, 9, 8), "outside"), ("date", (65, 10, 9, 8), "outside"), ("checkbox", (20, 10, 9, 8), "one line")],
)
def test_a_slot_lies_in_the_box_of_a_field_that_is_written_on_one_line(kind, slot, why):
    with pytest.raises(ValidationError, match=why):
        PaperField(key="day", type=kind, box_mm=(10, 10, 60, 8), slots=[{"box_mm": slot}])
