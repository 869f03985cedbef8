"""Which readings of a line could stand in its field, and how sure is the one that was read among those?

A rival letter that no date, amount or number could have there says nothing against the letter that was read: the 4 that
competes with 令 in 令和8年 is no doubt, the 3 that competes with its 8 is.
"""

from collections.abc import Iterator
from dataclasses import replace

from forms.answers import normalise
from forms.field_types import FieldType, Value
from forms.layout import PaperField
from ocr.engine import LineReading
from ocr.lookalikes import sizes_settled

_SHAPED = frozenset(
    (
        FieldType.DATE,
        FieldType.POSTAL_CODE,
        FieldType.PHONE,
        FieldType.DIGITS,
        FieldType.INTEGER,
        FieldType.YEN,
        FieldType.ACCOUNT,
    )
)
_NOTICED = 0.002


def likeliest(field: PaperField, reading: LineReading) -> LineReading:
    """Return the reading, or where it cannot stand in the field the likeliest that can and differs in one letter.

    The reading found is as sure as the engine held the letter for that it puts in, or the blank.
    """
    if field.type not in _SHAPED or normalise(field, reading.text).problem is None:
        return reading
    others = [other for other in _one_letter_off(reading) if normalise(field, other.text).problem is None]
    return max(others, key=lambda other: other.least, default=reading)


def certainty(field: PaperField, reading: LineReading) -> float:
    """Return the least share, 0 to 1, that any letter has among the letters that would make another answer there."""
    if field.type not in _SHAPED | {FieldType.KATAKANA}:
        return min(reading.certainties, default=reading.least)
    value = _value(field, reading.text)
    return min((_share(field, reading, place, value) for place in range(len(reading.certainties))), default=0.0)


def _share(field: PaperField, reading: LineReading, place: int, value: Value) -> float:
    mine = reading.certainties[place]
    against = sum(
        probability
        for rival, probability in reading.rivals[place]
        if probability > _NOTICED and _value(field, _put(reading.text, place, rival)) not in (None, value)
    )
    return mine / (mine + against) if mine + against > 0 else 0.0


def _value(field: PaperField, text: str) -> Value:
    return normalise(field, sizes_settled(field.type, text)).value


def _one_letter_off(reading: LineReading) -> Iterator[LineReading]:
    every = range(len(reading.text))
    for place, rivals in enumerate(reading.rivals):
        for rival, probability in rivals:
            certainties = (*reading.certainties[:place], probability, *reading.certainties[place + 1 :])
            other = replace(reading, text=_put(reading.text, place, rival or " "), certainties=certainties)
            kept = other if rival else other.only([at for at in every if at != place])
            yield replace(kept, least=min(certainties))


def _put(text: str, place: int, letter: str) -> str:
    return text[:place] + letter + text[place + 1 :]
