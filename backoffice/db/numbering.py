"""How do records get the numbers people see: `R8-就援-0001`, counted per series and fiscal year?"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from backoffice.db.base import Base

REIWA_BEGAN = 2019
APRIL = 4


class NumberSeries(Base):
    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(primary_key=True)
    fiscal_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)

    __table_args__ = {}  # noqa: RUF012 -- SQLAlchemy's declarative spelling; a compound key has no autoincrement


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
    return f"R{year - REIWA_BEGAN + 1}-{series}-{row.last:04d}"
