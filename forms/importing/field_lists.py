"""What does a list of fields say, one a row: label, type in Japanese words, required, options, length?"""

import re
from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from forms.building import acts
from forms.building.draft import FormDraft
from forms.building.keys import may_be_key, renamed, taken
from forms.building.kinds import Sketch
from forms.field_types import LISTING, FieldType
from forms.importing.guessing import type_of_label, type_of_word
from forms.importing.told import Imported, Note, drafted
from forms.numbers import integer
from forms.problems import NotNormalError
from forms.widths import plain, without_spaces

Row = tuple[int, Sequence[str]]
"""Its number as a spreadsheet counts it, and its cells."""

HEADINGS: Mapping[str, str] = {
    "label": "項目名|項目|欄|名前|フィールド名|label|name",
    "type": "種類|型|タイプ|形式|type",
    "required": "必須|必要|required",
    "options": "選択肢|リスト|候補|options",
    "max_length": "文字数|桁数?\\(文字\\)|最大長|長さ|length",
    "help": "説明|備考|注意|ヘルプ|help",
    "unit": "単位|unit",
    "minimum": "下限|最小|minimum",
    "maximum": "上限|最大|maximum",
    "comb": "桁数|桁",
    "section": "見出し|区分|セクション|section",
    "table": "表|table",
    "key": "キー|key",
}
_YES = frozenset({"○", "◯", "〇", "必須", "要", "はい", "yes", "true", "1", "レ", "✓", "有"})
_PARTED = re.compile(r"[、,/／|\n;]+")


def is_list(rows: Sequence[Row]) -> bool:
    """Say whether the first row is the head of a list of fields: it names labels, and types or whether required."""
    found = set(_columns(rows[0][1]).values()) if rows else set()
    return "label" in found and bool(found & {"type", "required", "options"})


def draft_of_list(title: str, rows: Sequence[Row]) -> Imported:
    """Return a draft with a question a row. Raises NotImportedError where there is none."""
    columns = _columns(rows[0][1]) if rows else {}
    notes: list[Note] = []
    for place, heading in enumerate(rows[0][1] if rows else ()):
        if place not in columns and plain(heading):
            notes.append(
                Note(rows[0][0], f"列「{plain(heading)}」は使いませんでした。", f"Column {heading} is unused.")
            )
    said: list[tuple[int, Mapping[str, str]]] = []
    for number, cells in rows[1:]:
        told = {columns[place]: cell.strip() for place, cell in enumerate(cells) if place in columns}
        if plain(told.get("label", "")):
            said.append((number, told))
        elif any(cell.strip() for cell in cells):
            notes.append(Note(number, "項目名がないため、飛ばしました。", "Left out: it has no name."))
    outside = [(number, told) for number, told in said if not told.get("table")]
    draft = drafted(title, [_sketch(number, told, notes) for number, told in outside])
    draft = _with_keys(draft, outside, notes)
    draft = _with_columns(draft, [each for each in said if each[1].get("table")], notes)
    return Imported(_with_sections(draft, outside), tuple(notes))


def _columns(heads: Sequence[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for place, head in enumerate(heads):
        said = without_spaces(plain(head))
        meant = next((name for name, words in HEADINGS.items() if re.fullmatch(words, said, re.IGNORECASE)), None)
        if meant is not None and meant not in found.values():
            found[place] = meant
    return found


def _sketch(number: int, told: Mapping[str, str], notes: list[Note]) -> Sketch:
    label, word = plain(told["label"]), told.get("type", "")
    options = tuple(dict.fromkeys(plain(one) for one in _PARTED.split(told.get("options", "")) if plain(one)))
    kind = type_of_word(word) if word else None
    if kind is None and word:
        said = f"「{label}」の種類「{word}」がわからないため、1行の文字にしました。"
        notes.append(Note(number, said, f"{label}: the type {word} is not known; it became text."))
        kind = FieldType.TEXT
    if kind is None:
        kind = FieldType.CHOICE if options else type_of_label(label)
        notes.append(Note(number, f"「{label}」の種類を、名前から決めました。", f"{label}: the type was guessed."))
    if options and kind not in LISTING:
        notes.append(Note(number, f"「{label}」の選択肢は使いませんでした。", f"{label}: its options are unused."))
    if kind in LISTING and not options:
        notes.append(Note(number, f"「{label}」に選択肢がありません。", f"{label} has no options."))
    return Sketch(
        label[:100],
        kind,
        required=plain(told.get("required", "")).lower() in _YES,
        max_length=_number(number, told, "max_length", notes, 1, 10_000),
        options=options[:200],
        help=told.get("help", "")[:500],
        minimum=_number(number, told, "minimum", notes),
        maximum=_number(number, told, "maximum", notes),
        comb=_number(number, told, "comb", notes, 1, 64),
    )


def _number(
    row: int, told: Mapping[str, str], name: str, notes: list[Note], low: int = -(10**12), high: int = 10**12
) -> int | None:
    text = told.get(name, "")
    if not text:
        return None
    try:
        number = integer(text)
    except NotNormalError:
        number = None
    if number is None or not low <= number <= high:
        notes.append(Note(row, f"「{text}」を数として使えません。", f"{text} is no number that can be used."))
        return None
    return number


def _with_keys(draft: FormDraft, said: Sequence[tuple[int, Mapping[str, str]]], notes: list[Note]) -> FormDraft:
    for place, (number, told) in enumerate(said):
        key, old = told.get("key", ""), draft.fields[place].key
        if not key or key == old:
            continue
        if may_be_key(key) and key not in taken(draft):
            draft = renamed(draft, old, key)
        else:
            notes.append(Note(number, f"キー「{key}」は使えません。", f"The key {key} cannot be used."))
    return draft


def _with_columns(draft: FormDraft, said: Sequence[tuple[int, Mapping[str, str]]], notes: list[Note]) -> FormDraft:
    """Put rows that name a table into it as its columns, in place of the one it began with."""
    begun: dict[str, str] = {}
    for number, told in said:
        name = plain(told["table"])
        table = next((one for one in draft.fields if one.label == name and one.type is FieldType.TABLE), None)
        if table is None:
            notes.append(
                Note(number, f"表「{name}」がないため、飛ばしました。", f"Left out: there is no table {name}.")
            )
            continue
        first = table.columns[0].key
        try:
            draft, key = acts.add_column(draft, table.key, _sketch(number, told, notes))
        except ValidationError:
            notes.append(Note(number, f"表「{name}」の列にできません。", f"It cannot be a column of {name}."))
            continue
        if table.key not in begun:
            draft = acts.remove(draft, first)
        begun[table.key] = key
    return draft


def _with_sections(draft: FormDraft, said: Sequence[tuple[int, Mapping[str, str]]]) -> FormDraft:
    keys = [field.key for field in draft.fields]
    last = ""
    for key, (_number_of_row, told) in zip(keys, said, strict=True):
        title = plain(told.get("section", ""))
        if title and title != last:
            draft, name = acts.add_section(draft, title[:100])
            draft = acts.move(draft, name, acts.place_of(draft, key))
        last = title or last
    return draft
