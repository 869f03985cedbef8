"""What does a bot tell while it keys one record, and what of it is committed? It hears whether a person wants it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from backoffice.automation import keeping
from backoffice.automation.keeping import AtHand, HandedOverError, Seat
from backoffice.automation.leasing import LEASE_TIME
from backoffice.automation.watch import watching
from backoffice.identity import Actor, Origin
from backoffice.work import Office
from rpa_bots.journal import Stage, Standing
from rpa_bots.recording.page.endings import Proposed

WORKER = Actor.house(Origin.WORKER)
LOOK_EVERY_SECONDS = 0.5
"""A step may take hundredths of a second: the database is not asked at each."""
PICTURE_EVERY_SECONDS = 1.5


class TooLateError(RuntimeError):
    """The database took so long that another worker may sit at the account by now: the record is unknown."""


@dataclass
class ItemJournal:
    """Commits what the bot says while it keys one record."""

    office: Office
    seat: Seat
    at_hand: AtHand
    seconds: Callable[[], float]
    submitted: bool = False
    pictures: list[tuple[Stage, bytes]] = field(default_factory=list)
    proposals: list[Proposed] = field(default_factory=list)
    entered: Collection[str] = ()
    """The names of what stands on the system's screen by now."""
    _looks_at: float = 0.0
    _shows_at: float = 0.0

    def standing(self, standing: Standing) -> None:
        """Show where the bot stands to whoever watches. Raises HandedOverError where a person takes the record."""
        self.entered = standing.entered
        if self.seconds() < self._looks_at:
            return
        with self.office.look(WORKER) as work:
            asked = watching.asked_of(work, self.seat)
        if asked.hands_over:
            raise HandedOverError
        if asked.is_watched and self.seconds() >= self._shows_at:
            self._show(standing)
        self._looks_at = self.seconds() + LOOK_EVERY_SECONDS

    def _show(self, standing: Standing) -> None:
        picture = standing.picture()
        sealed = watching.sealed(self.office, self.seat.night_id, picture) if picture else None
        with self.office.unit(WORKER) as work:
            watching.keep_screen(work, self.seat, self.at_hand, standing, sealed)
        self._shows_at = self.seconds() + PICTURE_EVERY_SECONDS

    def submitting(self) -> None:
        """Commit that the button is pressed next.

        Raises WithdrawnError, HandedOverError, TooLateError: then nothing is pressed.
        """
        began = self.seconds()
        with self.office.unit(WORKER) as work:
            keeping.begin_submitting(work, self.seat, self.at_hand)
        self.submitted = True
        if self.seconds() - began >= LEASE_TIME.total_seconds():
            raise TooLateError

    def receipt(self, number: str) -> None:
        with self.office.unit(WORKER) as work:
            keeping.keep_receipt(work, self.at_hand, number)

    def picture(self, stage: Stage, png: bytes) -> None:
        self.pictures.append((stage, png))

    def proposal(self, proposed: Proposed) -> None:
        self.proposals.append(proposed)
