"""Which papers go to whom, and what was printed for each record. What was printed is erasable."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, Id, Json, Versioned
from backoffice.identity import Staff
from backoffice.records.models import Record
from backoffice.vault import StoredFile

TO_PRINT = text("printing_at IS NULL")
"""Word for word in the index and in the question."""


class EnclosureRule(Versioned, Base):
    """One paper that a department sends to records of a list, and to which of them."""

    __tablename__ = "enclosure_rule"
    __table_args__ = (UniqueConstraint("design_id", "department_id", "paper_code"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    design_id: Mapped[int] = mapped_column(ForeignKey("form_design.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    paper_code: Mapped[str] = mapped_column(String(40))
    condition: Mapped[str] = mapped_column(String(1000), default="")
    """In the language of forms.expressions, over the list's questions; "" for every record."""


class Packet(Base):
    """What was made for one record: a cover and its papers as one PDF, for one printer."""

    __tablename__ = "packet"
    __table_args__ = (
        Index("ix_packet_design_id_department_id_id", "design_id", "department_id", "id"),
        Index("ix_packet_record_id", "record_id"),
        Index("ix_packet_to_print", "id", sqlite_where=TO_PRINT, postgresql_where=TO_PRINT),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    design_id: Mapped[int] = mapped_column(ForeignKey("form_design.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    papers: Mapped[Any] = mapped_column(Json)
    """The titles of the papers that were in it, in their order."""
    pages: Mapped[int]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    """None once its time is over: that it was printed stays."""
    sha256: Mapped[str] = mapped_column(String(64))
    printer: Mapped[str] = mapped_column(String(40))
    """The queue that it is put into."""
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime] = mapped_column(index=True)
    printing_at: Mapped[datetime | None]
    """When it was about to be put there. Without `printed_at` nobody knows whether it was: a person looks."""
    printed_at: Mapped[datetime | None]

    record: Mapped[Record] = relationship(lazy="raise")
    file: Mapped[StoredFile | None] = relationship(lazy="raise")
    asked_by: Mapped[Staff | None] = relationship(lazy="raise")
