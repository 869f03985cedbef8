"""Which paper answers a file question, which files were handed in to be read, what was decided. Personal data."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, Id, Json, Versioned
from backoffice.identity import Staff


class PaperRule(Versioned, Base):
    """Of a form: which paper answers a question for a file, and which of its answers say what the form asks."""

    __tablename__ = "paper_rule"
    __table_args__ = (UniqueConstraint("design_id", "key"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    design_id: Mapped[int] = mapped_column(ForeignKey("form_design.id"))
    key: Mapped[str] = mapped_column(String(64))
    """Of the question for a file."""
    paper_code: Mapped[str] = mapped_column(String(40))
    """Of the form that the paper is."""
    pairs: Mapped[Any] = mapped_column(Json)
    """Keys, two by two: of the form's question, of the paper's."""
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    set_at: Mapped[datetime]


class AttachedPaper(Base):
    """A file of a record that lies among the papers of its department, to be read as they are."""

    __tablename__ = "attached_paper"
    __table_args__ = (Index("ix_attached_paper_paper_file_id", "paper_file_id"),)

    record_file_id: Mapped[int] = mapped_column(ForeignKey("record_file.id"), primary_key=True, autoincrement=False)
    paper_file_id: Mapped[int] = mapped_column(ForeignKey("paper_file.id"))


class CollationRuling(Base):
    """What a person decided where a paper does not say what the record says. Never changed; the last one counts.

    It holds for these two answers only: where either changes, or another file comes, somebody decides anew.
    """

    __tablename__ = "collation_ruling"
    __table_args__ = (Index("ix_collation_ruling_record_id_id", "record_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    file_key: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(64))
    said: Mapped[Any] = mapped_column(Json, nullable=True)
    """What the record said."""
    read: Mapped[Any] = mapped_column(Json, nullable=True)
    """What the paper said, as far as it was read."""
    finding: Mapped[str] = mapped_column(String(16))
    ruling: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(String(500), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime]

    decided_by: Mapped[Staff | None] = relationship(lazy="raise")
