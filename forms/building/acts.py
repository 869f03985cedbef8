"""What is done with a draft? Each act takes one and gives the next; nothing is changed in place."""

from collections.abc import Sequence
from typing import TypeVar

from forms.building.draft import FormDraft, Item
from forms.building.keys import new_key, taken
from forms.building.kinds import GROUPS, Group, Sketch, of_type, options_of
from forms.definition import FormField, FormRule, FormSection
from forms.field_types import LISTING, FieldType

SECTION = "section:"
"""Before the code of a heading, where a question or a heading is named."""
COPY = "(写し)"

ItemT = TypeVar("ItemT", bound=Item)


def name_of(item: Item) -> str:
    """Return how an act names a question or a heading."""
    return f"{SECTION}{item.code}" if isinstance(item, FormSection) else item.key


def add(draft: FormDraft, sketches: Sequence[Sketch], after: str = "") -> tuple[FormDraft, str]:
    """Put questions behind `after`, at the end where it is empty or gone; return the draft and the last new key."""
    made: list[FormField] = []
    names = taken(draft)
    for sketch in sketches:
        made.append(_made(sketch, names, made))
        names |= {made[-1].key, *(column.key for column in made[-1].columns)}
    return _put(draft, made, after), made[-1].key


def add_group(draft: FormDraft, group: Group, after: str = "") -> tuple[FormDraft, str]:
    """Put the questions of a group in at once."""
    return add(draft, GROUPS[group], after)


def add_section(draft: FormDraft, title: str, after: str = "") -> tuple[FormDraft, str]:
    """Put a heading behind `after`: what follows stands under it."""
    codes = {section.code for section in draft.sections}
    code = next(f"s{number}" for number in range(1, 1000) if f"s{number}" not in codes)
    section = FormSection(code=code, title=title)
    return _put(draft, [section], after), name_of(section)


def add_column(draft: FormDraft, table: str, sketch: Sketch) -> tuple[FormDraft, str]:
    """Put a column at the right of a table. Raises ValidationError where it has as many as it may."""
    column = _made(sketch, taken(draft), [])
    whole = draft.find(table)
    return put(draft, _with_columns(whole, (*whole.columns, column))), column.key


def put(draft: FormDraft, field: FormField, key: str = "") -> FormDraft:
    """Put `field` in the place of the question or column `key`, its own where that is empty."""
    key = key or field.key
    table = draft.table_of(key)
    if table is not None:
        return put(draft, _with_columns(table, _swapped(table.columns, key, field)))
    return draft.with_(fields=_swapped(draft.fields, key, field))


def put_section(draft: FormDraft, section: FormSection) -> FormDraft:
    """Put a heading in the place of the one with its code."""
    return draft.with_(sections=tuple(section if one.code == section.code else one for one in draft.sections))


def move(draft: FormDraft, name: str, place: int) -> FormDraft:
    """Move a question, a heading or a column to a place among its own, counted from 0. Raises KeyError."""
    table = draft.table_of(name)
    if table is not None:
        return put(draft, _with_columns(table, _moved(table.columns, place_of(draft, name), place)))
    return draft.with_items(_moved(draft.items(), place_of(draft, name), place))


def place_of(draft: FormDraft, name: str) -> int:
    """Return where a question, a heading or a column stands among its own, counted from 0. Raises KeyError."""
    table = draft.table_of(name)
    names = [name_of(item) for item in (table.columns if table else draft.items())]
    if name not in names:
        raise KeyError(name)
    return names.index(name)


def copy(draft: FormDraft, name: str) -> tuple[FormDraft, str]:
    """Put a second one behind a question, under keys of its own."""
    original = draft.find(name)
    names = taken(draft)
    key = new_key("", names)
    columns: list[FormField] = []
    for column in original.columns:
        names |= {key, *(one.key for one in columns)}
        columns.append(column.model_copy(update={"key": new_key("", names), "required_if": None, "computed": None}))
    copied = original.model_copy(update={"key": key, "label": original.label + COPY, "columns": tuple(columns)})
    table = draft.table_of(name)
    if table is None:
        return _put(draft, [copied], name), key
    place = place_of(draft, name) + 1
    return put(draft, _with_columns(table, (*table.columns[:place], copied, *table.columns[place:]))), key


def remove(draft: FormDraft, name: str) -> FormDraft:
    """Take out a question, a column or a heading; what stood under a heading stays. Raises KeyError."""
    place = place_of(draft, name)
    table = draft.table_of(name)
    if table is not None:
        return put(draft, _with_columns(table, (*table.columns[:place], *table.columns[place + 1 :])))
    items = draft.items()
    return draft.with_items((*items[:place], *items[place + 1 :]))


def put_rule(draft: FormDraft, rule: FormRule) -> FormDraft:
    """Put a rule in the place of the one with its code, at the end where there is none."""
    if any(one.code == rule.code for one in draft.rules):
        return draft.with_(rules=tuple(rule if one.code == rule.code else one for one in draft.rules))
    return draft.with_(rules=(*draft.rules, rule))


def remove_rule(draft: FormDraft, code: str) -> FormDraft:
    """Take out a rule. Raises KeyError."""
    if all(one.code != code for one in draft.rules):
        raise KeyError(code)
    return draft.with_(rules=tuple(one for one in draft.rules if one.code != code))


def new_rule_code(draft: FormDraft) -> str:
    """Return a code that no rule of the draft has."""
    codes = {rule.code for rule in draft.rules}
    return next(f"r{number}" for number in range(1, 1000) if f"r{number}" not in codes)


def _made(sketch: Sketch, names: set[str], before: Sequence[FormField]) -> FormField:
    bank = next((one.key for one in reversed(before) if one.type is FieldType.BANK), None) if sketch.of_bank else None
    begun = FormField(
        key=new_key(sketch.label, names), label=sketch.label, label_en="", type=FieldType.TEXT, help=sketch.help
    )
    told: dict[str, object] = {
        "required": sketch.required,
        "max_length": sketch.max_length,
        "minimum": sketch.minimum,
        "maximum": sketch.maximum,
        "comb": sketch.comb,
        "bank": bank,
    }
    if sketch.options and sketch.type in LISTING:
        told["options"] = options_of(sketch.options)
    return of_type(begun.model_copy(update=told), sketch.type)


def _put(draft: FormDraft, made: Sequence[Item], after: str) -> FormDraft:
    items = draft.items()
    names = [name_of(item) for item in items]
    place = names.index(after) + 1 if after in names else len(items)
    return draft.with_items((*items[:place], *made, *items[place:]))


def _with_columns(table: FormField, columns: Sequence[FormField]) -> FormField:
    return FormField.model_validate({**dict(table), "columns": tuple(columns)})


def _swapped(fields: Sequence[FormField], key: str, field: FormField) -> tuple[FormField, ...]:
    return tuple(field if one.key == key else one for one in fields)


def _moved(items: Sequence[ItemT], place: int, to: int) -> tuple[ItemT, ...]:
    rest = [*items[:place], *items[place + 1 :]]
    to = min(max(to, 0), len(rest))
    return (*rest[:to], items[place], *rest[to:])
