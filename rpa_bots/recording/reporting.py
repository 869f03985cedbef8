"""What does a run hear while a recording keys a record? Each step that is done, until the one that registers."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from playwright.sync_api import Error, Page

from rpa_bots.journal import Journal, Standing
from rpa_bots.recording.page.endings import Ending
from rpa_bots.recording.page.visit import Visit
from rpa_bots.recording.tape.binding import PLACE, ways_of
from rpa_bots.recording.tape.steps import Change, Step

BLANK: Final = "about:blank"
LOADED_MS: Final = 2_000
OF_THE_HOUSE: Final = "gijo"
"""So begin the columns that are not of the record: account, password, its number."""

TakePicture = Callable[[Page], bytes]


class Reporting:
    """Looks on at one record, and tells the journal where it stands."""

    # not a dataclass: it gathers
    def __init__(self, journal: Journal, take: TakePicture) -> None:
        self._journal = journal
        self._take = take
        self._entered: dict[str, None] = {}

    def did(self, visit: Visit) -> None:
        """Tell a step that is done; once something may have been registered, nobody takes the record away any more."""
        steps = visit.plan.recording.steps
        self._entered |= dict.fromkeys(keys_of(steps[visit.place]))
        if visit.registering or visit.may_have_registered:
            return
        where = Standing(visit.place + 1, len(steps), tuple(self._entered), lambda: screen_of(visit, self._take))
        self._journal.standing(where)

    def ended(self, visit: Visit, ending: Ending) -> None:
        """The outcome tells it."""


def keys_of(step: Step) -> list[str]:
    """Name the values of the record that a step puts in, or chooses by."""
    texts = [step.value] if isinstance(step, Change) else [part for way in ways_of(step) for part in way]
    names = (name.partition(".")[0] for text in texts for name in PLACE.findall(text))
    return [name for name in names if name != OF_THE_HOUSE]


def screen_of(visit: Visit, take: TakePicture) -> bytes | None:
    """Take the page that is shown last; one that is just going away has no picture."""
    if not visit.context.pages:
        return None
    with suppress(Error):
        page = visit.context.pages[-1]
        if page.url == BLANK:
            return None
        page.wait_for_load_state(timeout=LOADED_MS)
        return take(page)
    return None
