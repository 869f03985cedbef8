"""With which keys are receipts signed? One a year; all of them stay known, since a receipt is kept for years."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.db import Base, Id, Json


class ReceiptKey(Base):
    """A key pair; its private half is sealed with the master key."""

    __tablename__ = "receipt_key"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(64), unique=True)
    """The mark of the public half (RFC 7638)."""
    public: Mapped[dict[str, Any]] = mapped_column(Json)
    sealed_private: Mapped[bytes]
    made_at: Mapped[datetime]
