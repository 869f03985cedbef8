"""What does a JSON file say: a form of ours as it was exported, or a JSON Schema (2020-12) of flat answers?"""

import json
from collections.abc import Mapping
from typing import Any

from forms.building.draft import FormDraft
from forms.building.keys import may_be_key, renamed, taken
from forms.building.kinds import Sketch
from forms.definition import DefinitionError, parse_definition
from forms.field_types import FieldType
from forms.importing.guessing import type_of_label
from forms.importing.told import Imported, Note, NotImportedError, drafted

_UNDERSTOOD = frozenset(
    {"type", "title", "description", "format", "enum", "maxLength", "minimum", "maximum", "$comment"}
)


def draft_of_json(title: str, text: str) -> Imported:
    """Return a draft of an exported form, which gives the same form, or of a schema. Raises NotImportedError."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as reason:
        raise NotImportedError("JSONとして読み取れません。", "This is no JSON.") from reason
    if not isinstance(content, dict):
        raise NotImportedError("様式の定義でもJSON Schemaでもありません。", "This is neither a form nor a schema.")
    if "schema" in content and "fields" in content:
        return _of_definition(text)
    properties = content.get("properties")
    if not isinstance(properties, dict):
        raise NotImportedError("様式の定義でもJSON Schemaでもありません。", "This is neither a form nor a schema.")
    return _of_schema(str(content.get("title") or title)[:120], content, properties)


def _of_definition(text: str) -> Imported:
    try:
        return Imported(FormDraft.of(parse_definition(text)), ())
    except DefinitionError as reason:
        raise NotImportedError(str(reason), str(reason)) from reason


def _of_schema(title: str, schema: Mapping[str, Any], properties: Mapping[str, Any]) -> Imported:
    notes: list[Note] = []
    required = schema.get("required")
    asked = set(required) if isinstance(required, list) and all(isinstance(one, str) for one in required) else set()
    named = [(name, said) for name, said in properties.items() if _is_flat(name, said, notes)]
    draft = drafted(title, [_sketch(name, said, notes, needed=name in asked) for name, said in named])
    keys = [field.key for field in draft.fields]
    for (name, _said), key in zip(named, keys, strict=True):
        if name == key:
            continue
        if may_be_key(name) and name not in taken(draft):
            draft = renamed(draft, key, name)
        else:
            notes.append(Note(0, f"名前「{name}」はキーにできないため、{key} にしました。", f"{name} became {key}."))
    return Imported(draft, tuple(notes))


def _is_flat(name: str, said: object, notes: list[Note]) -> bool:
    flat = isinstance(said, dict) and said.get("type") in ("string", "integer", "number", "boolean")
    if not flat and not (isinstance(said, dict) and isinstance(said.get("enum"), list)):
        notes.append(Note(0, f"「{name}」は1つの値ではないため、飛ばしました。", f"Left out: {name} is not one value."))
        return False
    return True


def _sketch(name: str, said: Mapping[str, Any], notes: list[Note], *, needed: bool) -> Sketch:
    label = str(said.get("title") or name)[:100]
    options = tuple(dict.fromkeys(str(one) for one in said.get("enum") or () if one is not None))
    unread = sorted(set(said) - _UNDERSTOOD)
    if unread:
        words = "、".join(unread)
        notes.append(Note(0, f"「{label}」の {words} は使いませんでした。", f"{label}: {words} are unused."))
    return Sketch(
        label,
        _kind(label, said, options),
        required=needed and said.get("type") != "boolean",
        max_length=_whole(said.get("maxLength"), 1, 10_000),
        options=options[:200],
        help=str(said.get("description") or "")[:500],
        minimum=_whole(said.get("minimum"), -(10**12), 10**12),
        maximum=_whole(said.get("maximum"), -(10**12), 10**12),
    )


def _kind(label: str, said: Mapping[str, Any], options: tuple[str, ...]) -> FieldType:
    if options:
        return FieldType.CHOICE
    if said.get("type") == "boolean":
        return FieldType.CHECKBOX
    if said.get("type") in ("integer", "number"):
        return FieldType.YEN if type_of_label(label) is FieldType.YEN else FieldType.INTEGER
    if said.get("format") in ("date", "date-time"):
        return FieldType.DATE
    guessed = type_of_label(label)
    numbers = (
        FieldType.INTEGER,
        FieldType.YEN,
        FieldType.CHECKBOX,
        FieldType.FILE,
        FieldType.CHOICE,
        FieldType.CHOICES,
    )
    return FieldType.TEXT if guessed in numbers else guessed


def _whole(value: object, low: int, high: int) -> int | None:
    return value if type(value) is int and low <= value <= high else None
