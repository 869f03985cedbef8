"""What did somebody change about many items at once, and how did each stand before? For the undo."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.automation.models import WorkItem
from backoffice.db import Base, Id, Json
from backoffice.identity import Staff


class QueueChange(Base):
    """One act over many items of a system."""

    __tablename__ = "queue_change"
    __table_args__ = (Index("ix_queue_change_target_id_id", "target_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    target_id: Mapped[int] = mapped_column(ForeignKey("target_system.id"))
    kind: Mapped[str] = mapped_column(String(16))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    items: Mapped[int]
    """How many it changed."""
    undone_at: Mapped[datetime | None]

    made_by: Mapped[Staff | None] = relationship(lazy="raise")


class QueueChangeItem(Base):
    """How an item stood before an act, and its version after it: who finds another one has been overtaken."""

    __tablename__ = "queue_change_item"

    change_id: Mapped[int] = mapped_column(ForeignKey("queue_change.id"), primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(ForeignKey("work_item.id"), primary_key=True, autoincrement=False)
    before: Mapped[dict[str, Any]] = mapped_column(Json)
    """`{"schema": 1, …}`: what an act may change of an item, days and moments in ISO 8601."""
    version_after: Mapped[int]

    __table_args__ = {}  # noqa: RUF012 -- SQLAlchemy's declarative spelling; a compound key has no autoincrement

    item: Mapped[WorkItem] = relationship(lazy="raise")
