"""How is the trail kept? One row an event, one row a fiscal year's chain."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.db import Base, Id, Json


class AuditEvent(Base):
    """Triggers of the database refuse UPDATE and DELETE (migrations/versions)."""

    __tablename__ = "audit_event"
    __table_args__ = (
        UniqueConstraint("fiscal_year", "position"),
        Index("ix_audit_event_kind_at", "kind", "at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    fiscal_year: Mapped[int]
    position: Mapped[int]
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(64))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    origin: Mapped[str] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(String(64))
    client_id: Mapped[int | None]
    """The machine client that acted. No foreign key: the trail knows no feature; no client's row is ever deleted."""
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditSegment(Base):
    """The chain of one fiscal year. `position` and `hash` are its head, locked last in every writing unit."""

    __tablename__ = "audit_segment"

    fiscal_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    start_hash: Mapped[str] = mapped_column(String(64))
    position: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64))
