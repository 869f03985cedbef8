"""May this field pass without a person, and if not, why?

A wrong value that passes is the worst fault, so each reason alone is enough to ask. No single engine's confidence
lets a field pass: on held-out sheets it was wrong in 1.2 % of them.
"""

from forms.field_types import FieldType
from ocr.evidence import Evidence
from ocr.lookalikes import doubtful_kana, shapes_clash, variant_rivals

LEAST_PROBABILITY = 0.85
_RIVAL_ABOVE = 0.02
_UNREAD_ABOVE = 0.25
_WORDS = frozenset((FieldType.TEXT, FieldType.ADDRESS, FieldType.PERSON_NAME))


def reasons(kind: FieldType, evidence: Evidence) -> tuple[str, ...]:
    """This function will return the codes (docs/reading.md) of why a person must look, none when the field passes."""
    if not evidence.first.text and evidence.normal.problem is None:
        return ("empty",)
    checks = (
        (evidence.normal.problem.code if evidence.normal.problem else "", evidence.normal.problem is not None),
        ("engines_differ", not agree(evidence)),
        ("low_probability", evidence.first.least < LEAST_PROBABILITY),
        ("ink_unread", evidence.unread > _UNREAD_ABOVE),
        ("name_parts", not evidence.parts_clear),
        ("ambiguous_kana", _doubtful_kana(kind, evidence)),
        ("ambiguous_letter", _doubtful_letter(kind, evidence)),
    )
    return tuple(code for code, holds in checks if holds)


def agree(evidence: Evidence) -> bool:
    """This function will say whether both engines mean the same value; spaces are judged elsewhere."""
    one, two = evidence.normal.value, evidence.second_normal.value
    return one is not None and _unspaced(one) == _unspaced(two)


def _unspaced(value: object) -> object:
    return value.replace(" ", "") if isinstance(value, str) else value


def _doubtful_kana(kind: FieldType, evidence: Evidence) -> bool:
    value = evidence.normal.value
    if not isinstance(value, str) or kind not in _WORDS | {FieldType.KATAKANA}:
        return False
    return bool(doubtful_kana(value, evidence.sizes))


def _doubtful_letter(kind: FieldType, evidence: Evidence) -> bool:
    value = evidence.normal.value
    if kind not in _WORDS or not isinstance(value, str):
        return False
    return shapes_clash(value) or any(variant_rivals(evidence.first.text, evidence.first.rivals, _RIVAL_ABOVE))
