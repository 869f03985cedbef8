"""How is a rule written as JSON, and what of it is refused? `{"schema": 1, "rule": {"all": [{"age": {…}}, …]}}`.

Reading is strict: what is not known is refused with its place, never dropped, since a condition that silently vanished
would send notices to people whom nobody meant.
"""

import json
from collections.abc import Callable, Mapping
from typing import NoReturn

from workflows.rules import findings as says
from workflows.rules.findings import Finding, Path, RuleRefused
from workflows.rules.settings_of_leaves import LeafReader
from workflows.rules.tree import MAX_DEPTH, MAX_LEAVES, All, AnyOf, Node, Not
from workflows.rules.vocabulary import Vocabulary
from workflows.rules.writing import SCHEMA

MAX_TEXT = 262_144
"""Characters. A rule of 400 conditions written out is a quarter of that."""


def read_rule(text: str, vocabulary: Vocabulary) -> Node:
    """Read a rule from its JSON text. Raises RuleRefused."""
    if len(text) > MAX_TEXT:
        raise RuleRefused([says.TOO_LARGE.at((), limit=MAX_TEXT)])
    try:
        value = json.loads(text, parse_constant=_no_such_number, parse_float=_no_such_number)
    except (ValueError, RecursionError) as reason:
        raise RuleRefused([says.NOT_JSON.at(())]) from reason
    return rule_of(value, vocabulary)


def rule_of(value: object, vocabulary: Vocabulary) -> Node:
    """Read a rule from JSON that was parsed, with its `schema`. Raises RuleRefused."""
    if not isinstance(value, dict) or set(value) != {"schema", "rule"}:
        raise RuleRefused([says.NOT_A_RULE.at(())])
    if value["schema"] != SCHEMA:
        raise RuleRefused([says.LATER_SCHEMA.at(())])
    return _Reader(vocabulary).whole(value["rule"])


class _Reader:
    """Goes through a value once, gathering what is wrong instead of stopping at the first."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._leaf = LeafReader(vocabulary)
        self._findings: list[Finding] = []
        self._leaves = 0

    def whole(self, value: object) -> Node:
        node = self._node(value, ())
        if self._leaves > MAX_LEAVES:
            self._findings.append(says.TOO_MANY.at((), limit=MAX_LEAVES))
        if self._findings or node is None:
            raise RuleRefused(self._findings)
        return node

    def _node(self, value: object, path: Path) -> Node | None:
        if len(path) >= MAX_DEPTH:
            return self._refuse(says.TOO_DEEP.at(path, limit=MAX_DEPTH))
        if not isinstance(value, dict) or len(value) != 1:
            return self._refuse(says.NOT_A_RULE.at(path))
        ((kind, content),) = value.items()
        groups: Mapping[str, Callable[[object, Path], Node | None]] = {
            "all": lambda parts, at: self._group(All, parts, at),
            "any": lambda parts, at: self._group(AnyOf, parts, at),
            "not": self._not,
        }
        if kind in groups:
            return groups[kind](content, path)
        self._leaves += 1
        if self._leaves > MAX_LEAVES:
            return None
        try:
            return self._leaf.read(str(kind), content, path)
        except RuleRefused as refused:
            self._findings.extend(refused.findings)
            return None

    def _group(self, kind: type[All | AnyOf], parts: object, path: Path) -> Node | None:
        if not isinstance(parts, list):
            return self._refuse(says.NOT_A_RULE.at(path))
        read = [self._node(part, (*path, place)) for place, part in enumerate(parts)]
        return kind(tuple(node for node in read if node is not None))

    def _not(self, part: object, path: Path) -> Node | None:
        node = self._node(part, (*path, 0))
        return None if node is None else Not(node)

    def _refuse(self, finding: Finding) -> Node | None:
        self._findings.append(finding)
        return None


def _no_such_number(_written: str) -> NoReturn:
    """Refuse NaN, Infinity and fractions: a rule counts in whole numbers."""
    raise ValueError
