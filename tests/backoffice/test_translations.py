"""Does everything that staff read exist in both languages, saying the same?"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from backoffice.web.translation_check import (
    JAPANESE,
    findings,
    read_catalogue,
    sentences_in_use,
    sentences_of_python,
    sentences_of_template,
    write_catalogue,
)
from backoffice.web.translations import CATALOGUE
from tests.backoffice.form_designs.furniture import words_of_forms
from tests.backoffice.furniture import doors, furnish
from tests.backoffice.programs.offices import SHEET
from tests.backoffice.staff_client import VOID
from workflows.catalogue import every_route

DRAWN = [
    *(step.name for shipped in every_route() for step in shipped.route.steps.values()),
    *(table.name for shipped in every_route() for table in shipped.route.tables.values()),
    *(
        column.label
        for shipped in every_route()
        for table in shipped.route.tables.values()
        for column in (*table.inputs, *table.outputs)
    ),
]
STEPS = "|".join(map(re.escape, sorted(DRAWN, key=len, reverse=True)))
WRITTEN = "|".join(re.escape(str(text)) for text in SHEET.values() if JAPANESE.search(str(text)))
"""The sheet of a program: its text is what residents read."""
INVENTED = re.compile(
    r"R8-(受信|就援|束|表紙|課伺|配信|公民館|廃棄)-\d+|今月|いつか|"
    r"学事課|職員 \w+|隣席|福岡市|第\d+課|就援|就学援助\w*|[あいう]\b|日本語|起案 三郎"
    r"|束の名前 \d+|\S+の案内( その\d+)?|架空の\w+|公園の街灯|ご確認ください|対象年齢はこれでよいですか|検診|要綱.txt"
    r"|乳がん検診 \d+|R8-(制度|見本)-\d+|所得限度額|要綱第3条|基本の例|"
    + WRITTEN
    + r"|"
    + words_of_forms()
    + r"|支給の明細|支給月|金額|通知書 \(PDF\)"
    r"|氏名|登録する|人数の区切りを見直す|庁舎の停電|架空の住民台帳|申出(の取下げ)? R8-\d+|窓口の受付 R8-\d+|"
    r"図書館\S*( \d+)?|総合図書館長|としょかん.*|館内の端末\S+|予約の本\S+|当直|訓練|試験はあとで行う|"
    r"期限の書き方を直してください。|名簿(\d+\.jpg|の送付)?|"
    r"漏えい等への対応\(図書館カード \d+\)|保有個人情報の開示の請求|架空の手続\d+|分野、手続.*|" + STEPS
)
"""What the furniture put there in Japanese: names, papers, notes and what staff draw are never translated."""


def test_every_sentence_has_its_one_english_translation():
    assert findings(sentences_in_use(), read_catalogue()) == []


@pytest.mark.parametrize(
    ("used", "english", "finding"),
    [
        ({"用紙"}, {}, "not in the catalogue: 用紙"),
        ({"用紙"}, {"用紙": ""}, "not translated: 用紙"),
        (set(), {"用紙": "Sheets"}, "nobody says this any more: 用紙"),
        ({"%(n)s枚"}, {"%(n)s枚": "sheets"}, "other %(names)s in English: %(n)s枚"),
        ({"%(n)s枚"}, {"%(n)s枚": "%(m)s sheets"}, "other %(names)s in English: %(n)s枚"),
        ({"用紙"}, {"用紙": "用紙"}, "Japanese in the English: 用紙"),
        ({"Sheets"}, {"Sheets": "Sheets"}, "no Japanese in the sentence: Sheets"),
    ],
)
def test_a_sentence_that_english_readers_would_miss_is_named(used, english, finding):
    assert findings(used, english) == [finding]


def test_sentences_are_found_in_code_wherever_they_are_marked():
    source = 'A = _("甲")\nraise Invalid(_("乙" "丙"), {"note": _("丁")})\nraise NotThere("戊")\n_(name)\nother("己")'

    assert set(sentences_of_python(source)) == {"甲", "乙丙", "丁", "戊"}


def test_sentences_are_found_in_templates_wherever_they_are_marked():
    source = '{{ _("甲", n=1) }}{{ ui.field("q", _("乙")) }}{% if x == _("丙") %}{{ _(page.title) }}{% endif %}丁'

    assert set(sentences_of_template(source)) == {"甲", "乙", "丙"}


def test_a_new_sentence_is_written_into_the_catalogue_and_an_old_one_taken_out(tmp_path):
    catalogue = tmp_path / "messages.po"

    write_catalogue({"乙 %(n)s", "甲"}, {"甲": "A", "古": "old"}, catalogue)

    assert read_catalogue(catalogue) == {"乙 %(n)s": "", "甲": "A"}
    assert findings({"乙 %(n)s", "甲"}, read_catalogue(catalogue)) == ["not translated: 乙 %(n)s"]


def test_the_catalogue_is_written_as_make_fix_would_write_it(tmp_path):
    again = tmp_path / "messages.po"

    write_catalogue(sentences_in_use(), read_catalogue(), again)

    assert again.read_text("utf-8") == CATALOGUE.read_text("utf-8")


def test_whoever_chose_english_reads_no_japanese_but_names_and_papers(city, client):
    furnished = furnish(city)
    with city.unit() as work:
        work.session.merge(furnished.person).language = "en"
    client.sign_in(furnished.person)
    left = {}

    for door in doors(client.app):
        if door.method == "GET" and door.permission:
            answer = client.http.get(furnished.fill(door.path))
            shown = words_of(answer.text) if answer.headers["content-type"].startswith("text/html") else []
            left[door.path] = sorted({word for word in shown if JAPANESE.search(INVENTED.sub("", word))})

    assert {path: words for path, words in left.items() if words} == {}


class Words(HTMLParser):
    """What a page says, but for what it marks with a language: the wording of a notice is read in its own."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        marked = self._is_marked() or (tag != "html" and "lang" in given)
        if tag not in VOID:
            self._open.append((tag, marked))
        if not marked:
            self.found += [given[name] for name in SHOWN_ATTRIBUTES if given.get(name)]

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not self._is_marked() and not (self._open and self._open[-1][0] in {"script", "style"}):
            self.found.append(data)

    def _is_marked(self) -> bool:
        return bool(self._open) and self._open[-1][1]


SHOWN_ATTRIBUTES = ("aria-label", "title", "alt", "placeholder")


def words_of(html: str) -> list[str]:
    words = Words()
    words.feed(html)
    return [word.strip() for word in words.found if word.strip()]
