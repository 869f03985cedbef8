"""What stands in a letter as it came? Who wrote it, to whom, about what; its words as plain text; its attachments.

Strangers write letters: nothing in one is run, drawn or fetched, and one that cannot be read is told, not passed over.
"""

import email
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from html.parser import HTMLParser

from backoffice.mail import PASSED_ON
from backoffice.web.file_names import safe_name
from forms.my_number import without_my_number

MOST_LETTERS = 20_000
"""Of a letter's words so many are kept."""
MOST_PARTS = 400
DEEPEST = 12
"""Parts within parts; people come to four."""
PARTS = re.compile(rb"^content-type:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
JAPANESE = ("utf-8", "cp932", "euc_jp")
"""What words are tried as that say no character set, or a wrong one."""
ENVELOPE = ("Delivered-To", "X-Original-To", "X-Delivered-To")
DAYS = (datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))
"""A letter that says another day says nothing that could be shown, or believed."""
ESCAPE = b"\x1b"
ESCAPED = re.compile(rb"\x1b\$[@B]([^\x1b]*)|\x1b\([BIJ]([^\x1b]*)")
CHARSETS = re.compile(r"(?:utf|iso|shift|sjis|x-sjis|cp|windows|euc|us-ascii|gb|big5|koi8|ks_c)[\w-]*", re.IGNORECASE)
"""Codecs that are no character sets, and take forever on long words, are among those that Python knows."""
FOLD = re.compile(r"\r?\n(?=[ \t])")
QUIET = frozenset({"script", "style", "head", "title"})
BREAKS = frozenset({"p", "br", "div", "tr", "li", "h1", "h2", "h3", "table"})


@dataclass(frozen=True)
class Part:
    """An attachment as it came; nothing has looked at its content."""

    name: str
    content: bytes


@dataclass(frozen=True)
class LetterRead:
    digest: str
    """Of Message-ID and body: a second copy of the same letter has the same, whatever way it went."""
    sender: str = ""
    subject: str = ""
    to: tuple[str, ...] = ()
    """The addresses it was delivered to, as the server wrote them in its head; else those that its writer named."""
    written_at: datetime | None = None
    text: str = ""
    from_html: bool = False
    """It had no plain text: these are the words of its HTML."""
    parts: tuple[Part, ...] = ()
    passed_on: bool = False
    """The house itself had passed it on."""
    unreadable: bool = False


@dataclass
class _Found:
    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


def read_letter(raw: bytes) -> LetterRead:
    """Read a letter, or its heading alone. This function will answer `unreadable` for what it cannot take apart."""
    try:
        if len(PARTS.findall(raw)) > MOST_PARTS:
            return _unreadable(raw)
        return _read(raw)
    except Exception:  # noqa: BLE001 -- strangers write these, and readers of mail fail in ways that nobody lists
        return _unreadable(raw)


def text_of(content: bytes, charset: str = "") -> str:
    """Decode words as they say they are written, else as Japanese mail is; what is left is marked, never lost."""
    if ESCAPE in content:
        # Seven bits with escapes are ISO-2022-JP, whatever else the letter says.
        return ESCAPED.sub(_two_by_two, content).decode("cp932", "replace")
    for name in (charset if CHARSETS.match(charset) else "", *JAPANESE):
        try:
            return content.decode(name or "ascii")
        except (UnicodeError, LookupError):
            continue
    return content.decode("utf-8", "replace")


def words_of(raw: str) -> str:
    """Give a header as people read it: RFC 2047 words decoded, bare bytes as Japanese, on one line."""
    text = text_of(FOLD.sub(" ", raw).encode("utf-8", "surrogateescape"))
    try:
        pieces = decode_header(text)
    except (HeaderParseError, ValueError):
        pieces = [(text, None)]
    said = "".join(_piece(piece, charset) for piece, charset in pieces)
    return "".join(character if character.isprintable() else " " for character in said).strip()


def _piece(piece: str | bytes, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    return text_of(piece, charset) if charset else piece.decode("raw-unicode-escape", "replace")


def _two_by_two(found: re.Match[bytes]) -> bytes:
    """Write a run of JIS X 0208 as Windows would: its decoder knows ① and ㈱, which mail programs put there as well."""
    run = found.group(1) or b""
    return b"".join(_as_shift_jis(run[at], run[at + 1]) for at in range(0, len(run) - 1, 2)) or (found.group(2) or b"")


_SKIPPED, _LAST_LOW = 0x60, 0x9F  # Shift_JIS leaves 0x7F out, and its lead bytes jump over half-width kana


def _as_shift_jis(row: int, cell: int) -> bytes:
    first = ((row - 0x21) >> 1) + 0x81
    second = cell + 0x7E if row % 2 == 0 else cell + 0x1F + (cell >= _SKIPPED)
    return bytes(((first if first <= _LAST_LOW else first + 0x40) & 0xFF, second & 0xFF))


def _read(raw: bytes) -> LetterRead:
    message = email.message_from_bytes(raw)
    found = _Found()
    _collect(message, found, 0)
    plain = "\n\n".join(found.plain).strip()
    text = plain or "\n\n".join(_words_in(html) for html in found.html).strip()
    sender = next(iter(_addresses(message, ("From",))), "")
    return LetterRead(
        digest=_digest(message, raw),
        sender=sender,
        subject=without_my_number(words_of(_raw(message, "Subject")))[:300],
        to=_addresses(message, ENVELOPE) or _addresses(message, ("To", "Cc")),
        written_at=_moment(message),
        text=without_my_number(_shown(text))[:MOST_LETTERS],
        from_html=not plain and bool(text),
        parts=tuple(found.parts),
        passed_on=PASSED_ON in message,
    )


def _collect(message: Message, found: _Found, depth: int, *, drawn: bool = False) -> None:
    """Take a part and those within it. `drawn`: it belongs to an HTML page, as pictures of a signature do."""
    if depth > DEEPEST or len(found.parts) > MOST_PARTS:
        raise ValueError("too many parts, or too deep")
    kind, name = message.get_content_type(), _name_of(message)
    if message.is_multipart():
        if kind == "message/rfc822":
            found.plain.extend(f"―― {words_of(_raw(inner, 'Subject'))}" for inner in _within(message))
        for inner in _within(message):
            _collect(inner, found, depth + 1, drawn=kind == "multipart/related")
        return
    content = message.get_payload(decode=True)
    if not isinstance(content, bytes):
        return
    if not name and kind in ("text/plain", "text/html") and message.get_content_disposition() != "attachment":
        words = text_of(content, str(message.get_content_charset() or ""))
        (found.plain if kind == "text/plain" else found.html).append(words)
    elif name or content:
        if drawn and message.get("Content-ID") and message.get_content_disposition() != "attachment":
            return
        found.parts.append(Part(safe_name(name), content))


def _raw(message: Message, name: str) -> str:
    """Give a header as it came: what bytes it has beyond ASCII `get` would turn into question marks."""
    return next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")


def _within(message: Message) -> Iterator[Message]:
    inner = message.get_payload()
    return (each for each in (inner if isinstance(inner, list) else []) if isinstance(each, Message))


def _name_of(message: Message) -> str:
    """Give the name of an attachment, by RFC 2231 or, as much mail has it, by RFC 2047 in quotes."""
    for header, parameter in (("Content-Disposition", "filename"), ("Content-Type", "name")):
        plain = Message()
        plain[header] = text_of(FOLD.sub(" ", _raw(message, header)).encode("utf-8", "surrogateescape"))
        said = plain.get_param(parameter, None, header)
        if isinstance(said, tuple):
            charset, _language, text = said
            return text_of(text.encode("latin-1", "replace"), charset or "")
        if said:
            return words_of(said)
    return ""


def _addresses(message: Message, headers: tuple[str, ...]) -> tuple[str, ...]:
    said = [str(value) for name in headers for value in message.get_all(name, [])]
    found = (address.lower()[:254] for _name, address in getaddresses(said[:50]))
    return tuple(dict.fromkeys(each for each in found if "@" in each and each.isprintable()))


def _moment(message: Message) -> datetime | None:
    try:
        moment = parsedate_to_datetime(str(message.get("Date", "")))
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if DAYS[0] <= moment < DAYS[1] else None


def _digest(message: Message, raw: bytes) -> str:
    """Without a Message-ID only an exact copy is the same letter."""
    number = str(message.get("Message-ID", "")).strip()
    body = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[-1] if number else raw
    return hashlib.sha256(number.encode("utf-8", "surrogateescape") + b"\0" + body).hexdigest()


def _unreadable(raw: bytes) -> LetterRead:
    return LetterRead(hashlib.sha256(b"\0" + raw).hexdigest(), unreadable=True)


def _shown(text: str) -> str:
    """Leave out what does not show and could deceive: control characters and marks of direction."""
    lines = (line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return "\n".join("".join(one if one.isprintable() or one == "\t" else "" for one in line) for line in lines)


def _words_in(html: str) -> str:
    words = _Words()
    words.feed(html)
    words.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(words.said))


class _Words(HTMLParser):
    """Hears the words of a page, and nothing else of it."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._quiet = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 -- the parser's signature
        self._quiet = 0 if tag == "body" else self._quiet + (tag in QUIET)
        if tag in BREAKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._quiet = max(0, self._quiet - (tag in QUIET))

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self.said.append(re.sub(r"\s+", " ", data))
