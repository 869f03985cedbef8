"""What has changed between two versions of a route? Element by element, for the list and the marked drawing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum

from workflows.routes.parts import Arrow, Assignment, Route
from workflows.tables import DecisionTable


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class Difference:
    """One element that is not what it was. `fields`: (field, old, new) as text; empty for what was added or removed."""

    element_id: str
    element_name: str
    change: Change
    fields: tuple[tuple[str, str, str], ...]


def differences(old: Route, new: Route) -> tuple[Difference, ...]:
    """Compare two versions: first what the new one has, in its order, then what is gone.

    An element that only stands elsewhere in the drawing is "moved"; one that was also changed is "changed".
    """
    before, after = dict(_elements(old)), dict(_elements(new))
    found = [_of_one(element_id, old, new, before, after) for element_id in after]
    gone = (
        Difference(element_id, old.name_of(element_id), Change.REMOVED, ())
        for element_id in before
        if element_id not in after
    )
    return (*(each for each in found if each is not None), *gone)


def _of_one(
    element_id: str,
    old: Route,
    new: Route,
    before: Mapping[str, Mapping[str, str]],
    after: Mapping[str, Mapping[str, str]],
) -> Difference | None:
    name = new.name_of(element_id)
    if element_id not in before:
        return Difference(element_id, name, Change.ADDED, ())
    then, now = before[element_id], after[element_id]
    changed = tuple(
        (key, then.get(key, ""), now.get(key, ""))
        for key in dict.fromkeys((*then, *now))
        if then.get(key, "") != now.get(key, "")
    )
    if changed:
        return Difference(element_id, name, Change.CHANGED, changed)
    if old.shapes.get(element_id) != new.shapes.get(element_id):
        return Difference(element_id, name, Change.MOVED, ())
    return None


def _elements(route: Route) -> Iterator[tuple[str, dict[str, str]]]:
    kinds = (route.starts, route.steps, route.tables, route.gateways, route.timers, route.ends, route.arrows)
    for kind in kinds:
        for element_id, element in kind.items():
            told = {"element": type(element).__name__.lower(), **_told(element)}
            if isinstance(element, Arrow) and (gateway := route.gateways.get(element.source)) is not None:
                told["default"] = _text(gateway.default == element.id)
            yield element_id, told


def _told(element: object, prefix: str = "") -> dict[str, str]:
    """Write every field of an element as text; who is asked is told field by field, a table row by row."""
    told: dict[str, str] = {}
    if isinstance(element, DecisionTable):
        return _table(element)
    if not is_dataclass(element):
        return told
    for each in fields(element):
        value = getattr(element, each.name)
        if each.name in ("id", "expression") or (each.name == "default" and not prefix):
            continue
        if isinstance(value, Assignment):
            told |= _told(value, f"{each.name}.")
        elif value is not None:
            told[f"{prefix}{each.name}"] = _text(value)
    return told


def _table(table: DecisionTable) -> dict[str, str]:
    rows = {f"row {row.id}": " | ".join((*row.written, "→", *map(_text, row.then))) for row in table.rules}
    heads = {f"input {column.label}": f"{column.expression.source} ({column.type})" for column in table.inputs}
    answers = {f"output {column.name}": f"{column.label} ({column.type})" for column in table.outputs}
    return {"name": table.name, "hit": table.hit.value, **heads, **answers, **rows}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return "" if value is None else str(value)
