"""Agreements on data links, what people consent to of them, what they ask for, and every use; nothing flows unseen."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.clients.models import MachineClient
from backoffice.consents.workflow import Happened
from backoffice.db import Base, Counted, CreatedAt, Id, Json, Versioned
from backoffice.db.tallies import TallyKey
from backoffice.identity import Department, Staff

CONSENTING = "link_consenting"
"""The tally of who consents to a link, by the last day of their consent: however many, a day's sum is a few hundred
rows, and shutting a link need not count those whom it cuts off."""
ENDS = (Happened.WITHDRAWN, Happened.REPLACED)


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
    client_id: Mapped[int | None] = mapped_column(ForeignKey("machine_client.id"), unique=True)
    """The machine at the other end; None: nobody can use it yet."""
    proposed_client_id: Mapped[int | None] = mapped_column(ForeignKey("machine_client.id"))
    """Which machine one officer would connect; somebody else confirms it."""
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    department: Mapped[Department] = relationship(lazy="raise")
    client: Mapped[MachineClient | None] = relationship(lazy="raise", foreign_keys=[client_id])
    proposed_client: Mapped[MachineClient | None] = relationship(lazy="raise", foreign_keys=[proposed_client_id])
    proposed_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[proposed_by_id])


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


class LinkSignature(Base):
    """A privacy officer approved a version on its route, and with it what it may do to people. Never changed.

    It holds while the version says what it said, and while the approval was not taken back.
    """

    __tablename__ = "link_signature"
    __table_args__ = (Index("ix_link_signature_version_id", "version_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("link_version.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    task_id: Mapped[int]
    """The step on which it was approved; a record of another feature, hence no foreign key."""
    content_sha256: Mapped[str] = mapped_column(String(64))
    """Of terms and answers together."""
    risk: Mapped[str] = mapped_column(String(8))
    at: Mapped[CreatedAt]

    staff: Mapped[Staff] = relationship(lazy="raise")


class LinkReminder(Base):
    """Those who answer for a link were told that a day comes near: once for each day and distance, whoever ticks."""

    __tablename__ = "link_reminder"
    __table_args__ = (
        UniqueConstraint("link_id", "matter", "day", "days_before"),
        Index("ix_link_reminder_day", "day"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"))
    matter: Mapped[str] = mapped_column(String(16))
    """Which day of the version in force: its end, or its review."""
    day: Mapped[date]
    days_before: Mapped[int]
    at: Mapped[CreatedAt]

    link: Mapped[Link] = relationship(lazy="raise")


class LinkReview(Versioned, Base):
    """An agreement was looked at again, or is being: what had left through it by then, and what was decided."""

    __tablename__ = "link_review"
    __table_args__ = (
        UniqueConstraint("case_id"),
        Index("ix_link_review_link_id_outcome", "link_id", "outcome"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"))
    case_id: Mapped[int]
    """The case; a record of another feature, hence no foreign key."""
    due_on: Mapped[date]
    by_house: Mapped[bool]
    """The worker opened it when its day came: it does so once for each day."""
    released: Mapped[list[str]] = mapped_column(Json)
    """What had left in the twelve months before: of the rest the case says that it was never used."""
    opened_at: Mapped[CreatedAt]
    outcome: Mapped[str] = mapped_column(String(16), default="")
    """Empty while it is on its way."""
    settled_at: Mapped[datetime | None]
    next_on: Mapped[date | None]
    """When it is looked at again, where the link goes on."""

    link: Mapped[Link] = relationship(lazy="raise")


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


class LinkConsent(Counted, Base):
    """One person's consent to one link, as it was given; never changed. It stands beside those to facts: both count."""

    __tablename__ = "link_consent"
    __table_args__ = (
        UniqueConstraint("reference"),
        Index("ix_link_consent_registrant_id_link_id", "registrant_id", "link_id"),
        Index("ix_link_consent_link_id_expires_on", "link_id", "expires_on"),
        Index("ix_link_consent_expires_on", "expires_on"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(32))
    registrant_id: Mapped[int] = mapped_column(ForeignKey("registrant.id"))
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("link_version.id"))
    """Which version was shown."""
    scope: Mapped[int]
    terms_sha256: Mapped[str] = mapped_column(String(64))
    """Of the whole version, all that was shown among it."""
    attributes: Mapped[list[str]] = mapped_column(Json)
    """What the person agreed to: all that is required, and of the optional what they chose."""
    language: Mapped[str] = mapped_column(String(4))
    giver: Mapped[str] = mapped_column(String(16))
    way: Mapped[str] = mapped_column(String(16))
    evidence_sha256: Mapped[str] = mapped_column(String(64))
    given_at: Mapped[CreatedAt]
    expires_on: Mapped[date]

    version: Mapped[LinkVersion] = relationship(lazy="raise")
    link: Mapped[Link] = relationship(lazy="raise")
    events: Mapped[list["LinkConsentEvent"]] = relationship(
        lazy="raise", order_by="LinkConsentEvent.id", back_populates="consent"
    )

    def shares(self) -> Mapping[TallyKey, int]:
        return {TallyKey(CONSENTING, self.link_id, 0, self.expires_on.isoformat()): 1}


class LinkConsentEvent(Counted, Base):
    """A consent to a link was given, then withdrawn, replaced, or over."""

    __tablename__ = "link_consent_event"
    __table_args__ = (UniqueConstraint("consent_id", "kind"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    consent_id: Mapped[int] = mapped_column(ForeignKey("link_consent.id"))
    kind: Mapped[str] = mapped_column(String(16))
    at: Mapped[CreatedAt]

    consent: Mapped[LinkConsent] = relationship(lazy="raise", back_populates="events")

    def shares(self) -> Mapping[TallyKey, int]:
        """One less where a consent ends; it never does so twice."""
        return {key: -amount for key, amount in self.consent.shares().items()} if self.kind in ENDS else {}


class LinkHolding(Base):
    """What the gateway may say of one person, made of the newest snapshot."""

    __tablename__ = "link_holding"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Id]
    registrant_id: Mapped[int] = mapped_column(ForeignKey("registrant.id"), unique=True)
    snapshot_id: Mapped[int]
    """A record of another feature, hence no foreign key."""
    good_until: Mapped[date | None]
    """Its last day: a week after it was made, or before a birthday changes what it says."""
    sealed: Mapped[bytes | None]
    """None: nothing may be said of them."""
    made_at: Mapped[CreatedAt]


class LinkRequest(Base):
    """A person asked, through the portal, that a link be used for them: the other system names it, never the person."""

    __tablename__ = "link_request"
    __table_args__ = (
        UniqueConstraint("reference"),
        Index("ix_link_request_link_id_state", "link_id", "state"),
        Index("ix_link_request_registrant_id_link_id", "registrant_id", "link_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(32))
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"))
    registrant_id: Mapped[int] = mapped_column(ForeignKey("registrant.id"))
    purpose: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(16))
    sealed_values: Mapped[bytes | None]
    """What only the portal holds, a name for one; erased once there is an answer, or none is wanted any more."""
    sealed_answer: Mapped[bytes | None]
    opened_at: Mapped[CreatedAt]
    closes_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class LinkUse(Base):
    """One request for data, answered or refused, and why; never changed. The true reason is for here alone."""

    __tablename__ = "link_use"
    __table_args__ = (
        Index("ix_link_use_link_id_registrant_id_at", "link_id", "registrant_id", "at"),
        Index("ix_link_use_registrant_id_at", "registrant_id", "at"),
        Index("ix_link_use_client_id_key_hash", "client_id", "key_hash"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("link_version.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("machine_client.id"))
    registrant_id: Mapped[int | None] = mapped_column(ForeignKey("registrant.id"))
    """None: the request named nobody."""
    request_id: Mapped[int | None] = mapped_column(ForeignKey("link_request.id"), index=True)
    key_hash: Mapped[str] = mapped_column(String(64))
    """By which the same call is known again: it counts once, and is decided anew."""
    purpose: Mapped[str] = mapped_column(String(80))
    asked: Mapped[list[str]] = mapped_column(Json)
    released: Mapped[list[str]] = mapped_column(Json)
    outcome: Mapped[str] = mapped_column(String(32))
    """`released`, `released_again`, or why not."""
    at: Mapped[CreatedAt]

    link: Mapped[Link] = relationship(lazy="raise")


class LinkMinute(Base):
    """How often a link was tried in one minute. Its row is the queue in which whoever asks stands."""

    __tablename__ = "link_minute"
    __table_args__ = {}  # noqa: RUF012 -- SQLAlchemy's declarative spelling; a compound key has no autoincrement

    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"), primary_key=True, autoincrement=False)
    minute: Mapped[datetime] = mapped_column(primary_key=True)
    tries: Mapped[int]


class LinkDeletion(Base):
    """A machine is to delete what it got of somebody whose consent covers it no longer, and says when it has."""

    __tablename__ = "link_deletion"
    __table_args__ = (
        UniqueConstraint("reference"),
        Index("ix_link_deletion_link_id_done_at", "link_id", "done_at"),
        Index("ix_link_deletion_registrant_id_link_id", "registrant_id", "link_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(32))
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"))
    registrant_id: Mapped[int] = mapped_column(ForeignKey("registrant.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("machine_client.id"))
    """Which machine got it; nobody else is told of it."""
    cause: Mapped[str] = mapped_column(String(16))
    requests: Mapped[list[str]] = mapped_column(Json)
    """Under which references the other system got it."""
    attributes: Mapped[list[str]] = mapped_column(Json)
    """What of it is to go."""
    asked_at: Mapped[CreatedAt]
    due_on: Mapped[date]
    done_at: Mapped[datetime | None]
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who noted that it is done, where the machine did not say so itself."""
    note: Mapped[str] = mapped_column(String(500), default="")
    """By what that is known."""

    client: Mapped[MachineClient] = relationship(lazy="raise")
    noted_by: Mapped[Staff | None] = relationship(lazy="raise")
