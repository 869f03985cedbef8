"""Do a name and its reading tell the same? Each is a witness to the other, with a dictionary of how names are read.

An engine that wavers between ツ and リ, or between 八 and 入, does not know that 椿 is read ツバキ and 八重 ヤエ. What
it read is changed only to what it held possible itself, or to a kana's other size; what it is sure of stands.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import prod

import jaconv

from forms.answers import normalise
from forms.field_types import FieldType
from forms.kana import large_of
from forms.layout import PaperField
from ocr.engine import LineReading
from ocr.evidence import Sight
from ocr.lookalikes import is_form_of
from ocr.name_dictionary import is_in_kana
from ocr.parts import parted
from ocr.plausible import certainty
from ocr.settling import with_letters

ReadingsOf = Callable[[str], frozenset[str]]
Pair = tuple[str, str]
"""A part of a reading, and the part of the name that it belongs to."""

_THOUGHT_OF = 0.01  # of what the letter that was read has
_OTHER_SIZE = 0.3  # where a name is read with the other size alone, ink and engine weigh less than the name
_OTHER_MARK = 0.3  # ヤマサキ and ヤマザキ are both readings of 山崎: the dictionary may know one of them only
_PLAIN = "カキクケコサシスセソタチツテトハヒフヘホハヒフヘホバビブベボ"
_MARKED = "ガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポパピプペポ"
_OF_TWO_SIZES = frozenset("ァアィイゥウェエォオッツャヤュユョヨ")
_IN_KATAKANA = re.compile("[ァ-ヶー]")
_SIZE_SEEN = 0.1
_SURE = 0.97
_MARKS = frozenset(frozenset(pair) for pair in zip(_PLAIN, _MARKED, strict=True))


def agreed(fields: Sequence[PaperField], sights: Mapping[str, Sight], readings_of: ReadingsOf) -> dict[str, Sight]:
    """Return the sights with each reading in kana compared with its name: the one beside it, as forms print them.

    A reading that has no name beside it, an account holder's, is compared with every name on the sheet, and changes
    only to the whole reading of one. The names stay as they are: it may be another person's.
    """
    told = dict(sights)
    for kana, beside, names in _pairs(fields, sights):
        if beside is not None:
            found = _compared((kana, beside), (told[kana.key], told[beside.key]), readings_of)
            if found is not None:
                told[kana.key], told[beside.key] = found
            continue
        compared = (_compared((kana, name), (told[kana.key], told[name.key]), readings_of) for name in names)
        spelled = [told[name.key].first.text for name in names]
        for found, name in zip(compared, spelled, strict=True):
            if found is not None and found[0].confirmed and found[1].first.text == name:
                told[kana.key] = found[0]
                break
    return told


def _pairs(
    fields: Sequence[PaperField], sights: Mapping[str, Sight]
) -> Iterator[tuple[PaperField, PaperField | None, list[PaperField]]]:
    """Yield each reading with the name that it belongs to, and with every name where none is told to be its own."""
    read = [field for field in fields if field.key in sights and sights[field.key].first.text and not field.slots]
    names = [field for field in read if field.type is FieldType.PERSON_NAME]
    written = (field.key for field in fields if field.key in sights)
    order = {key: place for place, key in enumerate(written)}
    readings = [field for field in read if field.type is FieldType.KATAKANA]
    for kana in readings:
        beside = [name for name in names if abs(order[name.key] - order[kana.key]) == 1]
        beside = beside or (names if len(names) == len(readings) == 1 else [])
        yield kana, max(beside, key=lambda name: order[name.key], default=None), names


def _compared(
    fields: tuple[PaperField, PaperField], sights: tuple[Sight, Sight], readings_of: ReadingsOf
) -> tuple[Sight, Sight] | None:
    """Return both sights with what each tells of the other, None where their parts cannot be told apart."""
    kana, name = _parted_alike(sights, readings_of)
    if len(kana.parts_at) != len(name.parts_at):
        return None
    parts = list(zip(_split(kana), _split(name), strict=True))
    settled = [_settled(*pair, readings_of) for pair in parts]
    texts = ("".join(each) for each in zip(*settled, strict=True))
    read, spelled = (_told(*each) for each in zip(fields, (kana, name), texts, strict=True))
    known = [readings_of(part) for _, part in settled]
    if all(reading in readings for (reading, _), readings in zip(settled, known, strict=True)):
        is_told = all(_is_told(*each, readings_of) for each in zip(parts, settled, strict=True))
        tells = True if is_told else None
        return replace(read, confirmed=tells), replace(spelled, confirmed=tells)
    in_kana = all(is_in_kana(part) for _, part in settled)
    doubted = (all(known) and (in_kana or sight.certainty < _SURE) for sight in (read, spelled))
    one, other = (False if doubt else None for doubt in doubted)
    return replace(read, confirmed=one), replace(spelled, confirmed=other)


def _told(field: PaperField, sight: Sight, text: str) -> Sight:
    first = with_letters(sight.first, text)
    normal = normalise(field, parted(text, sight.parts_at))
    return replace(sight, first=first, normal=normal, certainty=certainty(field, first))


def _split(sight: Sight) -> list[LineReading]:
    ends = (0, *sight.parts_at, len(sight.first.text))
    return [sight.first.only(range(start, end)) for start, end in pairwise(ends)]


def _settled(kana: LineReading, name: LineReading, readings_of: ReadingsOf) -> Pair:
    """Return the likeliest reading and spelling that belong together, as they were read where none do."""
    known = readings_of(name.text)
    if kana.text in known:
        return kana.text, name.text
    # Where the name itself has such kana, its reading is no better a witness of their size than what was seen.
    other_size = 0.0 if _OF_TWO_SIZES.intersection(jaconv.hira2kata(name.text)) else _OTHER_SIZE
    read_so = [(_likelihood(kana, reading, other_size), (reading, name.text)) for reading in known]
    spelled_so = [
        (share, (kana.text, other)) for share, other in _other_spellings(name) if kana.text in readings_of(other)
    ]
    share, likeliest = max((*read_so, *spelled_so), default=(0.0, (kana.text, name.text)))
    return likeliest if share >= _THOUGHT_OF else (kana.text, name.text)


def _is_told(lines: tuple[LineReading, LineReading], pair: Pair, readings_of: ReadingsOf) -> bool:
    """Say whether each tells what the other must be, among all that the engine held possible.

    中島 is read ナカシマ and ナカジマ, 太郎 and 太朗 are both read タロウ: there neither knows of the other. Katakana
    in a name and in its reading, or kana of the same two sizes, are one engine's opinion twice.
    """
    (kana, name), (reading, spelling) = lines, pair
    if _IN_KATAKANA.search(spelling) or _OF_TWO_SIZES.intersection(jaconv.hira2kata(spelling)):
        return False
    read_otherwise = (each for each in readings_of(spelling) if each != reading and _is_possible(kana, each))
    spelled_otherwise = (
        other
        for at, rivals in enumerate(name.rivals)
        for letter, probability in rivals
        if (other := spelling[:at] + letter + spelling[at + 1 :]) != spelling
        and not is_form_of(spelling[at], letter)
        and _is_held(name, at, probability)
        and reading in readings_of(other)
    )
    return not any((*read_otherwise, *spelled_otherwise))


def _is_possible(kana: LineReading, reading: str) -> bool:
    """Say whether the engine held possible that `reading` stands there, whatever it read."""
    return len(reading) == len(kana.text) and all(
        letter == here or _is_held(kana, at, dict(kana.rivals[at]).get(letter, 0.0))
        for at, (letter, here) in enumerate(zip(reading, kana.text, strict=True))
    )


def _is_held(line: LineReading, place: int, probability: float) -> bool:
    return probability >= _THOUGHT_OF * line.certainties[place]


def _likelihood(kana: LineReading, reading: str, other_size: float) -> float:
    """Return how likely it is that `reading` stands there, beside what was read; 0 for one of another length."""
    if len(reading) != len(kana.text):
        return 0.0
    changed = [place for place, letter in enumerate(reading) if letter != kana.text[place]]
    return prod(_share(kana, place, reading[place], other_size) for place in changed)


def _share(kana: LineReading, place: int, letter: str, other_size: float) -> float:
    here = kana.text[place]
    share = dict(kana.rivals[place]).get(letter, 0.0) / max(kana.certainties[place], _THOUGHT_OF)
    if large_of(here) == large_of(letter):
        return max(other_size, share if share >= _SIZE_SEEN else 0.0)
    if kana.certainties[place] >= _SURE:
        return 0.0
    least = _OTHER_MARK if frozenset((here, letter)) in _MARKS else _THOUGHT_OF
    return share if share >= least else 0.0


def _other_spellings(name: LineReading) -> Iterator[tuple[float, str]]:
    """Yield the spellings that differ in one letter, read unsurely, with how likely it is beside the one that was read.

    Forms of one letter are left out: no reading tells them apart.
    """
    for place, here in enumerate(name.text):
        for other, probability in name.rivals[place] if name.certainties[place] < _SURE else ():
            share = probability / max(name.certainties[place], _THOUGHT_OF)
            least = _SIZE_SEEN if large_of(here) == large_of(other) else _THOUGHT_OF
            if other and not is_form_of(here, other) and share >= least:
                yield share, name.text[:place] + other + name.text[place + 1 :]


def _parted_alike(sights: tuple[Sight, Sight], readings_of: ReadingsOf) -> tuple[Sight, Sight]:
    """Return both sights parted at the same places: a reading has as many parts as its name."""
    kana, name = sights
    if len(name.parts_at) == 1:
        spelled = [part.text for part in _split(name)]
        kana = _parted_where(
            kana, lambda start, end: (start in readings_of(spelled[0]), end in readings_of(spelled[1]))
        )
    if len(kana.parts_at) == 1:
        read = [part.text for part in _split(kana)]
        name = _parted_where(name, lambda start, end: (read[0] in readings_of(start), read[1] in readings_of(end)))
    return kana, name


def _parted_where(sight: Sight, known: Callable[[str, str], tuple[bool, bool]]) -> Sight:
    """Part a line where both sides belong to the other line's, or one side where its own ink shows no clear place."""
    text = sight.first.text
    both, one = [], []
    for at in range(1, len(text)):
        belongs = known(text[:at], text[at:])
        if all(belongs):
            both.append(at)
        elif any(belongs):
            one.append(at)
    found = both or ([] if sight.parts_at else one)
    if len(found) != 1:
        return sight
    return replace(sight, parts_at=(found[0],), parts_clear=True)
