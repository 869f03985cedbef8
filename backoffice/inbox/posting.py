"""How do the house's own letters go, each at most once? Each has a row, which is taken before its letter leaves.

A worker that dies in between sends no second letter, and nor does another one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

import structlog

from backoffice.audit import Event
from backoffice.errors import Unavailable
from backoffice.identity import Actor, Origin
from backoffice.mail import Letter, MailServer, Outcome, Postbox
from backoffice.work import Office, Work

HOUSE = Actor.house(Origin.WORKER)
LONGEST_AT_ONCE = timedelta(seconds=20)
"""So long a tick sends: a slow mail server holds up nothing else of what the worker does."""
FIRST_PAUSE, LONGEST_PAUSE, DOUBLINGS = timedelta(minutes=1), timedelta(minutes=30), 5

log = structlog.get_logger("gijo.mail")


class Mailed(Protocol):
    """What a row has for whom a letter goes."""

    mailed_at: datetime | None
    next_at: datetime | None
    tries: int


Row = TypeVar("Row", bound=Mailed)


@dataclass(frozen=True)
class Parcel:
    """A letter that is to go for a row, and what the trail says when it has."""

    row_id: int
    write: Callable[[datetime], Letter]
    note: Callable[[Outcome], Event]


@dataclass(frozen=True)
class Post(Generic[Row]):
    """Letters of one kind. `find` locks a row, None where it is gone; `is_wanted`: whether a letter still is to go."""

    find: Callable[[Work, int], Row | None]
    is_wanted: Callable[[Row], bool] = lambda _row: True

    def send(self, office: Office, server: MailServer, parcels: Sequence[Parcel]) -> int:
        """Send one after the other and give how many the mail server took; what it did not take is tried later."""
        if not parcels:
            return 0
        left, begun, sent = list(parcels), office.services.now(), 0
        try:
            with server.open() as postbox:
                while left and office.services.now() - begun <= LONGEST_AT_ONCE:
                    sent += self._send_one(office, postbox, left[0]) is Outcome.SENT
                    left.pop(0)
        except Unavailable as trouble:
            log.error("mail server does not answer", trouble=type(trouble.__cause__).__name__, count=len(left))  # noqa: TRY400 -- a traceback may quote people's addresses
            with office.unit(HOUSE) as work:
                for each in left:
                    self._try_later(work, each.row_id)
        return sent

    def _send_one(self, office: Office, postbox: Postbox, parcel: Parcel) -> Outcome | None:
        """Send for one row. Raises Unavailable where the connection is gone."""
        with office.unit(HOUSE) as work:
            row = self.find(work, parcel.row_id)
            if row is None or row.mailed_at is not None or not self.is_wanted(row):
                return None
            row.mailed_at = work.now
            letter = parcel.write(work.now)
        try:
            outcome = postbox.send(letter)
        except Unavailable:
            with office.unit(HOUSE) as work:
                self._give_back(work, parcel.row_id)
            raise
        with office.unit(HOUSE) as work:
            if outcome is Outcome.REFUSED:
                log.error("mail refused", record_id=parcel.row_id)
                self._give_back(work, parcel.row_id)
                self._try_later(work, parcel.row_id)
            else:
                work.record(parcel.note(outcome))
        return outcome

    def _give_back(self, work: Work, row_id: int) -> None:
        row = self.find(work, row_id)
        if row is not None:
            row.mailed_at = None

    def _try_later(self, work: Work, row_id: int) -> None:
        row = self.find(work, row_id)
        if row is not None and row.mailed_at is None:
            row.next_at = work.now + min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(row.tries, DOUBLINGS))
            row.tries += 1
