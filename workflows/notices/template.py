"""What does a version of a program's notice say? For each language a mail and a LINE message, kept as one JSON.

`{"schema": 1, "ja": {"mail": {"subject", "body"}, "line": {"text", "title", "button"}}, "easy": {…}, "en": {…}}`
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from workflows.notices.languages import NoticeLanguage
from workflows.notices.placeholders import Channel

SCHEMA = 1


@dataclass(frozen=True)
class Wording:
    """What a notice says in one language. Texts are plain; `■` begins a heading, `・` an item of a list."""

    subject: str = ""
    body: str = ""
    text: str = ""
    title: str = ""
    """Of the card, and what a locked telephone shows of it."""
    button: str = ""


FIELDS: Mapping[str, Channel] = {
    "subject": Channel.MAIL,
    "body": Channel.MAIL,
    "text": Channel.LINE,
    "title": Channel.LINE,
    "button": Channel.LINE,
}


@dataclass(frozen=True)
class Content:
    ja: Wording = Wording()
    easy: Wording = Wording()
    en: Wording = Wording()

    def in_language(self, language: NoticeLanguage) -> Wording:
        return {NoticeLanguage.JA: self.ja, NoticeLanguage.EASY: self.easy, NoticeLanguage.EN: self.en}[language]

    def with_wording(self, language: NoticeLanguage, wording: Wording) -> "Content":
        return replace(self, **{language.value: wording})

    def places(self) -> Iterator[tuple["Place", str]]:
        """Give every text with its place, in the order in which they are read."""
        for language in NoticeLanguage:
            wording = self.in_language(language)
            for field in fields(Wording):
                yield Place(language, field.name), getattr(wording, field.name)


@dataclass(frozen=True, order=True)
class Place:
    """One text of a notice."""

    language: NoticeLanguage
    field: str

    @property
    def channel(self) -> Channel:
        return FIELDS[self.field]

    @property
    def name(self) -> str:
        """How a form calls it: `ja-body`."""
        return f"{self.language}-{self.field}"


class ContentRefusedError(ValueError):
    """What was handed in is no content of a notice that this program knows."""


def written(content: Content) -> dict[str, Any]:
    """Give content as it is kept."""
    kept: dict[str, Any] = {"schema": SCHEMA}
    for language in NoticeLanguage:
        flat = asdict(content.in_language(language))
        kept[language.value] = {
            channel.value: {name: flat[name] for name in FIELDS if FIELDS[name] is channel} for channel in Channel
        }
    return kept


def read(kept: Mapping[str, Any]) -> Content:
    """Read what `written` gave. Raises ContentRefusedError for anything else."""
    if kept.get("schema") != SCHEMA or set(kept) != {"schema", *NoticeLanguage}:
        raise ContentRefusedError("schema")
    return Content(**{language.value: _wording(kept[language.value]) for language in NoticeLanguage})


def _wording(kept: object) -> Wording:
    if not isinstance(kept, dict) or set(kept) != set(Channel):
        raise ContentRefusedError("language")
    texts = {name: text for channel in Channel for name, text in _texts(kept[channel.value], channel)}
    if set(texts) != set(FIELDS):
        raise ContentRefusedError("fields")
    return Wording(**texts)


def _texts(kept: object, channel: Channel) -> Iterator[tuple[str, str]]:
    if not isinstance(kept, dict):
        raise ContentRefusedError("channel")
    for name, text in kept.items():
        if FIELDS.get(name) is not channel or not isinstance(text, str):
            raise ContentRefusedError("field")
        yield name, text
