"""A form that a department builds, its versions in use, and the pages of each on paper. No personal data."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, Id, Json, Versioned
from backoffice.identity import Department, Staff


class FormDesign(Versioned, Base):
    """One form. Its draft is edited; a version, once in use, never changes."""

    __tablename__ = "form_design"
    __table_args__ = (
        Index("ix_form_design_department_id_state", "department_id", "state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    """`form-12`: how layouts, sheets, records and other systems name it. Never one of a form that the house ships."""
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    title: Mapped[str] = mapped_column(String(120))
    series: Mapped[str] = mapped_column(String(8))
    """What stands in the numbers of its records: `R8-公民館-0001`."""
    state: Mapped[str] = mapped_column(String(16))
    shared: Mapped[bool] = mapped_column(default=False)
    """Whether every department may fill it in and copy it; else only its own."""
    handwritten: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether people fill it in by hand: then nothing read from it passes until the ledger shows that it may."""
    draft: Mapped[Any] = mapped_column(Json, nullable=True)
    """The definition that is being edited (forms.definition), None when nothing differs from the version in use."""
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    drafted_at: Mapped[datetime | None]
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("form_design.id"))
    created_at: Mapped[datetime]

    department: Mapped[Department] = relationship(lazy="raise")
    drafted_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[drafted_by_id])
    versions: Mapped[list["FormVersion"]] = relationship(lazy="raise", order_by="FormVersion.number")


class FormVersion(Base):
    """What the form asks from the day it was put into use until the next version."""

    __tablename__ = "form_version"
    __table_args__ = (UniqueConstraint("design_id", "number"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    design_id: Mapped[int] = mapped_column(ForeignKey("form_design.id"))
    number: Mapped[int]
    """Counts from 1 within its form; the `version` of its definition."""
    definition: Mapped[Any] = mapped_column(Json)
    paper: Mapped[Any] = mapped_column(Json, nullable=True)
    """Paper that the house did not print, with its zones, as forms.zones reads it; None where there is none."""
    note: Mapped[str] = mapped_column(String(500), default="")
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    design: Mapped[FormDesign] = relationship(lazy="raise", back_populates="versions")
    published_by: Mapped[Staff | None] = relationship(lazy="raise")
    pages: Mapped[list["FormPage"]] = relationship(lazy="raise", order_by="FormPage.page")


class FormPage(Base):
    """One page of a version on paper: where its fields stand, and how it looks when nobody has written on it."""

    __tablename__ = "form_page"
    __table_args__ = (UniqueConstraint("version_id", "page"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("form_version.id"))
    page: Mapped[int]
    layout: Mapped[Any] = mapped_column(Json)
    """As forms.layout reads it."""
    elements: Mapped[Any] = mapped_column(Json, nullable=True)
    """What is drawn on each copy (forms.paper.drawn); None where the house did not draw the page."""
    blank: Mapped[bytes] = mapped_column(LargeBinary)
    """PNG, 200 dpi, grey."""
    drawn: Mapped[bool]
    """Whether the house drew it from the definition; else it is a foreign form whose zones a person drew."""


class FormDraftStep(Base):
    """A draft as it was before a change, or, once that was undone, after it: so that a change can come again."""

    __tablename__ = "form_draft_step"
    __table_args__ = (UniqueConstraint("design_id", "number"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    design_id: Mapped[int] = mapped_column(ForeignKey("form_design.id"))
    number: Mapped[int]
    draft: Mapped[Any] = mapped_column(Json)
    undone: Mapped[bool] = mapped_column(default=False)


class FormBlank(Base):
    """An empty page that somebody brought, laid straight; drafts and versions name it by its hash."""

    __tablename__ = "form_blank"
    __table_args__ = (UniqueConstraint("design_id", "sha256"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    design_id: Mapped[int] = mapped_column(ForeignKey("form_design.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    picture: Mapped[bytes] = mapped_column(LargeBinary)
    """PNG, 200 dpi, grey."""
    proposals: Mapped[Any] = mapped_column(Json)
    """Zones that it seems to have, each as forms.zones.Proposal reads it."""
