"""Which machine of another system may send records of a form, and into whose list do they go?"""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.clients.models import MachineClient
from backoffice.db import Base, Id
from backoffice.form_designs.models import FormDesign
from backoffice.identity import Department, Staff


class FormSender(Base):
    """A machine that sends for one form. It is deleted when it may not any more: the trail tells of both."""

    __tablename__ = "form_sender"
    __table_args__ = (UniqueConstraint("design_id", "client_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    design_id: Mapped[int] = mapped_column(ForeignKey("form_design.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    """Whose list its records go into: the department that let it."""
    client_id: Mapped[int] = mapped_column(ForeignKey("machine_client.id"))
    allowed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    allowed_at: Mapped[datetime]

    design: Mapped[FormDesign] = relationship(lazy="raise")
    department: Mapped[Department] = relationship(lazy="raise")
    client: Mapped[MachineClient] = relationship(lazy="raise")
    allowed_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[allowed_by_id])
