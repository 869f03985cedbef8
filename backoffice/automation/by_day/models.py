"""Which records were chosen for a run by day, who looks at its screen, and what does the screen show now?"""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.automation.models import WorkItem
from backoffice.db import Base


class ChosenItem(Base):
    """A record that a person chose for a run; what became of it stands with the record."""

    __tablename__ = "chosen_item"

    night_id: Mapped[int] = mapped_column(ForeignKey("night.id"), primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(ForeignKey("work_item.id"), primary_key=True, autoincrement=False, index=True)

    item: Mapped[WorkItem] = relationship(lazy="raise")


class Watcher(Base):
    """A person who looks at the screen of a run, and until when: while nobody does, no picture is taken of it."""

    __tablename__ = "watcher"

    night_id: Mapped[int] = mapped_column(ForeignKey("night.id"), primary_key=True, autoincrement=False)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), primary_key=True, autoincrement=False)
    until: Mapped[datetime]


class LiveScreen(Base):
    """The screen of a run that somebody watches: one row, written over, gone with the end of the run."""

    __tablename__ = "live_screen"

    night_id: Mapped[int] = mapped_column(ForeignKey("night.id"), primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(ForeignKey("work_item.id"), index=True)
    step: Mapped[int]
    """Counted from 1."""
    steps: Mapped[int]
    at: Mapped[datetime]
    sealed_picture: Mapped[bytes | None]
    """PNG with all values covered."""
