"""Under which key is an answer stored? Nobody has to think of one: it is made from the label, or counted."""

import ast
import keyword
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import count

from forms.building.draft import FormDraft
from forms.definition import FormField
from forms.expressions import parse
from forms.widths import plain
from forms.zones import ForeignPaper

LONGEST = 24
_NOT_IN_A_KEY = re.compile(r"[^a-z0-9]+")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")


def taken(draft: FormDraft) -> set[str]:
    """Return every name that an answer of the draft has or had: fields, tables, columns and cells."""
    return names_of(draft.fields) | set(draft.spent)


def names_of(fields: Iterable[FormField]) -> set[str]:
    """Return every name under which these questions are stored or named."""
    return {name for field in fields for name in _names_of(field)}


def new_key(label: str, names: Collection[str]) -> str:
    """Return a key that is not among `names`: the label's own Latin letters, else a1, a2 and so on."""
    written = _NOT_IN_A_KEY.sub("_", plain(label).lower()).strip("_")[:LONGEST].strip("_")
    has_japanese = any(ord(letter) > ord("\u024f") for letter in plain(label))
    if not has_japanese and _KEY.fullmatch(written) and not keyword.iskeyword(written) and written not in names:
        return written
    return next(key for key in (f"a{number}" for number in count(1)) if key not in names)


def may_be_key(text: str) -> bool:
    """Say whether an expression can name this key."""
    return _KEY.fullmatch(text) is not None and not keyword.iskeyword(text)


def renamed(draft: FormDraft, old: str, new: str) -> FormDraft:
    """Return the draft in which the field `old` is called `new`, also in every condition, rule and bank."""

    def field(one: FormField) -> FormField:
        return one.model_copy(
            update={
                "key": new if one.key == old else one.key,
                "bank": new if one.bank == old else one.bank,
                "columns": tuple(field(column) for column in one.columns),
                **{
                    part: _naming(source, old, new)
                    for part in ("shown_if", "required_if", "computed")
                    if (source := getattr(one, part)) is not None
                },
            }
        )

    rules = (
        rule.model_copy(
            update={
                "holds": _naming(rule.holds, old, new),
                "keys": tuple(new if key == old else key for key in rule.keys),
            }
        )
        for rule in draft.rules
    )
    return draft.with_(
        fields=tuple(field(one) for one in draft.fields), rules=tuple(rules), paper=_answering(draft.paper, old, new)
    )


def _answering(paper: ForeignPaper | None, old: str, new: str) -> ForeignPaper | None:
    """Let zones answer the question under its other name: itself, or each cell of its column."""
    if paper is None:
        return None
    own = re.compile(rf"{re.escape(old)}(?P<row>_[0-9]+)?")
    found = [(zone, own.fullmatch(zone.key)) for zone in paper.zones]
    return paper.with_(
        [zone.model_copy(update={"key": f"{new}{cell['row'] or ''}"}) if cell else zone for zone, cell in found]
    )


def _naming(source: str, old: str, new: str) -> str:
    """Write an expression anew with the other name; as it was where it does not name it."""
    said = parse(source)
    if old not in said.names | said.columns:
        return source
    return ast.unparse(_Renamed(old, new).visit(ast.parse(source.strip(), mode="eval")))


class _Renamed(ast.NodeTransformer):
    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new

    def visit_Call(self, node: ast.Call) -> ast.Call:
        # The name of a function is no field, though a field may be called so.
        node.args = [self.visit(argument) for argument in node.args]
        return node

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.new if node.id == self.old else node.id, ast.Load())


def _names_of(field: FormField) -> Iterator[str]:
    yield field.key
    for column in field.columns:
        yield column.key
        yield from (f"{column.key}_{row}" for row in range(1, (field.rows or 0) + 1))
