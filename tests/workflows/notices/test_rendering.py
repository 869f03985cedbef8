"""What does a resident get? The same in text, HTML and on LINE, whole for anything that was typed, nothing hidden."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given

from tests.workflows.notices.wordings import LONG_WHYS, PORTAL, VALUES, WORDINGS, notice
from workflows.notices.blocks import Slot
from workflows.notices.checks import MOST
from workflows.notices.fixed_words import WORDS
from workflows.notices.languages import NoticeLanguage
from workflows.notices.rendering import Notice, fill, line_of_notice, mail_of, utf16_units
from workflows.notices.template import Wording
from workflows.notices.why import Why

SLOTS = {Slot.PREFERENCE_URL: 'https://stop.example/s/a?b="<&', Slot.REFERENCE: "a1b2-c3d4-e5f6-0789"}
LANGUAGES = pytest.mark.parametrize("language", list(NoticeLanguage))


class Reader(HTMLParser):
    """Reads a mail as a screen reader does: in order, block by block, links by words and address."""

    def __init__(self, item: str) -> None:
        super().__init__()
        self.marks = {"h2": "■ ", "li": item, "p": ""}
        self.blocks: list[list[str]] = []
        self.kinds: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.href = ""
        self.in_list = False
        self.in_main = False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag in {"p", "h2", "ul"}:
            self.blocks.append([])
            self.kinds.append(tag)
        if tag in self.marks:
            self.blocks[-1].append(self.marks[tag])
        if tag == "br":
            self.blocks[-1].append("")
        if tag == "a":
            self.href, self.label = given["href"], ""
        self.in_main = self.in_main or tag == "main"

    def handle_endtag(self, tag):
        if tag == "a":
            apart = self.label == self.href or self.href.startswith("tel:")
            self.blocks[-1][-1] += self.label if apart else f"{self.label}\n{self.href}"
            self.href = ""

    def handle_data(self, data):
        if self.href:
            self.label += data
        elif self.blocks and self.blocks[-1] and data != "\n":
            self.blocks[-1][-1] += data.removeprefix("\n")

    @property
    def text(self) -> str:
        """A heading stands right above what it heads."""
        blocks = ["\n".join(lines) for lines in self.blocks]
        parted = [each + ("\n" if self.kinds[at] == "h2" else "\n\n") for at, each in enumerate(blocks[:-1])]
        return "".join([*parted, *blocks[-1:]])


def read(page: str, item: str = "・") -> Reader:
    reader = Reader(item)
    reader.feed(page)
    reader.close()
    return reader


@LANGUAGES
def test_a_mail_says_why_it_came_how_to_stop_it_and_whom_to_ask(language):
    mail = mail_of(notice(language))

    text = fill(mail.text, SLOTS)

    words = WORDS[language]
    said = [words.why, words.data, words.stop, SLOTS[Slot.PREFERENCE_URL], words.questions, "092-711-0000"]
    places = [text.index(each) for each in said]
    assert places == sorted(places)
    assert f"{words.reference}: a1b2-c3d4-e5f6-0789" in text


@LANGUAGES
def test_a_line_message_says_the_same_with_the_runs_number_and_nothing_personal(language):
    messages = line_of_notice(notice(language))

    text = messages[0]["text"]
    words = WORDS[language]
    assert all(each in text for each in (words.why, words.data, words.stop, PORTAL, "R8-通知-0001", "092-711-0000"))
    assert messages[1]["contents"]["footer"]["contents"][0]["action"]["uri"].startswith("https://www.city")


def test_a_veiled_notice_gives_its_reason_after_sign_in_and_leads_there():
    veiled = notice(why=Why(veiled=True))

    text, card = line_of_notice(veiled)

    assert "理由は、ふくおかサポートにサインインすると読めます。" in text["text"]
    assert "使った情報" not in text["text"]
    assert card["contents"]["footer"]["contents"][0]["action"]["uri"] == PORTAL
    assert "使った情報" not in fill(mail_of(veiled).text, SLOTS)


def test_who_is_told_in_the_same_language_for_the_same_reasons_gets_the_same_bytes():
    one, other = (line_of_notice(notice()) for _ in range(2))

    assert one == other
    assert one != line_of_notice(notice(why=Why(("別の理由",), ("別の情報",))))
    assert one != line_of_notice(notice(NoticeLanguage.EN))


def test_a_notice_without_address_or_telephone_still_leads_somewhere():
    _text, card = line_of_notice(notice(values={}))

    assert card["contents"]["footer"]["contents"][0]["action"]["uri"] == PORTAL


@LANGUAGES
def test_a_mail_is_plain_a_page_with_headings_in_order_and_no_traces(language):
    page = fill(mail_of(notice(language)).html, SLOTS, as_html=True)

    reader = read(page)

    tags = [tag for tag, _attributes in reader.tags]
    assert not {"img", "script", "link", "style", "form", "iframe", "table"} & set(tags)
    assert tags.count("h1") == 1
    assert ("html", {"lang": language.tag}) in reader.tags
    assert "light dark" in page
    assert not re.search(r"(?:background|color)\s*:", page)
    assert "url(" not in page


@given(WORDINGS, VALUES, LONG_WHYS)
def test_text_and_page_tell_the_same_whatever_was_typed(wording, values, why):
    for language in NoticeLanguage:
        mail = mail_of(notice(language, why=why, wording=wording, values=values))

        page = read(fill(mail.html, SLOTS, as_html=True), item="- " if language is NoticeLanguage.EN else "・")

        assert page.text == fill(mail.text, SLOTS)
        assert {tag for tag, _ in page.tags} <= {
            *("html", "head", "meta", "title", "body", "main"),
            *("h1", "h2", "p", "br", "ul", "li", "a"),
        }
        assert all(set(given) <= {"style", "href", "lang", "charset", "name", "content"} for _tag, given in page.tags)
        assert all(
            given["href"].lower().startswith(("https://", "http://", "tel:")) for tag, given in page.tags if tag == "a"
        )
        assert "\n" not in mail.subject


@given(WORDINGS, VALUES, LONG_WHYS)
def test_line_takes_whatever_was_typed(wording, values, why):
    text, card = line_of_notice(notice(why=why, wording=wording, values=values))

    assert 0 < utf16_units(text["text"]) <= 5000
    assert 0 < utf16_units(card["altText"]) <= 400
    bubble = card["contents"]
    assert all(part["text"] for part in bubble["body"]["contents"])
    action = bubble["footer"]["contents"][0]["action"]
    assert 0 < len(action["label"]) <= 20
    assert action["uri"].startswith(("https://", "tel:"))
    assert not re.search(r"a1b2|preference", str((text, card)))


def test_a_long_reason_is_shortened_on_line_and_whole_in_a_mail():
    why = Why(tuple(f"理由{n}" for n in range(40)), ("情報",))

    text = line_of_notice(notice(why=why))[0]["text"]

    assert "ほか34件。" in text
    assert "理由39" in fill(mail_of(notice(why=why)).text, SLOTS)


def test_the_longest_text_that_passes_leaves_room_for_what_every_notice_says():
    for language in NoticeLanguage:
        why = Why(tuple(f"{n}{'理由' * 200}" for n in range(60)), tuple(f"{n}{'情報' * 200}" for n in range(60)))
        wording = Wording(text="あ" * MOST["text"], title="い", button="う")

        text = line_of_notice(notice(language, why=why, wording=wording))[0]["text"]

        assert utf16_units(text) <= 5000
        assert text.endswith("高齢福祉課")


def test_a_rule_that_asks_nothing_says_that_everybody_is_told():
    assert "すべての方に" in line_of_notice(notice(why=Why()))[0]["text"]


def test_no_piece_of_a_person_stands_in_the_fixed_parts():
    mail = mail_of(notice())

    for prepared in (mail.text, mail.html):
        assert [piece for piece in prepared if isinstance(piece, Slot)] == [Slot.PREFERENCE_URL, Slot.REFERENCE]


def test_a_notice_is_a_value():
    assert isinstance(notice(), Notice)
    assert notice() == notice()
