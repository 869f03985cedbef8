"""Which journeys to the identity provider have come back already?"""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.db import Base, Id


class SpentState(Base):
    """A `state` that came back: it never opens the door a second time."""

    __tablename__ = "spent_state"

    id: Mapped[Id]
    mark: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime] = mapped_column(index=True)
