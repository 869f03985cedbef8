"""What do two engines and the ink say about one field? Gathered once, judged by the gate."""

from dataclasses import dataclass

from forms.answers import Normal, normalise
from forms.field_types import FieldType, Value
from forms.layout import PaperField
from forms.widths import plain, without_stray_spaces
from ocr.cleaning import Ink, ink, tight
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
class Sight:
    """What the better engine and the ink say about one field; `crop` is None where nothing is written.

    `normal` is the reading's normal form; `unread` how many letters' worth of ink has no letter; `sizes` each letter's
    size beside the usual letter's, spaces left out. A name parts before letter `parts_at` (0: nowhere), beyond doubt
    where `parts_clear`.
    """

    crop: Grey | None
    first: LineReading
    normal: Normal
    unread: float = 0.0
    sizes: tuple[float | None, ...] = ()
    parts_at: int = 0
    parts_clear: bool = True


@dataclass(frozen=True, slots=True)
class Evidence:
    """A first sight and what the independent engine read."""

    sight: Sight
    second: LineReading
    second_normal: Normal

    @property
    def parts_clear(self) -> bool:
        """Say whether a name's parts stand apart: by the ink alone, or where the second engine saw a space too."""
        sight = self.sight
        return sight.parts_clear or (sight.parts_at > 0 and sight.parts_at == space_of(self.second.text.strip()))


NOTHING = LineReading(text="", least=1.0)


def first_sight(field: PaperField, writing: Grey, first: Engine) -> Sight:
    """Read the writing of one field with the first engine, and measure its ink."""
    crop = tight(writing)
    if crop.size == 0:
        return Sight(None, NOTHING, Normal(None, ""))
    one = first.read(crop, field.type)
    inked = ink(crop)
    text, before, clear = _spaced(field.type, inked, one)
    return Sight(
        crop=crop,
        first=one,
        normal=normalise(field, text),
        unread=letters_unread(inked, one.places),
        sizes=relative_sizes(inked, _letter_places(one)) if field.type in _HAS_KANA else (),
        parts_at=before,
        parts_clear=clear,
    )


def second_opinion(field: PaperField, sight: Sight, second: Engine, *, may_pass: bool) -> Evidence:
    """Add what the second engine reads.

    A field that no longer `may_pass` gets one look, for the clerk's sake. The others are looked at again, in another
    way, while the engines disagree: words once, narrow alphabets in every way. Where any letter may stand, a reading
    that agrees by chance is nearer.
    """
    if sight.crop is None:
        return Evidence(sight, NOTHING, Normal(None, ""))
    evidence = _opinion(field, sight, second.read(sight.crop, field.type))
    looks = min(second.looks, _LOOKS_AT_WORDS) if field.type in WORDS else second.looks
    for look in range(1, looks if may_pass else 1):
        if same_value(sight.normal.value, evidence.second_normal.value):
            break
        again = _opinion(field, sight, second.read(sight.crop, field.type, look))
        evidence = again if again.second.text else evidence
    return evidence


def _opinion(field: PaperField, sight: Sight, reading: LineReading) -> Evidence:
    return Evidence(sight, reading, normalise(field, sizes_settled(field.type, reading.text)))


def same_value(one: Value, two: Value) -> bool:
    """Say whether two normal forms are there and equal; spaces are judged elsewhere."""
    return one is not None and _unspaced(one) == _unspaced(two)


def _unspaced(value: Value) -> Value:
    return value.replace(" ", "") if isinstance(value, str) else value


def _spaced(kind: FieldType, inked: Ink, one: LineReading) -> tuple[str, int, bool]:
    """A name's space is sure where the gap is clear, or where it is the widest and the engine saw a space there too."""
    if kind not in _IN_PARTS:
        return without_stray_spaces(plain(one.text)), 0, True
    letters = sizes_settled(kind, one.text.replace(" ", ""))
    before, clear = widest_gap(inked, _letter_places(one))
    if not before:
        return letters, 0, False
    return f"{letters[:before]} {letters[before:]}", before, clear or before == space_of(one.text.strip())


def _letter_places(reading: LineReading) -> tuple[float, ...]:
    return tuple(place for letter, place in zip(reading.text, reading.places, strict=True) if letter != " ")
