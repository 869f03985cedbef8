"""How does a form state a rule across its fields? In a small language that can run nothing but the rule.

The language is a small part of Python's expressions: literals, names of fields, comparison, `and`/`or`/`not`,
`+ - *`, `in` a written list, and the functions of forms.evaluation. No attributes, no subscripts, no other calls, no
division (which could fail). An answer not given is None and is carried: a comparison with it is neither true nor false.
Where answers come from several places (the steps of a route), `dotted=True` lets a rule write `place.field` for a name.
"""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from forms.evaluation import COLUMN_FUNCTIONS, FUNCTIONS, Columns, ExpressionError, evaluate
from forms.field_types import RuleValue

MAX_LENGTH = 1000
MAX_DEPTH = 20
MAX_NODES = 200

_FIELD = re.compile(r"[a-z][a-z0-9_]{0,63}")

_NODES = (
    *(ast.Expression, ast.Constant, ast.Name, ast.Load, ast.Compare, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not),
    *(
        ast.USub,
        ast.BinOp,
        ast.Add,
        ast.Sub,
        ast.Mult,
        ast.Call,
        ast.List,
        ast.Tuple,
        ast.In,
        ast.NotIn,
        ast.Is,
        ast.IsNot,
    ),
    *(ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE),
)


@dataclass(frozen=True)
class Expression:
    """A checked expression: `names` are the fields it looks at, `columns` those it counts through all rows."""

    source: str
    names: frozenset[str]
    columns: frozenset[str]
    tree: ast.expr

    def value(self, answers: Mapping[str, RuleValue], columns: Columns = MappingProxyType({})) -> RuleValue:
        """Evaluate the expression; a name without an answer is None, a column without rows has none.

        Raises ExpressionError when two answers cannot be compared or counted together.
        """
        return evaluate(self.tree, answers, columns)


def parse(source: str, *, dotted: bool = False) -> Expression:
    """Check `source` against the language. Raises ExpressionError, saying what is not allowed.

    With `dotted`, this function will read `place.field` as one name of that spelling.
    """
    if len(source) > MAX_LENGTH:
        raise ExpressionError(
            f"the expression is longer than {MAX_LENGTH} characters", f"式は{MAX_LENGTH}文字までです。"
        )
    try:
        tree = ast.parse(source.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as reason:
        raise ExpressionError(
            "this is not an expression", "式として読めません。括弧や記号を確かめてください。"
        ) from reason
    nodes = list(ast.walk(tree))
    if len(nodes) > MAX_NODES or _depth(tree) > MAX_DEPTH:
        raise ExpressionError("the expression is too large", "式が大きすぎます。")
    if dotted:
        tree = _Dotted().visit(tree)
        nodes = list(ast.walk(tree))
    for node in nodes:
        _allow(node)
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    counted = [node.args[0] for node in calls if _name_of(node.func) in COLUMN_FUNCTIONS]
    elsewhere = {id(node.func) for node in calls} | {id(node) for node in counted}
    names = frozenset(node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in elsewhere)
    return Expression(source, names, frozenset(_name_of(node) for node in counted), tree.body)


def _name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


class _Dotted(ast.NodeTransformer):
    """Turns `place.field` into the single name "place.field"; anything deeper stays, and is refused as before."""

    def visit_Call(self, node: ast.Call) -> ast.Call:
        # A function is never looked up in a place: `place.field(…)` stays an attribute and is refused.
        node.args = [self.visit(argument) for argument in node.args]
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if isinstance(node.value, ast.Name) and _FIELD.fullmatch(node.attr):
            return ast.Name(id=f"{node.value.id}.{node.attr}", ctx=ast.Load())
        return node


def _depth(node: ast.AST) -> int:
    return 1 + max((_depth(child) for child in ast.iter_child_nodes(node)), default=0)


def _allow(node: ast.AST) -> None:
    if not isinstance(node, _NODES):
        raise ExpressionError(f"{type(node).__name__} is not part of the language", "式に使えない書き方があります。")
    if isinstance(node, ast.Constant) and not isinstance(node.value, str | bool | int | None):
        raise ExpressionError(
            "only text, whole numbers, True, False and None may be written",
            "式に書けるのは、引用符で囲んだ文字、整数、True、False、None だけです。",
        )
    if isinstance(node, ast.Call):
        _allow_call(node)
    if isinstance(node, ast.Compare):
        _allow_comparison(node)


def _allow_call(node: ast.Call) -> None:
    if _name_of(node.func) in COLUMN_FUNCTIONS and not node.keywords:
        if len(node.args) != 1 or not isinstance(node.args[0], ast.Name):
            raise ExpressionError(
                f"{_name_of(node.func)} takes the name of one column",
                f"{_name_of(node.func)} には、表の列を1つだけ書きます。",
            )
        return
    if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS or node.keywords:
        known = ", ".join((*FUNCTIONS, *COLUMN_FUNCTIONS))
        raise ExpressionError(f"only these functions may be called: {known}", f"使える関数は {known} だけです。")
    kinds, _ = FUNCTIONS[node.func.id]
    if len(node.args) != len(kinds):
        raise ExpressionError(
            f"{node.func.id} takes {len(kinds)} values", f"{node.func.id} には値を{len(kinds)}つ渡します。"
        )


def _allow_comparison(node: ast.Compare) -> None:
    for sign, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(sign, ast.In | ast.NotIn) and not isinstance(right, ast.List | ast.Tuple):
            raise ExpressionError("`in` takes a written list", "in の右には [ ] で囲んだ一覧を書きます。")
        if isinstance(right, ast.List | ast.Tuple) and (
            not isinstance(sign, ast.In | ast.NotIn) or any(isinstance(one, ast.List | ast.Tuple) for one in right.elts)
        ):
            raise ExpressionError("a list stands after `in` only", "一覧を書けるのは in の右だけです。")
        if isinstance(sign, ast.Is | ast.IsNot) and not (isinstance(right, ast.Constant) and right.value is None):
            raise ExpressionError("`is` compares with None only", "is の右に書けるのは None だけです。")
