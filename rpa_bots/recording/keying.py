"""How does a night key with a recording? As with a coded bot: one record, one outcome, SUBMITTING told before it."""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, Page

from rpa_bots.browser import WITH_NAMES, open_browser, walled_in
from rpa_bots.journal import Journal, Stage
from rpa_bots.outcomes import (
    BusinessRefusal,
    Cause,
    Keyed,
    Looked,
    Outcome,
    Reconciled,
    Record,
    TakenHome,
    TargetFailure,
    Unknown,
)
from rpa_bots.recording.judged.looked_up import reconciled
from rpa_bots.recording.page.endings import Ended, Ending
from rpa_bots.recording.page.uploading import Uploads, no_uploads
from rpa_bots.recording.page.visit import Plan
from rpa_bots.recording.replaying import replay
from rpa_bots.recording.reporting import Reporting
from rpa_bots.recording.tape.addresses import addresses
from rpa_bots.recording.tape.binding import Row
from rpa_bots.recording.tape.marks import must_be_done_once
from rpa_bots.recording.tape.mending import dialogs_of
from rpa_bots.recording.tape.steps import Recording
from rpa_bots.recording.tape.submit_step import perhaps_before, submit_step
from rpa_bots.recording.tape.turns import whatever_is_told
from rpa_bots.secret import Secret
from rpa_bots.target import Target

COLUMN_OF_THE_ACCOUNT: Final = "gijo.account"
NO_LOOK_UP: Final = "録画の照会の手順がないため、対象システムで確かめてください"
AT_MOST: Final = 64
HOLDS_VALUES: Final = "input:not([type=submit]):not([type=button]),select,textarea,td,dd"


@dataclass(frozen=True)
class Taught:
    """A released recording, and how a record's answers are written in it: what the system's screens want.

    `uploads` gives the files that a column of the row names. By `look_up`, a recording that only looks, a record of
    unknown outcome is searched for.
    """

    recording: Recording
    row_of: Callable[[Record], Row]
    uploads: Uploads = no_uploads
    look_up: Recording | None = None


class RecordedBot:
    """Keys records one after another in one browser; each has a context of its own."""

    def __init__(self, browser: Browser, taught: Taught, plans: "Plans", account: str, *, pictures: bool) -> None:
        self._browser = browser
        self._taught = taught
        self._plans = plans
        self._account = account
        self._pictures = pictures

    @property
    def alive(self) -> bool:
        """Tell whether the browser still works; when it does not, open another bot."""
        return self._browser.is_connected()

    def key(self, record: Record, journal: Journal) -> Outcome:
        """Key one record, or look it up. Only what the journal raises comes out as an exception."""
        started = time.monotonic()
        row, plan = self._row_of(record), self._plans.keying

        def take(page: Page) -> bytes:
            return masked_picture(page, whatever_is_told(plan.steps, row))

        def about_to_register(page: Page) -> None:
            if self._pictures:
                journal.picture(Stage.FILLED, take(page))
            journal.submitting()

        plan = replace(plan, before_registering=about_to_register, onlooker=Reporting(journal, take))
        ended = replay(self._browser, plan, row)
        for each in ended.proposals:
            journal.proposal(each)
        return outcome_of(ended, time.monotonic() - started, only_looks=plan.looks is not None)

    def reconcile(self, reference: str, record: Record) -> Reconciled:
        """Search for a record by the recording that looks; where there is none, people must."""
        del reference
        plan = self._plans.looking_up
        if plan is None:
            return TargetFailure(Cause.UNKNOWN_SCREEN, NO_LOOK_UP)
        row = self._row_of(record)
        return reconciled(replay(self._browser, plan, row), plan.steps, row, record)

    def _row_of(self, record: Record) -> Row:
        return {**self._taught.row_of(record), COLUMN_OF_THE_ACCOUNT: self._account}


@dataclass(frozen=True)
class Plans:
    keying: Plan
    looking_up: Plan | None


def outcome_of(ended: Ended, seconds: float, *, only_looks: bool = False) -> Outcome:
    """Say in the nights' words how a row ended."""
    match ended.ending:
        case Ending.DONE if only_looks:
            return Looked(TakenHome(ended.readings, ended.files), ended.nothing, seconds)
        case Ending.DONE:
            return Keyed(ended.receipt[:AT_MOST], {}, seconds, TakenHome(ended.readings, ended.files))
        case Ending.REFUSED:
            return BusinessRefusal(ended.message)
        case Ending.UNKNOWN:
            return Unknown(ended.message)
        case Ending.FAILED:
            cause = Cause.SIGN_IN_REFUSED if ended.stops_all else Cause.UNKNOWN_SCREEN
            return TargetFailure(cause, ended.message)


def masked_picture(page: Page, row: Row) -> bytes:
    """Take the screen with all covered that may hold a value: fields, cells, and whatever tells one of the row."""
    covered = [each.locator(HOLDS_VALUES) for each in page.frames]
    if told := any_of(row.values()):
        covered += [each.get_by_text(told) for each in page.frames]
    return page.screenshot(mask=covered)


def any_of(values: Iterable[str]) -> re.Pattern[str] | None:
    """Give what finds any of the values in a page's text; one search for all, since a table's row may have hundreds."""
    words = {tuple(value.split()) for value in values if len(value.strip()) > 1}
    told = [r"\s+".join(map(re.escape, each)).replace("/", r"\/") for each in sorted(words)]
    return re.compile("|".join(told), re.IGNORECASE) if told else None


@contextmanager
def open_recorded(
    taught: Taught, target: Target, password: Secret, *, pictures: bool, executable: Path | None = None
) -> Iterator[RecordedBot]:
    """Open a browser that reaches the target alone. Raises BrowserMissingError, UnusableRecordingError."""
    with TemporaryDirectory() as folder:

        def planned(recording: Recording) -> Plan:
            plan = plan_for(recording, target, password)
            return replace(plan, downloads=Path(folder), uploads=taught.uploads)

        plans = Plans(planned(taught.recording), planned(taught.look_up) if taught.look_up else None)
        origins = {each: None for plan in (plans.keying, plans.looking_up) if plan for each in plan.addresses.origins}
        with open_browser((*walled_in(*origins), WITH_NAMES), executable, Path(folder)) as browser:
            yield RecordedBot(browser, taught, plans, target.account, pictures=pictures)


def plan_for(recording: Recording, target: Target, password: Secret) -> Plan:
    """Turn a recording to a target and its account: no other host may be reached."""
    host = target.origin.split("://")[1]
    allowed = [re.compile(re.escape(text)) for text in dialogs_of(recording)]
    there = addresses(recording, target.url, (host,))
    submit = submit_step(recording)
    perhaps = perhaps_before(recording, submit)
    seconds = target.answer_seconds
    plan = Plan(recording, there, submit, allowed, perhaps, password=password, answer_seconds=seconds)
    must_be_done_once(plan.steps, submit)
    return plan
