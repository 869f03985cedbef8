"""How many minutes did one item take by hand? Confirmed by the department's head, from a day on."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, Id
from backoffice.identity import Department, Staff


class ConfirmedMinutes(Base):
    """Never changed: a new figure is a new row with a later day, and the sums of the past stay as they were."""

    __tablename__ = "confirmed_minutes"
    __table_args__ = (UniqueConstraint("department_id", "procedure", "valid_from"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    procedure: Mapped[str] = mapped_column(String(40))
    """The code of the form whose items are keyed."""
    minutes: Mapped[Decimal] = mapped_column(Numeric(6, 1))
    valid_from: Mapped[date]
    basis: Mapped[str]
    """How the figure was found, in the head's words."""
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime]

    department: Mapped[Department] = relationship(lazy="raise")
    confirmed_by: Mapped[Staff | None] = relationship(lazy="raise")
