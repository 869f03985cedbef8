"""How many rows are there of each kind? Kept as rows change, so that no page's cost grows with their number.

Amounts change in the transaction that changes the rows: a crash loses or keeps both.
"""

from abc import abstractmethod
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Executable, String, func, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstanceState, Mapped, Session, mapped_column

from backoffice.db.base import Base


class Tally(Base):
    """One amount. There is no row of it to be edited: `keep` alone adds to it."""

    __tablename__ = "tally"

    name: Mapped[str] = mapped_column(String(24), primary_key=True)
    about_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The night or the system that is counted for; 0 where a department's rows are counted as one."""
    department_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mark: Mapped[str] = mapped_column(String(16), primary_key=True)
    """A state, or a day (ISO 8601)."""
    amount: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = {}  # noqa: RUF012 -- SQLAlchemy's declarative spelling; a compound key has no autoincrement


class TallyKey(NamedTuple):
    name: str
    about_id: int
    department_id: int
    mark: str = ""


class Counted:
    """A row that is counted. It is changed through a session, row by row: statements over many would pass unseen."""

    @abstractmethod
    def shares(self) -> Mapping[TallyKey, int]:
        """Give what this row adds to which tally; whole numbers, so that sums never drift."""


def changes_of(session: Session) -> Counter[TallyKey]:
    """Give what the flush that has just been made changes in the tallies (for SQLAlchemy's `after_flush`)."""
    changes: Counter[TallyKey] = Counter()
    for row in session.new:
        if isinstance(row, Counted):
            changes.update(row.shares())
    for row in session.deleted:
        if isinstance(row, Counted):
            changes.subtract(_as_it_was(row).shares())
    for row in session.dirty:
        if isinstance(row, Counted):
            changes.subtract(_as_it_was(row).shares())
            changes.update(row.shares())
    return changes


def keep(session: Session, changes: Mapping[TallyKey, int]) -> None:
    """Add `changes` to the tallies, after all else in a unit and in one order: two units never wait for one another."""
    rows = [{**key._asdict(), "amount": change} for key, change in sorted(changes.items()) if change]
    if not rows:
        return
    session.connection().execute(_adding(session.get_bind().dialect.name), rows)


def amounts(session: Session, name: str, *where: ColumnElement[bool]) -> dict[tuple[int, str], int]:
    """Give a tally's amounts by what they are about and their mark, without those that have come to nothing."""
    total = func.sum(Tally.amount)
    rows = session.execute(
        select(Tally.about_id, Tally.mark, total)
        .where(Tally.name == name, *where)
        .group_by(Tally.about_id, Tally.mark)
        .having(total != 0)
    )
    return {(about_id, mark): int(amount) for about_id, mark, amount in rows}


@cache
def _adding(dialect: str) -> Executable:
    """Give the statement, written once: it ends every unit."""
    adding = (postgresql if dialect == "postgresql" else sqlite).insert(Tally)
    statement: Executable = adding.on_conflict_do_update(
        index_elements=list(TallyKey._fields), set_={"amount": Tally.amount + adding.excluded.amount}
    )
    return statement


def _as_it_was(row: Counted) -> Counted:
    """Give a row, in no session, with the values that the database held before this flush."""
    state: InstanceState[Counted] = inspect(row)
    before = {}
    for column in state.mapper.column_attrs:
        history = state.attrs[column.key].history
        if history.added and not history.deleted:
            raise LookupError(f"{column.key} was changed unread: it cannot be counted")
        before[column.key] = (history.deleted or history.unchanged or (None,))[0]
    return type(row)(**before)
