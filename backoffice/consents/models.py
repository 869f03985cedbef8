"""Who is registered, what was consented to, and what became of it? Consents and their events are never changed.

A pseudonym stands here only sealed, with a mark by which it is found again. What ends a consent is another row.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, CreatedAt, Id, Json, Versioned
from backoffice.identity import Staff


class Registrant(Versioned, Base):
    """A resident who registered for notices."""

    __tablename__ = "registrant"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Id]
    mark: Mapped[str] = mapped_column(String(64), unique=True)
    """By which the pseudonym is known again; nobody can make or guess it without the master key."""
    sealed_pseudonym: Mapped[bytes]
    language: Mapped[str] = mapped_column(String(4))
    """In which they want to be written to: ja, easy or en."""
    assurance: Mapped[str] = mapped_column(String(16))
    proven_by: Mapped[str | None] = mapped_column(String(24))
    """By what of the My Number card; None for whoever was not proven."""
    proven_at: Mapped[datetime | None]
    interests: Mapped[list[str] | None] = mapped_column(Json)
    """What the person likes to read of. It only orders what the portal shows, and decides nothing."""
    registered_at: Mapped[CreatedAt]


class RegistrantChannel(Versioned, Base):
    """Where a registrant is written to; one of each kind. The row goes when the person takes it away."""

    __tablename__ = "registrant_channel"
    __table_args__ = (UniqueConstraint("registrant_id", "kind"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    registrant_id: Mapped[int] = mapped_column(ForeignKey("registrant.id"))
    kind: Mapped[str] = mapped_column(String(8))
    mark: Mapped[str] = mapped_column(String(64), index=True)
    """By which an address is known again, where mail comes back undelivered."""
    sealed_address: Mapped[bytes]
    set_at: Mapped[CreatedAt]


class Consent(Base):
    """One consent as it was given."""

    __tablename__ = "consent"
    __table_args__ = (
        UniqueConstraint("reference"),
        Index("ix_consent_registrant_id_kind", "registrant_id", "kind"),
        Index("ix_consent_expires_on", "expires_on"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(32))
    """By which the person names it; it says nothing by itself."""
    registrant_id: Mapped[int] = mapped_column(ForeignKey("registrant.id"))
    kind: Mapped[str] = mapped_column(String(16))
    """The class of consent; with `notice_version` it names the notice that was shown."""
    notice_version: Mapped[int]
    notice_sha256: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(4))
    """In which the notice was read."""
    giver: Mapped[str] = mapped_column(String(16))
    """本人 or 法定代理人."""
    way: Mapped[str] = mapped_column(String(16))
    """Counter or portal."""
    evidence_kind: Mapped[str] = mapped_column(String(24))
    evidence_sha256: Mapped[str] = mapped_column(String(64))
    """Of the paper's number or the portal's message, under the master key: enough to show that it was this one, while
    whoever has the database alone cannot try out numbers, which are short."""
    given_at: Mapped[CreatedAt]
    expires_on: Mapped[date]
    """The last day on which it holds: at the latest the last day of a representative's power."""

    registrant: Mapped[Registrant] = relationship(lazy="raise")
    events: Mapped[list["ConsentEvent"]] = relationship(
        lazy="raise", order_by="ConsentEvent.id", back_populates="consent"
    )


class ConsentEvent(Base):
    """What became of a consent: given, then withdrawn, replaced by another, or over."""

    __tablename__ = "consent_event"
    __table_args__ = (
        UniqueConstraint("consent_id", "kind"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"))
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[CreatedAt]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who took it at the counter; None: the person themselves, through the portal."""

    consent: Mapped[Consent] = relationship(lazy="raise", back_populates="events")
    staff: Mapped[Staff | None] = relationship(lazy="raise")


class RegistrantLook(Base):
    """One member of staff looks at one registrant, for a reason, for half an hour; it goes with that year's trail."""

    __tablename__ = "registrant_look"
    __table_args__ = (
        Index("ix_registrant_look_registrant_id_opened_at", "registrant_id", "opened_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    registrant_id: Mapped[int] = mapped_column(ForeignKey("registrant.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    sealed_reason: Mapped[bytes]
    opened_at: Mapped[datetime]

    registrant: Mapped[Registrant] = relationship(lazy="raise")
    staff: Mapped[Staff] = relationship(lazy="raise")
