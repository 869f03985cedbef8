"""A file that was taken into a form's list: how its columns were understood, and the rows that wait to be mended."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, Id, Json, Versioned
from backoffice.form_designs.models import FormDesign
from backoffice.identity import Staff
from backoffice.records.workflow import Source


class RecordImport(Versioned, Base):
    """One file on its way into a list."""

    __tablename__ = "record_import"
    __table_args__ = (
        Index("ix_record_import_design_id_department_id_id", "design_id", "department_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    design_id: Mapped[int] = mapped_column(ForeignKey("form_design.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    file_name: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    """The same file a second time is told, not taken in twice unseen."""
    source: Mapped[str] = mapped_column(String(16), default=Source.FILE)
    """As what its rows count in the list: a file that people bring, or what a bot has read."""
    sources: Mapped[Any] = mapped_column(Json, default=list)
    """Where each row was a file of its own: `[name, sha256]` each, in the order of their lines, which count from 1."""
    state: Mapped[str] = mapped_column(String(16))
    header: Mapped[Any] = mapped_column(Json)
    rows: Mapped[Any] = mapped_column(Json)
    """What stands in the file, `[line, [cell, …]]` each; emptied once it is taken in or thrown away."""
    mapping: Mapped[Any] = mapped_column(Json)
    """The key of a question for each column of the header, "" for one that is left out."""
    checked_version: Mapped[int]
    """Of the form: what the rows were checked against."""
    fine: Mapped[Any] = mapped_column(Json)
    """The answers of each row that becomes a record, in normal form; emptied like `rows`."""
    waiting: Mapped[Any] = mapped_column(Json)
    """The rows that would wait, as `outlook.WaitingRow`; emptied like `rows`."""
    taken: Mapped[int] = mapped_column(default=0)
    change_set_id: Mapped[int | None] = mapped_column(ForeignKey("record_change_set.id"))
    brought_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    brought_at: Mapped[datetime]

    design: Mapped[FormDesign] = relationship(lazy="raise")
    brought_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[brought_by_id])


class QuarantinedRow(Base):
    """A row that breaks a rule of the form: it waits here until somebody mends it or throws it away."""

    __tablename__ = "quarantined_row"
    __table_args__ = (UniqueConstraint("import_id", "line"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    import_id: Mapped[int] = mapped_column(ForeignKey("record_import.id"))
    line: Mapped[int]
    """As a spreadsheet counts it."""
    typed: Mapped[Any] = mapped_column(Json)
    """By question, as it stood in the file."""
    findings: Mapped[Any] = mapped_column(Json)
    """Why it waits, as `outlook.Finding` each."""


class ImportMapping(Base):
    """How a department's files of one header are understood: asked once."""

    __tablename__ = "import_mapping"
    __table_args__ = (UniqueConstraint("design_id", "department_id", "header_hash"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    design_id: Mapped[int] = mapped_column(ForeignKey("form_design.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    header_hash: Mapped[str] = mapped_column(String(64))
    mapping: Mapped[Any] = mapped_column(Json)
    used_at: Mapped[datetime]
