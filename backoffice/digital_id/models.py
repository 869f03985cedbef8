"""Which digital IDs are out there, signed by which key, how often checked? No claim's value stands here."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.consents.models import Registrant
from backoffice.db import Base, Counted, CreatedAt, Id, Json, Versioned
from backoffice.db.tallies import TallyKey
from backoffice.identity import Staff

_LIVES_ON_A_KEY = text("state = 'live' AND holder_thumbprint <> ''")
LIVE, REVOKED = "digital_ids_live", "digital_ids_revoked"
"""Tallies of digital IDs by their last day."""
SAID_YES, SAID_NO = "id_checks_yes", "id_checks_no"
"""Tallies of checks by their rule."""


class IssuingKey(Base):
    """A key that signs; the newest confirmed one does.

    An older one is believed as long as something that it signed is in force.
    """

    __tablename__ = "issuing_key"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(64), unique=True)
    """The key's own mark (RFC 7638): it says nothing that the key does not."""
    public: Mapped[dict[str, str]] = mapped_column(Json)
    sealed_private: Mapped[bytes]
    made_at: Mapped[CreatedAt]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """None: the house's first one, which nobody chose."""
    confirmed_at: Mapped[datetime | None]
    """From when it signs: somebody else has confirmed it."""
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    distrusted_at: Mapped[datetime | None]
    """From when nothing that it signed is believed any more: somebody else may hold it."""


class DigitalId(Counted, Versioned, Base):
    """A digital ID that was issued."""

    __tablename__ = "digital_id"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("place"),
        Index("ix_digital_id_registrant_id", "registrant_id"),
        Index("ix_digital_id_state_expires_on", "state", "expires_on"),
        Index("ix_digital_id_key_id_expires_on", "key_id", "expires_on"),
        Index(
            "uq_digital_id_live_holder",
            "holder_thumbprint",
            unique=True,
            sqlite_where=_LIVES_ON_A_KEY,
            postgresql_where=_LIVES_ON_A_KEY,
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(16))
    """By which its holder names it to staff; checkers never see it."""
    registrant_id: Mapped[int | None] = mapped_column(ForeignKey("registrant.id"))
    """None: it has expired, and whose it was has been forgotten."""
    key_id: Mapped[int] = mapped_column(ForeignKey("issuing_key.id"))
    holder_thumbprint: Mapped[str] = mapped_column(String(64))
    """Of the wallet's key: one digital ID lives on it. Forgotten with whose it was."""
    said_mark: Mapped[str] = mapped_column(String(64), default="")
    """Of what it says, under the master key: the worker sees by it that the registers say something else by now."""
    place: Mapped[int]
    """In the status list; drawn by lot, so that it does not tell who came first."""
    claims: Mapped[list[str]] = mapped_column(Json)
    """What it says something about; what it says stands only in the holder's wallet."""
    issued_at: Mapped[CreatedAt]
    expires_on: Mapped[date]
    """The last day on which it holds."""
    state: Mapped[str] = mapped_column(String(8))

    registrant: Mapped[Registrant | None] = relationship(lazy="raise")
    key: Mapped[IssuingKey] = relationship(lazy="raise")

    def shares(self) -> Mapping[TallyKey, int]:
        return {TallyKey(LIVE if self.state == "live" else REVOKED, 0, 0, self.expires_on.isoformat()): 1}


class DigitalIdEvent(Base):
    """What became of a digital ID; never changed."""

    __tablename__ = "digital_id_event"
    __table_args__ = (
        UniqueConstraint("digital_id_id", "kind"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    digital_id_id: Mapped[int] = mapped_column(ForeignKey("digital_id.id"))
    kind: Mapped[str] = mapped_column(String(16))
    cause: Mapped[str] = mapped_column(String(16))
    """Why it was revoked; empty when it was issued."""
    at: Mapped[CreatedAt]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """None: nobody's hand, a withdrawn consent or the portal."""

    digital_id: Mapped[DigitalId] = relationship(lazy="raise")
    staff: Mapped[Staff | None] = relationship(lazy="raise")


class Check(Counted, Base):
    """One answer of the checker's page: for counts, so that nothing of whom it was about is kept."""

    __tablename__ = "digital_id_check"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Id]
    rule: Mapped[str] = mapped_column(String(16))
    allowed: Mapped[bool]
    in_hour: Mapped[datetime]
    """The hour that had begun: no finer, so that nobody is found by when they came."""

    def shares(self) -> Mapping[TallyKey, int]:
        return {TallyKey(SAID_YES if self.allowed else SAID_NO, 0, 0, self.rule): 1}


class SpentNonce(Base):
    """A checker's number that was answered: it is never answered a second time."""

    __tablename__ = "spent_nonce"

    id: Mapped[Id]
    mark: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime] = mapped_column(index=True)


class WalletNonce(Base):
    """A number that was drawn for somebody's wallet to sign; whose it is, and until when. Answered once, it is gone.

    As long as it is there, somebody waits for a digital ID: the worker prepares what may be said of them.
    """

    __tablename__ = "wallet_nonce"

    id: Mapped[Id]
    mark: Mapped[str] = mapped_column(String(64), unique=True)
    registrant_id: Mapped[int] = mapped_column(ForeignKey("registrant.id"), index=True)
    drawn_at: Mapped[CreatedAt]
    until: Mapped[datetime] = mapped_column(index=True)
