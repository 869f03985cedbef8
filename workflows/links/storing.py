"""How are terms kept? As JSON with its `schema`: `{"schema": 2, "terms": {…}}`, one key for each field.

Reading is strict: what is not known is refused with its place, never dropped, since a limit that silently vanished
would open a link further than anybody approved.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, NoReturn, get_args, get_origin, get_type_hints

from workflows.links.impact import NOT_ASSESSED
from workflows.links.terms import Terms

SCHEMA = 2
BEFORE_ASSESSMENTS = 1
MAX_TEXT = 262_144
MAX_ENTRIES = 200
"""In one list: more purposes, attributes or groups of people than an agreement can have."""

Json = dict[str, Any]


class TermsRefused(Exception):  # noqa: N818 - what happened, as a sentence of the office says it
    """What was handed in are no terms. `place` says where (`uses.0.attribute`), `code` why."""

    def __init__(self, place: str, code: str) -> None:
        super().__init__(f"{place}: {code}")
        self.place = place
        self.code = code


def written_terms(terms: Terms) -> Json:
    """Write terms as JSON values, with their `schema`."""
    return {"schema": SCHEMA, "terms": _written(terms)}


def read_terms(text: str) -> Terms:
    """Read terms from their JSON text. Raises TermsRefused."""
    if len(text) > MAX_TEXT:
        raise TermsRefused("", "too_large")
    try:
        value = json.loads(text, parse_constant=_no_such_number, parse_float=_no_such_number)
    except (ValueError, RecursionError) as reason:
        raise TermsRefused("", "not_json") from reason
    return terms_from(value)


def terms_from(value: object) -> Terms:
    """Read terms from JSON that was parsed, with their `schema`. Raises TermsRefused."""
    if not isinstance(value, dict) or set(value) != {"schema", "terms"}:
        raise TermsRefused("", "not_terms")
    if value["schema"] not in (BEFORE_ASSESSMENTS, SCHEMA):
        raise TermsRefused("schema", "later_schema")
    read: Terms = _read(Terms, _lifted(value), "terms")
    return read


def _lifted(value: Json) -> object:
    """Give terms as they are written today: the first ones knew no impact assessment."""
    said = value["terms"]
    if value["schema"] == BEFORE_ASSESSMENTS and isinstance(said, dict):
        return {**said, "impact": _written(NOT_ASSESSED)}
    return said


def _written(value: Any) -> Any:  # noqa: ANN401 - whatever a field of terms can be
    if is_dataclass(value):
        return {each.name: _written(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [_written(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def _read(kind: Any, value: object, place: str) -> Any:  # noqa: ANN401 - as the kind says
    """Read a value as what a field's annotation says it is."""
    if get_origin(kind) is UnionType:
        (kind_if_any,) = (each for each in get_args(kind) if each is not NoneType)
        return None if value is None else _read(kind_if_any, value, place)
    if get_origin(kind) is tuple:
        return _read_list(get_args(kind)[0], value, place)
    if is_dataclass(kind):
        return _read_fields(kind, value, place)
    if kind in (bool, int, str):
        # True is an int to Python, not to us.
        return value if type(value) is kind else _refuse(place)
    if not isinstance(value, str):
        _refuse(place)
    try:
        return date.fromisoformat(value) if kind is date else kind(value)
    except ValueError as reason:
        raise TermsRefused(place, "wrong") from reason


def _read_list(kind: Any, value: object, place: str) -> tuple[Any, ...]:  # noqa: ANN401 - as above
    if not isinstance(value, list):
        _refuse(place)
    if len(value) > MAX_ENTRIES:
        raise TermsRefused(place, "too_many")
    return tuple(_read(kind, each, f"{place}.{at}") for at, each in enumerate(value))


@cache
def _hints(kind: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as above
    return get_type_hints(kind)


def _read_fields(kind: Any, value: object, place: str) -> Any:  # noqa: ANN401 - as above
    if not isinstance(value, dict):
        _refuse(place)
    hints = _hints(kind)
    names = [each.name for each in fields(kind)]
    for name in value:
        if name not in names:
            raise TermsRefused(f"{place}.{name}", "unknown")
    for name in names:
        if name not in value:
            raise TermsRefused(f"{place}.{name}", "missing")
    return kind(**{name: _read(hints[name], value[name], f"{place}.{name}") for name in names})


def _refuse(place: str) -> NoReturn:
    raise TermsRefused(place, "wrong")


def _no_such_number(_written: str) -> NoReturn:
    """Refuse NaN, Infinity and fractions: terms count in whole numbers."""
    raise ValueError
