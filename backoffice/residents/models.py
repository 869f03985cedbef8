"""Which snapshots were taken in, and whom do only people handle?

What is known about residents lies in the snapshots' files, sealed; here stand counts, and pseudonyms only sealed.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, CreatedAt, Id, Json, Versioned
from backoffice.identity import Staff
from backoffice.vault import StoredFile


class Snapshot(Base):
    """The facts about residents on a day. A row and its files are never changed; a correction is another snapshot."""

    __tablename__ = "snapshot"
    __table_args__ = (Index("ix_snapshot_as_of_id", "as_of", "id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    as_of: Mapped[date]
    source: Mapped[str] = mapped_column(String(80), index=True)
    people: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the file as it was brought: it says nothing of who lies apart, and remains when what was kept is erased."""
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    protected_file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    """People under 支援措置 with their households; there also where nobody is in it."""
    known: Mapped[int]
    """How many in a thousand of all cells are known: for the list, which reads no manifest."""
    least_known: Mapped[str] = mapped_column(String(64))
    """The fact of which least is known."""
    manifest: Mapped[dict[str, Any]] = mapped_column(Json)
    layout: Mapped[dict[str, Any]] = mapped_column(Json)
    """What the columns and codes of the source mean: the next file of the same source is read alike."""
    before_id: Mapped[int | None] = mapped_column(ForeignKey("snapshot.id"))
    """The snapshot with which its drift was counted."""
    imported_at: Mapped[CreatedAt]
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """None: an operator at the machine, who did not sign in."""

    file: Mapped[StoredFile] = relationship(lazy="raise", foreign_keys=[file_id])
    protected_file: Mapped[StoredFile] = relationship(lazy="raise", foreign_keys=[protected_file_id])
    imported_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[imported_by_id])
    before: Mapped["Snapshot | None"] = relationship(lazy="raise", remote_side="Snapshot.id", foreign_keys=[before_id])


class Protection(Versioned, Base):
    """One resident under 支援措置, as the desk has them. Once lifted it stays as a record of who did what."""

    __tablename__ = "protected_resident"
    __table_args__ = (
        Index(
            "uq_protected_resident_mark_in_force",
            "mark",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    mark: Mapped[str] = mapped_column(String(64))
    """By which the pseudonym is known again; nobody can make or guess it without the master key."""
    sealed_pseudonym: Mapped[bytes]
    sealed_reason: Mapped[bytes]
    added_at: Mapped[CreatedAt]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    proposed_at: Mapped[datetime | None]
    """Since when its lifting waits for a second person."""
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    sealed_lifting_reason: Mapped[bytes | None]
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    added_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[added_by_id])
    proposed_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[proposed_by_id])


class StopFeed(Base):
    """One delivery of what happened to residents since the last: deaths, moves away, protection."""

    __tablename__ = "stop_feed"
    __table_args__ = (
        UniqueConstraint("sha256"),
        Index("ix_stop_feed_complete_until", "complete_until"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    source: Mapped[str] = mapped_column(String(80))
    covers_from: Mapped[datetime | None]
    """From when on; None: from where the one before it ended, since it does not say."""
    covers_until: Mapped[datetime]
    """Until when it tells everything, as its first line says: without rows it tells that nothing happened."""
    complete_until: Mapped[datetime]
    """Until when nothing was missing once it was taken: where a feed between is missing, that does not move."""
    rows: Mapped[int]
    counts: Mapped[dict[str, int]] = mapped_column(Json)
    """How many rows of each kind, how many took one back, how many changed nothing."""
    sha256: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[CreatedAt]
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """None: the worker, or an operator who did not sign in."""

    received_by: Mapped[Staff | None] = relationship(lazy="raise")


class RefusedFeed(Base):
    """A file in the feed's folder that was not taken. What stood in it is not repeated."""

    __tablename__ = "refused_feed"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120))
    """Under which it lies in the folder of those that were refused."""
    why: Mapped[str] = mapped_column(String(24))
    place: Mapped[str] = mapped_column(String(32))
    at: Mapped[CreatedAt]


class ResidentStop(Base):
    """A resident to whom nothing is sent, since a day between snapshots. Once taken back it stays as a record."""

    __tablename__ = "resident_stop"
    __table_args__ = (
        Index(
            "uq_resident_stop_mark_kind_on_in_force",
            "mark",
            "kind",
            "on",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_resident_stop_feed_id", "feed_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    mark: Mapped[str] = mapped_column(String(64))
    """As registrants have it: what the feed tells is asked about people who would be written to."""
    sealed_pseudonym: Mapped[bytes]
    kind: Mapped[str] = mapped_column(String(12))
    on: Mapped[date]
    feed_id: Mapped[int] = mapped_column(ForeignKey("stop_feed.id"))
    heard_at: Mapped[CreatedAt]
    ended_at: Mapped[datetime | None]
    ended_by_feed_id: Mapped[int | None] = mapped_column(ForeignKey("stop_feed.id"))
