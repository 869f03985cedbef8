"""Target systems and their accounts, nights, work items with their proof. Records are personal data; erasable."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.automation.queue.order import NO_DEADLINE, Hold, Priority
from backoffice.automation.workflow import ItemState, RunKind
from backoffice.db import Base, Counted, CreatedAt, Id, Json, Versioned
from backoffice.db.tallies import TallyKey
from backoffice.identity import Department, Staff
from backoffice.intake.models import Sheet
from backoffice.services import TOKYO
from backoffice.vault import StoredFile

if TYPE_CHECKING:
    from backoffice.automation.queue.next_models import HandOn

NOT_ENDED = text("state <> 'ended'")
AWAITS_PEOPLE = text("state IN ('exception', 'failed', 'unknown')")
READY = text("state = 'waiting' AND not_before IS NULL AND hold = ''")
HELD = text("state = 'waiting' AND not_before IS NULL AND hold <> ''")
FOLLOWS = text("before_id IS NOT NULL")
DEFERRED = text("state = 'waiting' AND not_before IS NOT NULL")
"""Word for word in the index and in the question: SQLite uses a partial index for nothing else."""
NIGHTS, ITEMS, ITEMS_OF_NIGHT = "nights", "items", "items_of_night"
ITEMS_FINISHED = "items_finished"
"""By system and day (Asia/Tokyo)."""
ITEMS_QUEUED = "items_queued"
"""What waits, by system: `<priority>:<deadline>`, after `b:` or `s:` for what is behind another item or stuck there, or
`later:<day>` for what is deferred."""
ITEM_MILLISECONDS = "item_milliseconds"
RECORD_SCHEMA = 1


class TargetSystem(Versioned, Base):
    """A system that bots key into. `procedure` is the code of the form whose records it takes: one system each."""

    __tablename__ = "target_system"

    id: Mapped[Id]
    name: Mapped[str]
    procedure: Mapped[str] = mapped_column(String(40), unique=True)
    url: Mapped[str]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    opens: Mapped[time]
    closes: Mapped[time]
    """Asia/Tokyo. At or before `opens`: on the next morning; equal: the whole day."""
    margin_seconds: Mapped[int]
    """Nothing is begun later than this (and a record's usual time) before `closes`."""
    late_commit_seconds: Mapped[int]
    """How long after a cut connection the system may still store a record; found out with its vendor."""
    pictures: Mapped[bool]
    due_days: Mapped[int | None]
    """So many days after it was queued an item is due; None: it has no deadline of itself."""
    duty_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who hears of its troubles; None: all who may run its nights."""
    by_day: Mapped[bool] = mapped_column(default=False)
    """Whether clerks may have chosen records keyed by day, between `day_opens` and `day_closes` (Asia/Tokyo)."""
    day_opens: Mapped[time] = mapped_column(default=time(9))
    day_closes: Mapped[time] = mapped_column(default=time(17))
    pace_seconds: Mapped[int] = mapped_column(default=10)
    """So long the system rests between two records that are keyed by day: people work with it as well."""
    created_at: Mapped[CreatedAt]

    department: Mapped[Department] = relationship(lazy="raise")
    credential: Mapped["Credential | None"] = relationship(lazy="raise", back_populates="target")


class Credential(Versioned, Base):
    """The account of a system. Its password is sealed for this address and this account: it opens for no other."""

    __tablename__ = "credential"

    id: Mapped[Id]
    target_id: Mapped[int] = mapped_column(ForeignKey("target_system.id"), unique=True)
    account: Mapped[str] = mapped_column(String(64))
    sealed_password: Mapped[bytes]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    expires_on: Mapped[date | None]
    """The last day on which the system takes this password; None where it never expires, or nobody has said."""
    next_sealed: Mapped[bytes | None]
    """The password that takes over on its day."""
    next_begins_on: Mapped[date | None]
    next_expires_on: Mapped[date | None]
    locked_cause: Mapped[str] = mapped_column(String(32), default="")
    """Why nobody may use the account until a person sets a new password; also over restarts of the worker."""
    locked_at: Mapped[datetime | None]

    target: Mapped[TargetSystem] = relationship(lazy="raise", back_populates="credential")


class Night(Counted, Versioned, Base):
    """One run over the records of one system. Of runs that have not ended there is one a system, of whatever kind."""

    __tablename__ = "night"
    __table_args__ = (
        Index("ix_night_ended_at", "ended_at"),
        Index("uq_night_not_ended", "target_id", unique=True, sqlite_where=NOT_ENDED, postgresql_where=NOT_ENDED),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    target_id: Mapped[int] = mapped_column(ForeignKey("target_system.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16), default=RunKind.NIGHT)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("bot_version.id"), index=True)
    """Of a trial: the version of the bot that is tried; None: whichever is released."""
    tried: Mapped[str] = mapped_column(String(64), default="")
    """Of a trial: the recording as it stood when it was asked for (`recordings.service.digest_of`)."""
    state: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    closes_at: Mapped[datetime]
    stop_asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None]
    why_ended: Mapped[str] = mapped_column(String(32), default="")

    target: Mapped[TargetSystem] = relationship(lazy="raise")
    started_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[started_by_id])

    def shares(self) -> Mapping[TallyKey, int]:
        return {TallyKey(NIGHTS, self.target_id, 0): 1}


class WorkItem(Counted, Versioned, Base):
    """A record on its way into a system. `reference` is its business key there: searched for before it is keyed."""

    __tablename__ = "work_item"
    __table_args__ = (
        Index("ix_work_item_target_id_state_id", "target_id", "state", "id"),
        Index(
            "ix_work_item_ready",
            "target_id",
            "priority",
            "due_on",
            "id",
            sqlite_where=READY,
            postgresql_where=READY,
        ),
        Index(
            "ix_work_item_held",
            "target_id",
            "priority",
            "due_on",
            "id",
            sqlite_where=HELD,
            postgresql_where=HELD,
        ),
        Index("ix_work_item_before_id", "before_id", sqlite_where=FOLLOWS, postgresql_where=FOLLOWS),
        Index(
            "ix_work_item_deferred", "target_id", "not_before", "id", sqlite_where=DEFERRED, postgresql_where=DEFERRED
        ),
        Index("ix_work_item_target_id_finished_at", "target_id", "finished_at"),
        Index("ix_work_item_night_id_state_changed_at_id", "night_id", "state", "changed_at", "id"),
        Index("ix_work_item_night_id_changed_at_id", "night_id", "changed_at", "id"),
        Index(
            "ix_work_item_awaits_people",
            "changed_at",
            "id",
            "state",
            "department_id",
            sqlite_where=AWAITS_PEOPLE,
            postgresql_where=AWAITS_PEOPLE,
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    sheet_id: Mapped[int | None] = mapped_column(ForeignKey("sheet.id"), unique=True)
    record_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"), unique=True)
    """The record of a list that it came from."""
    target_id: Mapped[int] = mapped_column(ForeignKey("target_system.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    record: Mapped[dict[str, Any]] = mapped_column(Json)
    """`{"schema": 1, "values": {…}}`, values in normal form."""
    state: Mapped[str] = mapped_column(String(16))
    tries: Mapped[int] = mapped_column(default=0)
    priority: Mapped[int] = mapped_column(default=Priority.USUAL)
    due_on: Mapped[date] = mapped_column(default=NO_DEADLINE)
    not_before: Mapped[date | None]
    """No night before that of this day takes it up; taken away when its day has come."""
    before_id: Mapped[int | None] = mapped_column(ForeignKey("work_item.id"))
    """The item that must be done before this one is taken up, also once it is."""
    hold: Mapped[str] = mapped_column(String(8), default=Hold.NONE)
    """How it stands with that one (`queue.following` keeps it)."""
    queued_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    night_id: Mapped[int | None] = mapped_column(ForeignKey("night.id"))
    """The last night that took it up."""
    submitted_at: Mapped[datetime | None]
    unknown_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    """When it was known to stand in the target."""
    receipt: Mapped[str] = mapped_column(String(64), default="")
    outcome: Mapped[str] = mapped_column(String(40), default="")
    reason: Mapped[str] = mapped_column(default="")
    read_back: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """What the target showed as stored: the proof."""
    seconds: Mapped[float | None]
    """The bot's time on it, the last time."""
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who settled it by hand; None where the bot did the work."""
    exception_seconds: Mapped[float] = mapped_column(default=0.0)
    """People's time on it, measured; the hours saved are net of it."""
    entered: Mapped[Any | None] = mapped_column(Json)
    """`{"schema": 1, "keys": […]}`: what stood on the screen when it was handed to a person; the values are its own."""
    took_home: Mapped[bool] = mapped_column(default=False)
    """Whether a bot read something for it or received a file: only then there is more to look for."""

    target: Mapped[TargetSystem] = relationship(lazy="raise")
    department: Mapped[Department] = relationship(lazy="raise")
    sheet: Mapped[Sheet | None] = relationship(lazy="raise")
    before: Mapped["WorkItem | None"] = relationship(lazy="raise", remote_side="WorkItem.id")
    handed_on: Mapped["HandOn | None"] = relationship(lazy="raise", viewonly=True)
    night: Mapped[Night | None] = relationship(lazy="raise", foreign_keys=[night_id])
    settled_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[settled_by_id])
    evidence: Mapped[list["Evidence"]] = relationship(lazy="raise", order_by="Evidence.id")
    moves: Mapped[list["ItemMove"]] = relationship(lazy="raise", order_by="ItemMove.id")

    def shares(self) -> Mapping[TallyKey, int]:
        shares = {
            TallyKey(ITEMS, self.target_id, self.department_id, self.state): 1,
            TallyKey(ITEM_MILLISECONDS, 0, self.department_id): round(self.exception_seconds * 1000),
        }
        if self.state == ItemState.WAITING:
            shares[TallyKey(ITEMS_QUEUED, self.target_id, self.department_id, self._queued_as())] = 1
        if self.night_id is not None:
            shares[TallyKey(ITEMS_OF_NIGHT, self.night_id, self.department_id, self.state)] = 1
        if self.finished_at is not None:
            day = self.finished_at.astimezone(TOKYO).date().isoformat()
            shares[TallyKey(ITEMS_FINISHED, self.target_id, self.department_id, day)] = 1
        return shares

    def _queued_as(self) -> str:
        if self.not_before:
            return f"later:{self.not_before}"
        turn = f"{self.priority:d}:{self.due_on}"
        return f"{self.hold[0]}:{turn}" if self.hold else turn

    @property
    def deadline(self) -> date | None:
        return None if self.due_on == NO_DEADLINE else self.due_on

    @property
    def values(self) -> dict[str, Any]:
        """The record in normal form, without its reference."""
        values: dict[str, Any] = self.record["values"]
        return values


class Lease(Base):
    """Who may sign in to a system with an account, until a moment that they keep moving.

    One worker for one night; or one rehearsal, which is no night's and names itself as the worker.
    """

    __tablename__ = "lease"
    __table_args__ = (UniqueConstraint("target_id", "account"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    target_id: Mapped[int] = mapped_column(ForeignKey("target_system.id"))
    account: Mapped[str] = mapped_column(String(64))
    night_id: Mapped[int | None] = mapped_column(ForeignKey("night.id"))
    worker: Mapped[str] = mapped_column(String(64), default="")
    until: Mapped[datetime | None]
    item_id: Mapped[int | None] = mapped_column(ForeignKey("work_item.id"))
    """The record at hand."""
    item_since: Mapped[datetime | None]
    handed_over_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who asked for the record at hand: the bot lets go of it before it registers."""

    item: Mapped[WorkItem | None] = relationship(lazy="raise")


class Evidence(Base):
    """A masked picture of the target's screen, taken by the bot."""

    __tablename__ = "evidence"

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(ForeignKey("work_item.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    stage: Mapped[str] = mapped_column(String(16))
    taken_at: Mapped[datetime]

    file: Mapped[StoredFile] = relationship(lazy="raise")


class ItemMove(Base):
    """One line of a record's timeline: which state it came to, when, why and by whom (None: the bot)."""

    __tablename__ = "item_move"

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(ForeignKey("work_item.id"), index=True)
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(default="")
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    night_id: Mapped[int | None] = mapped_column(ForeignKey("night.id"), index=True)

    staff: Mapped[Staff | None] = relationship(lazy="raise")
    night: Mapped[Night | None] = relationship(lazy="raise")
