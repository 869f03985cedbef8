"""How many called after earlier notices, and how many calls can a department's telephones and wards answer a day?"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, Id, Json, Versioned
from backoffice.identity import Staff
from backoffice.programs.models import Program


class CallRecord(Base):
    """What came of one sending of a program's notice."""

    __tablename__ = "notice_calls"

    id: Mapped[Id]
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"), index=True)
    told_on: Mapped[date]
    notices: Mapped[int]
    calls: Mapped[int]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    entered_at: Mapped[datetime]

    program: Mapped[Program] = relationship(lazy="raise")
    entered_by: Mapped[Staff | None] = relationship(lazy="raise")


class CallCapacity(Versioned, Base):
    """What the desks answer that a department's notices name."""

    __tablename__ = "call_capacity"

    id: Mapped[Id]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), unique=True)
    a_day: Mapped[dict[str, Any]] = mapped_column(Json)
    """`{"schema": 1, "all": calls or null, "wards": {ward: calls}}`: what is not named is not known."""
