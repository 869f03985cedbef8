"""A sheet of paper and its fields: what was read, what a person made of it. Personal data; erasable."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, Counted, Id, Json, Versioned
from backoffice.db.tallies import TallyKey
from backoffice.identity import Department, Staff
from backoffice.vault import StoredFile

SHEETS, SHEET_MILLISECONDS = "sheets", "sheet_milliseconds"


class Sheet(Counted, Versioned, Base):
    __tablename__ = "sheet"
    __table_args__ = (
        Index("ix_sheet_department_id_state", "department_id", "state"),
        Index("ix_sheet_settled_by_id_settled_at", "settled_by_id", "settled_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(40), unique=True)
    """As people say it: `R8-就援-0001`. Also the business key in the system it is keyed into."""
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    form_code: Mapped[str] = mapped_column(String(40))
    form_version: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    original_name: Mapped[str]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    page_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    """The page after registration, 200 dpi: boxes of fields are measured on it."""
    page_width: Mapped[int | None]
    page_height: Mapped[int | None]
    refusal: Mapped[str] = mapped_column(String(40), default="")
    """The stable code of why it could not be read (docs/reading.md)."""
    registered_by: Mapped[str] = mapped_column(String(16), default="")
    residual_px: Mapped[float | None]
    readings: Mapped[int] = mapped_column(default=0)
    """How often the machine was asked to read it."""
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    uploaded_at: Mapped[datetime]
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    claimed_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")
    """Why it is held or unreadable, in the clerk's words."""
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """None for a sheet whose every field passed."""
    settled_at: Mapped[datetime | None]
    verify_seconds: Mapped[float] = mapped_column(default=0.0)
    """People's time on this sheet, measured; the hours saved are net of it."""

    department: Mapped[Department] = relationship(lazy="raise")
    file: Mapped[StoredFile] = relationship(lazy="raise", foreign_keys=[file_id])
    page_file: Mapped[StoredFile | None] = relationship(lazy="raise", foreign_keys=[page_file_id])
    claimed_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[claimed_by_id])
    fields: Mapped[list["SheetField"]] = relationship(
        lazy="raise", order_by="SheetField.id", cascade="all, delete-orphan"
    )

    def shares(self) -> Mapping[TallyKey, int]:
        return {
            TallyKey(SHEETS, 0, self.department_id, self.state): 1,
            TallyKey(SHEET_MILLISECONDS, 0, self.department_id): round(self.verify_seconds * 1000),
        }


class SheetField(Base):
    """One field: the reading stays beside the settled value, so that every correction is kept as ground truth."""

    __tablename__ = "sheet_field"
    __table_args__ = (UniqueConstraint("sheet_id", "key"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"))
    key: Mapped[str] = mapped_column(String(40))
    read_text: Mapped[str]
    read_value: Mapped[Any] = mapped_column(Json, nullable=True)
    confidence: Mapped[float]
    passes: Mapped[bool]
    why_not: Mapped[list[str]] = mapped_column(Json)
    candidates: Mapped[list[str]] = mapped_column(Json)
    box: Mapped[list[int]] = mapped_column(Json)
    """x, y, width, height in pixels of the registered page."""
    value: Mapped[Any] = mapped_column(Json, nullable=True)
    corrected: Mapped[bool] = mapped_column(default=False)
