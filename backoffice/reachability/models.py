"""Which addresses are not alive, and what did people stop? Of addresses only marks stand here.

An address of which nothing stands here is alive. What was stopped and taken again stays as a record.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.db import Base, CreatedAt, Id


class AddressStanding(Base):
    """How an address stands, from the last that was heard of it on."""

    __tablename__ = "address_standing"
    __table_args__ = (
        UniqueConstraint("mark", "kind"),
        Index("ix_address_standing_kind_state", "kind", "state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    mark: Mapped[str] = mapped_column(String(64))
    """As `registrant_channel` has it: families share addresses, and one that is dead is dead for all of them."""
    kind: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(12))
    since: Mapped[datetime]
    """When what is said here happened, which may be before it was heard: LINE tells out of order."""
    cause: Mapped[str] = mapped_column(String(16))
    registrant_id: Mapped[int | None] = mapped_column(ForeignKey("registrant.id"))
    """Who complained: nobody else who names this address as theirs brings it back to life."""


class SoftFailure(Base):
    """One message that could not be delivered for the time being. Too many in too short a time close the address."""

    __tablename__ = "soft_failure"
    __table_args__ = (
        UniqueConstraint("mark", "recipient"),
        Index("ix_soft_failure_at", "at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    mark: Mapped[str] = mapped_column(String(64))
    recipient: Mapped[int]
    """The number of the message's recipient: servers say several times of one message that it still waits."""
    at: Mapped[CreatedAt]


class NoticeStop(Base):
    """What a registrant stopped: one topic, or everything."""

    __tablename__ = "notice_stop"
    __table_args__ = (
        Index(
            "uq_notice_stop_registrant_id_topic_in_force",
            "registrant_id",
            "topic",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_notice_stop_registrant_id", "registrant_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    registrant_id: Mapped[int] = mapped_column(ForeignKey("registrant.id"))
    topic: Mapped[str] = mapped_column(String(16))
    way: Mapped[str] = mapped_column(String(12))
    at: Mapped[CreatedAt]
    ended_at: Mapped[datetime | None]
    ended_way: Mapped[str | None] = mapped_column(String(12))


class LineEvent(Base):
    """What LINE told once. It tells the same again where no answer reached it; a second time it does nothing."""

    __tablename__ = "line_event"
    __table_args__ = (
        UniqueConstraint("event"),
        Index("ix_line_event_heard_at", "heard_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    event: Mapped[str] = mapped_column(String(64))
    """LINE's own id of it."""
    heard_at: Mapped[CreatedAt]


class DoubtfulMail(Base):
    """A mail in the bounces' box that nobody of ours was written by: it waits in its folder for a person."""

    __tablename__ = "doubtful_mail"
    __table_args__ = (UniqueConstraint("name"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(200))
    """Of the file, as the mail server named it."""
    why: Mapped[str] = mapped_column(String(16))
    at: Mapped[CreatedAt]
