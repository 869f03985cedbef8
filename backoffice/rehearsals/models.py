"""A rehearsal of a recorded bot: for a few records, each step as it was seen. Pictures are masked; all is erasable."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.automation.models import TargetSystem, WorkItem
from backoffice.db import Base, Id, Json, Versioned
from backoffice.identity import Staff
from backoffice.recordings.models import BotVersion
from backoffice.records.models import Record
from backoffice.vault import StoredFile

NOT_ENDED = text("state <> 'ended'")
LETTERS_SCHEMA = 1


class Rehearsal(Versioned, Base):
    """One run without registering. Of those that have not ended there is one a system."""

    __tablename__ = "rehearsal"
    __table_args__ = (
        Index("uq_rehearsal_not_ended", "target_id", unique=True, sqlite_where=NOT_ENDED, postgresql_where=NOT_ENDED),
        Index("ix_rehearsal_version_id_id", "version_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("bot_version.id"))
    target_id: Mapped[int] = mapped_column(ForeignKey("target_system.id"), index=True)
    state: Mapped[str] = mapped_column(String(16))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    alive_at: Mapped[datetime | None]
    """When its worker was last heard of."""
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    why_ended: Mapped[str] = mapped_column(String(32), default="")
    erased_at: Mapped[datetime | None]

    version_done: Mapped[BotVersion] = relationship(lazy="raise")
    target: Mapped[TargetSystem] = relationship(lazy="raise")
    asked_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[asked_by_id])
    rows: Mapped[list["RehearsedRow"]] = relationship(lazy="raise", order_by="RehearsedRow.id")


class RehearsedRow(Base):
    """One record of a rehearsal: an item of the night, or a record of the list."""

    __tablename__ = "rehearsed_row"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Id]
    rehearsal_id: Mapped[int] = mapped_column(ForeignKey("rehearsal.id"), index=True)
    number: Mapped[str] = mapped_column(String(40))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("work_item.id"), index=True)
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"), index=True)
    letters: Mapped[Any] = mapped_column(Json)
    """`{"schema": 1, "columns": {"{{a1}}": "𠮷"}}`: what a Shift_JIS page would corrupt, by what goes in."""
    outcome: Mapped[str] = mapped_column(String(16), default="")
    message: Mapped[str] = mapped_column(default="")
    seconds: Mapped[float | None]

    item: Mapped[WorkItem | None] = relationship(lazy="raise")
    record: Mapped[Record | None] = relationship(lazy="raise")
    steps: Mapped[list["RehearsedStep"]] = relationship(lazy="raise", order_by="RehearsedStep.id")


class RehearsedStep(Base):
    """One step as it was over; `place` from 0, as in the recording of the version."""

    __tablename__ = "rehearsed_step"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Id]
    row_id: Mapped[int] = mapped_column(ForeignKey("rehearsed_row.id"), index=True)
    place: Mapped[int]
    verdict: Mapped[str] = mapped_column(String(16))
    seconds: Mapped[float]
    charset: Mapped[str] = mapped_column(String(40), default="")
    """Of the page whose field it filled; "" for a step that fills none."""
    letters_at_most: Mapped[int | None]
    """What the field takes, in units of UTF-16 as browsers count."""
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)

    file: Mapped[StoredFile | None] = relationship(lazy="raise")
