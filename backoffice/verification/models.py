"""Fields drawn to be checked blindly (personal data), and how often readings were right (none)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, Counted, Id, Json, Versioned
from backoffice.db.tallies import TallyKey
from backoffice.identity import Department
from backoffice.intake.models import Sheet

SAMPLES = "field_samples"


class FieldSample(Counted, Versioned, Base):
    """A field that passed without a person and was drawn by chance: somebody keys what the paper says, without it."""

    __tablename__ = "field_sample"
    __table_args__ = (
        UniqueConstraint("sheet_id", "key"),
        Index("ix_field_sample_department_id_state", "department_id", "state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"))
    key: Mapped[str] = mapped_column(String(64))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    state: Mapped[str] = mapped_column(String(16))
    drawn_at: Mapped[datetime]
    keyed: Mapped[Any] = mapped_column(Json, nullable=True)
    """What somebody keyed who did not see what had passed."""
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    checked_at: Mapped[datetime | None]

    sheet: Mapped[Sheet] = relationship(lazy="raise")
    department: Mapped[Department] = relationship(lazy="raise")

    def shares(self) -> Mapping[TallyKey, int]:
        return {TallyKey(SAMPLES, 0, self.department_id, self.state): 1}
