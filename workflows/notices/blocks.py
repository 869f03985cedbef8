"""How is a plain text read as a document? Headings, paragraphs and lists, from which mail and LINE are both written.

There is one document, so that what is told in HTML, in plain text and on LINE is the same, in the same order.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from workflows.notices.languages import NoticeLanguage, day_in, yen_in
from workflows.notices.placeholders import Kind, Link, Telephone, Use, Value, Values, fits, parts_of


class Slot(StrEnum):
    """A piece of one person, put in while their mail leaves."""

    PREFERENCE_URL = "preference_url"
    REFERENCE = "reference"


@dataclass(frozen=True)
class Anchor:
    label: str
    url: str | Slot


Inline = str | Slot | Anchor
Line = tuple[Inline, ...]


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"


@dataclass(frozen=True)
class Block:
    """Lines that belong together: of a heading one, of a list one an item."""

    kind: BlockKind
    lines: tuple[Line, ...]


Document = tuple[Block, ...]

URL = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'*+,;=%-]*[A-Za-z0-9/_~#=&%+-]", re.IGNORECASE)
"""What becomes a link: the sign that ends a sentence is none of it."""
HEADING_MARKS = "■"
ITEM_MARKS = ("・", "- ", "* ")


def heading(text: str) -> Block:
    return Block(BlockKind.HEADING, ((text,),))


def paragraph(*lines: Line) -> Block:
    return Block(BlockKind.PARAGRAPH, lines)


def items(lines: Iterable[Line]) -> Block:
    return Block(BlockKind.LIST, tuple(lines))


def document_of(text: str, values: Values, language: NoticeLanguage) -> Document:
    """Read a text that was written by staff, its values put in. A placeholder without a value says nothing."""
    found: list[Block] = []
    for written in re.split(r"\n[ \t\u3000]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = [each.strip() for each in written.split("\n") if each.strip()]
        for kind, group in groupby(lines, _kind_of):
            filled = tuple(line_of(_unmarked(each), values, language) for each in group)
            if kind is BlockKind.HEADING:
                found += [Block(kind, (line,)) for line in filled]
            else:
                found.append(Block(kind, filled))
    return tuple(found)


def line_of(text: str, values: Values, language: NoticeLanguage) -> Line:
    """Read one line, its values put in and its addresses made links."""
    return tuple(_joined(_inlines(text, values, language)))


def plain_line(text: str, values: Values, language: NoticeLanguage) -> str:
    """Read a line that can hold words only (a subject, a title): a link is told by its address."""
    return " ".join("".join(_told(inline) for inline in line_of(text, values, language)).split())


def _kind_of(line: str) -> BlockKind:
    if line.startswith(HEADING_MARKS):
        return BlockKind.HEADING
    return BlockKind.LIST if line.startswith(ITEM_MARKS) else BlockKind.PARAGRAPH


def _unmarked(line: str) -> str:
    kind = _kind_of(line)
    if kind is BlockKind.PARAGRAPH:
        return line
    mark = next(mark for mark in (HEADING_MARKS, *ITEM_MARKS) if line.startswith(mark))
    return line.removeprefix(mark).strip()


def _inlines(text: str, values: Values, language: NoticeLanguage) -> Iterator[Inline]:
    for part in parts_of(text):
        if isinstance(part, Use):
            yield from _of_use(part, values, language)
        else:
            yield from _with_links(part)


def _of_use(use: Use, values: Values, language: NoticeLanguage) -> Iterator[Inline]:
    placeholder = use.placeholder
    if placeholder is None:
        return
    if placeholder.kind is Kind.REFERENCE:
        yield Slot.REFERENCE
        return
    value = values.get(placeholder.code)
    if value is not None and fits(placeholder, value):
        yield in_words(value, language)


def in_words(value: Value, language: NoticeLanguage) -> Inline:
    """Write a value for its readers."""
    match value:
        case Link(url, label):
            return Anchor(label, url)
        case Telephone(number):
            return telephone(number)
        case date():
            return day_in(language, value)
        case int():
            return yen_in(language, value)
    return value


def telephone(number: str) -> Anchor:
    return Anchor(number, "tel:" + re.sub(r"[^0-9+]", "", number))


def _with_links(text: str) -> Iterator[Inline]:
    at = 0
    for found in URL.finditer(text):
        yield text[at : found.start()]
        yield Anchor(found.group(), found.group())
        at = found.end()
    yield text[at:]


def _joined(inlines: Iterable[Inline]) -> Iterator[Inline]:
    """Join texts that stand side by side; empty ones go."""
    for is_text, group in groupby(inlines, lambda each: isinstance(each, str) and not isinstance(each, Slot)):
        if not is_text:
            yield from group
        elif text := "".join(map(str, group)):
            yield text


def _told(inline: Inline) -> str:
    if isinstance(inline, Anchor):
        return inline.label if is_telephone(inline) else str(inline.url)
    return "" if isinstance(inline, Slot) else inline


def is_telephone(anchor: Anchor) -> bool:
    return not isinstance(anchor.url, Slot) and anchor.url.startswith("tel:")


def as_text(document: Sequence[Block], language: NoticeLanguage) -> tuple[str | Slot, ...]:
    """Write a document as plain text: a heading right above what it heads, a link by its words and its address."""
    said: list[str | Slot] = []
    before: Block | None = None
    for block in document:
        if before is not None:
            said.append("\n" if before.kind is BlockKind.HEADING else "\n\n")
        before = block
        item = "- " if language is NoticeLanguage.EN else "・"
        mark = {BlockKind.HEADING: "■ ", BlockKind.LIST: item, BlockKind.PARAGRAPH: ""}[block.kind]
        for number, line in enumerate(block.lines):
            said.append(("\n" if number else "") + mark)
            for inline in line:
                said += _as_text(inline)
    return merged(said)


def _as_text(inline: Inline) -> Sequence[str | Slot]:
    if not isinstance(inline, Anchor):
        return [inline]
    if is_telephone(inline) or inline.label == inline.url:
        return [inline.label]
    return [f"{inline.label}\n", inline.url]


def merged(pieces: Iterable[str | Slot]) -> tuple[str | Slot, ...]:
    """Join fixed parts that stand side by side."""
    return tuple(
        piece
        for is_slot, group in groupby(pieces, lambda each: isinstance(each, Slot))
        for piece in (group if is_slot else ["".join(group)])
        if piece
    )
