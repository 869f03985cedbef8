"""Of what has a night alarmed people? Once a night and cause."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.automation.models import Night
from backoffice.db import Base, Id


class NightAlarm(Base):
    """One trouble of one night; its mail is the alert's (`inbox.alerting`), its call to a machine stands here."""

    __tablename__ = "night_alarm"
    __table_args__ = (
        UniqueConstraint("night_id", "cause"),
        Index("ix_night_alarm_called_at_next_at", "called_at", "next_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    night_id: Mapped[int] = mapped_column(ForeignKey("night.id"))
    cause: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    over_at: Mapped[datetime | None]
    called_at: Mapped[datetime | None]
    """Set before the call and taken back if it certainly was not taken: it goes at most once."""
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]

    night: Mapped[Night] = relationship(lazy="raise")
