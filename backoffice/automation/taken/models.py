"""What a recorded bot took home for a record: values, rows that became records of a list, files. Erasable."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, Id, Json
from backoffice.vault import StoredFile

TO_PRINT = text("printer <> '' AND printing_at IS NULL")
"""Word for word in the index and in the question."""


class ItemReading(Base):
    """What was read for a record, under the name that its recording gives it. Personal data."""

    __tablename__ = "item_reading"
    __table_args__ = (UniqueConstraint("item_id", "name"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(ForeignKey("work_item.id"))
    name: Mapped[str] = mapped_column(String(60))
    taken: Mapped[Any] = mapped_column(Json)
    """A text, or the rows of a table by heading."""
    read_at: Mapped[datetime] = mapped_column(index=True)


class ReadRow(Base):
    """One row that went into a list, as a record or into quarantine: whatever is read again, it goes once."""

    __tablename__ = "read_row"
    __table_args__ = (UniqueConstraint("item_id", "digest"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(ForeignKey("work_item.id"))
    digest: Mapped[str] = mapped_column(String(64))
    """Of its answers with the item's reference (`Cipher.mark`)."""
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("record_import.id"))


class ItemFile(Base):
    """A file that the target gave out for a record. Its name is the recording's, its kind what its content says."""

    __tablename__ = "item_file"
    __table_args__ = (
        UniqueConstraint("item_id", "name", "sha256"),
        Index("ix_item_file_to_print", "item_id", sqlite_where=TO_PRINT, postgresql_where=TO_PRINT),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(ForeignKey("work_item.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(8))
    sha256: Mapped[str] = mapped_column(String(64))
    taken_at: Mapped[datetime] = mapped_column(index=True)
    printer: Mapped[str] = mapped_column(String(40), default="")
    """The queue that it is put into; "" for none."""
    printing_at: Mapped[datetime | None]
    """When it was about to be put there. Without `printed_at` nobody knows whether it was: a person looks."""
    printed_at: Mapped[datetime | None]

    file: Mapped[StoredFile] = relationship(lazy="raise")
