"""Recorded bots and their versions. No value that was typed while recording stands here."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, Id, Json, Versioned
from backoffice.form_designs.models import FormDesign
from backoffice.identity import Department, Staff
from backoffice.inbox.models import Case
from backoffice.recordings.workflow import Purpose

RECORDING_SCHEMA = 1


class RecordedBot(Versioned, Base):
    """The bot that works on the records of one form. It never does but what its released version says."""

    __tablename__ = "recorded_bot"
    __table_args__ = (UniqueConstraint("design_id", "purpose"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    design_id: Mapped[int] = mapped_column(ForeignKey("form_design.id"))
    purpose: Mapped[str] = mapped_column(String(16), default=Purpose.KEYING)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    takes_over: Mapped[bool] = mapped_column(default=False)
    """Whether bots of other departments may bring it work."""
    created_at: Mapped[datetime]

    design: Mapped[FormDesign] = relationship(lazy="raise")
    department: Mapped[Department] = relationship(lazy="raise")
    versions: Mapped[list["BotVersion"]] = relationship(
        lazy="raise", order_by="BotVersion.number", back_populates="bot", foreign_keys="BotVersion.bot_id"
    )


class BotVersion(Versioned, Base):
    """One recording as it was mended. Once sent on its route it never changes."""

    __tablename__ = "bot_version"
    __table_args__ = (
        UniqueConstraint("bot_id", "number"),
        Index("ix_bot_version_state", "state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    bot_id: Mapped[int] = mapped_column(ForeignKey("recorded_bot.id"))
    number: Mapped[int]
    """Counts from 1 within its bot."""
    state: Mapped[str] = mapped_column(String(16))
    recording: Mapped[Any] = mapped_column(Json)
    """`{"schema": 1, "recording": {…}}`: JSON of the browser's Recorder, with `{{key}}` for what the record says."""
    next_bot_id: Mapped[int | None] = mapped_column(ForeignKey("recorded_bot.id"))
    """Which bot goes on with what this version has done; None: none."""
    next_mapping: Mapped[dict[str, str] | None] = mapped_column(Json)
    """What the next form is told: a source (`linking.sources_of`) by the key of its question."""
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("approval_case.id"))
    """The case that carries it on its route."""
    released_at: Mapped[datetime | None]

    bot: Mapped[RecordedBot] = relationship(lazy="raise", back_populates="versions", foreign_keys=[bot_id])
    next_bot: Mapped[RecordedBot | None] = relationship(lazy="raise", foreign_keys=[next_bot_id])
    made_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[made_by_id])
    case: Mapped[Case | None] = relationship(lazy="raise")
