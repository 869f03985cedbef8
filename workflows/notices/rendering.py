"""What does a resident get? A mail as text and HTML that tell the same, or LINE messages; whole for any content.

The pieces of one person in a mail are slots between fixed parts: whoever sends it prepares all else once. A LINE body
holds nothing of a person, so everybody with the same language and the same reasons gets the same bytes.
"""

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflows.notices.blocks import (
    Anchor,
    Block,
    BlockKind,
    Document,
    Inline,
    Slot,
    as_text,
    document_of,
    heading,
    in_words,
    items,
    merged,
    paragraph,
    plain_line,
    telephone,
)
from workflows.notices.fixed_words import WORDS, FixedWords
from workflows.notices.languages import NoticeLanguage
from workflows.notices.placeholders import Link, Telephone, Value, Values, codes_in
from workflows.notices.template import Wording
from workflows.notices.why import Why

MOST_OF_A_TEXT = 5000
"""What LINE takes of one text, in UTF-16 units."""
MOST_OF_AN_ALT_TEXT = 400
"""LINE takes 1,500; older telephones showed 400."""
MOST_OF_A_BUTTON = 20
REASONS_ON_LINE = 6
DATA_ON_LINE = 8
LONGEST_REASON_ON_LINE = 120

Prepared = tuple[str | Slot, ...]


@dataclass(frozen=True)
class Surroundings:
    """What stands around every notice of a run."""

    department: str
    telephone: str
    """Of the help desk for notices."""
    portal: str
    """Where residents sign in: an https address."""
    run: str
    """The run's number, which a resident reads out who was told on LINE."""


@dataclass(frozen=True)
class Mail:
    subject: str
    text: Prepared
    html: Prepared


@dataclass(frozen=True)
class Notice:
    """What a message is made of; the same for everybody with this language and these reasons."""

    wording: Wording
    values: Values
    language: NoticeLanguage
    why: Why
    around: Surroundings

    @property
    def words(self) -> FixedWords:
        return WORDS[self.language]


def fill(prepared: Prepared, slots: Mapping[Slot, str], *, as_html: bool = False) -> str:
    """Put the pieces of one person into their mail."""
    ready = {slot: html.escape(value) for slot, value in slots.items()} if as_html else slots
    return "".join(ready[piece] if isinstance(piece, Slot) else piece for piece in prepared)


def mail_of(notice: Notice) -> Mail:
    """Give the mail that a notice becomes."""
    subject = subject_of(notice)
    document = mail_document(notice)
    return Mail(subject, as_text(document, notice.language), _as_page(subject, document, notice.language))


def subject_of(notice: Notice) -> str:
    return plain_line(notice.wording.subject, notice.values, notice.language)


def mail_document(notice: Notice) -> Document:
    """Give what a mail says, block by block."""
    return (
        *document_of(notice.wording.body, notice.values, notice.language),
        *_why(notice),
        heading(notice.words.stop),
        paragraph((notice.words.stop_by_mail,)),
        paragraph((Anchor(notice.words.preferences, Slot.PREFERENCE_URL),)),
        *_questions(notice, (f"{notice.words.reference}: ", Slot.REFERENCE)),
    )


def line_of_notice(notice: Notice) -> list[dict[str, Any]]:
    """Give the LINE messages that a notice becomes: a text with all of it, and a card with the way on."""
    document = (
        *document_of(notice.wording.text, notice.values, notice.language),
        *_why(notice, short=True),
        heading(notice.words.stop),
        paragraph((notice.words.stop_by_line,), (Anchor(_portal_words(notice), notice.around.portal),)),
        *_questions(notice, (f"{notice.words.run}: {notice.around.run}",)),
    )
    text = "".join(piece for piece in as_text(document, notice.language) if not isinstance(piece, Slot))
    return [{"type": "text", "text": _within(text, MOST_OF_A_TEXT)}, _card(notice)]


def utf16_units(text: str) -> int:
    """Count a text as LINE does."""
    return len(text.encode("utf-16-le")) // 2


def _why(notice: Notice, *, short: bool = False) -> Iterator[Block]:
    words, why = notice.words, notice.why
    yield heading(words.why)
    if why.veiled:
        yield paragraph((words.veiled,))
        if not (short or "portal" in codes_in(notice.wording.body)):  # on LINE the way in stands a line further down
            yield paragraph((Anchor(_portal_words(notice), notice.around.portal),))
        return
    if not why.reasons:
        yield paragraph((words.to_all,))
        return
    yield paragraph((words.why_begins,))
    yield items((each,) for each in (_shortened(why.reasons, REASONS_ON_LINE, words) if short else why.reasons))
    yield heading(words.data)
    yield items((each,) for each in (_shortened(why.data, DATA_ON_LINE, words) if short else why.data))


def _shortened(said: Sequence[str], most: int, words: FixedWords) -> Iterator[str]:
    for each in said[:most]:
        yield each if len(each) <= LONGEST_REASON_ON_LINE else each[: LONGEST_REASON_ON_LINE - 1] + "…"
    if len(said) > most:
        yield words.more.format(n=len(said) - most)


def _questions(notice: Notice, code: tuple[Inline, ...]) -> Iterator[Block]:
    words = notice.words
    yield heading(words.questions)
    yield paragraph((f"{words.ask}: ", telephone(notice.around.telephone)), code)
    yield paragraph((words.never_asks,), (words.sender.format(department=notice.around.department),))


def _portal_words(notice: Notice) -> str:
    portal = notice.values.get("portal")
    return portal.label if isinstance(portal, Link) else notice.around.portal


PAGE_STYLE = (
    "margin:0;padding:16px;font-family:system-ui,-apple-system,'Hiragino Sans','Yu Gothic UI','Noto Sans CJK JP',"
    "sans-serif;font-size:16px;line-height:1.8"
)
HEAD_STYLE = "font-size:20px;line-height:1.5;margin:0 0 16px"
SECTION_STYLE = "font-size:17px;line-height:1.5;margin:32px 0 8px"
_OPENING = {
    BlockKind.PARAGRAPH: '<p style="margin:0 0 16px">',
    BlockKind.HEADING: f'<h2 style="{SECTION_STYLE}">',
    BlockKind.LIST: '<ul style="margin:0 0 16px;padding-left:24px">',
}
_CLOSING = {BlockKind.PARAGRAPH: "</p>\n", BlockKind.HEADING: "</h2>\n", BlockKind.LIST: "</ul>\n"}


def _as_page(subject: str, document: Document, language: NoticeLanguage) -> Prepared:
    """Write a document as a page without pictures, sheets or colours: whatever shows it may darken it."""
    title = html.escape(subject)
    head = (
        f'<!DOCTYPE html>\n<html lang="{language.tag}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="color-scheme" content="light dark">\n<title>{title}</title>\n</head>\n'
        f'<body style="{PAGE_STYLE}">\n<main style="max-width:640px;margin:0 auto">\n'
        f'<h1 style="{HEAD_STYLE}">{title}</h1>\n'
    )
    page: list[str | Slot] = [head]
    for block in document:
        page += _as_html(block)
    page.append("</main>\n</body>\n</html>\n")
    return merged(page)


def _as_html(block: Block) -> Iterator[str | Slot]:
    yield _OPENING[block.kind]
    for number, line in enumerate(block.lines):
        if block.kind is BlockKind.LIST:
            yield '<li style="margin:0 0 4px">'
        elif number:
            yield "<br>\n"
        for inline in line:
            yield from _inline_as_html(inline)
        if block.kind is BlockKind.LIST:
            yield "</li>\n"
    yield _CLOSING[block.kind]


def _inline_as_html(inline: Inline) -> Iterator[str | Slot]:
    if isinstance(inline, Slot):
        yield inline
    elif isinstance(inline, Anchor):
        yield '<a href="'
        yield inline.url if isinstance(inline.url, Slot) else html.escape(inline.url)
        yield f'" style="overflow-wrap:anywhere">{html.escape(inline.label)}</a>'
    else:
        yield html.escape(inline)


def _card(notice: Notice) -> dict[str, Any]:
    title = plain_line(notice.wording.title, notice.values, notice.language) or notice.around.department
    told = [{"type": "text", "text": title, "weight": "bold", "size": "lg", "wrap": True}]
    deadline = notice.values.get("deadline")
    if deadline is not None:
        said = f"{notice.words.deadline}: {in_words(deadline, notice.language)}"
        told.append({"type": "text", "text": said, "size": "md", "wrap": True})
    button = plain_line(notice.wording.button, notice.values, notice.language)[:MOST_OF_A_BUTTON]
    action = {"type": "uri", "label": button or notice.words.questions, "uri": _way_on(notice)}
    return {
        "type": "flex",
        "altText": _within(title, MOST_OF_AN_ALT_TEXT),
        "contents": {
            "type": "bubble",
            "body": {"type": "box", "layout": "vertical", "spacing": "md", "contents": told},
            "footer": {
                "type": "box",
                "layout": "vertical",
                "contents": [{"type": "button", "style": "primary", "height": "sm", "action": action}],
            },
        },
    }


def _way_on(notice: Notice) -> str:
    """Give where the button leads; a veiled notice leads to where one signs in, for an address tells as much."""
    found: Sequence[Value | None] = (
        () if notice.why.veiled else [notice.values.get(each) for each in ("link", "telephone")]
    )
    for value in found:
        if isinstance(value, Link):
            return value.url
        if isinstance(value, Telephone):
            return str(telephone(value.number).url)
    return notice.around.portal


def _within(text: str, most: int) -> str:
    """Give a text that LINE takes; the checks of a template leave room, so that nothing is cut in practice."""
    if utf16_units(text) <= most:
        return text
    return text.encode("utf-16-le")[: (most - 1) * 2].decode("utf-16-le", "ignore") + "…"
