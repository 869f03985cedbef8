"""Do the conditions and tables of a route compare like with like, and name only what has been asked before?"""

import ast
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from itertools import pairwise

from forms.definition import FormField
from forms.evaluation import FUNCTIONS
from forms.expressions import Expression
from forms.field_types import FieldType
from workflows.routes import messages
from workflows.routes.known import Known
from workflows.routes.parts import CASE, Problem, Route, Step
from workflows.routes.running import DECISION
from workflows.routes.structure import following, reachable
from workflows.tables import CellType


class Kind(StrEnum):
    """What a part of a condition is. A date as a form stores it is an ISO 8601 text until `date(…)` reads it."""

    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXT = "text"
    STORED_DATE = "stored_date"
    DATE = "date"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


_OF_FIELDS = {
    FieldType.INTEGER: Kind.NUMBER,
    FieldType.YEN: Kind.NUMBER,
    FieldType.CHECKBOX: Kind.BOOLEAN,
    FieldType.DATE: Kind.STORED_DATE,
}
_OF_CELLS = {
    CellType.NUMBER: Kind.NUMBER,
    CellType.BOOLEAN: Kind.BOOLEAN,
    CellType.DATE: Kind.STORED_DATE,
    CellType.TEXT: Kind.TEXT,
}
_OF_VALUES: dict[type, Kind] = {str: Kind.TEXT, int: Kind.NUMBER, bool: Kind.BOOLEAN, date: Kind.DATE}
_SAID = {
    Kind.NUMBER: "number",
    Kind.BOOLEAN: "boolean",
    Kind.TEXT: "text",
    Kind.STORED_DATE: "date",
    Kind.DATE: "date",
}


def problems_of_conditions(route: Route, known: Known) -> Iterator[Problem]:
    """Look at every condition and every column of every table."""
    before = _run_before(route)
    for arrow in route.arrows.values():
        if arrow.expression is not None:
            reader = _Reader(route, known, arrow.id, arrow.source, before)
            if reader.kind(arrow.expression.tree) not in (Kind.BOOLEAN, Kind.UNKNOWN):
                reader.say(messages.NOT_TRUE_OR_FALSE)
            yield from reader.problems
    for table in route.tables.values():
        for column in table.inputs:
            yield from _of_column(_Reader(route, known, table.id, table.id, before), column.expression, column.type)


def _of_column(reader: "_Reader", expression: Expression, kind: CellType) -> Iterator[Problem]:
    found, wanted = reader.kind(expression.tree), _OF_CELLS[kind]
    if found not in (wanted, Kind.UNKNOWN) and (found, wanted) != (Kind.DATE, Kind.STORED_DATE):
        reader.say(messages.WRONG_KIND, field=expression.source, kind=messages.KIND_NAMES[_SAID.get(found, "text")])
    yield from reader.problems


def _run_before(route: Route) -> dict[str, set[str]]:
    """For each step and table, give what can come after it."""
    edges = following(route)
    return {node: reachable(edges[node], edges) for node in (*route.steps, *route.tables)}


class _Reader:
    """Reads one condition, which stands at `at` (an arrow or a table) and is asked at the element `where`."""

    def __init__(self, route: Route, known: Known, at: str, where: str, after: dict[str, set[str]]) -> None:
        self._route = route
        self._known = known
        self._at = at
        self._where = where
        self._after = after
        self.problems: list[Problem] = []

    def say(self, sentence: messages.Sentence, **params: object) -> None:
        name = self._route.name_of(self._at)
        if name == self._at:
            name = self._route.name_of(self._where)
        self.problems.append(messages.problem(sentence, self._at, name=name, **params))

    def kind(self, node: ast.expr) -> Kind:
        """Say what a part of the condition is, noting what is wrong in it."""
        found = Kind.UNKNOWN
        match node:
            case ast.Constant(value=value):
                found = Kind.NOTHING if value is None else _OF_VALUES[type(value)]
            case ast.Name(id=name):
                found = self._named(name)
            case ast.BoolOp(values=parts):
                found = self._all(parts, Kind.BOOLEAN)
            case ast.UnaryOp(op=sign, operand=operand):
                found = self._all([operand], Kind.BOOLEAN if isinstance(sign, ast.Not) else Kind.NUMBER)
            case ast.BinOp(left=left, right=right):
                found = self._all([left, right], Kind.NUMBER)
            case ast.Call(func=ast.Name(id=function), args=arguments):
                found = self._called(function, arguments)
            case ast.Compare(left=left, comparators=others):
                for one, other in pairwise([left, *others]):
                    self._alike(one, other)
                found = Kind.BOOLEAN
        return found

    def _all(self, parts: list[ast.expr], wanted: Kind) -> Kind:
        for part in parts:
            found = self.kind(part)
            if found not in (wanted, Kind.UNKNOWN):
                self._wrong(part, found)
        return wanted

    def _wrong(self, part: ast.expr, found: Kind) -> None:
        kind = messages.KIND_NAMES[_SAID.get(found, "text")]
        self.say(messages.WRONG_KIND, field=ast.unparse(part), kind=kind)

    def _called(self, function: str, arguments: list[ast.expr]) -> Kind:
        wanted, _ = FUNCTIONS[function]
        for argument, kind in zip(arguments, wanted, strict=True):
            found = self.kind(argument)
            readable = function == "date" and found is Kind.STORED_DATE
            if found not in (_OF_VALUES[kind], Kind.UNKNOWN) and not readable:
                self._wrong(argument, found)
        return Kind.DATE if function == "date" else Kind.NUMBER

    def _alike(self, left: ast.expr, right: ast.expr) -> None:
        if isinstance(right, ast.List | ast.Tuple):
            for one in right.elts:
                self._alike(left, one)
            return
        kinds = self.kind(left), self.kind(right)
        if Kind.UNKNOWN in kinds or Kind.NOTHING in kinds:
            return
        for named, written in ((left, right), (right, left)):
            if isinstance(named, ast.Name) and isinstance(written, ast.Constant):
                self._word(named.id, written.value)
        dated = set(kinds) == {Kind.STORED_DATE, Kind.TEXT} and _is_date(left, right)
        if kinds[0] is not kinds[1] and not dated:
            self._wrong(left, kinds[0])

    def _word(self, name: str, word: object) -> None:
        """A written word must be one that can be said: a decision of the step, an option of the choice."""
        place, _, key = name.partition(".")
        step = self._route.steps.get(place)
        if step is not None and key == DECISION and word not in {str(each) for each in step.decisions}:
            self.say(messages.UNKNOWN_DECISION, value=word, step=self._route.name_of(place))
        field = self._known.facts.get(key) if place == CASE else None if step is None else self._field(step, key)
        if field is not None and field.options and word not in {option.code for option in field.options}:
            self.say(messages.UNKNOWN_WORD, value=word, field=field.label)

    def _named(self, name: str) -> Kind:
        place, _, key = name.partition(".")
        if place == CASE and key in self._known.facts:
            return _OF_FIELDS.get(self._known.facts[key].type, Kind.TEXT)
        kind = self._asked_at(place, key)
        if kind is None:
            self.say(messages.UNKNOWN_NAME, value=name)
            return Kind.UNKNOWN
        if self._where not in self._after[place]:
            self.say(messages.CANNOT_HAVE_RUN, step=self._route.name_of(place))
        return kind

    def _asked_at(self, place: str, key: str) -> Kind | None:
        if place in self._route.tables:
            columns = {column.name: column.type for column in self._route.tables[place].outputs}
            return _OF_CELLS[columns[key]] if key in columns else None
        step = self._route.steps.get(place)
        if step is None or key == DECISION:
            return None if step is None else Kind.TEXT
        field = self._field(step, key)
        return None if field is None else _OF_FIELDS.get(field.type, Kind.TEXT)

    def _field(self, step: Step, key: str) -> FormField | None:
        form = self._known.forms.get(step.form) if step.form is not None else None
        return None if form is None else next((each for each in form.fields if each.key == key), None)


def _is_date(*parts: ast.expr) -> bool:
    written = [part.value for part in parts if isinstance(part, ast.Constant)]
    try:
        return all(date.fromisoformat(str(each)) for each in written) and bool(written)
    except ValueError:
        return False
