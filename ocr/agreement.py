"""Does what the independent engine read let the first engine's reading stand?

Where both read one value, it does. The second engine is the worse of the two: on handwriting it often reads what no
date or number can be, and mistakes a letter of a name. Such a reading is no witness against a letter that the first
engine is nearly sure of; another value that could stand there is one, however sure the first engine is.
"""

from rapidfuzz.distance import LCSseq

from forms.answers import Normal
from forms.field_types import FieldType, Value

WORDS = frozenset((FieldType.TEXT, FieldType.ADDRESS, FieldType.PERSON_NAME))
_SPELLED = WORDS | {FieldType.KATAKANA}

# Measured on 256 sheets of four forms (docs/reading-accuracy.md): of 154 numbers and dates that were read so surely
# and not confirmed none was wrong, of 210 words whose letters were half confirmed two were.
_SHAPED_SURE = 0.98
_HALF_CONFIRMED_SURE = 0.95
_UNCONFIRMED_SURE = 0.99
_HALF = 0.5


def lets_stand(kind: FieldType, first: Normal, certainty: float, second: Normal) -> bool:
    """Say whether the first reading may stand beside the second; `certainty` is its least sure letter's, 0 to 1."""
    if same_value(first.value, second.value):
        return True
    if first.value is None:
        return False
    if kind in _SPELLED:
        confirmed = _confirmed(_unspaced(first.text), _unspaced(second.text))
        return certainty >= (_HALF_CONFIRMED_SURE if confirmed >= _HALF else _UNCONFIRMED_SURE)
    return certainty >= _SHAPED_SURE and not _contradicts(first, second)


def same_value(one: Value, two: Value) -> bool:
    """Say whether two normal forms are there and equal; spaces are judged elsewhere."""
    return one is not None and _unspaced(one) == _unspaced(two)


def _unspaced(value: Value) -> Value:
    return value.replace(" ", "") if isinstance(value, str) else value


def _confirmed(first: Value, second: Value) -> float:
    """Return the share of the first reading's letters that the second has too, in the same order."""
    return LCSseq.similarity(str(first), str(second)) / max(1, len(str(first)))


def _contradicts(first: Normal, second: Normal) -> bool:
    return second.value is not None and len(str(second.value)) == len(str(first.value))
