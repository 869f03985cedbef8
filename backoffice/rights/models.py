"""Who asked what about what is held of them, and what came of it? Who it is stands here only as a registrant's id."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.consents.models import Registrant
from backoffice.db import Base, CreatedAt, Id, Versioned
from backoffice.identity import Staff


class RightsRequest(Versioned, Base):
    """One request of one person. What it asks, in words, stands in the case alone."""

    __tablename__ = "rights_request"
    __table_args__ = (
        Index("ix_rights_request_registrant_id", "registrant_id"),
        Index("ix_rights_request_outcome_decide_by", "outcome", "decide_by"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    registrant_id: Mapped[int] = mapped_column(ForeignKey("registrant.id"))
    kind: Mapped[str] = mapped_column(String(16))
    identity: Mapped[str] = mapped_column(String(24))
    """How the person was identified."""
    requested_on: Mapped[date]
    decide_by: Mapped[date]
    extended_at: Mapped[datetime | None]
    case_id: Mapped[int] = mapped_column(unique=True)
    """The case that carries it; a record of another feature, hence no foreign key."""
    outcome: Mapped[str] = mapped_column(String(16), default="")
    """Empty while it is being decided."""
    settled_at: Mapped[datetime | None]
    handed_at: Mapped[datetime | None]
    """When what is held was handed over last."""
    received_at: Mapped[CreatedAt]
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    registrant: Mapped[Registrant] = relationship(lazy="raise")
    received_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[received_by_id])
