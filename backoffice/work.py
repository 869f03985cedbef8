"""What is one unit of work? One transaction: returning commits it, raising refuses it.

Events recorded in a unit are chained to the audit trail as its last act; jobs asked for in it exist only if it commits.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from backoffice.audit import Event, append
from backoffice.db import Versioned, glancing, reading, tallies, writing
from backoffice.errors import Overtaken
from backoffice.identity import Actor
from backoffice.jobs import JobName, JobsClient
from backoffice.mail import MailServer
from backoffice.services import TOKYO, Services
from backoffice.settings import Settings
from backoffice.vault import Cipher, FileVault

FollowUp = Callable[["Work", Any], None]


@dataclass(frozen=True)
class Office:
    """All that is handed in to whoever does work: one a process."""

    settings: Settings
    services: Services
    engine: Engine
    jobs: JobsClient
    cipher: Cipher
    files: FileVault
    follow_ups: Mapping[type[Event], tuple[FollowUp, ...]] = field(default_factory=dict)
    """What else happens in the same unit when an event is recorded: one feature follows another unimported."""
    mail: MailServer | None = None
    """None: no mail is sent."""

    @contextmanager
    def unit(self, actor: Actor) -> Iterator["Work"]:
        """Open a writing unit; leaving it normally commits. Raises Overtaken when a row was changed meanwhile."""
        with Session(writing(self.engine), expire_on_commit=False) as session:
            work = Work(self, session, actor, self.services.now().astimezone(UTC))
            event.listen(session, "before_flush", work.sign_changes)
            event.listen(session, "after_flush", work.count_changes)
            try:
                yield work
                if work.refused:
                    return
                session.flush()
                tallies.keep(session, work.counted)
                append(session, work.events, actor, work.now)
                session.commit()
            except StaleDataError as error:
                raise Overtaken("ほかの職員が先に変更しました。最新の内容を確認してください。") from error

    @contextmanager
    def look(self, actor: Actor) -> Iterator["Work"]:
        """Open a reading unit; nothing done in it is kept."""
        with Session(reading(self.engine), expire_on_commit=False) as session:
            yield Work(self, session, actor, self.services.now().astimezone(UTC))

    @contextmanager
    def glance(self, actor: Actor) -> Iterator["Work"]:
        """Open a reading unit for one statement: a second one would see another moment."""
        with Session(glancing(self.engine), expire_on_commit=False) as session:
            yield Work(self, session, actor, self.services.now().astimezone(UTC))


@dataclass
class Work:
    """What a service works with: the session, who acts, the moment (one for the whole unit), the trail and the jobs."""

    office: Office
    session: Session
    actor: Actor
    now: datetime
    events: list[Event] = field(default_factory=list)
    counted: Counter[tallies.TallyKey] = field(default_factory=Counter)
    """What the unit changes in the tallies; added to them before its end."""
    refused: bool = False
    """Set where a refusal is answered with the form once more instead of raised: nothing of the unit is kept."""

    @property
    def today(self) -> date:
        """The day of the unit's moment, in Tokyo."""
        return self.now.astimezone(TOKYO).date()

    def record(self, happened: Event) -> None:
        """Put `happened` on the trail and let what follows from it happen in the same unit."""
        self.events.append(happened)
        for follow_up in self.office.follow_ups.get(type(happened), ()):
            follow_up(self, happened)

    def ask(self, job: JobName, record_id: int, attempt: int = 1) -> str:
        """Ask for a job about a record; the job exists only if this unit commits."""
        self.session.flush()
        return self.office.jobs.ask(self.session, job, record_id, attempt)

    def seen(self, happened: Event) -> None:
        """Put a look at personal data on the trail at once, in a unit of its own, before the page is shown."""
        with self.office.unit(self.actor) as second:
            second.record(happened)

    def sign_changes(self, session: Session, *_: object) -> None:
        """Note on each row that is about to change who changed it: a 409 page says so."""
        for row in session.dirty | session.new:
            if isinstance(row, Versioned):
                row.changed_by_id = self.actor.staff_id

    def count_changes(self, session: Session, *_: object) -> None:
        """Note what has become more and what less."""
        self.counted.update(tallies.changes_of(session))
