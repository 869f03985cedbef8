"""What do two engines and the ink say about one field? Gathered once, judged by the gate."""

from dataclasses import dataclass

from forms.answers import Normal, normalise
from forms.field_types import FieldType, Value
from forms.layout import PaperField
from forms.widths import plain, without_stray_spaces
from ocr.cleaning import tight
from ocr.coverage import letters_unread
from ocr.decode import Grey
from ocr.engine import Engine, LineReading
from ocr.glyphs import relative_sizes
from ocr.lookalikes import sizes_settled
from ocr.parts import space_of, widest_gap

WORDS = frozenset((FieldType.TEXT, FieldType.ADDRESS, FieldType.PERSON_NAME))
_IN_PARTS = frozenset((FieldType.PERSON_NAME, FieldType.KATAKANA))
_HAS_KANA = WORDS | {FieldType.KATAKANA}
_LOOKS_AT_WORDS = 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """`first` is the better engine's reading, `second` the independent one's; `normal` comes from the first.

    `parts_clear` says whether a name's two parts stand apart; `unread` how many letters' worth of ink has no letter;
    `sizes` is each letter's size beside the usual letter's, spaces left out.
    """

    first: LineReading
    second: LineReading
    normal: Normal
    second_normal: Normal
    parts_clear: bool
    unread: float
    sizes: tuple[float | None, ...] = ()


NOTHING = LineReading(text="", least=1.0)


def gather(field: PaperField, writing: Grey, first: Engine, second: Engine) -> Evidence:
    """Read the writing of one field with both engines and normalise what they say."""
    crop = tight(writing)
    if crop.size == 0:
        nothing = Normal(None, "")
        return Evidence(NOTHING, NOTHING, nothing, nothing, parts_clear=True, unread=0.0)
    one = first.read(crop, field.type)
    two = _second_opinion(field, crop, second, normalise(field, sizes_settled(field.type, one.text)))
    text, clear = _spaced(field.type, crop, one, two)
    return Evidence(
        first=one,
        second=two,
        normal=normalise(field, text),
        second_normal=normalise(field, sizes_settled(field.type, two.text)),
        parts_clear=clear,
        unread=letters_unread(crop, one.places),
        sizes=relative_sizes(crop, _letter_places(one)) if field.type in _HAS_KANA else (),
    )


def _second_opinion(field: PaperField, crop: Grey, second: Engine, first: Normal) -> LineReading:
    """Let the second engine look again, in another way, while it disagrees.

    Words have one more look, narrow alphabets all: where any letter may stand, a reading that agrees by chance is
    nearer.
    """
    opinion = second.read(crop, field.type)
    looks = min(second.looks, _LOOKS_AT_WORDS) if field.type in WORDS else second.looks
    for look in range(1, looks):
        if same_value(first.value, normalise(field, sizes_settled(field.type, opinion.text)).value):
            return opinion
        again = second.read(crop, field.type, look)
        opinion = again if again.text else opinion
    return opinion


def same_value(one: Value, two: Value) -> bool:
    """Say whether two normal forms are there and equal; spaces are judged elsewhere."""
    return one is not None and _unspaced(one) == _unspaced(two)


def _unspaced(value: Value) -> Value:
    return value.replace(" ", "") if isinstance(value, str) else value


def _spaced(kind: FieldType, crop: Grey, one: LineReading, two: LineReading) -> tuple[str, bool]:
    """A name's space is sure where the gap is clear, or where it is the widest and an engine saw a space there too."""
    if kind not in _IN_PARTS:
        return without_stray_spaces(plain(one.text)), True
    letters = sizes_settled(kind, one.text.replace(" ", ""))
    before, clear = widest_gap(crop, _letter_places(one))
    if not before:
        return letters, False
    seen = before in (space_of(one.text.strip()), space_of(two.text.strip()))
    return f"{letters[:before]} {letters[before:]}", clear or seen


def _letter_places(reading: LineReading) -> tuple[float, ...]:
    return tuple(place for letter, place in zip(reading.text, reading.places, strict=True) if letter != " ")
