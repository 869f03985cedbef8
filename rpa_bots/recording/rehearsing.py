"""What is seen of a rehearsal? Each step with its time, what its field takes, and the screens with all values covered.

Nothing is registered: a rehearsal stops before the first step that may do so.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from playwright.sync_api import Browser, Error

from rpa_bots.browser import WITH_NAMES, open_browser, walled_in
from rpa_bots.recording.keying import COLUMN_OF_THE_ACCOUNT, masked_picture, plan_for
from rpa_bots.recording.page.endings import Ended, Ending
from rpa_bots.recording.page.uploading import Uploads, no_uploads
from rpa_bots.recording.page.visit import Plan, Visit
from rpa_bots.recording.replaying import replay
from rpa_bots.recording.reporting import screen_of
from rpa_bots.recording.tape.binding import Row
from rpa_bots.recording.tape.steps import Recording
from rpa_bots.recording.tape.turns import whatever_is_told
from rpa_bots.secret import Secret
from rpa_bots.target import Target

PICTURES_AT_MOST: Final = 12
"""Of one row. A page that turns by itself would fill the disk."""
TAKES: Final = """element => [element.ownerDocument.characterSet, element.maxLength > 0 ? element.maxLength : null]"""


class Verdict(StrEnum):
    OK = "ok"
    PROPOSED = "proposed"
    """Found another way than it was recorded: a person must look."""
    STOPPED = "stopped"
    HELD = "held"
    """Not done: here it would have been registered."""


@dataclass(frozen=True)
class Takes:
    """What the field of a step takes: the character set of its page, and how many letters (None: it does not say)."""

    charset: str
    letters: int | None


@dataclass(frozen=True)
class Seen:
    """One step, counted from 0, as it was over. `picture`: PNG of the screen where it changed, and where it ended."""

    place: int
    verdict: Verdict
    seconds: float
    takes: Takes | None = None
    picture: bytes | None = field(default=None, repr=False)


Tell = Callable[[Seen], None]


class Stage:
    """Rehearses rows one after another in one browser; each has a context of its own."""

    def __init__(self, browser: Browser, plan: Plan, account: str) -> None:
        self._browser = browser
        self._plan = plan
        self._account = account

    def rehearse(self, row: Row, tell: Tell) -> Ended:
        """Do all steps of a row but what may register, and tell each as it is over. What `tell` raises comes out."""
        row = {**row, COLUMN_OF_THE_ACCOUNT: self._account}
        onlooker = Watching(whatever_is_told(self._plan.steps, row), tell)
        return replay(self._browser, replace(self._plan, onlooker=onlooker), row)


class Watching:
    """Looks on at one row."""

    # not a dataclass: it counts
    def __init__(self, row: Row, tell: Tell) -> None:
        self._row = row
        self._tell = tell
        self._since = time.monotonic()
        self._pages_shown = 0
        self._proposed = 0
        self._pictures = 0
        self._last = -1

    def did(self, visit: Visit) -> None:
        """Tell a step that is done; with the screen, where another page is shown since the last one."""
        turned, self._pages_shown = visit.pages_shown != self._pages_shown, visit.pages_shown
        verdict = Verdict.PROPOSED if len(visit.proposed) > self._proposed else Verdict.OK
        self._told(visit, verdict, self._picture(visit) if turned else None)

    def ended(self, visit: Visit, ending: Ending) -> None:
        """Tell where the row ended, with the screen as it stood there."""
        if visit.place == self._last and ending is Ending.DONE:
            return  # its last step was told as done
        self._told(visit, Verdict.HELD if ending is Ending.DONE else Verdict.STOPPED, self._picture(visit))

    def _told(self, visit: Visit, verdict: Verdict, picture: bytes | None) -> None:
        seconds = time.monotonic() - self._since
        self._proposed, self._last = len(visit.proposed), visit.place
        self._tell(Seen(visit.place, verdict, seconds, _taken_by(visit), picture))
        self._since = time.monotonic()

    def _picture(self, visit: Visit) -> bytes | None:
        """A page that is just going away has no picture; the rehearsal goes on without it."""
        if self._pictures >= PICTURES_AT_MOST:
            return None
        picture = screen_of(visit, lambda page: masked_picture(page, self._row))
        self._pictures += picture is not None
        return picture


def _taken_by(visit: Visit) -> Takes | None:
    """What the field into which this step put something says of itself; of a page that went away nothing."""
    put = next((each for each in visit.fields.values() if each.step == visit.place), None)
    if put is None:
        return None
    with suppress(Error):
        charset, letters = put.element.evaluate(TAKES)
        return Takes(charset, letters)
    return None


@contextmanager
def open_stage(
    recording: Recording,
    target: Target,
    password: Secret,
    uploads: Uploads = no_uploads,
    executable: Path | None = None,
) -> Iterator[Stage]:
    """Open a browser that reaches the target alone. Raises BrowserMissingError, UnusableRecordingError."""
    plan = replace(plan_for(recording, target, password), rehearse=True, uploads=uploads)
    with TemporaryDirectory() as folder:
        plan = replace(plan, downloads=Path(folder))
        with open_browser((*walled_in(*plan.addresses.origins), WITH_NAMES), executable, plan.downloads) as browser:
            yield Stage(browser, plan, target.account)
