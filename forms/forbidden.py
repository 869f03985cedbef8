"""Does a form ask for a 個人番号? It has no place in this office, so no form here may ask for one.

番号法 allows it to be collected only for the affairs that the law lists; this system serves none of them.
"""

import re
from collections.abc import Iterator

from forms.definition import FormDefinition, FormField
from forms.field_types import FieldType
from forms.my_number import LENGTH
from forms.problems import Problem
from forms.widths import plain, without_spaces

_NAMED = re.compile(
    r"(個人番号|マイナンバー|まいなんばー|こじんばんごう|コジンバンゴウ"
    r"|my ?-?_?number|kojin_?-?bang(o|ou)|individual ?_?number)"
    r"(?!カード|かーど|制度|通知| ?card)",
    re.IGNORECASE,
)
_HOLDS_NO_NUMBER = frozenset({FieldType.CHECKBOX, FieldType.CHOICE, FieldType.CHOICES, FieldType.DATE})
"""Whether somebody showed the card, or until when it is valid, may be asked."""


def asks_for_my_number(definition: FormDefinition) -> tuple[Problem, ...]:
    """Return a problem for each question that would collect a 個人番号, by its words or by its twelve digits."""
    every = (*definition.fields, *definition.table_of_columns())
    return tuple(problem for field in every for problem in _of_field(field))


def names_my_number(text: str) -> bool:
    """Say whether `text` names a 個人番号 itself, and not the card or the scheme."""
    return _NAMED.search(without_spaces(plain(text))) is not None or _NAMED.search(text) is not None


def _of_field(field: FormField) -> Iterator[Problem]:
    words = (field.key, field.label, field.label_en, field.help, field.help_en)
    if field.type not in _HOLDS_NO_NUMBER and any(names_my_number(each) for each in words):
        yield Problem(
            field.key,
            "asks_my_number",
            f"「{field.label}」は個人番号を尋ねる欄です。この業務では個人番号を集められません。",
            f"{field.label_en or field.key} asks for a My Number, which may not be collected here.",
        )
    elif field.type is FieldType.DIGITS and field.comb == LENGTH and not field.business_key:
        yield Problem(
            field.key,
            "twelve_digits",
            f"「{field.label}」は12桁の数字です。個人番号でないなら「業務で使う番号」として登録してください。",
            f"{field.label_en or field.key} has twelve digits: if it is no My Number, declare it as a business key.",
        )
