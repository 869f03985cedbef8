"""Which kinds of answer can a form ask for? Eleven types that layouts name too, and two for screens only."""

from datetime import date
from enum import StrEnum

Value = str | int | bool | None
"""A normal form as it is stored and exchanged: dates are ISO 8601 strings, yen and integers are `int`."""

RuleValue = str | int | bool | date | None
"""The same value as a rule sees it: dates are dates."""


class FieldType(StrEnum):
    DATE = "date"
    KATAKANA = "katakana"
    PERSON_NAME = "person_name"
    POSTAL_CODE = "postal_code"
    ADDRESS = "address"
    PHONE = "phone"
    DIGITS = "digits"
    TEXT = "text"
    INTEGER = "integer"
    YEN = "yen"
    CHECKBOX = "checkbox"
    LINES = "lines"
    CHOICE = "choice"


SCREEN_ONLY = frozenset({FieldType.LINES, FieldType.CHOICE})
"""Several lines of text, and one of listed options: asked on a screen, never read from paper."""
