"""How does a form leave the house? Its definition as JSON, its questions as rows of a list."""

import json

from forms.definition import FormDefinition, FormField

COLUMNS = ("項目名", "種類", "必須", "選択肢", "文字数", "説明", "単位", "下限", "上限", "桁数", "見出し", "表", "キー")


def definition_json(definition: FormDefinition) -> str:
    """Return the definition as parse_definition reads it."""
    content = definition.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def field_rows(definition: FormDefinition) -> list[tuple[str, ...]]:
    """Return a row for each question, and after a table for each of its columns."""
    titles = {section.code: section.title for section in definition.sections}
    rows: list[tuple[str, ...]] = []
    for field in definition.fields:
        rows.append(_row(field, titles.get(field.section or "", ""), ""))
        rows += [_row(column, titles.get(field.section or "", ""), field.label) for column in field.columns]
    return rows


def _row(field: FormField, section: str, table: str) -> tuple[str, ...]:
    numbers = (field.minimum, field.maximum, field.comb)
    return (
        field.label,
        str(field.type),
        "○" if field.required else "",
        "、".join(option.label for option in field.options),
        str(field.max_length or ""),
        field.help,
        field.unit,
        *("" if number is None else str(number) for number in numbers),
        section,
        table,
        field.key,
    )
