"""The versions of each approval route, and the days on which the city is closed beyond the calendar."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, Id, Versioned
from backoffice.identity import Staff

CASES_ON_VERSION = "cases_on_version"
"""The tally of cases that are on their way on a version."""


class RouteVersion(Versioned, Base):
    """One drawing of the route for one kind of case. A running case stays on the version it began with."""

    __tablename__ = "route_version"
    __table_args__ = (
        UniqueConstraint("kind", "number"),
        Index("ix_route_version_kind_state", "kind", "state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(32))
    number: Mapped[int]
    """Counts from 1 within its kind."""
    state: Mapped[str] = mapped_column(String(16))
    bpmn: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(default="")
    """What is different, in the words of who drew it."""
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """None for one that the house ships."""
    drafted_at: Mapped[datetime]
    proposed_at: Mapped[datetime | None]
    activated_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    activated_at: Mapped[datetime | None]
    effective_from: Mapped[date | None]
    """Cases that begin on or after this day (Asia/Tokyo) take this version."""

    drafted_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[drafted_by_id])
    activated_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[activated_by_id])
    authors: Mapped[list["RouteAuthor"]] = relationship(lazy="raise", order_by="RouteAuthor.id")


class RouteAuthor(Base):
    """Somebody who has drawn on a version or proposed it: they do not put it into force."""

    __tablename__ = "route_author"
    __table_args__ = (UniqueConstraint("version_id", "staff_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("route_version.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))

    staff: Mapped[Staff] = relationship(lazy="raise")


class CityClosure(Base):
    """A day on which the city is closed beyond weekends, holidays and the turn of the year: no deadline counts it."""

    __tablename__ = "city_closure"

    id: Mapped[Id]
    day: Mapped[date] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(80))
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
