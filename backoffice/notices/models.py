"""The notice of a program, and its versions: what a mail and a LINE message say in every language."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, Id, Json, Versioned
from backoffice.identity import Staff
from backoffice.programs.models import Program
from workflows.notices.template import Content, read


class NoticeTemplate(Base):
    """The notice of one program."""

    __tablename__ = "notice_template"

    id: Mapped[Id]
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"), unique=True)
    begun_at: Mapped[datetime]

    program: Mapped[Program] = relationship(lazy="raise")


class NoticeVersion(Versioned, Base):
    """One wording. Once approved it stays as it is: a run that was sent with it can always be read again."""

    __tablename__ = "notice_template_version"
    __table_args__ = (
        UniqueConstraint("template_id", "number"),
        Index("ix_notice_template_version_state", "state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    template_id: Mapped[int] = mapped_column(ForeignKey("notice_template.id"))
    number: Mapped[int]
    """Counts from 1 within its program."""
    state: Mapped[str] = mapped_column(String(16))
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    """As `workflows.notices.template` writes it."""
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    drafted_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    returned_because: Mapped[str] = mapped_column(String(500), default="")
    """Why it was sent back last; empty once it is handed in again."""

    template: Mapped[NoticeTemplate] = relationship(lazy="raise")
    drafted_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[drafted_by_id])
    decided_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])

    @property
    def wording(self) -> Content:
        return read(self.content)


class NoticeAuthor(Base):
    """Somebody who has written on a version: they do not approve it."""

    __tablename__ = "notice_author"
    __table_args__ = (UniqueConstraint("version_id", "staff_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("notice_template_version.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
