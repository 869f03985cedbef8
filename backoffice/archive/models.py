"""Sheets that are kept, the years their forms are kept for, and what was thrown away. No personal value stands here."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.archive.workflow import ArchiveState
from backoffice.db import Base, Counted, Id, Versioned
from backoffice.db.tallies import TallyKey
from backoffice.identity import Department, Staff
from backoffice.intake.models import Sheet
from backoffice.rights.models import RightsRequest
from backoffice.vault import StoredFile

ARCHIVED, MAY_EXPIRE = "archived", "archived_years"


class RetentionRule(Versioned, Base):
    """How many years a department keeps the sheets of one form. No sheet has an end of its own: this gives it."""

    __tablename__ = "retention_rule"
    __table_args__ = (UniqueConstraint("department_id", "form_code"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    form_code: Mapped[str] = mapped_column(String(40))
    years: Mapped[int]
    """0: for ever."""
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """None while nobody has set other years than the usual ones."""
    set_at: Mapped[datetime | None]

    department: Mapped[Department] = relationship(lazy="raise")
    set_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[set_by_id])


class Disposal(Versioned, Base):
    """Sheets that one person proposes to throw away and another approves; the record that stays."""

    __tablename__ = "disposal"
    __table_args__ = (
        Index("ix_disposal_department_id_state", "department_id", "state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(40), unique=True)
    """`R14-廃棄-0001`"""
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    rule_id: Mapped[int] = mapped_column(ForeignKey("retention_rule.id"))
    basis: Mapped[str] = mapped_column(String(16))
    fiscal_year: Mapped[int]
    """In which its sheets were settled."""
    years: Mapped[int]
    """For which they were kept, as was in force when it was proposed."""
    request_id: Mapped[int | None] = mapped_column(ForeignKey("rights_request.id"))
    state: Mapped[str] = mapped_column(String(16))
    sheets: Mapped[int]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    """When it was approved, and its files were erased, or given up."""

    department: Mapped[Department] = relationship(lazy="raise")
    rule: Mapped[RetentionRule] = relationship(lazy="raise")
    request: Mapped[RightsRequest | None] = relationship(lazy="raise")
    proposed_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[proposed_by_id])
    decided_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])


class ArchivedSheet(Counted, Versioned, Base):
    """One settled sheet as it is kept. The row stays when the sheet is thrown away: it is the record of that."""

    __tablename__ = "archived_sheet"
    __table_args__ = (
        Index("ix_archived_sheet_department_id_state", "department_id", "state"),
        Index("ix_archived_sheet_rule_id_fiscal_year", "rule_id", "fiscal_year"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"), unique=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    rule_id: Mapped[int] = mapped_column(ForeignKey("retention_rule.id"))
    state: Mapped[str] = mapped_column(String(16))
    attempt: Mapped[int]
    """Counts its settlings: a file made for an earlier one is not taken."""
    settled_on: Mapped[date]
    fiscal_year: Mapped[int]
    pages: Mapped[int] = mapped_column(default=0)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    """Its PDF/A; the hash of its content stays with the row of the file when its key is destroyed."""
    held_reason: Mapped[str] = mapped_column(default="")
    """Why it is not thrown away though its years are over: a lawsuit, an audit."""
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    held_at: Mapped[datetime | None]
    disposal_id: Mapped[int | None] = mapped_column(ForeignKey("disposal.id"), index=True)

    sheet: Mapped[Sheet] = relationship(lazy="raise")
    department: Mapped[Department] = relationship(lazy="raise")
    rule: Mapped[RetentionRule] = relationship(lazy="raise")
    file: Mapped[StoredFile | None] = relationship(lazy="raise")
    held_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[held_by_id])
    disposal: Mapped[Disposal | None] = relationship(lazy="raise")

    @property
    def may_expire(self) -> bool:
        """Say whether its years alone decide: it is kept, not held, and in nobody's proposal."""
        return self.state == ArchiveState.KEPT and self.held_at is None and self.disposal_id is None

    def shares(self) -> Mapping[TallyKey, int]:
        return {
            TallyKey(ARCHIVED, 0, self.department_id, self.state): 1,
            TallyKey(MAY_EXPIRE, self.rule_id, self.department_id, str(self.fiscal_year)): int(self.may_expire),
        }
