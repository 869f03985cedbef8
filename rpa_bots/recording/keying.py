"""How does a night key with a recording? As with a coded bot: one record, one outcome, SUBMITTING told before it."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Page

from rpa_bots.browser import WITH_NAMES, open_browser, walled_in
from rpa_bots.journal import Journal, Stage
from rpa_bots.outcomes import (
    BusinessRefusal,
    Cause,
    Keyed,
    Outcome,
    Reconciled,
    Record,
    TargetFailure,
    Unknown,
)
from rpa_bots.recording.addresses import addresses
from rpa_bots.recording.binding import Row
from rpa_bots.recording.endings import Ended, Ending
from rpa_bots.recording.mending import dialogs_of
from rpa_bots.recording.replaying import replay
from rpa_bots.recording.reporting import Reporting
from rpa_bots.recording.steps import Recording
from rpa_bots.recording.submit_step import perhaps_registering, submit_step
from rpa_bots.recording.visit import Plan
from rpa_bots.secret import Secret
from rpa_bots.target import Target

COLUMN_OF_THE_ACCOUNT: Final = "gijo.account"
NO_LOOK_UP: Final = "録画の照会の手順がないため、対象システムで確かめてください"
AT_MOST: Final = 64
HOLDS_VALUES: Final = "input:not([type=submit]):not([type=button]),select,textarea,td,dd"


@dataclass(frozen=True)
class Taught:
    """A released recording, and how a record's answers are written in it: what the system's screens want."""

    recording: Recording
    row_of: Callable[[Record], Row]


class RecordedBot:
    """Keys records one after another in one browser; each has a context of its own."""

    def __init__(self, browser: Browser, taught: Taught, plan: Plan, account: str, *, pictures: bool) -> None:
        self._browser = browser
        self._taught = taught
        self._plan = plan
        self._account = account
        self._pictures = pictures

    @property
    def alive(self) -> bool:
        """Tell whether the browser still works; when it does not, open another bot."""
        return self._browser.is_connected()

    def key(self, record: Record, journal: Journal) -> Outcome:
        """Key one record. Only what the journal raises comes out as an exception."""
        started = time.monotonic()
        row = {**self._taught.row_of(record), COLUMN_OF_THE_ACCOUNT: self._account}

        def take(page: Page) -> bytes:
            return masked_picture(page, row)

        def about_to_register(page: Page) -> None:
            if self._pictures:
                journal.picture(Stage.FILLED, take(page))
            journal.submitting()

        plan = replace(self._plan, before_registering=about_to_register, onlooker=Reporting(journal, take))
        ended = replay(self._browser, plan, row)
        for each in ended.proposals:
            journal.proposal(each)
        return outcome_of(ended, time.monotonic() - started)

    def reconcile(self, reference: str) -> Reconciled:
        """A recording that keys does not look up: people must."""
        del reference
        return TargetFailure(Cause.UNKNOWN_SCREEN, NO_LOOK_UP)


def outcome_of(ended: Ended, seconds: float) -> Outcome:
    """Say in the nights' words how a row ended."""
    match ended.ending:
        case Ending.DONE:
            return Keyed(ended.receipt[:AT_MOST], {}, seconds)
        case Ending.REFUSED:
            return BusinessRefusal(ended.message)
        case Ending.UNKNOWN:
            return Unknown(ended.message)
        case Ending.FAILED:
            cause = Cause.SIGN_IN_REFUSED if ended.stops_all else Cause.UNKNOWN_SCREEN
            return TargetFailure(cause, ended.message)


def masked_picture(page: Page, row: Row) -> bytes:
    """Take the screen with all covered that may hold a value: fields, cells, and whatever tells one of the row."""
    told = [value for value in row.values() if len(value.strip()) > 1]
    covered = [each.locator(HOLDS_VALUES) for each in page.frames]
    return page.screenshot(mask=[*covered, *(each.get_by_text(value) for each in page.frames for value in told)])


@contextmanager
def open_recorded(
    taught: Taught, target: Target, password: Secret, *, pictures: bool, executable: Path | None = None
) -> Iterator[RecordedBot]:
    """Open a browser that reaches the target alone. Raises BrowserMissingError, UnusableRecordingError."""
    plan = plan_for(taught.recording, target, password)
    with open_browser((*walled_in(*plan.addresses.origins), WITH_NAMES), executable) as browser:
        yield RecordedBot(browser, taught, plan, target.account, pictures=pictures)


def plan_for(recording: Recording, target: Target, password: Secret) -> Plan:
    """Turn a recording to a target and its account: no other host may be reached."""
    host = target.origin.split("://")[1]
    allowed = [re.compile(re.escape(text)) for text in dialogs_of(recording)]
    there = addresses(recording, target.url, (host,))
    submit = submit_step(recording)
    perhaps = [place for place in perhaps_registering(recording) if submit is not None and place < submit]
    seconds = target.answer_seconds
    return Plan(recording, there, submit, allowed, perhaps, password=password, answer_seconds=seconds)
