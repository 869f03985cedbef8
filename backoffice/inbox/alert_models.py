"""What was somebody told of at once? A row a person and matter; open until the matter is over."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.db import Base, Id


class Alert(Base):
    """One person hears that something stopped by itself: in their in-tray while it lasts, and by mail once."""

    __tablename__ = "alert"
    __table_args__ = (
        Index("ix_alert_staff_id_ended_at", "staff_id", "ended_at"),
        Index("ix_alert_subject", "subject_kind", "subject_id", "ended_at"),
        Index("ix_alert_ended_at_mailed_at", "ended_at", "mailed_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    subject_kind: Mapped[str] = mapped_column(String(24))
    """As `backoffice.inbox.kinds.SUBJECT_PAGES` calls it: where the record lies."""
    subject_id: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    """What the record is called; never in a mail."""
    sentence: Mapped[str] = mapped_column(String(300))
    """What happened and what is to be done, a msgid."""
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]
    """Set before it is sent and taken back if the server refuses: it goes at most once, also if the worker dies."""
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
