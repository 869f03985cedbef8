"""How does a Japanese msgid read in English?

Msgids are Japanese; the English catalogue lies beside (`locales/en/messages.po`). Language is the person's setting.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LANGUAGES = {"ja": "日本語", "en": "English"}
CATALOGUE = Path(__file__).parent / "locales" / "en" / "messages.po"

_language: ContextVar[str] = ContextVar("language", default="ja")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let `translate` speak `language` within the block."""
    token = _language.set(language if language in LANGUAGES else "ja")
    try:
        yield
    finally:
        _language.reset(token)


def speak(language: str) -> None:
    """Speak `language` for the rest of this request."""
    _language.set(language if language in LANGUAGES else "ja")


def language_now() -> str:
    return _language.get()


def translate(msgid: str, **params: object) -> str:
    """Give the sentence in the language being spoken, with `%(name)s` filled in."""
    sentence = _english().get(msgid, msgid) if _language.get() == "en" else msgid
    return sentence % params if params else sentence


def _(msgid: str) -> str:
    """Give its msgid back: it marks a sentence for the catalogue where no language is spoken yet."""
    return msgid


@cache
def _english() -> dict[str, str]:
    with CATALOGUE.open("rb") as file:
        return {
            str(message.id): str(message.string)
            for message in read_po(file, locale="en")
            if message.id and message.string
        }
