"""May this field pass without a person, and if not, why? Only when nothing speaks against it.

A wrong value that passes is the worst fault, so each reason alone is enough to ask. No engine's confidence alone lets
a field pass: on held-out sheets it was wrong in 1.2 % of them. The second engine (agreement.py), the ink, the shape of
the value and the rules each have a say.
"""

from forms.field_types import FieldType
from ocr.agreement import WORDS, same_value
from ocr.evidence import Evidence, Sight
from ocr.lookalikes import doubtful_kana, has_unreadable_twin, shapes_clash, variants_open

LEAST_PROBABILITY = 0.5
_SIZE_SURE = 0.97
_UNREAD_ABOVE = 0.25


def lone_doubts(kind: FieldType, sight: Sight) -> tuple[str, ...]:
    """Return the codes (docs/reading.md) of the doubts that no second opinion can lift."""
    if not sight.first.text and sight.normal.problem is None:
        return ("empty",)
    checks = (
        (sight.normal.problem.code if sight.normal.problem else "", sight.normal.problem is not None),
        ("low_probability", sight.certainty < LEAST_PROBABILITY),
        ("ink_unread", sight.unread > _UNREAD_ABOVE),
        ("name_parts", not sight.parts_clear and not sight.parts_at),
        ("ambiguous_letter", _doubtful_letter(kind, sight)),
    )
    return tuple(code for code, holds in checks if holds)


def reasons(kind: FieldType, evidence: Evidence) -> tuple[str, ...]:
    """Return the codes (docs/reading.md) of why a person must look, none when the field passes."""
    alone = lone_doubts(kind, evidence.sight)
    if alone == ("empty",):
        return alone
    checks = (
        ("ambiguous_kana", _doubtful_kana(kind, evidence)),
        ("engines_differ", not evidence.agrees(kind)),
        ("name_parts", not evidence.parts_clear and "name_parts" not in alone),
        ("name_reading", evidence.sight.confirmed is False),
    )
    return (*alone, *(code for code, holds in checks if holds))


def _doubtful_kana(kind: FieldType, evidence: Evidence) -> bool:
    """Say whether a kana may be small or large: sound and ink leave it open, and so do the engines."""
    sight, value = evidence.sight, evidence.sight.normal.value
    if not isinstance(value, str) or kind not in WORDS | {FieldType.KATAKANA}:
        return False
    if sight.confirmed:
        return False
    both_sure = sight.certainty >= _SIZE_SURE and same_value(value, evidence.second_normal.value)
    return not both_sure and bool(doubtful_kana(value, sight.sizes))


def _doubtful_letter(kind: FieldType, sight: Sight) -> bool:
    value = sight.normal.value
    if kind not in WORDS or not isinstance(value, str):
        return False
    twin = kind is FieldType.PERSON_NAME and has_unreadable_twin(value)
    return twin or shapes_clash(value) or variants_open(sight.first, rivals_count=kind is FieldType.PERSON_NAME)
