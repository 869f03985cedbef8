"""May this field pass without a person, and if not, why? Only when nothing speaks against it.

A wrong value that passes is the worst fault, so each reason alone is enough to ask. No single engine's confidence
lets a field pass: on held-out sheets it was wrong in 1.2 % of them.
"""

from forms.field_types import FieldType
from ocr.evidence import WORDS, Evidence, same_value
from ocr.lookalikes import doubtful_kana, has_unreadable_twin, shapes_clash, variants_open

LEAST_PROBABILITY = 0.85
_UNREAD_ABOVE = 0.25


def reasons(kind: FieldType, evidence: Evidence) -> tuple[str, ...]:
    """Return the codes (docs/reading.md) of why a person must look, none when the field passes."""
    if not evidence.first.text and evidence.normal.problem is None:
        return ("empty",)
    checks = (
        (evidence.normal.problem.code if evidence.normal.problem else "", evidence.normal.problem is not None),
        ("engines_differ", not same_value(evidence.normal.value, evidence.second_normal.value)),
        ("low_probability", evidence.first.least < LEAST_PROBABILITY),
        ("ink_unread", evidence.unread > _UNREAD_ABOVE),
        ("name_parts", not evidence.parts_clear),
        ("ambiguous_kana", _doubtful_kana(kind, evidence)),
        ("ambiguous_letter", _doubtful_letter(kind, evidence)),
    )
    return tuple(code for code, holds in checks if holds)


def _doubtful_kana(kind: FieldType, evidence: Evidence) -> bool:
    value = evidence.normal.value
    if not isinstance(value, str) or kind not in WORDS | {FieldType.KATAKANA}:
        return False
    return bool(doubtful_kana(value, evidence.sizes))


def _doubtful_letter(kind: FieldType, evidence: Evidence) -> bool:
    value = evidence.normal.value
    if kind not in WORDS or not isinstance(value, str):
        return False
    twin = kind is FieldType.PERSON_NAME and has_unreadable_twin(value)
    return twin or shapes_clash(value) or variants_open(evidence.first)
