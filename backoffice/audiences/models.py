"""Which runs are there, to whom does each go, and what became of every single message?

A pseudonym stands here nowhere: recipients are registrants by number; others of a household only by a mark.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, CreatedAt, Id, Json, Versioned
from backoffice.identity import Staff
from backoffice.notices.models import NoticeVersion
from backoffice.programs.models import Program, ProgramVersion
from backoffice.residents.models import Snapshot
from backoffice.vault import StoredFile


class NoticeRun(Versioned, Base):
    """One version of a program meets one snapshot: whom it reaches, frozen, decided on, sent."""

    __tablename__ = "notice_run"
    __table_args__ = (
        Index("ix_notice_run_state", "state", "last_day", "id"),
        Index("ix_notice_run_program_id_period", "program_id", "period"),
        UniqueConstraint("schedule_id", "period"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(40), unique=True)
    """配信番号: what a LINE message carries, and whoever calls reads out."""
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"))
    program_version_id: Mapped[int] = mapped_column(ForeignKey("program_version.id"))
    template_version_id: Mapped[int | None] = mapped_column(ForeignKey("notice_template_version.id"))
    snapshot_id: Mapped[int | None] = mapped_column(ForeignKey("snapshot.id"))
    period: Mapped[str] = mapped_column(String(24))
    """For which time it tells of the program: nobody hears twice of the same program and period."""
    schedule_id: Mapped[int | None] = mapped_column(ForeignKey("run_schedule.id"))
    """None: begun by hand."""
    narrowing: Mapped[dict[str, Any] | None] = mapped_column(Json, nullable=True)
    """What is asked besides the rule, as `workflows.rules` writes it: of whom a scheduled run is."""
    state: Mapped[str] = mapped_column(String(12))
    topic: Mapped[str] = mapped_column(String(16))
    as_of: Mapped[date]
    """The day on which ages are counted."""
    send_from: Mapped[datetime]
    last_day: Mapped[date]
    """After it nobody is written to any more; of two runs the one whose last day is nearer goes first."""
    pace: Mapped[dict[str, Any]] = mapped_column(Json)
    """`{"schema": 1, "per_hour": people, "ward_per_day": {ward: people}}`."""
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    drafted_at: Mapped[CreatedAt]
    frozen_at: Mapped[datetime | None]
    """The moment whose consents count."""
    frozen_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    """Everybody whom the rule hit, with the pattern of reasons of each, sealed."""
    frozen_sha256: Mapped[str | None] = mapped_column(String(64))
    counts: Mapped[dict[str, Any] | None] = mapped_column(Json, nullable=True)
    """`{"schema": 1, …}`: what those who decide see; small cells are gone already."""
    counted_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    """What `counts` rest on, sealed: the next run of the program is measured against it."""
    trouble: Mapped[str] = mapped_column(String(24), default="")
    """Why freezing came to nothing, or why sending rests: a code."""
    case_id: Mapped[int | None] = mapped_column(index=True)
    """The case that carries it; a record of another feature, hence no foreign key."""
    released_at: Mapped[datetime | None]
    began_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    minutes_lost: Mapped[int] = mapped_column(default=0)
    """Minutes of sending in which it was paused: nobody's turn comes in them."""
    ended_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    """When the last job was asked for."""
    jobs_asked: Mapped[int] = mapped_column(default=0)
    jobs_begun: Mapped[int] = mapped_column(default=0)

    program: Mapped[Program] = relationship(lazy="raise")
    program_version: Mapped[ProgramVersion] = relationship(lazy="raise")
    template_version: Mapped[NoticeVersion | None] = relationship(lazy="raise")
    snapshot: Mapped[Snapshot | None] = relationship(lazy="raise")
    frozen_file: Mapped[StoredFile | None] = relationship(lazy="raise", foreign_keys=[frozen_file_id])
    counted_file: Mapped[StoredFile | None] = relationship(lazy="raise", foreign_keys=[counted_file_id])
    drafted_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[drafted_by_id])


class RunSchedule(Versioned, Base):
    """When runs of a program are begun by themselves. Each waits frozen: it leaves only after people decided on it."""

    __tablename__ = "run_schedule"
    __table_args__ = (Index("ix_run_schedule_next_on", "is_on", "next_on"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    program_id: Mapped[int] = mapped_column(ForeignKey("program.id"), index=True)
    recurrence: Mapped[str] = mapped_column(String(12))
    day: Mapped[int]
    month: Mapped[int]
    age: Mapped[int]
    days_to_send: Mapped[int]
    """After so many days from the first nobody is written to any more."""
    per_hour: Mapped[int]
    is_on: Mapped[bool]
    next_on: Mapped[date]
    """The day on which the next run is to leave; closed days that were entered later move it again."""
    next_month: Mapped[date]
    """The first day of the month for which it is."""
    trouble: Mapped[str] = mapped_column(String(300), default="")
    """Why the last run could not be begun, a msgid; empty once one was."""
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[CreatedAt]

    program: Mapped[Program] = relationship(lazy="raise")
    made_by: Mapped[Staff | None] = relationship(lazy="raise", foreign_keys=[made_by_id])


class RunPattern(Base):
    """What the leaves of the rule came to for some of the people hit, and the sentences that follow from it."""

    __tablename__ = "run_pattern"
    __table_args__ = (UniqueConstraint("run_id", "number"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("notice_run.id"))
    number: Mapped[int]
    """As the frozen file names it."""
    states: Mapped[list[str]] = mapped_column(Json)
    """Of each distinct leaf, in the order in which they are written."""
    own_consents: Mapped[int]
    """Bits of the consents that opened what was looked at."""
    household_consents: Mapped[int]
    """Bits of those that everybody of the household gave."""
    reasons: Mapped[dict[str, Any]] = mapped_column(Json)
    """`{"schema": 1, language: {"why": […], "used": […]}}`: what the person may read."""


class RunBody(Base):
    """What is written to all who share a channel, a language and their reasons. Never changed."""

    __tablename__ = "run_body"
    __table_args__ = (UniqueConstraint("run_id", "kind", "language", "sha256"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("notice_run.id"))
    kind: Mapped[str] = mapped_column(String(8))
    language: Mapped[str] = mapped_column(String(4))
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]] = mapped_column(Json)


class Recipient(Base):
    """One person of a run, and what became of their message."""

    __tablename__ = "recipient"
    __table_args__ = (
        UniqueConstraint("run_id", "registrant_id"),
        UniqueConstraint("reference"),
        Index("ix_recipient_due", "run_id", "state", "kind", "turn", "id"),
        Index("ix_recipient_registrant_id_handed_at", "registrant_id", "handed_at"),
        Index("ix_recipient_batch_id", "batch_id", "state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("notice_run.id"))
    registrant_id: Mapped[int] = mapped_column(ForeignKey("registrant.id"))
    kind: Mapped[str] = mapped_column(String(8))
    """By which channel."""
    language: Mapped[str] = mapped_column(String(4))
    pattern_id: Mapped[int] = mapped_column(ForeignKey("run_pattern.id"))
    body_id: Mapped[int] = mapped_column(ForeignKey("run_body.id"))
    ward: Mapped[str] = mapped_column(String(16))
    turn: Mapped[int]
    """After how many minutes of sending it is theirs (`workflows.notices.metering`)."""
    reference: Mapped[str] = mapped_column(String(16))
    """The code that a mail carries and its reader tells the help desk."""
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(16), default="")
    code: Mapped[str] = mapped_column(String(12), default="")
    """What the server said, as a code."""
    not_before: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("notice_batch.id"))
    handed_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    came_back: Mapped[str] = mapped_column(String(12), default="")
    """How a mail that had left came back: for good, for the time being, or as a complaint."""
    withdrew_at: Mapped[datetime | None]
    """They withdrew, or were to be left alone, when their message was already on its way: too late."""


class RecipientKin(Base):
    """Somebody who lives with a recipient, by the mark of their pseudonym: their consent or protection matters too."""

    __tablename__ = "recipient_kin"
    __table_args__ = (Index("ix_recipient_kin_mark", "mark"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    recipient_id: Mapped[int] = mapped_column(ForeignKey("recipient.id"), index=True)
    mark: Mapped[str] = mapped_column(String(64))


class NoticeBatch(Base):
    """Some people of a run whom one worker writes to at once."""

    __tablename__ = "notice_batch"
    __table_args__ = (Index("ix_notice_batch_open", "is_open", "worker_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("notice_run.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    worker_id: Mapped[str] = mapped_column(String(64))
    is_open: Mapped[bool]
    taken_at: Mapped[datetime]
    body_id: Mapped[int | None] = mapped_column(ForeignKey("run_body.id"))
    """Of LINE: the one text that all of the batch get."""
    retry_key: Mapped[str | None] = mapped_column(String(36))
    """Of LINE: committed before the first attempt; every further one is the same request under the same key."""
    sealed_people: Mapped[bytes | None]
    """Of LINE: whom the request names, in its order."""
    tries: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    """Of LINE: how often the request was begun; committed before it goes out."""
    turned_away: Mapped[int] = mapped_column(default=0)
    """Of LINE: how often it certainly did nothing with it. As often as it was begun: nobody got it."""


class SendingLane(Base):
    """A worker that sends. One whose time is over is dead: what it had in hand is settled by others."""

    __tablename__ = "sending_lane"

    worker_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("notice_run.id"))
    until: Mapped[datetime]

    __table_args__ = {}  # noqa: RUF012 -- SQLAlchemy's declarative spelling; a name has no autoincrement
