"""What do a file's columns and codes mean? Said once for a source, then remembered.

A column that bears the name of what a snapshot holds needs no saying.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows.rules.brought_files import FileRefusedError, Refused, names_my_number
from workflows.rules.facts import CITY_FACTS
from workflows.rules.snapshot_columns import (
    CHANNEL,
    COMPUTED,
    CONSENTS,
    HOUSEHOLD,
    LANGUAGE,
    PROTECTED,
    PSEUDONYM,
)
from workflows.rules.vocabulary import GRANTED, FactKind

SCHEMA = 1
_SINGLE = frozenset({PSEUDONYM, HOUSEHOLD, CONSENTS, CHANNEL, LANGUAGE, PROTECTED})
_GRANT = re.compile(rf"{GRANTED}[\w-]{{1,40}}")
"""Numbers of programs hold letters of every kind: `R8-制度-0001`."""
_FLAGS = frozenset({"true", "false"})
NEVER_CODE = "never"


@dataclass(frozen=True, slots=True)
class Layout:
    """What the columns of a source mean."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """The name of a column in the file → what it is."""
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What it is → what stands in the file → the code it means."""
    unknown: tuple[str, ...] = ()
    """What stands in a cell whose content is not known, beside nothing at all."""

    def to_json(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "columns": dict(self.columns),
            "codes": {target: dict(codes) for target, codes in self.codes.items()},
            "unknown": list(self.unknown),
        }

    def targets(self, columns: Iterable[str]) -> dict[str, str]:
        """Give, for what is taken of a file with `columns`, the column that holds it. Raises FileRefusedError."""
        there = list(columns)
        taken: dict[str, str] = {}
        for column, target in self.columns.items():
            if column not in there:
                raise FileRefusedError(Refused.COLUMN_MISSING, target)
            if target in taken:
                raise FileRefusedError(Refused.TARGET_TWICE, target)
            taken[target] = column
        spoken_for = set(self.columns)
        taken |= {name: name for name in there if is_target(name) and name not in taken and name not in spoken_for}
        for needed, refused in ((PSEUDONYM, Refused.NO_PSEUDONYM), (HOUSEHOLD, Refused.NO_HOUSEHOLD)):
            if needed not in taken:
                raise FileRefusedError(refused)
        return taken


PLAIN = Layout()


def is_target(name: str) -> bool:
    """Say whether a snapshot can take what is called so from a file."""
    known = name in _SINGLE or name in CITY_FACTS.facts or _GRANT.fullmatch(name) is not None
    return known and name not in COMPUTED


def read_layout(written: Mapping[str, Any]) -> Layout:
    """Give the layout that stands in a TOML or JSON file, or was stored. Raises FileRefusedError."""
    columns, codes, unknown = written.get("columns", {}), written.get("codes", {}), written.get("unknown", [])
    if not (_is_texts(columns) and isinstance(codes, Mapping) and all(map(_is_texts, codes.values()))):
        raise FileRefusedError(Refused.LAYOUT)
    if not (isinstance(unknown, list) and all(isinstance(each, str) for each in unknown)):
        raise FileRefusedError(Refused.LAYOUT)
    _must_not_name_my_number(columns)
    for target in (*columns.values(), *codes):
        _must_be_target(target)
    for target, meanings in codes.items():
        if unheard := set(meanings.values()) - _codes_of(target):
            raise FileRefusedError(Refused.UNKNOWN_MEANING, f"{target}: {min(unheard)[:40]}")
    return Layout(dict(columns), {target: dict(meanings) for target, meanings in codes.items()}, tuple(unknown))


def _is_texts(written: object) -> bool:
    return isinstance(written, Mapping) and all(isinstance(each, str) for pair in written.items() for each in pair)


def _must_not_name_my_number(columns: Mapping[str, str]) -> None:
    for number, column in enumerate(columns, 1):
        if names_my_number(column):
            raise FileRefusedError(Refused.NAMES_MY_NUMBER, number)


def _must_be_target(target: str) -> None:
    if target in COMPUTED:
        raise FileRefusedError(Refused.COMPUTED_TARGET, target)
    if not is_target(target):
        raise FileRefusedError(Refused.UNKNOWN_TARGET, target[:40])


def _codes_of(target: str) -> set[str]:
    """Give the codes that cells of `target` may be said to mean."""
    fact = CITY_FACTS.get(target)
    if target.startswith(GRANTED):
        return {NEVER_CODE}
    if target == PROTECTED or (fact is not None and fact.kind is FactKind.FLAG):
        return set(_FLAGS)
    if target == CHANNEL:
        return {"mail", "line", "none"}
    if target == LANGUAGE:
        return {"ja", "yasashii", "en"}
    return {choice.code for choice in fact.choices} if fact is not None else set()
