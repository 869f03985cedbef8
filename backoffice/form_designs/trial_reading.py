"""How well would filled-in sheets be read with the zones as they are drawn now? Tried, shown, and nothing is kept."""

from collections.abc import Iterator, Sequence

from backoffice.errors import Invalid
from backoffice.form_designs.foreign_pages import ReadRow, SheetRow
from backoffice.form_designs.foreign_paper import reading_process
from backoffice.web.answers_in import label_of, option_label
from backoffice.web.translations import _, translate
from forms.definition import FormField
from forms.field_types import LISTING
from forms.my_number import without_my_number
from ocr.advice import ADVICE
from ocr.headers import kind_of
from ocr.known_form import Form
from ocr.page import FieldReading, PageReading
from ocr.pool import ReadingPool
from ocr.refusal import PageRefusedError
from ocr.tracing import TracedPage

MOST_SHEETS = 10
BLANK_SHEET = _("白紙です。")
WHY_NOT = {
    "empty": _("何も書かれていない"),
    "low_probability": _("読みに自信がない"),
    "ink_unread": _("読めない書き込みがある"),
    "engines_differ": _("2つの読みが違う"),
    "name_parts": _("姓と名の切れ目がはっきりしない"),
    "ambiguous_kana": _("似たカナがある"),
    "name_reading": _("フリガナが氏名の読みと合わない"),
    "ambiguous_letter": _("似た字がある"),
    "misplaced": _("印刷の位置がずれている"),
    "faint": _("薄い"),
    "tick_faint": _("印がはっきりしない"),
    "several_ticks": _("印が2つ以上ある"),
    "several_lines": _("何行も書く欄は人が読む"),
    "postal_unknown": _("使われていない郵便番号"),
    "postal_address": _("郵便番号と住所が合わない"),
    "my_number": _("個人番号らしい数字がある"),
}
NOT_NORMAL = _("書き方が種類と合わない")


def read(forms: Sequence[Form], files: Sequence[tuple[str, bytes]]) -> list[SheetRow]:
    """Read filled-in sheets, 10 in all; what is one too many is named and not read.

    Raises Invalid while no zone answers a question, Unavailable when all turns at reading are taken.
    """
    if all(not layout.fields for layout, _blanks, _definition in forms):
        raise Invalid(_("欄の決まった枠がまだありません。枠を描いてから試してください。"))
    found: list[SheetRow] = []
    with reading_process() as pool:
        for name, content in files:
            room = MOST_SHEETS - sum(not sheet.refusal for sheet in found)
            found += _of_file(pool, forms, name, content, room)
    return found


def _of_file(pool: ReadingPool, forms: Sequence[Form], name: str, content: bytes, room: int) -> Iterator[SheetRow]:
    try:
        kind_of(content)
        if pool.count_pages(content, name) > room:
            said = _("試し読みは、あわせて%(most)s枚までです。")
            yield SheetRow(name, 1, translate(said, most=MOST_SHEETS), ())
            return
    except PageRefusedError as refusal:
        yield SheetRow(name, 1, translate(refusal.reason), ())
        return
    for reading in pool.read_document(forms, content, name):
        yield _sheet(reading, forms)


def _sheet(reading: PageReading, forms: Sequence[Form]) -> SheetRow:
    if reading.status != "read" or reading.form_number is None:
        said = translate(reading.reason) if reading.reason else translate(BLANK_SHEET)
        return SheetRow(reading.file, reading.page, said, ())
    _layout, _blanks, definition = forms[reading.form_number]
    if definition is None:
        raise Invalid(_("この様式には、外の用紙がありません。"))
    questions = {question.key: question for question in definition.questions}
    traced = TracedPage(reading.page_jpeg)
    rows = [_row(field, questions[field.key], traced) for field in reading.fields]
    return SheetRow(reading.file, reading.page, "", rows, [translate(ADVICE[code]) for code in reading.advice])


def _row(field: FieldReading, question: FormField, traced: TracedPage) -> ReadRow:
    outlines = traced.at(field.box_px)
    return ReadRow(
        label=label_of(question),
        text=without_my_number(_said(field, question)),
        percent=round(100 * field.confidence),
        passes=field.passes,
        why_not=list(dict.fromkeys(translate(WHY_NOT.get(code, NOT_NORMAL)) for code in field.why_not)),
        drawn=outlines.path,
        size=outlines.size,
    )


def _said(field: FieldReading, question: FormField) -> str:
    if question.type not in LISTING:
        return field.text
    labels = {option.code: option_label(option) for option in question.options}
    return "、".join(labels.get(code, code) for code in field.text.split(",") if code)
