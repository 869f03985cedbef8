"""Which machines are known, by which keys, and what have they been given?

Nothing here lets anybody in who reads it: keys are public halves, tokens and idempotency keys stand as hashes.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, String, UniqueConstraint, and_
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, CreatedAt, Id, Json, Versioned
from backoffice.identity import Department, Staff


class MachineClient(Versioned, Base):
    """A system of a department or of another body that calls the gateway. It is switched off, never deleted."""

    __tablename__ = "machine_client"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(100))
    handle: Mapped[str] = mapped_column(String(40), unique=True)
    """`client_id` as OAuth calls it; it says nothing by itself."""
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    """Whose system it is; None: an outside body's."""
    outside_body: Mapped[str] = mapped_column(String(100), default="")
    contact: Mapped[str] = mapped_column(String(200))
    """Whom to call when it goes wrong: a desk, not a person."""
    contact_changed_at: Mapped[datetime | None]
    contact_changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who changed it last: whoever confirms a key by calling it is told. None: it is as it was entered."""
    scopes: Mapped[str] = mapped_column(String(200))
    switched_off: Mapped[bool] = mapped_column(default=False)
    is_sandbox: Mapped[bool] = mapped_column(default=False)
    """It tries a link out on invented people and never gets at anything else."""
    created_at: Mapped[CreatedAt]
    last_used_at: Mapped[datetime | None]
    """When it last fetched a token."""

    department: Mapped[Department | None] = relationship(lazy="raise")
    contact_changed_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[contact_changed_by_id])
    keys: Mapped[list["ClientKey"]] = relationship(lazy="raise", back_populates="client", order_by="ClientKey.id")


class ClientKey(Base):
    """The public half of a client's key. One taken away stays as a row, so that it never comes back unnoticed."""

    __tablename__ = "client_key"
    __table_args__ = (UniqueConstraint("client_id", "thumbprint"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    client_id: Mapped[int] = mapped_column(ForeignKey("machine_client.id"))
    thumbprint: Mapped[str] = mapped_column(String(64))
    """RFC 7638: by which people at both ends compare a key."""
    public_jwk: Mapped[dict[str, Any]] = mapped_column(Json)
    added_at: Mapped[CreatedAt]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who added it, or has widened since what it opens: somebody else confirms it."""
    confirmed_at: Mapped[datetime | None]
    """When a second person compared the thumbprint with the other side. Until then the key opens nothing: whoever could
    let in a key of their own, alone, could move consents and read one person from counts (docs/decisions/0004)."""
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    removed_at: Mapped[datetime | None]

    client: Mapped[MachineClient] = relationship(lazy="raise", back_populates="keys")

    @hybrid_property
    def is_live(self) -> bool:
        return self.confirmed_at is not None and self.removed_at is None

    @is_live.inplace.expression
    @classmethod
    def _is_live(cls) -> ColumnElement[bool]:
        return and_(cls.confirmed_at.is_not(None), cls.removed_at.is_(None))


class ClientSwitch(Base):
    """A client was switched off or on again, by whom and why."""

    __tablename__ = "client_switch"

    id: Mapped[Id]
    client_id: Mapped[int] = mapped_column(ForeignKey("machine_client.id"), index=True)
    switched_on: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(500))
    at: Mapped[CreatedAt]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    staff: Mapped[Staff | None] = relationship(lazy="raise")


class ClientToken(Base):
    """An access token, ten minutes long. It is looked up, with its client and key, at every call."""

    __tablename__ = "client_token"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    client_id: Mapped[int] = mapped_column(ForeignKey("machine_client.id"))
    key_id: Mapped[int] = mapped_column(ForeignKey("client_key.id"))
    """With which the client proved who it is: the token ends with the key."""
    scopes: Mapped[str] = mapped_column(String(200))
    certificate: Mapped[str | None] = mapped_column(String(43))
    """The mark of the certificate with which it was fetched (RFC 8705): it is good with that one alone."""
    expires_at: Mapped[datetime] = mapped_column(index=True)

    client: Mapped[MachineClient] = relationship(lazy="raise")
    key: Mapped[ClientKey] = relationship(lazy="raise")


class SpentAssertion(Base):
    """A client assertion that was used. It stands in the database, so that a killed process forgets none."""

    __tablename__ = "spent_assertion"
    __table_args__ = (UniqueConstraint("client_id", "jti_hash"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    client_id: Mapped[int] = mapped_column(ForeignKey("machine_client.id"))
    jti_hash: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime] = mapped_column(index=True)
    """From then on the assertion is too old anyway."""


class KeptAnswer(Base):
    """What a call with an idempotency key was answered: the same call gets the same answer for a day."""

    __tablename__ = "kept_answer"
    __table_args__ = (
        UniqueConstraint("client_id", "key_hash"),
        Index("ix_kept_answer_at", "at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    client_id: Mapped[int] = mapped_column(ForeignKey("machine_client.id"))
    key_hash: Mapped[str] = mapped_column(String(64))
    call_mark: Mapped[str] = mapped_column(String(64))
    """Of the address and the body, under the master key: a body may be a few words that could be tried out."""
    status: Mapped[int]
    sealed_body: Mapped[bytes]
    at: Mapped[CreatedAt]
