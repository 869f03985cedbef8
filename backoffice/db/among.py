"""How is it asked for hundreds of rows by their ids? By one value: a statement written once, however many they are.

`in_` writes a statement anew for each number of ids, and each driver reads it anew.
"""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, Boolean, ColumnElement, Dialect, String, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

Ids = ColumnElement[int] | InstrumentedAttribute[int]


class _Ids(TypeDecorator[Collection[int]]):
    """Whole numbers as one value: an array of PostgreSQL, JSON on SQLite."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(BigInteger) if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> list[int] | str | None:
        ids = list(value or ())
        return ids if dialect.name == "postgresql" else json.dumps(ids)


class _Among(FunctionElement[bool]):
    name = "among"
    type = Boolean()
    inherit_cache = True


@compiles(_Among)
def _on_sqlite(element: _Among, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 -- SQLAlchemy's signature
    column, ids = element.clauses
    listed = f"SELECT value FROM json_each({compiler.process(ids, **how)})"  # noqa: S608 -- a bound value's name
    return f"{compiler.process(column, **how)} IN ({listed})"


@compiles(_Among, "postgresql")
def _on_postgresql(element: _Among, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401 -- SQLAlchemy's signature
    column, ids = element.clauses
    return f"{compiler.process(column, **how)} = ANY({compiler.process(ids, **how)})"


def among(column: Ids, ids: Collection[int]) -> ColumnElement[bool]:
    """The condition that `column` is one of `ids`."""
    return _Among(column, bindparam(None, list(ids), type_=_Ids()))


def among_named(column: Ids, name: str) -> ColumnElement[bool]:
    """The same for a statement that is written once: the ids are given under `name` when it is executed."""
    return _Among(column, bindparam(name, type_=_Ids()))
