"""What does the house remember of wrong tries, of browsers that were let in, and of what happened to an account?"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.db import Base, Id, Json


class SignInTally(Base):
    """Wrong tries at one counter. `mark` is made with the master key: what was typed, a password maybe, stays out."""

    __tablename__ = "sign_in_tally"

    id: Mapped[Id]
    mark: Mapped[str] = mapped_column(String(64), unique=True)
    wrong: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)


class KnownDevice(Base):
    """A browser in which a person was let in before. Browsers of a counter are shared: a row a person."""

    __tablename__ = "known_device"
    __table_args__ = (UniqueConstraint("token_hash", "staff_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    used_at: Mapped[datetime]


class AccountEntry(Base):
    """One thing that happened to a person's account, for their own eyes; the trail holds the same for auditors."""

    __tablename__ = "account_entry"
    __table_args__ = (Index("ix_account_entry_staff_id_id", "staff_id", "id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    origin: Mapped[str] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]] = mapped_column(Json)
