"""Programs, their versions with rule and wording, examples, dated thresholds, and who looked at what of residents."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, Id, Json, Versioned
from backoffice.identity import Department, Staff


class Program(Versioned, Base):
    """One program of one department (制度). What it is stands in its versions."""

    __tablename__ = "program"

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(40), unique=True)
    """制度番号."""
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    predecessor_id: Mapped[int | None] = mapped_column(ForeignKey("program.id"))
    """元制度番号: the program of the year before that this one goes on with."""
    begun_at: Mapped[datetime]
    shipped_as: Mapped[str | None] = mapped_column(String(40), index=True, unique=True)
    """The code of the working definition that it was taken in from; None: staff began it."""

    department: Mapped[Department] = relationship(lazy="raise")
    predecessor: Mapped["Program | None"] = relationship(lazy="raise", remote_side="Program.id")


class ProgramVersion(Versioned, Base):
    """What a program says and whom it is for, as one draft, one approval, one state in force."""

    __tablename__ = "program_version"
    __table_args__ = (
        UniqueConstraint("program_id", "number"),
        Index("ix_program_version_state", "state", "effective_from"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    number: Mapped[int]
    """Counts from 1 within its program."""
    state: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(100))
    """The Japanese name, again, so that lists need not open the sheet."""
    sheet: Mapped[dict[str, Any]] = mapped_column(Json)
    """Answers to the form `program-sheet`: `{"schema": 1, "values": {key: normal form}}`."""
    rule: Mapped[dict[str, Any] | None] = mapped_column(Json, nullable=True)
    """The rule as `workflows.rules` writes it; None while none has been begun."""
    rule_place: Mapped[int] = mapped_column(default=0)
    """Which of its steps the rule stands at, for 元に戻す and やり直す."""
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    drafted_at: Mapped[datetime]
    case_id: Mapped[int | None] = mapped_column(index=True)
    """The case that carries it through its route; a record of another feature, hence no foreign key."""
    approved_at: Mapped[datetime | None]
    effective_from: Mapped[date | None]
    """In force from this day (Asia/Tokyo) on, until a newer version is."""

    program: Mapped[Program] = relationship(lazy="raise")
    drafted_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[drafted_by_id])
    examples: Mapped[list["Example"]] = relationship(lazy="raise", order_by="Example.id")


class ProgramAuthor(Base):
    """Somebody who has written on a version, sheet, rule or example: they do not decide on it."""

    __tablename__ = "program_author"
    __table_args__ = (UniqueConstraint("version_id", "staff_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("program_version.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class RuleStep(Base):
    """The rule after a change (place 0: before the first): what 元に戻す goes back to, while the version is a draft."""

    __tablename__ = "program_rule_step"
    __table_args__ = (UniqueConstraint("version_id", "place"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("program_version.id"))
    place: Mapped[int]
    rule: Mapped[dict[str, Any] | None] = mapped_column(Json, nullable=True)


class Example(Base):
    """An invented person and what the rule must say of them."""

    __tablename__ = "program_example"

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("program_version.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    verdict: Mapped[str] = mapped_column(String(16))
    as_of: Mapped[date]
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    """`{"schema": 1, "facts": {code: value}, "consents": [class], "household": [{…}]}`; what is left out is unknown."""


class Threshold(Versioned, Base):
    """A dated parameter, or a table by another number, that rules name by its code."""

    __tablename__ = "program_threshold"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name_ja: Mapped[str] = mapped_column(String(80), unique=True)
    name_en: Mapped[str] = mapped_column(String(120), unique=True)
    unit: Mapped[str] = mapped_column(String(8))
    is_table: Mapped[bool]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))

    department: Mapped[Department] = relationship(lazy="raise")
    values: Mapped[list["ThresholdValue"]] = relationship(lazy="raise", order_by="ThresholdValue.starts")


class ThresholdValue(Base):
    """What a threshold comes to from a day on; confirmed by a person of its department, or not yet."""

    __tablename__ = "program_threshold_value"
    __table_args__ = (UniqueConstraint("threshold_id", "starts"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    threshold_id: Mapped[int] = mapped_column(ForeignKey("program_threshold.id"))
    starts: Mapped[date]
    ends: Mapped[date | None]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    """`{"schema": 1, "value": yen or people}` or `{"schema": 1, "rows": [[number, bound], …]}`."""
    legal_reference: Mapped[str] = mapped_column(String(200))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime | None]


class Reconfirmation(Base):
    """At the turn of the fiscal year somebody looked at one item of a program and said that it still holds."""

    __tablename__ = "program_reconfirmation"
    __table_args__ = (UniqueConstraint("program_id", "fiscal_year", "item"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    fiscal_year: Mapped[int]
    item: Mapped[str] = mapped_column(String(80))
    """A key of the sheet, or `threshold:` and its code."""
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Of what was looked at: what changes later is to be confirmed anew."""
    confirmed_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime]

    confirmed_by: Mapped[Staff] = relationship(lazy="raise")


class PreviewLook(Base):
    """Somebody saw counts: a disclosure. What was shown is kept, so that the next is measured against it."""

    __tablename__ = "program_preview_look"
    __table_args__ = (
        Index("ix_program_preview_look_program_id_day", "program_id", "day", "staff_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    day: Mapped[date]
    looked_at: Mapped[datetime]
    rule_hash: Mapped[str] = mapped_column(String(64))
    snapshot_hash: Mapped[str] = mapped_column(String(64))
    shown: Mapped[dict[str, Any]] = mapped_column(Json)
    """`{"schema": 1, …}`: the counts as they were shown, small cells already gone."""


class Inquiry(Base):
    """Somebody asked why a rule says what it says of one resident: about whom and for what reason, sealed."""

    __tablename__ = "program_inquiry"
    __table_args__ = (
        Index("ix_program_inquiry_staff_id_day", "staff_id", "day", "program_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("program_version.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    day: Mapped[date]
    asked_at: Mapped[datetime]
    mark: Mapped[str] = mapped_column(String(64), index=True)
    """By which the inquiries about a pseudonym are found; nobody can make or guess it without the master key."""
    sealed_pseudonym: Mapped[bytes]
    sealed_reason: Mapped[bytes]

    version: Mapped[ProgramVersion] = relationship(lazy="raise")
    staff: Mapped[Staff] = relationship(lazy="raise")


class ProtectedQuestion(Versioned, Base):
    """A privacy officer asks what a program comes to for somebody whom only people handle; a second one agrees."""

    __tablename__ = "protected_question"
    __table_args__ = (
        Index(
            "uq_protected_question_waiting",
            "program_id",
            "mark",
            "asked_by_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    mark: Mapped[str] = mapped_column(String(64))
    sealed_pseudonym: Mapped[bytes]
    sealed_reason: Mapped[bytes]
    state: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    """When a second person agreed or declined, or the asker took it back."""
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    sealed_declining_reason: Mapped[bytes | None]
    first_seen_at: Mapped[datetime | None]
    """When the asker first opened the answer; every look stands on the trail."""

    program: Mapped[Program] = relationship(lazy="raise")
    asked_by: Mapped[Staff] = relationship(lazy="raise", foreign_keys=[asked_by_id])
    decided_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])
