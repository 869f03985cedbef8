"""A morning's report, frozen as it was told: its nights by department, and whom it was mailed to."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.automation.models import Night
from backoffice.db import Base, Id, Json
from backoffice.identity import Department


class NightReport(Base):
    """The report of a day: over the nights that ended since the one before."""

    __tablename__ = "night_report"

    id: Mapped[Id]
    day: Mapped[date] = mapped_column(unique=True)
    made_at: Mapped[datetime]


class NightReportPart(Base):
    """What came of one department's items in one night. A night is reported once."""

    __tablename__ = "night_report_part"
    __table_args__ = (UniqueConstraint("night_id", "department_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(ForeignKey("night_report.id"), index=True)
    night_id: Mapped[int] = mapped_column(ForeignKey("night.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    done: Mapped[int]
    """So many stand in the target with their proof."""
    to_decide: Mapped[int]
    left_waiting: Mapped[int]
    """So many still waited when the report was made."""
    codes: Mapped[dict[str, int]] = mapped_column(Json)
    """How often each outcome came last, by the code of `automation.workflow.OUTCOME_NAMES`."""
    saved_minutes: Mapped[Decimal | None] = mapped_column(Numeric(10, 1))
    """Items done times the minutes that a head has confirmed, before people's time; None: nobody has confirmed any."""

    night: Mapped[Night] = relationship(lazy="raise")
    department: Mapped[Department] = relationship(lazy="raise")


class NightReportMail(Base):
    """One person gets one mail of a report: the sums of the parts that concern them."""

    __tablename__ = "night_report_mail"
    __table_args__ = (
        UniqueConstraint("report_id", "staff_id"),
        Index("ix_night_report_mail_mailed_at", "mailed_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    report_id: Mapped[int] = mapped_column(ForeignKey("night_report.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    nights: Mapped[int]
    done: Mapped[int]
    """At night."""
    done_by_day: Mapped[int] = mapped_column(default=0)
    """Of what people chose."""
    to_decide: Mapped[int]
    mailed_at: Mapped[datetime | None]
    """Set before it is sent and taken back if the server refuses: it goes at most once, also if the worker dies."""
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
