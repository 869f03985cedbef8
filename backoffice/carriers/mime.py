"""What are the bytes of one mail? What is the same for everybody is made once; each person's values are put in.

Plain words first, then the same as a page. Nothing in it watches who reads: no pictures, no marks of ours.
"""

import binascii
import hashlib
import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

LINE = 76
HARD_ENDS = re.compile(r"\r\n|\r|\n")
CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
PLAIN = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
MOST_OF_A_WORD = 45
"""Bytes; in base64, with what stands around them, they are 72 of the 75 letters that RFC 2047 allows."""
A_HEADERS_WORD = re.compile(r"[!-;=?-~]+")
"""Printable ASCII without blanks and angle brackets: an address, an id, a link."""
STOP_SUBJECT = "unsubscribe"
"""Under which mail programs write to `stop_mail`."""


@dataclass(frozen=True, slots=True)
class Blank:
    """A place in the words where each person's own value stands."""

    name: str


Words = tuple[str | Blank, ...]


@dataclass(frozen=True)
class Wording:
    """What a notice says, to everybody who gets this pattern of it."""

    sender_name: str
    sender: str
    subject: str
    language: str
    """ja, en (RFC 5646)."""
    text: Words
    page: Words
    """HTML. What is put into its blanks is escaped."""


@dataclass(frozen=True, slots=True)
class Mailing:
    """What is one person's own."""

    to: str
    message_id: str
    """Without angle brackets."""
    written_at: datetime
    stop_link: str
    """One click there, and no further notice comes (RFC 8058)."""
    stop_mail: str
    values: Mapping[str, str]


class Form:
    """A wording, prepared: `filled` makes one mail of it. Raises ValueError for values that would break out of it."""

    def __init__(self, wording: Wording) -> None:
        self._fixed = _fixed_headers(wording)
        self._text = _prepared(wording.text, _as_it_is)
        self._page = _prepared(wording.page, html.escape)
        seen = hashlib.sha256(repr(wording).encode()).hexdigest()[:24]
        # No base64 holds "=_": the boundary cannot occur in a part.
        boundary = f"=_{seen}"
        self._opening = (
            f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'
            f"--{boundary}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        ).encode("ascii")
        self._between = (
            f"\r\n--{boundary}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        ).encode("ascii")
        self._closing = f"\r\n--{boundary}--\r\n".encode("ascii")

    def filled(self, mailing: Mailing) -> bytes:
        """Make the whole message, lines ending with CRLF, ASCII throughout."""
        own = (
            f"To: {_word(mailing.to)}\r\n"
            f"Date: {format_datetime(mailing.written_at)}\r\n"
            f"Message-ID: <{_word(mailing.message_id)}>\r\n"
            f"List-Unsubscribe: <{_word(mailing.stop_link)}>,\r\n"
            f" <mailto:{_word(mailing.stop_mail)}?subject={STOP_SUBJECT}>\r\n"
        ).encode("ascii")
        values = {name: _one_line(value) for name, value in mailing.values.items()}
        text, page = self._text(values), self._page(values)
        return b"".join((self._fixed, own, self._opening, text, self._between, page, self._closing))


def _fixed_headers(wording: Wording) -> bytes:
    return (
        f"From: {encoded_words(_one_line(wording.sender_name))} <{_word(wording.sender)}>\r\n"
        f"Subject: {encoded_words(_one_line(wording.subject))}\r\n"
        "MIME-Version: 1.0\r\n"
        f"Content-Language: {_word(wording.language)}\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    ).encode("ascii")


def encoded_words(text: str) -> str:
    """Write a text as a header may hold it (RFC 2047), a letter never cut in two.

    Python's own writer loses where words were joined when a long name is folded.
    """
    if PLAIN.fullmatch(text) and len(text) <= MOST_OF_A_WORD:
        return text
    words, held = [], b""
    for letter in text:
        more = letter.encode()
        if len(held) + len(more) > MOST_OF_A_WORD:
            words.append(held)
            held = b""
        held += more
    return "\r\n ".join(f"=?utf-8?b?{binascii.b2a_base64(word, newline=False).decode()}?=" for word in (*words, held))


def _prepared(words: Words, written: Callable[[str], str]) -> Callable[[Mapping[str, str]], bytes]:
    """Prepare one part: what stands before the first blank is the same for all, and encoded once."""
    pieces = [word if isinstance(word, Blank) else HARD_ENDS.sub("\r\n", word).encode() for word in words]
    first = next((at for at, piece in enumerate(pieces) if isinstance(piece, Blank)), len(pieces))
    same = b"".join(piece for piece in pieces[:first] if isinstance(piece, bytes))
    # Whole lines of base64 only: 57 bytes are one line.
    whole = len(same) - len(same) % (LINE // 4 * 3)
    encoded, begun, rest = _base64(same[:whole]), same[whole:], pieces[first:]
    if encoded and (begun or rest):
        encoded += b"\r\n"

    def part(values: Mapping[str, str]) -> bytes:
        own = [piece if isinstance(piece, bytes) else written(values[piece.name]).encode() for piece in rest]
        return encoded + _base64(b"".join((begun, *own)))

    return part


def _base64(content: bytes) -> bytes:
    whole = binascii.b2a_base64(content, newline=False)
    return b"\r\n".join([whole[at : at + LINE] for at in range(0, len(whole), LINE)])


def _as_it_is(value: str) -> str:
    return value


def _word(value: str) -> str:
    if not A_HEADERS_WORD.fullmatch(value):
        raise ValueError("a header's word with a blank, a bracket or a letter beyond ASCII")
    return value


def _one_line(value: str) -> str:
    if CONTROLS.search(value):
        raise ValueError("a value of more than one line")
    return value
