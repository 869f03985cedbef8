"""What was handed in by the personnel office, and when does it happen?"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, Id, Json, Versioned
from backoffice.identity import Staff


class HrPlan(Versioned, Base):
    """One file. `rows` is what was read of it; it is taken away once the plan is done, cancelled or replaced."""

    __tablename__ = "hr_plan"
    __table_args__ = (
        # At most one that waits for its day, and one that is being looked at.
        Index(
            "uq_hr_plan_open_state",
            "state",
            unique=True,
            sqlite_where=text("state IN ('draft', 'planned')"),
            postgresql_where=text("state IN ('draft', 'planned')"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    state: Mapped[str] = mapped_column(String(16))
    effective_on: Mapped[date]
    rows: Mapped[dict[str, Any] | None] = mapped_column(Json)
    counts: Mapped[dict[str, Any]] = mapped_column(Json)
    """How many joined, left, moved …: kept when the rows are gone."""
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(default="")
    """A msgid: why it could not be done on its day."""

    uploaded_by: Mapped[Staff] = relationship(lazy="raise", foreign_keys=[uploaded_by_id])
