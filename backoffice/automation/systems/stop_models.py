"""On which days is a target system out of service?"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.db import Base, Id


class ServiceStop(Base):
    """Whole days (Asia/Tokyo), first and last of them included, on which no night keys into a system."""

    __tablename__ = "service_stop"
    __table_args__ = (
        Index("ix_service_stop_target_id_last_day", "target_id", "last_day"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    target_id: Mapped[int] = mapped_column(ForeignKey("target_system.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
