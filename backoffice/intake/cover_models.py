"""Covers of piles: those that people made, and the pages of files on which one was found."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, Counted, Id
from backoffice.db.tallies import TallyKey
from backoffice.identity import Department, Staff
from backoffice.intake.models import PaperBatch, PaperFile

COVERS = "cover_sheets"


class CoverSheet(Counted, Base):
    """A cover that was made. Never changed, as copies of it lie on desks; used as often as people like."""

    __tablename__ = "cover_sheet"
    __table_args__ = (
        Index("ix_cover_sheet_department_id_id", "department_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(40), unique=True)
    """`R8-表紙-0001`: its code says this and nothing else."""
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    form_code: Mapped[str] = mapped_column(String(40))
    """The only form under it; empty where each sheet is sorted to its form."""
    title: Mapped[str] = mapped_column(String(60))
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]

    department: Mapped[Department] = relationship(lazy="raise")
    made_by: Mapped[Staff | None] = relationship(lazy="raise")

    def shares(self) -> Mapping[TallyKey, int]:
        return {TallyKey(COVERS, 0, self.department_id): 1}


class FoundCover(Base):
    """A page of a file that is a cover, whether or not it holds here, and the batch that the sheets under it became."""

    __tablename__ = "found_cover"
    __table_args__ = (
        UniqueConstraint("paper_file_id", "file_page", "place"),
        Index("ix_found_cover_cover_id_id", "cover_id", "id"),
        Index("ix_found_cover_batch_id", "batch_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    paper_file_id: Mapped[int] = mapped_column(ForeignKey("paper_file.id"))
    file_page: Mapped[int]
    place: Mapped[int]
    """Among the covers and sheets that lie in one picture."""
    number: Mapped[str] = mapped_column(String(40))
    """As its code says, also where nobody knows such a cover."""
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("cover_sheet.id"))
    verdict: Mapped[str] = mapped_column(String(20))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("paper_batch.id"))
    """None as long as no sheet lies under it."""

    paper_file: Mapped[PaperFile] = relationship(lazy="raise")
    cover: Mapped[CoverSheet | None] = relationship(lazy="raise")
    batch: Mapped[PaperBatch | None] = relationship(lazy="raise")
