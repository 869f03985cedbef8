"""A record of a built form, every change of it, and what a person has half typed. Personal data."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.clients.models import MachineClient
from backoffice.db import Base, Counted, Id, Json, Versioned
from backoffice.db.tallies import TallyKey
from backoffice.form_designs.models import FormDesign
from backoffice.identity import Department, Staff
from backoffice.vault import StoredFile

RECORDS = "records"
"""The tally of a form's records, by department and state."""


class Record(Counted, Versioned, Base):
    """One filled-in form."""

    __tablename__ = "record"
    __table_args__ = (
        Index("ix_record_design_id_department_id_state_id", "design_id", "department_id", "state", "id"),
        Index("ix_record_design_id_id", "design_id", "id"),
        Index("ix_record_case_id", "case_id", unique=True),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(40), unique=True)
    design_id: Mapped[int] = mapped_column(ForeignKey("form_design.id"))
    form_version: Mapped[int]
    """The version it was last checked against."""
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    state: Mapped[str] = mapped_column(String(16))
    values: Mapped[Any] = mapped_column(Json)
    """Answers in normal form by key; a question without an answer is left out."""
    source: Mapped[str] = mapped_column(String(16))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    client_id: Mapped[int | None] = mapped_column(ForeignKey("machine_client.id"))
    """Which machine of another system sent it."""
    case_id: Mapped[int | None] = mapped_column(ForeignKey("approval_case.id"))
    """The case as which it was last handed in."""
    entered_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    design: Mapped[FormDesign] = relationship(lazy="raise")
    department: Mapped[Department] = relationship(lazy="raise")
    entered_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[entered_by_id])
    client: Mapped[MachineClient | None] = relationship(lazy="raise")

    def shares(self) -> Mapping[TallyKey, int]:
        return {TallyKey(RECORDS, self.design_id, self.department_id, self.state): 1}


class ChangeSet(Versioned, Base):
    """What one action changed: one record, or many at once. It can be undone as a whole."""

    __tablename__ = "record_change_set"
    __table_args__ = (
        Index("ix_record_change_set_design_id_department_id_id", "design_id", "department_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    design_id: Mapped[int] = mapped_column(ForeignKey("form_design.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(80), default="")
    """The question that was changed by the many."""
    records: Mapped[int]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    made_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[made_by_id])


class RecordChange(Base):
    """One record before and after. `before` is None where it was entered."""

    __tablename__ = "record_change"
    __table_args__ = (
        Index("ix_record_change_record_id_id", "record_id", "id"),
        Index("ix_record_change_change_set_id", "change_set_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    change_set_id: Mapped[int] = mapped_column(ForeignKey("record_change_set.id"))
    record_id: Mapped[int] = mapped_column(ForeignKey("record.id"))
    before: Mapped[Any] = mapped_column(Json, nullable=True)
    after: Mapped[Any] = mapped_column(Json)
    state_before: Mapped[str] = mapped_column(String(16), default="")
    state_after: Mapped[str] = mapped_column(String(16))
    version_after: Mapped[int]
    """The record's own version when the change was made: a later one stands in the way of undoing it."""

    change_set: Mapped[ChangeSet] = relationship(lazy="raise")
    record: Mapped[Record] = relationship(lazy="raise")


class RecordFile(Base):
    """A file that answers a question of a form. Until a record names it, it is whoever brought it who may open it."""

    __tablename__ = "record_file"
    __table_args__ = (Index("ix_record_file_record_id", "record_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    design_id: Mapped[int] = mapped_column(ForeignKey("form_design.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    key: Mapped[str] = mapped_column(String(64))
    """Of the question that it answers."""
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    added_at: Mapped[datetime]

    file: Mapped[StoredFile] = relationship(lazy="raise")


class EntryDraft(Base):
    """What somebody has typed so far, as typed. It is gone once the record is kept."""

    __tablename__ = "entry_draft"
    __table_args__ = (UniqueConstraint("design_id", "staff_id", "record_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    design_id: Mapped[int] = mapped_column(ForeignKey("form_design.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    record_id: Mapped[int] = mapped_column(default=0)
    """The record that is being changed; 0 for a new one."""
    typed: Mapped[Any] = mapped_column(Json)
    saved_at: Mapped[datetime]


class SavedView(Base):
    """A way of looking at a form's list: conditions, columns and order, under a name."""

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("design_id", "department_id", "name"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    design_id: Mapped[int] = mapped_column(ForeignKey("form_design.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(2000))
    """The part of the address behind the question mark."""
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    saved_at: Mapped[datetime]


class ListRoute(Base):
    """Through which approval route a department's records of a form pass."""

    __tablename__ = "list_route"
    __table_args__ = (UniqueConstraint("design_id", "department_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    design_id: Mapped[int] = mapped_column(ForeignKey("form_design.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    kind: Mapped[str] = mapped_column(String(24))
    """A kind of route, as `workflows.routes.RouteKind`."""
