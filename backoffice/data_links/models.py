"""Agreements on data links, their versions, who wrote on them, and each time one was shut or that was practised."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, CreatedAt, Id, Json, Versioned
from backoffice.identity import Department, Staff


class Link(Versioned, Base):
    """One link between two systems. What it allows stands in its versions."""

    __tablename__ = "link"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    """By which machines name it; it never changes."""
    name: Mapped[str] = mapped_column(String(100))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    begun_at: Mapped[datetime]
    shut_at: Mapped[datetime | None]
    """Since when nothing flows; None: as its version says. Only an approval opens it again."""

    department: Mapped[Department] = relationship(lazy="raise")


class LinkVersion(Versioned, Base):
    """What a link allows, as one draft, one approval, one state in force."""

    __tablename__ = "link_version"
    __table_args__ = (
        UniqueConstraint("link_id", "number"),
        Index("ix_link_version_state", "state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"))
    number: Mapped[int]
    """Counts from 1 within its link."""
    state: Mapped[str] = mapped_column(String(16))
    terms: Mapped[dict[str, Any]] = mapped_column(Json)
    """As `workflows.links` writes them."""
    scope: Mapped[int] = mapped_column(default=0)
    """Rises with each version in force that needs consents anew; 0 until it is in force."""
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    drafted_at: Mapped[datetime]
    case_id: Mapped[int | None] = mapped_column(index=True)
    """The case that carries it through its route; a record of another feature, hence no foreign key."""
    submitted_at: Mapped[datetime | None]
    in_force_at: Mapped[datetime | None]
    """Since when it counts. The newest of these is the one in force."""

    link: Mapped[Link] = relationship(lazy="raise")
    drafted_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[drafted_by_id])


class LinkAuthor(Base):
    """Somebody who has written on a version: they do not decide on it."""

    __tablename__ = "link_author"
    __table_args__ = (UniqueConstraint("version_id", "staff_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("link_version.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class LinkStop(Base):
    """A link was shut, or shutting it was practised: who did it, why, and whom it cut off. Never changed."""

    __tablename__ = "link_stop"
    __table_args__ = (Index("ix_link_stop_link_id", "link_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"))
    is_drill: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(500))
    people: Mapped[int]
    """Consented to it at that moment: whom it cut off."""
    at: Mapped[CreatedAt]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """None: from the command line of the machine."""

    staff: Mapped[Staff | None] = relationship(lazy="raise")
