"""What do two engines and the ink say about one field? Gathered once, judged by the gate."""

from dataclasses import dataclass, replace

from forms.answers import Normal, normalise
from forms.field_types import FieldType
from forms.layout import PaperField
from ocr.agreement import WORDS, lets_stand
from ocr.cleaning import Ink, ink, tight
from ocr.coverage import letters_unread
from ocr.decode import Grey
from ocr.engine import Engine, LineReading
from ocr.glyphs import relative_sizes, without_phantoms
from ocr.lookalikes import sizes_settled
from ocr.parts import Parts, parted, white_before, wide_gaps
from ocr.plausible import certainty, likeliest
from ocr.settling import settled

_IN_PARTS = frozenset((FieldType.PERSON_NAME, FieldType.KATAKANA))
_HAS_KANA = WORDS | {FieldType.KATAKANA}
_LOOKS_AT_WORDS = 2
# A name and its reading that belong together are two readings of one answer, of two places on the paper.
_WITNESSED_SURE = 0.9
# White between a number and a building's name, in heights of the line: letters have up to a quarter beside them.
_NO_SPACE, _SPACE = 0.27, 0.4


@dataclass(frozen=True, slots=True)
class Sight:
    """What the better engine and the ink say about one field; `crop` is None where nothing is written.

    `normal` is the reading's normal form; `unread` how many letters' worth of ink has no letter; `sizes` each letter's
    size beside the usual letter's, spaces left out. A line parts before the letters of `parts_at`, beyond doubt where
    `parts_clear`. `certainty` is the least of any letter, among the readings that could stand in the field.
    `confirmed` says whether a name and its reading belong together, None where nothing is known of the two.
    """

    crop: Grey | None
    first: LineReading
    normal: Normal
    unread: float = 0.0
    sizes: tuple[float | None, ...] = ()
    parts_at: Parts = ()
    parts_clear: bool = True
    certainty: float = 0.0
    confirmed: bool | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A first sight and what the independent engine read."""

    sight: Sight
    second: LineReading
    second_normal: Normal

    def agrees(self, kind: FieldType) -> bool:
        """Say whether the second reading lets the first stand."""
        sight = self.sight
        if sight.confirmed and sight.certainty >= _WITNESSED_SURE:
            return True
        return lets_stand(kind, sight.normal, sight.certainty, self.second_normal)

    @property
    def parts_clear(self) -> bool:
        """Say whether a name's parts stand apart: by the ink alone, or where the second engine saw a space too."""
        sight = self.sight
        return sight.parts_clear or (len(sight.parts_at) > 0 and sight.parts_at == self.second.spaces)


NOTHING = LineReading(text="", least=1.0)


def first_sight(field: PaperField, writing: Grey, first: Engine) -> Sight:
    """Read the writing of one field with the first engine, and measure its ink."""
    crop = tight(writing)
    if crop.size == 0:
        return Sight(None, NOTHING, Normal(None, ""))
    seen = first.read(crop, field.type)
    inked = ink(crop)
    one = likeliest(field, without_phantoms(seen.unspaced(), inked))
    sizes = relative_sizes(inked, one.places) if field.type in _HAS_KANA else ()
    before, clear = _parts(field.type, inked, one, seen.spaces)
    parts = parted(one.text, before)
    one = settled(field.type, replace(one, text=sizes_settled(field.type, parts).replace(" ", "")), sizes)
    return Sight(
        crop=crop,
        first=one,
        normal=normalise(field, parted(one.text, before)),
        unread=letters_unread(inked, one.places),
        sizes=sizes,
        parts_at=before,
        parts_clear=clear,
        certainty=certainty(field, one),
    )


def second_opinion(field: PaperField, sight: Sight, second: Engine, *, may_pass: bool) -> Evidence:
    """Add what the second engine reads.

    A field that no longer `may_pass` gets one look, for the clerk's sake. The others are looked at again, in another
    way, while it does not let the first reading stand: words once, narrow alphabets in every way. Where any letter may
    stand, a reading that agrees by chance is nearer.
    """
    if sight.crop is None:
        return Evidence(sight, NOTHING, Normal(None, ""))
    evidence = _opinion(field, sight, second.read(sight.crop, field.type))
    looks = min(second.looks, _LOOKS_AT_WORDS) if field.type in WORDS else second.looks
    for look in range(1, looks if may_pass else 1):
        if evidence.agrees(field.type):
            break
        again = _opinion(field, sight, second.read(sight.crop, field.type, look))
        evidence = again if again.second.text else evidence
    return evidence


def _opinion(field: PaperField, sight: Sight, reading: LineReading) -> Evidence:
    return Evidence(sight, reading, normalise(field, sizes_settled(field.type, reading.text)))


def _parts(kind: FieldType, inked: Ink, one: LineReading, spaces: Parts) -> tuple[Parts, bool]:
    """Return where a line parts, and whether that is sure: the gaps are clear, or the engine saw spaces there too.

    A name parts somewhere. An address parts only where a building's name in katakana or Latin letters follows a number;
    elsewhere its normal form has no space (forms/names.py).
    """
    if kind not in _IN_PARTS | {FieldType.ADDRESS}:
        return (), True
    if kind is FieldType.ADDRESS:
        return _building_after_number(inked, one)
    before, clear = wide_gaps(inked, one.places)
    if not before:
        return (spaces, False) if len(spaces) == 1 else ((), False)
    return before, clear or spaces == before


def _building_after_number(inked: Ink, one: LineReading) -> tuple[Parts, bool]:
    text = one.text
    could = [at for at in range(1, len(text)) if text[at - 1].isdecimal() and _begins_a_building(text[at])]
    white = {at: white_before(inked, one.places, at) for at in could}
    clear = not any(_NO_SPACE < white[at] < _SPACE for at in could)
    return tuple(at for at in could if white[at] >= (_NO_SPACE + _SPACE) / 2), clear


def _begins_a_building(letter: str) -> bool:
    return "ァ" <= letter <= "ヺ" or (letter.isascii() and letter.isalpha())
