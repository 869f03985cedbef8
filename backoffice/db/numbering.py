"""How do records get the numbers people see: `R8-就援-0001`, counted per series and fiscal year?

A number stands outside this house too: in the system that a bot keys into, on notes. After a restore nobody knows which
were given out since the backup; from then on all carry a mark, `R8-就援-MEDT2-0001`, that none before can carry.
"""

from datetime import date, datetime

from sqlalchemy import String, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from backoffice.db.base import Base
from backoffice.services import TOKYO

REIWA_BEGAN = 2019
APRIL = 4
DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""None that could be read as another (no I, L, O, U)."""
MARK_LENGTH = 5
"""Five of them tell the second of a year. Old systems have short fields for our numbers."""


class NumberSeries(Base):
    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)

    __table_args__ = {}  # noqa: RUF012 -- SQLAlchemy's declarative spelling; a compound key has no autoincrement


class NumberMark(Base):
    """What all numbers of a fiscal year carry since its last restore."""

    __tablename__ = "number_mark"

    fiscal_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mark: Mapped[str] = mapped_column(String(8))

    __table_args__ = {}  # noqa: RUF012 -- SQLAlchemy's declarative spelling; a year is no autoincrement


def fiscal_year_of(day: date) -> int:
    """Give the fiscal year: 1 April to 31 March (地方自治法 208条)."""
    return day.year if day.month >= APRIL else day.year - 1


def next_number(session: Session, series: str, today: date) -> str:
    """Take the next number of `series` in today's fiscal year; a refused unit gives it back."""
    year = fiscal_year_of(today)
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(
        dialect.insert(NumberSeries).values(series=series, fiscal_year=year, last=0).on_conflict_do_nothing()
    )
    row = session.scalars(
        select(NumberSeries).where(NumberSeries.series == series, NumberSeries.fiscal_year == year).with_for_update()
    ).one()
    row.last += 1
    session.flush()
    marked = session.get(NumberMark, year)
    mark = f"{marked.mark}-" if marked else ""
    return f"R{year - REIWA_BEGAN + 1}-{series}-{mark}{row.last:04d}"


def mark_numbers(session: Session, now: datetime) -> str:
    """Let this fiscal year's numbers carry a mark of this second from now on, and give it."""
    local = now.astimezone(TOKYO)
    year = fiscal_year_of(local.date())
    mark = _written(int((local - datetime(year, APRIL, 1, tzinfo=TOKYO)).total_seconds()))
    session.merge(NumberMark(fiscal_year=year, mark=mark))
    return mark


def _written(seconds: int) -> str:
    digits = ""
    for _ in range(MARK_LENGTH):
        seconds, digit = divmod(seconds, len(DIGITS))
        digits = DIGITS[digit] + digits
    return digits
