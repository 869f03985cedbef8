"""Which second factors does a person hold?"""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.db import Base, Id


class TotpFactor(Base):
    """A person's authenticator. Secrets are sealed; a new one waits beside the old until its first code was right."""

    __tablename__ = "totp_factor"

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), unique=True)
    sealed_secret: Mapped[bytes | None]
    sealed_pending: Mapped[bytes | None]
    last_step: Mapped[int | None]
    """The half minute of the last code that was taken: no code of it or of an earlier one is taken again."""
    added_at: Mapped[datetime | None]


class SecurityKey(Base):
    """A person's security key; a person may hold several."""

    __tablename__ = "security_key"

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    added_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
