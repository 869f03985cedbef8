"""Batches of paper, the files they came in, sheets with their pages and fields. Personal data; erasable.

A sheet is one filled-in form; it may have several pages, which may have come in several files.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, Counted, Id, Json, Versioned
from backoffice.db.tallies import TallyKey
from backoffice.identity import Department, Staff
from backoffice.records.models import Record
from backoffice.vault import StoredFile

SHEETS, SHEET_MILLISECONDS, BATCHES, PAPER_FILES = "sheets", "sheet_milliseconds", "paper_batches", "paper_files"


class PaperBatch(Counted, Versioned, Base):
    """What came at once: one upload, one time the folder was looked into."""

    __tablename__ = "paper_batch"
    __table_args__ = (
        Index("ix_paper_batch_department_id_id", "department_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(40), unique=True)
    """`R8-束-0001`"""
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    source: Mapped[str] = mapped_column(String(16))
    form_code: Mapped[str] = mapped_column(String(40), default="")
    """The only form in it, as whoever handed it in says; empty where each sheet is sorted to its form."""
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    received_at: Mapped[datetime]

    department: Mapped[Department] = relationship(lazy="raise")
    received_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[received_by_id])
    files: Mapped[list["PaperFile"]] = relationship(lazy="raise", order_by="PaperFile.id", back_populates="batch")

    def shares(self) -> Mapping[TallyKey, int]:
        return {TallyKey(BATCHES, 0, self.department_id): 1}


class PaperFile(Counted, Versioned, Base):
    """One file as it came. Where a 個人番号 was found on a page of it, it is erased: pages stay, with that covered."""

    __tablename__ = "paper_file"
    __table_args__ = (Index("ix_paper_file_batch_id", "batch_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batch.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    name: Mapped[str]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    state: Mapped[str] = mapped_column(String(16))
    blank_pages: Mapped[list[int]] = mapped_column(Json)
    """Empty backs, as numbers of pages: no sheets."""
    read_at: Mapped[datetime | None]

    batch: Mapped[PaperBatch] = relationship(lazy="raise", back_populates="files")
    file: Mapped[StoredFile] = relationship(lazy="raise")

    def shares(self) -> Mapping[TallyKey, int]:
        return {TallyKey(PAPER_FILES, 0, self.department_id, self.state): 1}


class Sheet(Counted, Versioned, Base):
    __tablename__ = "sheet"
    __table_args__ = (
        Index("ix_sheet_department_id_state", "department_id", "state"),
        Index("ix_sheet_settled_by_id_settled_at", "settled_by_id", "settled_at"),
        Index("ix_sheet_department_id_form_code_batch_id", "department_id", "form_code", "batch_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(40), unique=True)
    """As people say it: `R8-就援-0001`. Also the business key in the system it is keyed into."""
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batch.id"), index=True)
    form_code: Mapped[str] = mapped_column(String(40))
    """Empty where it fits no form."""
    form_version: Mapped[int]
    serial: Mapped[str] = mapped_column(String(40), default="")
    """Of the copy, as its code tells: copies that were copied again share one."""
    state: Mapped[str] = mapped_column(String(16))
    refusal: Mapped[str] = mapped_column(String(40), default="")
    """The stable code of why it could not be read (docs/reading.md)."""
    original_name: Mapped[str]
    alike_id: Mapped[int | None] = mapped_column(ForeignKey("sheet.id"))
    """An earlier sheet that is written on in the same way: perhaps the same once more."""
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"), unique=True)
    """What it became in its form's list."""
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
    batch: Mapped[PaperBatch] = relationship(lazy="raise")
    alike: Mapped["Sheet | None"] = relationship(lazy="raise", remote_side="Sheet.id")
    record: Mapped[Record | None] = relationship(lazy="raise")
    claimed_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[claimed_by_id])
    pages: Mapped[list["SheetPage"]] = relationship(
        lazy="raise", order_by="(SheetPage.number, SheetPage.id)", cascade="all, delete-orphan"
    )
    fields: Mapped[list["SheetField"]] = relationship(
        lazy="raise", order_by="(SheetField.page, SheetField.id)", cascade="all, delete-orphan"
    )

    @property
    def is_erased(self) -> bool:
        """Say whether its pictures were thrown away, and with them what was read."""
        pictures = [page.picture for page in self.pages if page.picture is not None]
        return bool(pictures) and all(picture.erased_at is not None for picture in pictures)

    def shares(self) -> Mapping[TallyKey, int]:
        return {
            TallyKey(SHEETS, 0, self.department_id, self.state): 1,
            TallyKey(SHEET_MILLISECONDS, 0, self.department_id): round(self.verify_seconds * 1000),
        }


class SheetPage(Base):
    """One page of a sheet, as it was found in a file."""

    __tablename__ = "sheet_page"
    __table_args__ = (
        UniqueConstraint("paper_file_id", "file_page", "place"),
        Index("ix_sheet_page_sheet_id", "sheet_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"))
    number: Mapped[int]
    """Its page of the form; 1 where it fits none."""
    paper_file_id: Mapped[int] = mapped_column(ForeignKey("paper_file.id"))
    file_page: Mapped[int]
    place: Mapped[int]
    """Counts the sheets that lie in one picture."""
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    """The page after registration, 200 dpi: boxes of fields are measured on it. As it came where it was not read; None
    where nothing could be seen of it."""
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    registered_by: Mapped[str] = mapped_column(String(16), default="")
    residual_px: Mapped[float | None]
    likeness: Mapped[Any] = mapped_column(Json, nullable=True)
    """As ocr.alike measures it."""
    advice: Mapped[list[str]] = mapped_column(Json)
    """What whoever scans could do better, as codes (ocr.advice)."""
    covered: Mapped[bool] = mapped_column(default=False)
    """A 個人番号 stood on it."""

    paper_file: Mapped[PaperFile] = relationship(lazy="raise")
    picture: Mapped[StoredFile | None] = relationship(lazy="raise")


class SheetField(Base):
    """One field: the reading stays beside the settled value, so that every correction is kept as ground truth."""

    __tablename__ = "sheet_field"
    __table_args__ = (UniqueConstraint("sheet_id", "key"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"))
    key: Mapped[str] = mapped_column(String(64))
    page: Mapped[int] = mapped_column(default=1)
    """The page of the form on which its box is."""
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
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    held_until: Mapped[datetime | None]
    """Who is checking it beside the same field of other sheets, and how long nobody else is asked."""
    desk_only: Mapped[bool] = mapped_column(default=False)
    """Somebody could not tell there what it says: whoever has the whole sheet before them may."""
    first_value: Mapped[Any] = mapped_column(Json, nullable=True)
    first_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """What the first of two people entered, where a form wants two, and who: the second does not see it."""
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime | None]
    """None until a person has looked at it there; a sheet's own desk confirms all at once."""
    counted: Mapped[bool] = mapped_column(default=False)
    """Whether what a person made of it stands in the ledger of readings."""


class LedgerLine(Base):
    """How many readings of one field of a form were seen to be right or wrong, at one confidence (in hundredths)."""

    __tablename__ = "ledger_line"
    __table_args__ = (
        UniqueConstraint("department_id", "form_code", "key", "seen_by", "confidence"),
        Index("ix_ledger_line_form_code_type", "form_code", "type"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    form_code: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(64))
    type: Mapped[str] = mapped_column(String(16))
    seen_by: Mapped[str] = mapped_column(String(8))
    """What it was seen for (ledger.py): each word there says why a person looked at it."""
    confidence: Mapped[int]
    right: Mapped[int]
    wrong: Mapped[int]


class PassedLine(Base):
    """How many readings of one field of a form passed at one confidence and were seen by nobody, but for samples."""

    __tablename__ = "passed_line"
    __table_args__ = (
        UniqueConstraint("department_id", "form_code", "key", "confidence"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    form_code: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(64))
    type: Mapped[str] = mapped_column(String(16))
    confidence: Mapped[int]
    passed: Mapped[int]


class ReadingThreshold(Base):
    """From which confidence on a department lets fields of one type of a form pass: each setting of it, never changed.

    The last one counts.
    """

    __tablename__ = "reading_threshold"
    __table_args__ = (
        UniqueConstraint("department_id", "form_code", "type", "number"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    form_code: Mapped[str] = mapped_column(String(40))
    type: Mapped[str] = mapped_column(String(16))
    number: Mapped[int]
    """Counts from 1 within its department, form and type."""
    threshold: Mapped[int | None]
    """In hundredths; None where the reader's own gate counts again."""
    errors: Mapped[int]
    """How many wrong ones whoever set it allows among 10,000 that pass."""
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    set_at: Mapped[datetime]

    set_by: Mapped[Staff | None] = relationship(lazy="raise")

    @property
    def key(self) -> tuple[int, str, str]:
        return self.department_id, self.form_code, self.type
