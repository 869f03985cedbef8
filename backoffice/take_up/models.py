"""Which lists of grants came in, and what came of each run? Whom a list names lies sealed; here stand counts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.audiences.models import NoticeRun
from backoffice.db import Base, Id, Json
from backoffice.identity import Staff
from backoffice.programs.models import Program
from backoffice.vault import StoredFile


class GrantedList(Base):
    """The grants of one program, as one file told them."""

    __tablename__ = "granted_list"
    __table_args__ = (UniqueConstraint("program_id", "sha256"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    """Of what it says: the same list is not taken twice."""
    people: Mapped[int]
    first_day: Mapped[date]
    last_day: Mapped[date]
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    taken_at: Mapped[datetime]

    program: Mapped[Program] = relationship(lazy="raise")
    file: Mapped[StoredFile] = relationship(lazy="raise")
    taken_by: Mapped[Staff | None] = relationship(lazy="raise")


class TakeUp(Base):
    """What came of a run, counted anew with every list of its program."""

    __tablename__ = "take_up"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("notice_run.id"), unique=True)
    days: Mapped[int]
    """A grant counts that came so many days after sending began."""
    counted_at: Mapped[datetime]
    counts: Mapped[dict[str, Any]] = mapped_column(Json)
    """As `workflows.rules.take_up.told_of` gives them: small cells are gone already."""
    basis_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    """What was counted, sealed: the next counting is told by it where it differs by few."""
    trouble: Mapped[str] = mapped_column(String(40), default="")
    """Why it could not be counted: a code."""

    run: Mapped[NoticeRun] = relationship(lazy="raise")
    basis: Mapped[StoredFile | None] = relationship(lazy="raise")
