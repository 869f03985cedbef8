"""Which records does somebody want to see? Conditions stand in the address, so that a list can be kept and sent.

An address has `where=<key>:<test>:<what>` as often as there are conditions, `sort=<key>` or `sort=-<key>`, and
`columns=<key>,<key>`. What it names and the form does not have is told, never guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import BigInteger, ColumnElement, case, cast

from backoffice.records.models import Record
from backoffice.services import TOKYO
from backoffice.web.translations import _
from forms.answers import normalise
from forms.definition import FormDefinition, FormField
from forms.field_types import NUMBERS, FieldType
from forms.numbers import NUMBER_LIMIT
from forms.widths import plain

MOST_CONDITIONS = 8
LONGEST_CONDITION = 100
OUR_DAYS = ("1900-01-01", "2999-12-31")
"""A day of entry beyond these is no day on a clock."""
DAY = "entered"
"""Beside the questions of the form: the day on which a record came in."""


class Comparison(StrEnum):
    IS = "is"
    HAS = "has"
    FROM = "from"
    TO = "to"
    EMPTY = "empty"
    THERE = "there"


COMPARISON_NAMES = {
    Comparison.IS: _("と等しい"),
    Comparison.HAS: _("を含む"),
    Comparison.FROM: _("以上(以後)"),
    Comparison.TO: _("以下(以前)"),
    Comparison.EMPTY: _("が空欄"),
    Comparison.THERE: _("が空欄でない"),
}
_WITHOUT_VALUE = frozenset({Comparison.EMPTY, Comparison.THERE})
_IN_ORDER = NUMBERS | {FieldType.DATE}


@dataclass(frozen=True)
class Condition:
    key: str
    test: Comparison
    what: str = ""

    def in_address(self) -> str:
        return f"{self.key}:{self.test}:{self.what}"


@dataclass(frozen=True)
class Wish:
    """What a list shows. `troubles` are sentences (msgids) about what could not be understood, with what to fill in."""

    conditions: tuple[Condition, ...] = ()
    sort: str = ""
    backwards: bool = False
    columns: tuple[str, ...] = ()
    state: str = ""
    troubles: tuple[tuple[str, Mapping[str, str]], ...] = field(default=(), compare=False)

    def address(self, path: str, **more: str) -> str:
        """Give the address of `path` with this wish in it."""
        pairs = [("where", one.in_address()) for one in self.conditions]
        order = ("-" if self.backwards else "") + self.sort
        pairs += [("sort", order), ("columns", ",".join(self.columns)), ("state", self.state), *more.items()]
        kept = [(name, value) for name, value in pairs if value]
        return f"{path}?{urlencode(kept)}" if kept else path


def wish_of(definition: FormDefinition, asked: Sequence[tuple[str, str]]) -> Wish:
    """Read what an address asks for, names and values in their order. What it cannot mean becomes a trouble."""
    conditions: list[Condition] = []
    troubles: list[tuple[str, Mapping[str, str]]] = []
    for written in [value for name, value in asked if name == "where" and value][:MOST_CONDITIONS]:
        found = _condition(definition, written)
        if isinstance(found, Condition):
            conditions.append(found)
        else:
            troubles.append(found)
    single = {name: value for name, value in asked if name != "where"}
    order = single.get("sort", "")
    sort = order.removeprefix("-")
    known = {question.key for question in definition.questions}
    columns = tuple(key for key in single.get("columns", "").split(",") if key in known)
    return Wish(
        conditions=tuple(conditions),
        sort=sort if sort in known | {DAY} else "",
        backwards=order.startswith("-"),
        columns=columns,
        state=single.get("state", ""),
        troubles=tuple(troubles),
    )


def _condition(definition: FormDefinition, written: str) -> Condition | tuple[str, Mapping[str, str]]:
    key, _colon, rest = written.partition(":")
    test, _colon, what = rest.partition(":")
    question = day_question() if key == DAY else next((one for one in definition.questions if one.key == key), None)
    if question is None or test not in set(Comparison):
        return _("「%(written)s」という条件はこの様式にありません。"), {"written": written}
    if Comparison(test) in _WITHOUT_VALUE:
        return Condition(key, Comparison(test))
    normal = _understood(question, Comparison(test), what)
    if normal is None:
        return _("「%(label)s」の条件「%(what)s」を読み取れません。"), {"label": question.label, "what": what}
    return Condition(key, Comparison(test), normal)


def _understood(question: FormField, test: Comparison, what: str) -> str | None:
    """Give what a condition compares with in normal form; None for what has none, or no end."""
    what = plain(what)
    if len(what) > LONGEST_CONDITION:
        return None
    if test is Comparison.HAS or (question.type not in _IN_ORDER and question.type is not FieldType.CHECKBOX):
        return what or None
    value = normalise(question, what).value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) >= NUMBER_LIMIT:
        return None
    if question.key == DAY and not OUR_DAYS[0] <= str(value) <= OUR_DAYS[1]:
        return None
    return None if value is None else str(value)


def day_question() -> FormField:
    """Give the day of entry as a question, so that it is asked about like the others."""
    return FormField(key=DAY, label=_("入力日"), label_en="Day of entry", type=FieldType.DATE)


def holds(definition: FormDefinition, one: Condition) -> ColumnElement[bool]:
    """Give the condition as SQL. A day of entry is one of the city's clock."""
    if one.key == DAY:
        return _of_entry(one)
    written: ColumnElement[str] = Record.values[one.key].as_string()
    if one.test in _WITHOUT_VALUE:
        return written.is_(None) if one.test is Comparison.EMPTY else written.is_not(None)
    if one.test is Comparison.HAS:
        return written.contains(one.what, autoescape=True)
    question = definition.field(one.key)
    if question.type is FieldType.CHECKBOX:
        ticked: ColumnElement[bool] = Record.values[one.key].as_boolean()
        return ticked.is_(one.what == "true")
    if question.type in NUMBERS:
        return _compared(one.test, cast(written, BigInteger), int(one.what))
    return _compared(one.test, written, one.what)


def ordered(definition: FormDefinition, wish: Wish) -> list[ColumnElement[Any]]:
    """Give the order of the list: as wished, empty ones last, else the newest first."""
    newest = Record.id.desc()
    if not wish.sort:
        return [newest]
    if wish.sort == DAY:
        by: Any = Record.entered_at
    else:
        written = Record.values[wish.sort].as_string()
        by = cast(written, BigInteger) if definition.field(wish.sort).type in NUMBERS else written
    return [case((by.is_(None), 1), else_=0), by.desc() if wish.backwards else by.asc(), newest]


def _of_entry(one: Condition) -> ColumnElement[bool]:
    if one.test is Comparison.EMPTY:
        return Record.id.is_(None)
    if one.test in (Comparison.THERE, Comparison.HAS):
        return Record.id.is_not(None)
    begin = datetime.combine(date.fromisoformat(one.what), time(), TOKYO)
    after = begin + timedelta(days=1)
    if one.test is Comparison.FROM:
        return Record.entered_at >= begin
    if one.test is Comparison.TO:
        return Record.entered_at < after
    return (Record.entered_at >= begin) & (Record.entered_at < after)


def _compared(test: Comparison, column: ColumnElement[Any], value: object) -> ColumnElement[bool]:
    if test is Comparison.FROM:
        return column >= value
    return column <= value if test is Comparison.TO else column == value
