"""Into which system do a department's records of a form go at night, and which answer becomes which of its fields?"""

from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.automation.models import TargetSystem
from backoffice.db import Base, Id, Json


class ListTarget(Base):
    """A list that feeds a system: what is settled in it becomes an item of the night."""

    __tablename__ = "list_target"
    __table_args__ = (UniqueConstraint("design_id", "department_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    design_id: Mapped[int] = mapped_column(ForeignKey("form_design.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    target_id: Mapped[int] = mapped_column(ForeignKey("target_system.id"))
    mapping: Mapped[Any] = mapped_column(Json)
    """The key of the list's question by the key of the system's; what is left out is keyed empty."""
    due_days: Mapped[int | None]
    """So many days after it was settled a record is to be keyed; None: as the system says."""

    target: Mapped[TargetSystem] = relationship(lazy="raise")
