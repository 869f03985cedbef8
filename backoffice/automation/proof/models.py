"""Who took the proof of what bots keyed out of the house, and why?"""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.db import Base, Id


class ProofExport(Base):
    """One file that left for an audit: of a night, or of one item."""

    __tablename__ = "proof_export"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[Id]
    night_id: Mapped[int | None] = mapped_column(ForeignKey("night.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("work_item.id"), index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    reason: Mapped[str]
    items: Mapped[int]
    pictures: Mapped[int]
