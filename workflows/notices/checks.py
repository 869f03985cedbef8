"""May a notice go out as it is worded? Asked while it is written and once more before it is approved.

What is checked is what residents would read: the texts with the program's values put in.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urlsplit

from forms.my_number import holds_my_number
from workflows.notices import findings as says
from workflows.notices.blocks import URL, as_text, document_of, plain_line
from workflows.notices.findings import WordingFinding
from workflows.notices.languages import NoticeLanguage
from workflows.notices.neutral import folded, given_away
from workflows.notices.placeholders import (
    BY_NAME,
    Channel,
    Kind,
    Link,
    Values,
    codes_in,
    has_stray_brace,
    nearest,
    uses_in,
)
from workflows.notices.rendering import utf16_units
from workflows.notices.template import Content, Place
from workflows.rules.findings import Severity

FORBIDDEN_WORDS = (
    *(
        "至急",
        "大至急",
        "緊急",
        "重要なお知らせ",
        "最終通告",
        "最終通知",
        "最終のご案内",
        "今すぐ",
        "直ちに",
        "本日限り",
    ),
    *(
        "口座番号",
        "暗証番号",
        "パスワード",
        "クレジットカード",
        "キャッシュカード",
        "ATM",
        "振り込んで",
        "還付金",
        "当選",
    ),
    *("差押", "差し押さえ", "法的措置", "失効します", "ロックされ", "利用停止", "本人確認が必要", "だれにも言わない"),
    *("urgent", "immediately", "act now", "final notice", "last chance", "account number", "password", "secret number"),
    *("credit card", "refund", "winner", "legal action", "suspended"),
)
"""What startles, or reads like a fraud. An office may hand in another list."""

MOST = {"subject": 60, "body": 4000, "text": 2000, "title": 60, "button": 20}
"""In full-width characters, half-width ones count half; of LINE's text in single ones."""
ADVISED = {"subject": 30, "body": 1200, "text": 600, "title": 30}
LONGEST_EASY_SENTENCE = 50
MOST_WORDS_TOLD = 5
SEEN_BY_OTHERS = frozenset({"subject", "text", "title", "button"})
"""What a locked telephone or a list of mails shows to whoever looks."""
MESSAGES = {Channel.MAIL: "body", Channel.LINE: "text"}
"""Of each channel the text that has to say what, until when and how."""


@dataclass(frozen=True)
class Policy:
    """What the office allows in its notices."""

    domains: Sequence[str]
    """Links lead to these, or to what lies under them."""
    portal: str
    forbidden_words: Sequence[str] = FORBIDDEN_WORDS


@dataclass(frozen=True)
class Subject:
    """The program that a notice is about."""

    veiled: bool
    values: Mapping[NoticeLanguage, Values]
    names: Sequence[str]
    """In every language: where it is veiled, its name says as much as the reason."""


def look_at(content: Content, subject: Subject, policy: Policy) -> list[WordingFinding]:
    """Give what there is to mend or to think about, in the order of the texts, errors of each first."""
    found = chain.from_iterable(_Text(place, text, subject, policy).findings() for place, text in content.places())
    return sorted(found, key=lambda each: (_order(each.place), each.severity is Severity.WARNING))


def is_whole(findings: Sequence[WordingFinding]) -> bool:
    """Say whether a notice can be handed to whoever approves it."""
    return all(finding.severity is Severity.WARNING for finding in findings)


def width(text: str) -> float:
    """Count a text in full-width characters."""
    return sum(1 if unicodedata.east_asian_width(each) in "WFA" else 0.5 for each in text)


def _order(place: Place) -> tuple[int, int]:
    return tuple(NoticeLanguage).index(place.language), list(MOST).index(place.field)


class _Text:
    """One text of the notice, as written and as read."""

    def __init__(self, place: Place, text: str, subject: Subject, policy: Policy) -> None:
        self._place = place
        self._written = text
        self._subject = subject
        self._policy = policy
        self._values = subject.values[place.language]
        self._codes = codes_in(text)
        self._read = self._as_read()

    def _as_read(self) -> str:
        language = self._place.language
        if self._place.field not in MESSAGES.values():
            return plain_line(self._written, self._values, language)
        return "".join(map(str, as_text(document_of(self._written, self._values, language), language)))

    def findings(self) -> Iterator[WordingFinding]:
        if not self._read.strip():
            yield says.EMPTY.at(self._place)
        yield from self._placeholders()
        yield from self._lengths()
        if self._place.field in MESSAGES.values() and self._read.strip():
            yield from self._says_what_is_needed()
        yield from self._links()
        yield from self._words()
        yield from self._what_others_see()
        if self._place.language is NoticeLanguage.EASY:
            yield from self._plain_japanese()
        if self._place.language is NoticeLanguage.EN:
            yield from self._english()

    def _placeholders(self) -> Iterator[WordingFinding]:
        for use in uses_in(self._written):
            if use.placeholder is None:
                meant = nearest(use.written)
                yield (
                    says.NO_SUCH_PLACEHOLDER.at(self._place, name=use.written)
                    if meant is None
                    else says.UNKNOWN_PLACEHOLDER.at(self._place, name=use.written, nearest=meant)
                )
            elif self._place.channel not in use.placeholder.channels:
                yield says.MAIL_ONLY.at(self._place, name=use.placeholder.ja)
            elif use.placeholder.kind is not Kind.REFERENCE and use.placeholder.code not in self._values:
                yield says.NO_VALUE.at(self._place, name=use.placeholder.ja)
        if has_stray_brace(self._written):
            yield says.STRAY_BRACE.at(self._place)

    def _lengths(self) -> Iterator[WordingFinding]:
        # LINE counts units, not columns: what stands around the text needs the rest of its 5,000.
        now = utf16_units(self._read) if self._place.field == "text" else width(self._read)
        if now > MOST[self._place.field]:
            yield says.TOO_LONG.at(self._place, limit=MOST[self._place.field], now=int(now))
        elif now > ADVISED.get(self._place.field, now):
            yield says.RATHER_LONG.at(self._place, limit=ADVISED[self._place.field])

    def _says_what_is_needed(self) -> Iterator[WordingFinding]:
        named = any(name and folded(name) in folded(self._read) for name in self._subject.names)
        if not (self._subject.veiled or named or self._codes & {"program", "summary"}):
            yield says.SAYS_NOT_WHAT.at(self._place)
        if "deadline" in self._values and "deadline" not in self._codes:
            yield says.SAYS_NOT_UNTIL_WHEN.at(self._place, name=BY_NAME["deadline"].ja)
        if not (self._codes & {"link", "portal", "counter", "telephone"} or URL.search(self._written)):
            yield says.SAYS_NOT_HOW.at(self._place)

    def _links(self) -> Iterator[WordingFinding]:
        used = (self._values.get(code) for code in self._codes)
        urls = [*_ADDRESS.findall(self._read), *(value.url for value in used if isinstance(value, Link))]
        for url in dict.fromkeys(urls):
            host = _host_of(url)
            if not url.lower().startswith("https://"):
                yield says.NOT_HTTPS.at(self._place, url=url)
            elif not self._is_ours(host):
                yield says.FOREIGN_LINK.at(self._place, host=host)
            elif self._subject.veiled and self._place.field in SEEN_BY_OTHERS and url != self._policy.portal:
                yield says.VEILED_LINK.at(self._place)

    def _is_ours(self, host: str) -> bool:
        # A browser reads a backslash as a slash: what stands before it would be the host.
        if not _HOST.fullmatch(host):
            return False
        ours = (*self._policy.domains, urlsplit(self._policy.portal).hostname or "")
        return any(host == domain or host.endswith(f".{domain}") for domain in ours if domain)

    def _words(self) -> Iterator[WordingFinding]:
        held = folded(self._read)
        for word in self._policy.forbidden_words:
            if _stands_in(folded(word), held):
                yield says.FORBIDDEN_WORD.at(self._place, word=word)
        if holds_my_number(self._read):
            yield says.MY_NUMBER.at(self._place)

    def _what_others_see(self) -> Iterator[WordingFinding]:
        shown = self._place.field in SEEN_BY_OTHERS
        if self._subject.veiled:
            sentence = says.GIVES_AWAY if shown else says.MAY_GIVE_AWAY
            words = given_away(self._read, self._subject.names if shown else ())
        else:
            sentence, words = says.MAY_GIVE_AWAY, given_away(self._read) if shown else []
        for word in words[:MOST_WORDS_TOLD]:
            yield sentence.at(self._place, word=word)

    def _plain_japanese(self) -> Iterator[WordingFinding]:
        authored = _authored(self._written)
        for sentence in re.split(r"[。!?\uff01\uff1f\n]", authored):
            bare = _READING.sub("", sentence).replace(" ", "").replace("\u3000", "")
            if len(bare) > LONGEST_EASY_SENTENCE:
                yield says.LONG_SENTENCE.at(self._place, begins=bare[:10])
        unread = list(dict.fromkeys(_without_reading(authored)))
        if unread and self._place.field != "button":
            yield says.NO_READING.at(self._place, words="、".join(unread[:MOST_WORDS_TOLD]))

    def _english(self) -> Iterator[WordingFinding]:
        if _JAPANESE.search(_authored(self._written)):
            yield says.JAPANESE_IN_ENGLISH.at(self._place)
        for code in sorted(self._codes):
            value = self._values.get(code)
            if isinstance(value, str) and _JAPANESE.search(value):
                yield says.JAPANESE_VALUE.at(self._place, name=BY_NAME[code].ja)


_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_READING = re.compile(r"[(\uff08][ぁ-んァ-ヶー\s]+[)\uff09]")
_ADDRESS = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*://[^\s「」『』()\uff08\uff09、。<>\"]*[^\s「」『』()\uff08\uff09、。<>\".,]"
)
"""Also what is no link of ours: whoever reads it may follow it."""
_KANJI = re.compile(r"[\u3400-\u9fff々]+")


_HOST = re.compile(r"[a-z0-9.-]+")


def _host_of(url: str) -> str:
    """Give whom an address names; all of it where it names nobody."""
    try:
        return (urlsplit(url).hostname or url).casefold()
    except ValueError:
        return url


def _authored(text: str) -> str:
    """Give a text without what is put in."""
    return re.sub(r"[{\uff5b][^{}\uff5b\uff5d\n]{0,60}[}\uff5d]", "", text)


def _without_reading(text: str) -> Iterator[str]:
    """Give the words in kanji that are not read where they first stand."""
    known: set[str] = set()
    for found in _KANJI.finditer(text):
        if found.group() not in known and text[found.end() : found.end() + 1] not in {"(", "\uff08"}:
            yield found.group()
        known.add(found.group())


def _stands_in(word: str, held: str) -> bool:
    """Say whether a word stands in a text; one in Latin letters as a word of its own."""
    if not word.isascii():
        return word in held
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", held) is not None
