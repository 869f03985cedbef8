"""What has leaked, since when it is known, and whom it affects? What happened, in words, stands in the case alone."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.data_links.models import Link
from backoffice.db import Base, CreatedAt, Id, Json, Versioned
from backoffice.identity import Staff


class Breach(Versioned, Base):
    """Personal data has leaked, or may have: the days and the link it left through, where it left through one."""

    __tablename__ = "breach"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Id]
    link_id: Mapped[int | None] = mapped_column(ForeignKey("link.id"), index=True)
    """None: not through a link."""
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    known_on: Mapped[date]
    """From which the days of the law are counted."""
    harm_suspected: Mapped[bool]
    """Somebody may have meant harm: the full report has twice the time."""
    case_id: Mapped[int] = mapped_column(unique=True)
    """The case that carries it; a record of another feature, hence no foreign key."""
    begun_at: Mapped[datetime]

    link: Mapped[Link | None] = relationship(lazy="raise")


class BreachCount(Base):
    """How many were affected, as the use log said at that moment; never changed: a later count stands beside it."""

    __tablename__ = "breach_count"
    __table_args__ = (Index("ix_breach_count_breach_id", "breach_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    breach_id: Mapped[int] = mapped_column(ForeignKey("breach.id"))
    people: Mapped[int]
    releases: Mapped[int]
    attributes: Mapped[Mapping[str, int]] = mapped_column(Json)
    """By the code of an attribute, how often it left."""
    at: Mapped[CreatedAt]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    staff: Mapped[Staff | None] = relationship(lazy="raise")
