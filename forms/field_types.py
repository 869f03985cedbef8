"""Which kinds of answer can a form ask for? Those that paper can carry, and some for screens only."""

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
    CHOICES = "choices"
    """Any number of listed options; the normal form is their codes in the form's order, parted by commas."""
    BANK = "bank"
    BRANCH = "branch"
    ACCOUNT = "account"
    FILE = "file"
    """The number of a file that lies beside the answers."""
    TABLE = "table"
    """Rows of columns. It has no answer of its own: `FormDefinition.questions` has one question a cell."""


LISTING = frozenset({FieldType.CHOICE, FieldType.CHOICES})
"""Whoever answers picks from listed options."""

SCREEN_ONLY = frozenset({FieldType.LINES, FieldType.CHOICE, FieldType.CHOICES, FieldType.FILE, FieldType.TABLE})
"""Asked on a screen, never read from paper as one box."""

NUMBERS = frozenset({FieldType.INTEGER, FieldType.YEN})
