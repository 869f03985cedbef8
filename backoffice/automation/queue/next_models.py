"""What became of the work that follows a done item: a record of the next form's list, a row put aside, or a wait."""

from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, String, and_, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.automation.models import WorkItem
from backoffice.db import Base, Id
from backoffice.recordings.models import RecordedBot
from backoffice.records.models import Record

_WAITS = text("record_id IS NULL AND import_id IS NULL")


class HandOn(Base):
    """A done item is brought on to the next bot once: whoever does it again finds this row."""

    __tablename__ = "hand_on"
    __table_args__ = (
        Index("ix_hand_on_waits", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(ForeignKey("work_item.id"), unique=True)
    bot_id: Mapped[int] = mapped_column(ForeignKey("recorded_bot.id"), index=True)
    """The one that goes on."""
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"), unique=True)
    """What it became in the list of the next form."""
    import_id: Mapped[int | None] = mapped_column(ForeignKey("record_import.id"), unique=True)
    """Where it waits to be mended, as it broke a rule of that form."""
    reason: Mapped[str] = mapped_column(String(16), default="")
    """Why it became nothing yet (`next_work.REASONS`)."""
    at: Mapped[datetime]

    item: Mapped[WorkItem] = relationship(lazy="raise")
    bot: Mapped[RecordedBot] = relationship(lazy="raise")
    record: Mapped[Record | None] = relationship(lazy="raise")

    @classmethod
    def waits(cls) -> ColumnElement[bool]:
        """Say, of rows of this table, that they became nothing yet: what the index holds."""
        return and_(cls.record_id.is_(None), cls.import_id.is_(None))
