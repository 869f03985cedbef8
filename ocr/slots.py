"""What stands in the rooms that a form leaves between printed letters? Each is read alone; all make one answer.

令和 年 月 日 that is printed inside a box is no writing: its numbers are read as numbers, and the printed letters join
them to a date.
"""

from collections.abc import Sequence

from forms.answers import Normal, normalise
from forms.field_types import FieldType
from forms.layout import PaperField
from ocr.agreement import WORDS
from ocr.engine import LineReading
from ocr.evidence import NOTHING, Evidence, Sight

_SPELLED = WORDS | {FieldType.KATAKANA}


def rooms_of(field: PaperField) -> tuple[PaperField, ...]:
    """Return a field for each of the slots; of dates and numbers they hold digits."""
    kind = field.type if field.type in _SPELLED else FieldType.DIGITS
    return tuple(PaperField(key=field.key, type=kind, box_mm=slot.box_mm) for slot in field.slots)


def joined(field: PaperField, rooms: Sequence[Evidence]) -> Evidence:
    """Return the evidence for the whole answer: it is as sure as the least sure of its rooms, empty where all are."""
    sights = [room.sight for room in rooms]
    if all(sight.crop is None for sight in sights):
        return Evidence(Sight(None, NOTHING, Normal(None, "")), NOTHING, Normal(None, ""))
    text = _joined(field, [sight.normal.text for sight in sights])
    second = _joined(field, [room.second_normal.text for room in rooms])
    sight = Sight(
        crop=next(sight.crop for sight in sights if sight.crop is not None),
        first=LineReading(text, min(sight.first.least for sight in sights)),
        normal=normalise(field, text),
        unread=max(sight.unread for sight in sights),
        parts_clear=all(sight.parts_clear for sight in sights),
        certainty=min(sight.certainty for sight in sights if sight.crop is not None),
    )
    return Evidence(sight, LineReading(second, min(room.second.least for room in rooms)), normalise(field, second))


def _joined(field: PaperField, written: Sequence[str]) -> str:
    return "".join(slot.before + text + slot.after for slot, text in zip(field.slots, written, strict=True))
