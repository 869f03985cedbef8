"""What does a program's sheet put into its notice? The same answers for everybody, typed, in the reader's language."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlsplit

from workflows.notices.languages import NoticeLanguage
from workflows.notices.placeholders import Link, Telephone, Value, Values

PAGE_OF = {
    NoticeLanguage.JA: "手続の案内のページ({host})",
    NoticeLanguage.EASY: "手続(てつづ)きの ページ({host})",
    NoticeLanguage.EN: "The page of the procedure ({host})",
}
SIGN_IN = {
    NoticeLanguage.JA: "ふくおかサポートにサインイン({host})",
    NoticeLanguage.EASY: "ふくおかサポートに 入(はい)る({host})",
    NoticeLanguage.EN: "Sign in to Fukuoka Support ({host})",
}
JOINED = {NoticeLanguage.JA: "、", NoticeLanguage.EASY: "、", NoticeLanguage.EN: ", "}
_YEN = re.compile(r"([0-9][0-9,]*)円?")


def values_of_sheet(sheet: Mapping[str, object], language: NoticeLanguage, portal: str) -> Values:
    """Give the values of a program's sheet (the form `program-sheet`); what it does not say is missing.

    What is not written in a language comes in Japanese. `portal`: where residents sign in.
    """
    found: dict[str, Value | None] = {
        "program": _words(sheet.get(f"name_{language.kept_as}")) or _words(sheet.get("name_ja")),
        "summary": _words(sheet.get(f"summary_{language.kept_as}")) or _words(sheet.get("summary_ja")),
        "starts": _day(sheet.get("starts")),
        "deadline": _day(sheet.get("ends")),
        "amount": _amount(_words(sheet.get("amount"))),
        "link": _link(_words(sheet.get("url")), PAGE_OF[language]),
        "portal": _link(portal, SIGN_IN[language]),
        "counter": _words(sheet.get("counter")),
        "telephone": _telephone(_words(sheet.get("telephone"))),
        "documents": JOINED[language].join(map(_words, str(sheet.get("documents") or "").splitlines())),
    }
    return {code: value for code, value in found.items() if value not in {None, ""}}


def _words(answer: object) -> str:
    """Give an answer as one line, without what no reader sees."""
    text = "" if answer is None else str(answer)
    return " ".join("".join(each if unicodedata.category(each) != "Cc" else " " for each in text).split())


def _day(answer: object) -> date | None:
    return None if answer is None else date.fromisoformat(str(answer))


def _amount(words: str) -> Value:
    """Give whole yen where the sheet says a sum and nothing else, else its words."""
    found = _YEN.fullmatch(unicodedata.normalize("NFKC", words))
    return int(found[1].replace(",", "")) if found else words


def _link(url: str, label: str) -> Link | None:
    return Link(url, label.format(host=urlsplit(url).hostname or url)) if url else None


def _telephone(number: str) -> Telephone | None:
    return Telephone(number) if number else None
