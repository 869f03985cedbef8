"""Does a paper say what an application says? Answer by answer, each in the normal form of its own question."""

from enum import StrEnum
from typing import Final

from forms.answers import normalise
from forms.definition import FormField
from forms.field_types import FieldType, Value
from forms.widths import plain


class Finding(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"
    UNREAD = "unread"
    """Nothing was read there: only whoever looks at the paper can tell."""
    UNANSWERED = "unanswered"
    """The paper says something that the application leaves out."""


_SPELT_OUT: Final = {"(株)": "株式会社", "(有)": "有限会社", "(同)": "合同会社", "(一社)": "一般社団法人"}
"""After NFKC, which makes (株) of ㈱."""
_WORDS: Final = frozenset(
    {FieldType.TEXT, FieldType.LINES, FieldType.PERSON_NAME, FieldType.KATAKANA, FieldType.ADDRESS}
)


def compare(question: FormField, answer: Value, read: Value) -> Finding:
    """Say how what a paper says stands to an answer.

    Both are brought into the normal form of `question`; of words, blanks do not count and (株) is 株式会社.
    What was read and is no answer to the question differs.
    """
    if read is None or read == "":
        return Finding.UNREAD
    if answer is None or answer == "":
        return Finding.UNANSWERED
    return Finding.AGREES if _meaning(question, answer) == _meaning(question, read) else Finding.DIFFERS


def put_to(question: FormField, given: FormField, value: Value) -> Value:
    """Return an answer to `given` as one to `question`, of another form: options are the same by their labels.

    Each form counts the codes of its options for itself. A label that `question` does not list stays, and differs.
    """
    if not isinstance(value, str) or not (question.options or given.options):
        return value
    labels = {option.code: option.label for option in given.options}
    codes = {plain(option.label): option.code for option in question.options}
    said = [labels.get(code, code) for code in (value.split(",") if given.options else [value])]
    return ",".join(codes.get(plain(label), label) for label in said)


def as_answer(question: FormField, read: Value) -> Value:
    """Return what was read as an answer to the question, None where it is none."""
    return None if read is None else normalise(question, _written(read)).value


def _meaning(question: FormField, value: Value) -> Value:
    meant = as_answer(question, value)
    if meant is None:
        return plain(_written(value))
    return _bare(str(meant)) if question.type in _WORDS else meant


def _written(value: Value) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _bare(words: str) -> str:
    for short, spelt in _SPELT_OUT.items():
        words = words.replace(short, spelt)
    return "".join(words.split())
