"""How are a record's answers written into an old system's fields? As its screens want them, a column a way."""

import json
from collections.abc import Callable, Mapping
from datetime import date

from backoffice.web.answers_in import label_of, option_label
from backoffice.web.translations import _, speaking, translate
from forms.definition import FormDefinition, FormField
from forms.field_types import FieldType, Value
from forms.wareki import show_wareki

_OF_A_DATE: Mapping[str, tuple[str, Callable[[date], str]]] = {
    "": (_("2026-11-28 の形"), date.isoformat),
    ".slash": (_("2026/11/28 の形"), lambda day: f"{day:%Y/%m/%d}"),
    ".digits": (_("20261128 の形"), lambda day: f"{day:%Y%m%d}"),
    ".wareki": (_("令和8年11月28日 の形"), show_wareki),
    ".year": (_("西暦の年"), lambda day: str(day.year)),
    ".era": (_("元号"), lambda day: show_wareki(day)[:2]),
    ".era_year": (_("元号の年"), lambda day: show_wareki(day)[2:].split("年")[0].replace("元", "1")),
    ".month": (_("月"), lambda day: str(day.month)),
    ".day": (_("日"), lambda day: str(day.day)),
}
REFERENCE = "gijo.reference"
"""The number of the record, as the night carries it under `reference`."""
_TAKEN_BY_NO_FIELD = frozenset({FieldType.FILE, FieldType.TABLE})


def columns_of(definition: FormDefinition) -> list[tuple[str, str]]:
    """Give each column that a recording may name, with what a person reads: question and way to write."""
    found = [(REFERENCE, translate(_("受付番号")))]
    for question in definition.questions:
        if question.type in _TAKEN_BY_NO_FIELD:
            continue
        label = label_of(question)
        found += [(question.key + way, f"{label} ({said})" if said else label) for way, said in _ways(question)]
    return found


def files_asked(definition: FormDefinition) -> list[tuple[str, str]]:
    """Give the questions that a file answers, as a file box takes them."""
    return [(each.key, label_of(each)) for each in definition.questions if each.type is FieldType.FILE]


def tables_of(definition: FormDefinition) -> list[tuple[str, str]]:
    """Give the tables over whose rows steps can be repeated."""
    return [(table.key, label_of(table)) for table in definition.fields if table.columns]


def cells_of(definition: FormDefinition) -> list[tuple[str, str]]:
    """Give the columns that a repeated step may name: `table.part`, of the row in hand."""
    return [
        (f"{table.key}.{part.key}{way}", f"{label_of(table)}: {label_of(part)}{f' ({said})' if said else ''}")
        for table in definition.fields
        for part in table.columns
        for way, said in _ways(part)
    ]


def names_of(definition: FormDefinition) -> list[str]:
    """Give the columns alone, as recordings name them."""
    every = (columns_of(definition), files_asked(definition), tables_of(definition), cells_of(definition))
    return [column for columns in every for column, _label in columns]


def row_of(definition: FormDefinition, values: Mapping[str, Value]) -> dict[str, str]:
    """Write a record in every way that its questions know; what nobody answered is empty."""
    with speaking("ja"):
        return (
            {REFERENCE: str(values.get("reference") or "")}
            | {
                question.key + way: written(question, way, values.get(question.key))
                for question in definition.questions
                if question.type is not FieldType.TABLE
                for way, _said in _ways(question)
            }
            | {table.key: _rows_written(table, values) for table in definition.fields if table.columns}
        )


def _rows_written(table: FormField, values: Mapping[str, Value]) -> str:
    """Write the rows of a table that say something, as a recording repeats over them."""
    rows = [
        {
            part.key + way: written(part, way, values.get(part.cell(row).key))
            for part in table.columns
            for way, _said in _ways(part)
        }
        for row in range(1, (table.rows or 0) + 1)
        if any(values.get(part.cell(row).key) not in {None, ""} for part in table.columns)
    ]
    return json.dumps(rows, ensure_ascii=False)


def _ways(question: FormField) -> list[tuple[str, str]]:
    if question.type is FieldType.DATE:
        return [(way, translate(said)) for way, (said, _write) in _OF_A_DATE.items()]
    if question.type is FieldType.CHOICE:
        return [("", translate(_("符号"))), (".label", translate(_("選択肢の名前")))]
    if question.type is FieldType.POSTAL_CODE:
        return [("", ""), (".digits", translate(_("ハイフンなし")))]
    return [("", "")]


def written(question: FormField, way: str, value: Value) -> str:
    """Write one answer in one way, `.wareki` or the like; names of options in the language that is spoken."""
    if value is None or value == "":
        return ""
    if question.type is FieldType.DATE:
        return _OF_A_DATE[way][1](date.fromisoformat(str(value)))
    if way == ".label":
        return next((option_label(option) for option in question.options if option.code == value), "")
    if way == ".digits":
        return str(value).replace("-", "")
    return str(value).lower() if isinstance(value, bool) else str(value)
