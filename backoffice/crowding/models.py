"""How many waited at which counter, when? No person stands here, and no picture: only the name of one."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.db import Base, CreatedAt, Id


class CrowdReading(Base):
    """One count at one counter. It goes after a week."""

    __tablename__ = "crowd_reading"
    __table_args__ = (
        UniqueConstraint("ward", "counter", "counted_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    ward: Mapped[str] = mapped_column(String(16))
    counter: Mapped[str] = mapped_column(String(16))
    waiting: Mapped[int]
    picture: Mapped[str] = mapped_column(String(64))
    """By which the ward offices' system names its anonymised picture; empty for none. It tells nothing by itself."""
    counted_at: Mapped[datetime]
    received_at: Mapped[CreatedAt]
    client_id: Mapped[int] = mapped_column(ForeignKey("machine_client.id"))
