"""Which paper does which procedure ask for, and what replaces it? Every change is kept, so that each can be undone."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.data_links.models import Link
from backoffice.db import Base, CreatedAt, Id, Json, Versioned
from backoffice.identity import Department, Staff


class NeedlessPaper(Versioned, Base):
    """One paper of one procedure."""

    __tablename__ = "needless_paper"
    __table_args__ = (
        Index("ix_needless_paper_area_state", "area", "state"),
        Index("ix_needless_paper_department_id", "department_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    area: Mapped[str] = mapped_column(String(16))
    procedure: Mapped[str] = mapped_column(String(100))
    document: Mapped[str] = mapped_column(String(100))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    link_id: Mapped[int | None] = mapped_column(ForeignKey("link.id"), index=True)
    """The link of this office that replaces it; None: none yet, or another system's."""
    means: Mapped[str] = mapped_column(String(80))
    """What replaces it where it is no link of this office: 情報提供ネットワーク for one."""
    state: Mapped[str] = mapped_column(String(12))
    since: Mapped[date]
    is_out: Mapped[bool] = mapped_column(default=False)
    """Taken out of the register: entering it was undone."""

    department: Mapped[Department] = relationship(lazy="raise")
    link: Mapped[Link | None] = relationship(lazy="raise")


class PaperChange(Base):
    """What a row said after one change; never changed. The one before it is what undoing goes back to."""

    __tablename__ = "paper_change"
    __table_args__ = (Index("ix_paper_change_paper_id", "paper_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    paper_id: Mapped[int] = mapped_column(ForeignKey("needless_paper.id"))
    how: Mapped[str] = mapped_column(String(12))
    said: Mapped[Mapping[str, Any]] = mapped_column(Json)
    at: Mapped[CreatedAt]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    staff: Mapped[Staff | None] = relationship(lazy="raise")
