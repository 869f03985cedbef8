"""What a bot proposes to change in its recording, as it was seen. Nothing of a record stands here."""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.db import Base, Id, Json

SPOT_SCHEMA = 1


class BotProposal(Base):
    """One change, once a bot, however often it was seen. Whether it is taken in, the recording itself says."""

    __tablename__ = "bot_proposal"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Id]
    bot_id: Mapped[int] = mapped_column(ForeignKey("recorded_bot.id"), index=True)
    spot: Mapped[Any] = mapped_column(Json)
    """`{"schema": 1, "pressed": …, "target": …, "frame": […], "ways": [[…], …]}`: where the recording looks."""
    new: Mapped[str] = mapped_column(String(400))
    """The way that would find it; "" where nothing on the page is like it."""
    label: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(100))
    times: Mapped[int]
    day: Mapped[date]
    """When it was seen last (Asia/Tokyo)."""
    dismissed_on: Mapped[date | None]
    """Since when people do not want it; it is still counted, and may be wanted again."""
