"""How does a night run? One record after another, each outcome committed; while the browser works no unit is open."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from backoffice.automation import keeping
from backoffice.automation.bots import KeyingBot, OpenBot
from backoffice.automation.journal import ItemJournal
from backoffice.automation.keeping import AtHand, HandedOverError, Proof, Seat, WithdrawnError
from backoffice.automation.leasing import Beat
from backoffice.automation.plan.pace import p95
from backoffice.automation.queue import following, next_work
from backoffice.automation.taken import taking
from backoffice.automation.taken.printing import print_files
from backoffice.automation.taken.taking import Brought, ListClosedError
from backoffice.automation.workflow import (
    FAILURES_IN_A_ROW,
    HANDED_OVER,
    SIGN_IN_TROUBLE,
    Ending,
    ItemState,
    RunKind,
    WhyEnded,
    ending_of,
    settling_of,
)
from backoffice.identity import Actor, Origin
from backoffice.jobs.worker import LeftForNextStart, Steps
from backoffice.log import place_of
from backoffice.vault import StoredFile
from backoffice.web.translations import _
from backoffice.work import Office
from rpa_bots.outcomes import BusinessRefusal, Cause, Keyed, Looked, Outcome, TargetFailure, Unknown
from rpa_bots.recording.keying import Taught

WORKER = Actor.house(Origin.WORKER)
LOOK_UPS = 3
"""How often a night looks for a record of unknown outcome in a target that does not answer."""
GLANCE_SECONDS = 2.0
RETRY_SECONDS = 5.0

log = structlog.get_logger("gijo.night")


@dataclass(frozen=True)
class Hands:
    """What a night is given beside the office: a browser, and the time of this process."""

    open_bot: OpenBot
    seconds: Callable[[], float]
    """A clock that nobody sets: late-commit times are waited for by it."""
    pause: Callable[[float], object]
    stopping: Callable[[], bool]
    """Whether this worker was told to stop: the night goes on at its next start."""


def run_night(office: Office, hands: Hands, night_id: int, steps: Steps) -> None:
    """Run a night until it ends; after a crash it takes up what the rows say. Raises NightFaultError.

    The browser keeps an event loop in its thread, where the durable engine refuses steps: so the sitting has a thread
    of its own, from its first record to its end.
    """
    with Beat(office, night_id) as beat, ThreadPoolExecutor(1, thread_name_prefix="night") as thread:
        sitting = Sitting(office, hands, night_id)
        try:
            said = ""
            while not said.startswith(ENDED):
                if hands.stopping():
                    raise LeftForNextStart
                said = steps.run("next", lambda: thread.submit(sitting.go_on).result())
                if said != STOOD_UP:
                    beat.moved()
                if said == LOST:
                    raise LeftForNextStart  # neither the night nor its job is ours to end: another worker is at them
        finally:
            thread.submit(sitting.close).result()
    if said == ENDED + WhyEnded.FAULT:
        raise NightFaultError(night_id)


ENDED = "ended:"
WAITED = "waited"
LOST = "lost"
"""Another worker sits at the account."""
STOOD_UP = "no database"
NO_DATABASE = (OperationalError, InterfaceError)
"""The server restarts, a connection is cut, a file stays locked: it passes, and the night waits for it."""


def is_ours(trouble: OperationalError | InterfaceError) -> bool:
    """Say whether it never passes: SQLite says of a table that is missing what others say of a cut connection."""
    return getattr(trouble.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR


class NightFaultError(RuntimeError):
    """The night ended by a fault of ours: the jobs page shows it as failed."""


class Sitting:
    """One worker process at one night, from start (or crash) to end. Belongs to one thread, as its browser does."""

    def __init__(self, office: Office, hands: Hands, night_id: int) -> None:
        self._office = office
        self._hands = hands
        self._night_id = night_id
        self._seat: Seat | None = None
        self._browser = ExitStack()
        self._bot: KeyingBot | None = None
        self._seconds: list[float] = []
        self._failing: set[int] = set()
        self._unknown: dict[int, Doubt] = {}
        self._rests_until = 0.0

    def close(self) -> None:
        """Close the browser; to be called in the thread that opened it."""
        self._close_bot()

    def go_on(self) -> str:
        """Do one thing (a record, a look-up, a wait) and say what; run twice it does no harm."""
        try:
            return self._said()
        except NO_DATABASE as trouble:
            if is_ours(trouble):
                raise
            return self._stand_up(trouble)

    def _said(self) -> str:
        try:
            said = self._one_thing()
        except Exception as fault:  # whatever it was, the night must not stay open for ever
            if isinstance(fault, NO_DATABASE) and not is_ours(fault):
                raise
            _tell("night fault", fault, self._night_id)
            said = WhyEnded.FAULT
        if not isinstance(said, WhyEnded):
            return said
        if said is WhyEnded.LEASED:
            return LOST
        return ENDED + said if self._ended(said) else LOST

    def _stand_up(self, trouble: Exception) -> str:
        """Go on as after a crash once the database answers again: what it holds tells where this night stands."""
        _tell("no database", trouble, self._night_id)
        self._close_bot()
        self._seat = None
        self._failing.clear()
        self._hands.pause(RETRY_SECONDS)
        return STOOD_UP

    def _ended(self, why: WhyEnded) -> bool:
        with self._office.unit(WORKER) as work:
            if self._seat is not None:
                return keeping.end_from(work, self._seat, why)
            keeping.end(work, self._night_id, why)
        return True

    def _one_thing(self) -> str | WhyEnded:
        if self._seat is None:
            seat = self._sit_down()
            if isinstance(seat, WhyEnded):
                return seat
            self._seat = seat
        due = self._due()
        if due is not None:
            return self._look_up(self._seat, due)
        if self._hands.seconds() < self._rests_until:
            return self._rest(self._seat)
        return self._next(self._seat)

    def _next(self, seat: Seat) -> str | WhyEnded:
        with self._office.unit(WORKER) as work:
            at_hand = keeping.take_up(work, seat, p95(self._seconds), self._failing)
            is_night = seat.kind is RunKind.NIGHT
            coming = at_hand is None and is_night and following.is_coming(work.session, seat.target_id)
        if isinstance(at_hand, WhyEnded):
            return at_hand
        if isinstance(at_hand, AtHand):
            said = self._key(seat, at_hand)
            self._rests_until = self._hands.seconds() + seat.pace_seconds
            return said
        if at_hand is None and not self._unknown and not coming:
            return WhyEnded.FINISHED
        self._hands.pause(GLANCE_SECONDS)
        return WAITED

    def _rest(self, seat: Seat) -> str | WhyEnded:
        """Leave the system to the people who work with it, for as long as its pace by day says."""
        with self._office.look(WORKER) as work:
            why = keeping.why_not_on(work, seat)
        if why is WhyEnded.FINISHED:
            self._rests_until = 0.0  # nothing follows but perhaps a look-up
            return WAITED
        if why is not None:
            return why
        self._hands.pause(min(GLANCE_SECONDS, self._rests_until - self._hands.seconds()))
        return WAITED

    def _sit_down(self) -> Seat | WhyEnded:
        with self._office.unit(WORKER) as work:
            seat = keeping.take_seat(work, self._night_id, self._office.settings.worker_id)
        if isinstance(seat, Seat):
            self._seconds = list(seat.seconds)
            self._unknown = {item_id: Doubt(self._hands.seconds()) for item_id in seat.unknown if seat.looks_up}
        return seat

    def _key(self, seat: Seat, at_hand: AtHand) -> str | WhyEnded:
        bot = self._open_bot(seat)
        if bot is None:
            return WhyEnded.NO_BROWSER
        journal = ItemJournal(self._office, seat, at_hand, self._hands.seconds)
        started = self._hands.seconds()
        try:
            outcome = self._outcome(bot, at_hand, journal)
        except WithdrawnError:
            return "withdrawn"
        except HandedOverError:
            return self._handed_over(seat, at_hand, journal)
        outcome, brought = self._brought(seat, at_hand, outcome)
        took = self._hands.seconds() - started
        try:
            ending = self._keep(journal, outcome, brought, took)
        except ListClosedError:  # since it was made ready
            outcome, brought = BusinessRefusal(taking.CLOSED), taking.NOTHING
            ending = self._keep(journal, outcome, brought, took)
        if any(each.printer for each in brought.files):
            print_files(self._office)
        return self._after(at_hand, outcome, ending, took)

    def _keep(self, journal: ItemJournal, outcome: Outcome, brought: Brought, took: float) -> Ending:
        """Commit what became of a record with all that was taken home for it, or nothing. Raises ListClosedError."""
        seat, at_hand = journal.seat, journal.at_hand
        proofs = [Proof(str(stage), self._put(png)) for stage, png in journal.pictures]
        ending = ending_of(outcome, submitted=journal.submitted, tries=at_hand.tries)
        with self._office.unit(WORKER) as work:
            if keeping.keep_ending(work, seat, at_hand, ending, proofs, took):
                taking.keep(work, at_hand.item_id, brought)
                next_work.hand_on_if_done(work, at_hand.item_id)
            keeping.keep_proposals(work, seat, journal.proposals)
            if isinstance(outcome, TargetFailure) and outcome.cause in SIGN_IN_TROUBLE:
                keeping.lock_account(work, seat, outcome.cause)
        return ending

    def _brought(self, seat: Seat, at_hand: AtHand, outcome: Outcome) -> tuple[Outcome, Brought]:
        """Make ready what was taken home. A list that is closed takes nothing: a person must look."""
        if not isinstance(outcome, Keyed | Looked) or not isinstance(seat.procedure, Taught):
            return outcome, taking.NOTHING
        brought = taking.prepare(self._office, seat.procedure.recording, at_hand.reference, outcome.home)
        if brought.fault:
            return BusinessRefusal(brought.fault), taking.NOTHING
        return outcome, brought

    def _outcome(self, bot: KeyingBot, at_hand: AtHand, journal: "ItemJournal") -> Outcome:
        try:
            return bot.key(at_hand.record, journal)
        except (WithdrawnError, HandedOverError, *NO_DATABASE):
            raise
        except Exception as broken:  # noqa: BLE001 -- a browser can break in any way; the night goes on with another
            _tell("bot broke", broken, self._night_id)
            self._close_bot()
            reason = _("ブラウザーが異常終了しました。")
            return Unknown(reason) if journal.submitted else TargetFailure(Cause.UNREACHABLE, reason)

    def _handed_over(self, seat: Seat, at_hand: AtHand, journal: ItemJournal) -> str:
        with self._office.unit(WORKER) as work:
            keeping.keep_handed_over(work, seat, at_hand, journal.entered)
        return HANDED_OVER

    def _after(self, at_hand: AtHand, outcome: Outcome, ending: Ending, took: float) -> str | WhyEnded:
        """Note what the next records may learn from this one."""
        if ending.state is ItemState.UNKNOWN and self._seat and self._seat.looks_up:
            self._unknown[at_hand.item_id] = Doubt(self._hands.seconds())
        if not isinstance(outcome, TargetFailure):
            self._failing.clear()
            self._seconds.append(took)
            return ending.code
        return self._failed(at_hand.item_id, outcome.cause) or ending.code

    def _failed(self, item_id: int, cause: Cause) -> WhyEnded | None:
        if cause is Cause.SIGN_IN_REFUSED:
            return WhyEnded.SIGN_IN_REFUSED
        if cause is Cause.PASSWORD_EXPIRED:
            return WhyEnded.PASSWORD_EXPIRED
        self._failing.add(item_id)
        if len(self._failing) >= FAILURES_IN_A_ROW:
            return WhyEnded.TARGET_DOWN
        self._hands.pause(RETRY_SECONDS)
        return None

    def _due(self) -> int | None:
        """A record of unknown outcome whose late-commit time is over.

        Counted from when this process first knew of it, by a clock nobody sets: a wall clock set forward must not
        shorten it.
        """
        late = self._seat.target.late_commit_seconds if self._seat else 0.0
        now = self._hands.seconds()
        return next((item_id for item_id, doubt in self._unknown.items() if now >= doubt.since + late), None)

    def _look_up(self, seat: Seat, item_id: int) -> str | WhyEnded:
        """Search, read-only, for a record of unknown outcome, and settle it by what is found."""
        with self._office.look(WORKER) as work:
            at_hand = keeping.to_look_up(work, item_id)
        if at_hand is None:
            del self._unknown[item_id]
            return "settled by people"
        bot = self._open_bot(seat)
        if bot is None:
            return WhyEnded.NO_BROWSER
        looked_up = bot.reconcile(at_hand.reference, at_hand.record)
        ending = settling_of(looked_up, at_hand.record, at_hand.tries)
        if ending is None:
            return self._not_looked_up(seat, item_id, looked_up)
        del self._unknown[item_id]
        self._failing.clear()
        with self._office.unit(WORKER) as work:
            keeping.keep_settling(work, seat, at_hand, ending)
            next_work.hand_on_if_done(work, at_hand.item_id)
        return ending.code

    def _not_looked_up(self, seat: Seat, item_id: int, failure: object) -> str | WhyEnded:
        cause = failure.cause if isinstance(failure, TargetFailure) else Cause.UNREACHABLE
        if cause in SIGN_IN_TROUBLE:
            with self._office.unit(WORKER) as work:
                keeping.lock_account(work, seat, cause)
        doubt = self._unknown.pop(item_id)
        if doubt.look_ups + 1 < LOOK_UPS:
            self._unknown[item_id] = Doubt(self._hands.seconds(), doubt.look_ups + 1)
        return self._failed(item_id, cause) or "not looked up"

    def _open_bot(self, seat: Seat) -> KeyingBot | None:
        """The bot, opened again when its browser died; None when none can be opened."""
        if self._bot is not None and self._bot.alive:
            return self._bot
        self._close_bot()
        try:
            opening = self._hands.open_bot(seat.procedure, seat.target, seat.password, seat.pictures)
            self._bot = self._browser.enter_context(opening)
        except Exception as broken:  # noqa: BLE001 -- no browser, no library, no memory: the night ends with its reason
            _tell("no browser", broken, self._night_id)
        return self._bot

    def _close_bot(self) -> None:
        self._bot = None
        try:
            self._browser.close()
        except Exception as broken:  # noqa: BLE001 -- a dead browser cannot be closed, which is as good
            _tell("browser left", broken, self._night_id)

    def _put(self, png: bytes) -> StoredFile:
        return self._office.files.put(png, "image/png", self._office.services.now())


@dataclass(frozen=True)
class Doubt:
    """Since when (this process's clock) an outcome is unknown, and how often it was looked up in vain."""

    since: float
    look_ups: int = 0


def _tell(what: str, error: Exception, night_id: int) -> None:
    """Log the class of an error and its place, never its text: that quotes what was typed."""
    log.error(what, night_id=night_id, trouble=type(error).__name__, where=place_of(error))
