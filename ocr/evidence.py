"""What do two engines and the ink say about one field?"""

from dataclasses import dataclass

from forms.answers import Normal, normalise
from forms.field_types import FieldType
from forms.layout import PaperField
from forms.widths import plain, without_stray_spaces
from ocr.cleaning import tight
from ocr.coverage import letters_unread
from ocr.decode import Grey
from ocr.engine import Engine, LineReading
from ocr.glyphs import relative_sizes
from ocr.lookalikes import sizes_settled
from ocr.parts import space_of, widest_gap

_IN_PARTS = frozenset((FieldType.PERSON_NAME, FieldType.KATAKANA))


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
    """This function will read the writing of one field with both engines and normalise what they say."""
    crop = tight(writing)
    if crop.size == 0:
        nothing = Normal(None, "")
        return Evidence(NOTHING, NOTHING, nothing, nothing, parts_clear=True, unread=0.0)
    one, two = first.read(crop, field.type), second.read(crop, field.type)
    text, clear = _spaced(field.type, crop, one, two)
    return Evidence(
        first=one,
        second=two,
        normal=normalise(field, text),
        second_normal=normalise(field, sizes_settled(field.type, two.text)),
        parts_clear=clear,
        unread=letters_unread(crop, one.places),
        sizes=relative_sizes(crop, _letter_places(one)),
    )


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
