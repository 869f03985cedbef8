"""Who of the staff agreed to get trial notices, and which trials were there?"""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.audiences.models import NoticeRun
from backoffice.db import Base, Id
from backoffice.identity import Staff


class TrialGuest(Base):
    """Somebody of the staff who put themselves on the list; trials go to the mail address of their staff row."""

    __tablename__ = "trial_guest"

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), unique=True)
    joined_at: Mapped[datetime]

    staff: Mapped[Staff] = relationship(lazy="raise")


class Trial(Base):
    """The samples of a run sent to the guests, once. No resident gets any of it, and no count knows of it."""

    __tablename__ = "notice_trial"

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("notice_run.id"), index=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    sent: Mapped[int]
    """Mails that the server took."""
    failed: Mapped[int]

    run: Mapped[NoticeRun] = relationship(lazy="raise")
    asked_by: Mapped[Staff | None] = relationship(lazy="raise")
