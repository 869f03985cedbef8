"""Cases, their tasks, where these lie, and what people decided on them. Reasons and answers are erasable."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, Counted, Id, Json, Versioned
from backoffice.db.tallies import TallyKey
from backoffice.drawing.models import CASES_ON_VERSION, RouteVersion
from backoffice.identity import Department, Staff
from backoffice.inbox.workflow import CaseState


class Case(Counted, Versioned, Base):
    """One matter on its way: what is asked, where it stands. `engine` is the route's own state, in JSON."""

    __tablename__ = "approval_case"
    __table_args__ = (
        Index("ix_approval_case_department_id_state", "department_id", "state"),
        Index("ix_approval_case_kind_state", "kind", "state"),
        Index("ix_approval_case_state_effect_at", "state", "effect_at"),
        Index("ix_approval_case_responsible_id_state", "responsible_id", "state"),
        Index(
            "ix_approval_case_unattended",
            "unattended_at",
            sqlite_where=text("unattended_at IS NOT NULL"),
            postgresql_where=text("unattended_at IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(40), unique=True)
    """文書番号."""
    kind: Mapped[str] = mapped_column(String(32))
    route_version_id: Mapped[int | None] = mapped_column(ForeignKey("route_version.id"), index=True)
    """The version in force when it was sent on its way; None for a draft."""
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    """The department that owns the matter."""
    coordinating_department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    """Another department that the route asks, where it asks one."""
    drafter_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    responsible_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    """Who mends what is sent back: the drafter, until the work is handed over."""
    unattended_at: Mapped[datetime | None]
    """Since when whoever is responsible has left; None once somebody took over."""
    title: Mapped[str] = mapped_column(String(200))
    form_code: Mapped[str] = mapped_column(String(64))
    form_version: Mapped[int]
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    """`{"schema": 1, "values": {key: normal form}}`."""
    subject_kind: Mapped[str] = mapped_column(String(32), default="")
    """What the case is about when another feature asked for it; `subject_id` is the record there."""
    subject_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str] = mapped_column(String(16), default="")
    steps_now: Mapped[list[str]] = mapped_column(Json, default=list)
    """The names of the steps it waits in, for lists."""
    engine: Mapped[dict[str, Any] | None] = mapped_column(Json, nullable=True)
    moves: Mapped[int] = mapped_column(default=0)
    """Counts the moves of the route, so that taking back knows whether others moved on."""
    retention_years: Mapped[int]
    """保存年限; 0 stands for 永年."""
    decision_level: Mapped[str] = mapped_column(String(16))
    """専決区分."""
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    effect_at: Mapped[datetime | None]
    """When the effects of the end begin: a minute after it, so that it can be taken back."""

    department: Mapped[Department] = relationship(lazy="raise", foreign_keys=[department_id])
    coordinating_department: Mapped[Department | None] = relationship(
        lazy="raise", foreign_keys=[coordinating_department_id]
    )
    drafter: Mapped[Staff] = relationship(lazy="raise", foreign_keys=[drafter_id])
    responsible: Mapped[Staff] = relationship(lazy="raise", foreign_keys=[responsible_id])
    route_version: Mapped[RouteVersion | None] = relationship(lazy="raise")
    tasks: Mapped[list["Task"]] = relationship(lazy="raise", back_populates="case", order_by="Task.id")

    def shares(self) -> Mapping[TallyKey, int]:
        """Whoever draws routes sees how many cases are on their way on each version."""
        if self.state != CaseState.RUNNING or self.route_version_id is None:
            return {}
        return {TallyKey(CASES_ON_VERSION, self.route_version_id, 0): 1}


class Task(Versioned, Base):
    """One step that waits for people, or has been decided."""

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_case_id_state", "case_id", "state"),
        Index("ix_task_state_remind_at", "state", "remind_at"),
        Index("ix_task_state_done_at", "state", "done_at"),
        Index("ix_task_state_escalate_at", "state", "escalate_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id"))
    token: Mapped[str] = mapped_column(String(64))
    """The route's name for this visit to the step."""
    step_id: Mapped[str] = mapped_column(String(64))
    step_name: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[datetime]
    opened_in_move: Mapped[int]
    closed_in_move: Mapped[int | None]
    quorum: Mapped[int] = mapped_column(default=1)
    asked: Mapped[int | None]
    """Of how many voices `quorum` are needed; None: the first that says no decides."""
    due_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    escalate_at: Mapped[datetime | None]
    escalated_at: Mapped[datetime | None]
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    claimed_at: Mapped[datetime | None]
    held_note: Mapped[str] = mapped_column(default="")
    decision: Mapped[str] = mapped_column(String(16), default="")
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    case: Mapped[Case] = relationship(lazy="raise", back_populates="tasks")
    claimed_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[claimed_by_id])
    done_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[done_by_id])
    votes: Mapped[list["Vote"]] = relationship(lazy="raise", back_populates="task", order_by="Vote.id")


class Pile(StrEnum):
    """Where in a tray a task lies."""

    OPEN = "open"
    RETURNED = "returned"
    """Sent back to who drafted it."""
    HELD = "held"


class TrayEntry(Base):
    """An open task in one in-tray. A row goes when the task is done, so a tray is as long as its work."""

    __tablename__ = "tray_entry"
    __table_args__ = (
        UniqueConstraint("task_id", "desk"),
        Index("ix_tray_entry_desk_pile_sort_at", "desk", "pile", "sort_at", "task_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    desk: Mapped[str] = mapped_column(String(48))
    """Whose tray: `person:7`, `head@12`, `dx_office@*` (`backoffice.inbox.desks`)."""
    pile: Mapped[str] = mapped_column(String(8), default=Pile.OPEN)
    sort_at: Mapped[datetime]
    """The deadline; far in the future where there is none."""
    escalated: Mapped[bool] = mapped_column(default=False)


class TaskExclusion(Base):
    """Who may not decide a task although it lies in their tray: the drafter, who decided an earlier step, who voted."""

    __tablename__ = "task_exclusion"
    __table_args__ = (UniqueConstraint("task_id", "staff_id", "cause"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    cause: Mapped[str] = mapped_column(String(16))


class Vote(Base):
    """What one person decided on a task, in their own right or in another's stead (代決)."""

    __tablename__ = "vote"
    __table_args__ = (
        Index(
            "uq_vote_task_id_staff_id_live",
            "task_id",
            "staff_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("ix_vote_staff_id_at", "staff_id", "at"),
        Index("ix_vote_principal_id_reviewed_at", "principal_id", "reviewed_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    principal_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """In whose stead; they look at it afterwards (後閲)."""
    decision: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(default="")
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime]
    batch: Mapped[str] = mapped_column(String(43), default="", index=True)
    """The same for all that were decided at one stroke."""
    move: Mapped[int | None]
    """The move of the route that this voice brought about; None where others had still to speak."""
    engine_before: Mapped[dict[str, Any] | None] = mapped_column(Json, nullable=True)
    stood_before: Mapped[dict[str, Any] | None] = mapped_column(Json, nullable=True)
    """In whose trays its case's tasks lay (`backoffice.inbox.standing`)."""
    undone_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]

    task: Mapped[Task] = relationship(lazy="raise", back_populates="votes")
    staff: Mapped[Staff] = relationship(lazy="raise", foreign_keys=[staff_id])
    principal: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[principal_id])


class CaseTimer(Base):
    """A drawn boundary timer that runs: fired by the house's own tick, never by the engine's clock."""

    __tablename__ = "case_timer"
    __table_args__ = (Index("ix_case_timer_fired_at_fires_at", "fired_at", "fires_at"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id"), index=True)
    token: Mapped[str] = mapped_column(String(64))
    timer_id: Mapped[str] = mapped_column(String(64))
    fires_at: Mapped[datetime]
    fired_at: Mapped[datetime | None]
    opened_in_move: Mapped[int]
    closed_in_move: Mapped[int | None]
    """When it was fired, or its step ended before."""


class StuckMatter(Base):
    """Something that came due by itself and failed: tried again ever more seldom, and shown until it goes on."""

    __tablename__ = "stuck_matter"
    __table_args__ = (UniqueConstraint("duty", "record_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    duty: Mapped[str] = mapped_column(String(16))
    """What was to be done: `backoffice.inbox.stuck.Duty`."""
    record_id: Mapped[int]
    """The case, the task or the timer that it was to be done with."""
    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id"), index=True)
    since: Mapped[datetime]
    tries: Mapped[int]
    next_at: Mapped[datetime]
    trouble: Mapped[str] = mapped_column(String(80))
    """The class of the error; its words may quote people's data."""
    shown: Mapped[bool] = mapped_column(default=True)
    """Not so while it may have been the moment only: the next tick tries again (`backoffice.inbox.stuck`)."""

    case: Mapped[Case] = relationship(lazy="raise")


class CaseEntry(Base):
    """One line of a case's story: who, when, why. The trail holds the same act without the words."""

    __tablename__ = "case_entry"
    __table_args__ = (Index("ix_case_entry_case_id_at", "case_id", "at"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id"))
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    principal_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str] = mapped_column(String(32))
    step_name: Mapped[str] = mapped_column(String(120), default="")
    words: Mapped[str] = mapped_column(default="")
    """The reason, the comment, the question: erasable."""

    staff: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[staff_id])
    principal: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[principal_id])


class Involvement(Base):
    """Who was drawn into a case and may therefore read it wherever they sit: mentioned, asked, decided, handed over."""

    __tablename__ = "involvement"
    __table_args__ = (
        UniqueConstraint("case_id", "staff_id", "cause"),
        Index("ix_involvement_staff_id_cause_seen_at", "staff_id", "cause", "seen_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    cause: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    """For a mention: when it was read; a new one opens it again."""


class Opinion(Base):
    """A question to a colleague on a case (合議), and what they answered. It moves no route."""

    __tablename__ = "opinion"
    __table_args__ = (
        Index("ix_opinion_asked_id_answered_at", "asked_id", "answered_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    asked_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    question: Mapped[str]
    asked_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]

    asked_by: Mapped[Staff] = relationship(lazy="raise", foreign_keys=[asked_by_id])
    asked: Mapped[Staff] = relationship(lazy="raise", foreign_keys=[asked_id])


class Attachment(Base):
    __tablename__ = "attachment"

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    name: Mapped[str] = mapped_column(String(160))
    added_by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Absence(Base):
    """A period in which someone is away; their deputy may decide in their stead and hears their reminders."""

    __tablename__ = "absence"
    __table_args__ = (
        Index("ix_absence_deputy_id_ends", "deputy_id", "ends"),
        Index("ix_absence_staff_id_ends", "staff_id", "ends"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    starts: Mapped[date]
    ends: Mapped[date]
    """Both days included, in Tokyo."""
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    cancelled_at: Mapped[datetime | None]

    staff: Mapped[Staff] = relationship(lazy="raise", foreign_keys=[staff_id])
    deputy: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[deputy_id])


class Presence(Base):
    """Who has a case open: written while they look, so that a colleague sees it."""

    __tablename__ = "presence"

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    seen_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("case_id", "staff_id"), {"sqlite_autoincrement": True})


class SavedFilter(Base):
    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("staff_id", "name"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    name: Mapped[str] = mapped_column(String(40))
    keyword: Mapped[str] = mapped_column(String(80), default="")
    kind: Mapped[str] = mapped_column(String(32), default="")
    due: Mapped[str] = mapped_column(String(16), default="")


class Digest(Base):
    """The morning mail to one person on one day: the row is there once, so it is sent for once."""

    __tablename__ = "digest"
    __table_args__ = (
        UniqueConstraint("staff_id", "day"),
        Index("ix_digest_day_mailed_at", "day", "mailed_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    day: Mapped[date]
    counts: Mapped[dict[str, Any]] = mapped_column(Json)
    """Numbers alone: `backoffice.inbox.morning.Counts`."""
    mailed_at: Mapped[datetime | None]
    """Set before it is sent and taken back if the server refuses: it goes at most once, also if the worker dies."""
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    """When a refused one is tried again."""
