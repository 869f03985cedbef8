"""Letters that came, their attachments, what is done with them, rules of departments. Personal data; erasable."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, Counted, Id, Json, Versioned
from backoffice.db.tallies import TallyKey
from backoffice.identity import Department, Staff
from backoffice.intake.models import PaperBatch
from backoffice.mail_in.rules import Act, Conditions
from backoffice.mail_in.workflow import ActKind
from backoffice.records.import_models import RecordImport
from backoffice.vault import StoredFile

LETTERS = "mail_letters"


class MailAddress(Base):
    """An address of the mailbox, and the department whose letters come to it."""

    __tablename__ = "mail_address"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 -- SQLAlchemy's declarative spelling

    id: Mapped[Id]
    address: Mapped[str] = mapped_column(String(254), unique=True)
    """In small letters."""
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))

    department: Mapped[Department] = relationship(lazy="raise")


class MailRule(Versioned, Base):
    """What a department does with letters of a kind. Rules are tried in the order of `place`."""

    __tablename__ = "mail_rule"
    __table_args__ = (
        Index("ix_mail_rule_department_id_place", "department_id", "place"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    title: Mapped[str] = mapped_column(String(60))
    place: Mapped[int]
    active: Mapped[bool]
    sender: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(100))
    file_name: Mapped[str] = mapped_column(String(100))
    file_kind: Mapped[str] = mapped_column(String(16))
    acts: Mapped[list[list[str]]] = mapped_column(Json)
    """`[kind, target]` each."""
    changed_at: Mapped[datetime]

    @property
    def conditions(self) -> Conditions:
        return Conditions(self.sender, self.subject, self.file_name, self.file_kind)

    @property
    def wanted(self) -> list[Act]:
        return [Act(ActKind(kind), target) for kind, target in self.acts]


class MailLetter(Counted, Versioned, Base):
    """A letter in one department's hands; who was written to beside it has a row of its own."""

    __tablename__ = "mail_letter"
    __table_args__ = (
        UniqueConstraint("origin", "department_id"),
        UniqueConstraint("digest", "department_id"),
        Index("ix_mail_letter_department_id_state_id", "department_id", "state", "id"),
        Index("ix_mail_letter_state_came_at", "state", "came_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(40), unique=True)
    """`R8-受信-0001`"""
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    origin: Mapped[str] = mapped_column(String(40))
    """Which letter of which mailbox it is: `mailbox.OpenMailbox.origin`."""
    digest: Mapped[str] = mapped_column(String(64))
    """By which a second copy is known: `reading.LetterRead.digest`."""
    state: Mapped[str] = mapped_column(String(16))
    sender: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str]
    from_html: Mapped[bool]
    passed_on: Mapped[bool]
    """The house itself had passed it on: it does so no second time."""
    refusal: Mapped[str] = mapped_column(String(200))
    """Why only its heading was fetched, or nothing of it could be read: a msgid."""
    written_at: Mapped[datetime | None]
    came_at: Mapped[datetime]
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("mail_rule.id", ondelete="SET NULL"))
    """By which rule it was sorted; none: by hand, or the rule is gone."""
    sorted_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    looked_at: Mapped[bool]
    """A person has seen which attachments were refused."""
    erased_at: Mapped[datetime | None]

    department: Mapped[Department] = relationship(lazy="raise")
    rule: Mapped[MailRule | None] = relationship(lazy="raise")
    sorted_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[sorted_by_id])
    files: Mapped[list["MailEnclosure"]] = relationship(
        lazy="raise", order_by="MailEnclosure.id", back_populates="letter"
    )
    acts: Mapped[list["MailAct"]] = relationship(lazy="raise", order_by="MailAct.id", back_populates="letter")

    def shares(self) -> Mapping[TallyKey, int]:
        return {TallyKey(LETTERS, 0, self.department_id, self.state): 1}


class MailEnclosure(Base):
    """An attachment: kept in the vault, or refused with its reason."""

    __tablename__ = "mail_enclosure"
    __table_args__ = (Index("ix_mail_enclosure_letter_id", "letter_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    letter_id: Mapped[int] = mapped_column(ForeignKey("mail_letter.id"))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(16))
    size: Mapped[int]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    """Taken in as paper, it is the paper's as well: where a 個人番号 shows on it, it is erased for both."""
    refusal: Mapped[str] = mapped_column(String(200))
    """A msgid; empty for one that was taken."""
    params: Mapped[Any] = mapped_column(Json)

    letter: Mapped[MailLetter] = relationship(lazy="raise", back_populates="files")
    file: Mapped[StoredFile | None] = relationship(lazy="raise")


class MailAct(Base):
    """One thing to be done with a letter or one attachment of it, and what became of that."""

    __tablename__ = "mail_act"
    __table_args__ = (
        Index("ix_mail_act_letter_id", "letter_id"),
        Index("ix_mail_act_state_id", "state", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    letter_id: Mapped[int] = mapped_column(ForeignKey("mail_letter.id"))
    enclosure_id: Mapped[int | None] = mapped_column(ForeignKey("mail_enclosure.id"))
    kind: Mapped[str] = mapped_column(String(16))
    target: Mapped[str] = mapped_column(String(254))
    state: Mapped[str] = mapped_column(String(16))
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    """Not before; of one that is being sent, when it was begun."""
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("paper_batch.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("record_import.id"))
    said: Mapped[str] = mapped_column(String(200), default="")
    """What became of it, where the state does not say all: a msgid."""
    params: Mapped[Any] = mapped_column(Json)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    letter: Mapped[MailLetter] = relationship(lazy="raise", back_populates="acts")
    enclosure: Mapped[MailEnclosure | None] = relationship(lazy="raise")
    batch: Mapped[PaperBatch | None] = relationship(lazy="raise")
    record_import: Mapped[RecordImport | None] = relationship(lazy="raise")
