"""What may stand between braces in a notice? A closed list; each name is filled with a value of its own kind.

A clerk writes `{申込みの期限}`, with the braces of either width and the name in Japanese or as its code. Nothing of a
person can be named but the reference code of a mail, which the help desk asks for.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum


class Kind(StrEnum):
    TEXT = "text"
    DATE = "date"
    YEN = "yen"
    """Whole yen; or words, where the sheet says in words what is granted."""
    LINK = "link"
    TELEPHONE = "telephone"
    REFERENCE = "reference"
    """The one piece of a person: put in while a mail leaves."""


class Channel(StrEnum):
    MAIL = "mail"
    LINE = "line"


BOTH = frozenset(Channel)


@dataclass(frozen=True)
class Placeholder:
    code: str
    ja: str
    kind: Kind
    channels: frozenset[Channel] = BOTH


PLACEHOLDERS = (
    Placeholder("program", "制度の名称", Kind.TEXT),
    Placeholder("summary", "市民が読む説明", Kind.TEXT),
    Placeholder("starts", "受付を始める日", Kind.DATE),
    Placeholder("deadline", "申込みの期限", Kind.DATE),
    Placeholder("amount", "支給額・内容", Kind.YEN),
    Placeholder("link", "手続のリンク", Kind.LINK),
    Placeholder("portal", "サインインのリンク", Kind.LINK),
    Placeholder("counter", "受付窓口", Kind.TEXT),
    Placeholder("telephone", "電話番号", Kind.TELEPHONE),
    Placeholder("documents", "必要な書類", Kind.TEXT),
    Placeholder("reference", "問い合わせ番号", Kind.REFERENCE, frozenset({Channel.MAIL})),
)
BY_NAME: Mapping[str, Placeholder] = {name: each for each in PLACEHOLDERS for name in (each.code, each.ja)}


@dataclass(frozen=True)
class Link:
    """`label` says where it leads."""

    url: str
    label: str


@dataclass(frozen=True)
class Telephone:
    number: str


Value = str | date | int | Link | Telephone
"""Never a float, never a thing of another kind than its placeholder's."""
Values = Mapping[str, Value]
"""By code; a placeholder whose value the program does not have is missing."""

FITTING: Mapping[Kind, tuple[type, ...]] = {
    Kind.TEXT: (str,),
    Kind.DATE: (date,),
    Kind.YEN: (int, str),
    Kind.LINK: (Link,),
    Kind.TELEPHONE: (Telephone,),
    Kind.REFERENCE: (),
}


@dataclass(frozen=True)
class Use:
    """A place in a text where a value goes; None where no placeholder is so called."""

    written: str
    """What stands between the braces, tidied."""
    placeholder: Placeholder | None


_USE = re.compile(r"[{\uff5b]([^{}\uff5b\uff5d\n]{0,60})[}\uff5d]")
_BRACE = re.compile(r"[{}\uff5b\uff5d]")


def parts_of(text: str) -> Iterator[str | Use]:
    """Give a text as what stands in it plainly and where values go, in order."""
    at = 0
    for found in _USE.finditer(text):
        if found.start() > at:
            yield text[at : found.start()]
        name = unicodedata.normalize("NFKC", found[1]).strip()
        yield Use(name, BY_NAME.get(name) or BY_NAME.get(name.lower()))
        at = found.end()
    if at < len(text):
        yield text[at:]


def uses_in(text: str) -> Sequence[Use]:
    return [part for part in parts_of(text) if isinstance(part, Use)]


def codes_in(text: str) -> frozenset[str]:
    """Give the codes of the placeholders that a text uses."""
    return frozenset(use.placeholder.code for use in uses_in(text) if use.placeholder is not None)


def has_stray_brace(text: str) -> bool:
    """Say whether a brace stands alone: a placeholder that somebody began."""
    return any(_BRACE.search(part) for part in parts_of(text) if isinstance(part, str))


def nearest(written: str) -> str | None:
    """Give the placeholder's name that was probably meant."""
    found = get_close_matches(written, BY_NAME, n=1, cutoff=0.4)
    return BY_NAME[found[0]].ja if found else None


def fits(placeholder: Placeholder, value: Value) -> bool:
    """Say whether a value is of the kind that a placeholder takes."""
    return isinstance(value, FITTING[placeholder.kind]) and not isinstance(value, bool)
