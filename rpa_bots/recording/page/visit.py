"""What is open while a recording is done for one row? A browser context, and what was heard and sent in it."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from re import Pattern
from time import monotonic
from typing import Final, Protocol

from playwright.sync_api import BrowserContext, Error, Frame, Page, Request
from playwright.sync_api import Download as Falling

from rpa_bots.dialogs import DialogGate
from rpa_bots.file_kinds import Fallen
from rpa_bots.recording.page import acting
from rpa_bots.recording.page.carrying import Carrier
from rpa_bots.recording.page.endings import Ending, Proposed, StoppedError
from rpa_bots.recording.page.finding import GLANCE_MS, Finder
from rpa_bots.recording.page.seeing import shown_in
from rpa_bots.recording.page.taken import Taken
from rpa_bots.recording.page.uploading import REMEMBER, Uploads, no_uploads
from rpa_bots.recording.tape.addresses import Addresses
from rpa_bots.recording.tape.binding import Row, is_of_the_record, masked
from rpa_bots.recording.tape.marks import Looking, Marked, looking_in, marked
from rpa_bots.recording.tape.steps import Alternatives, Recording, Step
from rpa_bots.secret import Secret

USUAL_MS: Final = 5_000
"""The Recorder's own runner waits so long where the recording says nothing."""
LAST_SECONDS: Final = 2.0
SAID_AT_MOST: Final = 200
REGISTERED: Final = "登録しました"


class Onlooker(Protocol):
    """Whoever looks on while a row is done, step by step. What it raises ends everything."""

    def did(self, visit: "Visit") -> None:
        """The step at `visit.place` is done."""

    def ended(self, visit: "Visit", ending: Ending) -> None:
        """The row has ended at `visit.place`; its pages are open still."""


@dataclass(frozen=True)
class Plan:
    """What is done for every row. `submit`: the place (from 0) of the registering step; None where nothing registers.

    `perhaps`: other places that may register; a rehearsal stops before the first. `password`: goes in where a step says
    so (binding.PASSWORD), and nowhere else. `tells_dialogs`: whether texts of unknown dialogs may be told, which name
    residents.
    """

    recording: Recording
    addresses: Addresses
    submit: int | None
    allowed_dialogs: Sequence[Pattern[str]] = ()
    perhaps: Sequence[int] = ()
    tells_dialogs: bool = False
    rehearse: bool = False
    password: Secret | None = None
    answer_seconds: float = 30.0
    before_registering: Callable[[Page], None] | None = None
    """Called with everything filled in and compared, right before the registering step. What it raises ends the row."""
    onlooker: Onlooker | None = None
    downloads: Path = Path()
    """Where the browser lets files fall."""
    uploads: Uploads = no_uploads

    @cached_property
    def steps(self) -> tuple[Marked, ...]:
        return marked(self.recording)

    @cached_property
    def steps_by_place(self) -> Mapping[int, Marked]:
        return {each.place: each for each in self.steps}

    @cached_property
    def looks(self) -> Looking | None:
        """Give what is said of a recording that only looks; None for any other."""
        return looking_in(self.recording)

    def ms(self, step: Step) -> float:
        """Give how long a step may take, in milliseconds."""
        return step.timeout or self.recording.timeout or USUAL_MS


class Visit:
    """Of one row. `place`: the step that is being done, from 0; `fields`: what was put where.

    `registering`: true from the moment on when the registering step is about to be done; `verdict`: how that ended.
    """

    # not a frozen dataclass: Playwright marks the object whose method handles an event
    def __init__(self, context: BrowserContext, plan: Plan, row: Row) -> None:
        self.plan = plan
        self.row = row
        self.context = context
        self.dialogs = DialogGate(plan.allowed_dialogs)
        uploads = any(each.uploads for each in plan.steps)
        origins = plan.addresses.origins
        self.carrier = Carrier(context, origins, plan.answer_seconds, remembers_forms=uploads)
        self.pages_shown = 0
        self.fallen: list[Falling] = []
        if uploads:
            context.add_init_script(REMEMBER)
        context.on("dialog", self.dialogs.answer)
        context.on("page", self._listen)
        self._asking = 0
        context.on("request", self._begun)
        context.on("requestfinished", self._over)
        context.on("requestfailed", self._over)
        self.main = context.new_page()
        self.finder = Finder(context, self.main, plan.addresses, self.pause)
        self.place = 0
        self.fields: dict[tuple[tuple[int, ...], Alternatives], acting.Field] = {}
        self.proposed: list[Proposed] = []
        self.typed_password = False
        self.may_have_registered = False
        self.registering = False
        self.verdict: tuple[Ending, str] | None = None
        self.receipt = ""
        self.readings: dict[str, Taken] = {}
        self.files: list[Fallen] = []
        self.nothing = False
        """Whether the system said that it has no such record."""
        self._said_nothing_before = True

    @property
    def happenings(self) -> int:
        """Give a number that grows with every page or frame that is shown, and everything that is answered."""
        return self.pages_shown + len(self.carrier.answers)

    def pause(self, milliseconds: float = GLANCE_MS) -> None:
        """Let the browser go on for a moment, and carry what it wants to send."""
        self.main.wait_for_timeout(milliseconds)
        self.carrier.carry()

    def note_what_was_sent(self, already: int) -> None:
        """Remember that a step sent something that may have registered, though it is not the one named for it."""
        sent = len(self.carrier.answers) > already
        if sent and not self.plan.looks and (self.plan.submit is None or self.place in self.plan.perhaps):
            self.may_have_registered = True

    def forget_what_a_list_took(self, block: int) -> None:
        """A press in a repeat may take a row into a list, show it there, and clear its fields for the next one.

        What is cleared and shown nowhere stays to be compared, and is refused before anything is registered.
        """
        own = [field for field in self.fields.values() if self.plan.steps_by_place[field.step].block == block]
        cleared = [field for field, text in acting.standing(own) if not text and field.wanted]
        shown = bare(self.everything_shown()) if cleared else ""
        taken = [field for field in cleared if bare(field.wanted) in shown]
        self.fields = {where: field for where, field in self.fields.items() if field not in taken}

    def is_proven(self) -> None:
        """A wait behind the registering step is the recording's own proof."""
        if self.registering:
            self.verdict = (Ending.DONE, REGISTERED)

    def about_to_press(self) -> None:
        """A recording that only looks asks for what was put in, and for nothing else. Raises StoppedError."""
        if self.plan.looks is None:
            return
        if standing_otherwise(self.fields.values()):
            raise StoppedError(Ending.REFUSED, "入力した値と、欄に入っている値が違うため、照会しませんでした")
        self._said_nothing_before = self._says_nothing()

    def look_for_nothing(self) -> None:
        """End the row where the system says, since the last press, that it has no such record. Raises StoppedError.

        Only where it was asked for a value of the record, in the very fields that were recorded.
        """
        if self._said_nothing_before or not self._asked_for_the_record() or not self._says_nothing():
            return
        self.let_it_finish()
        if not self._says_nothing():
            return  # it stood there only until the answer had come
        if self.proposed:
            raise StoppedError(
                Ending.FAILED, "画面が録画のときと違うため、該当なしとは言えません。提案を確かめてください"
            )
        self.nothing = True
        raise StoppedError(Ending.DONE, "該当なし: 対象システムに、この記録はありません")

    def _says_nothing(self) -> bool:
        text = self.plan.looks.nothing if self.plan.looks else ""
        return bool(text) and says(self.everything_shown(), text)

    def _asked_for_the_record(self) -> bool:
        put = (self.plan.recording.steps[field.step] for field in self.fields.values())
        return any(is_of_the_record(step) for step in put)

    def let_it_finish(self) -> None:
        """Let pages send and receive what they still want to, before they are closed: for two seconds at most."""
        until = monotonic() + LAST_SECONDS
        self.pause()
        while self._asking > 0 and monotonic() < until:
            self.pause()

    def check_dialogs(self, ending: Ending = Ending.FAILED) -> None:
        """Raise StoppedError for a dialog that is not on the list; the row's values in its text are masked."""
        if unknown := self.dialogs.unknown():
            said = f": {masked(unknown[0], self.row)[:SAID_AT_MOST]}" if self.plan.tells_dialogs else ""
            raise StoppedError(ending, f"想定外のダイアログが表示されました{said}")

    def everything_shown(self) -> str:
        """Give the text of every page and frame that is open; what is just being replaced has none."""
        texts: list[str] = []
        for frame in (frame for page in self.context.pages for frame in page.frames):
            with suppress(Error):
                texts.append(shown_in(frame).text)
        return "\n".join(texts)

    def _begun(self, _request: Request) -> None:
        self._asking += 1

    def _over(self, _request: Request) -> None:
        self._asking -= 1

    def _fell(self, falling: Falling) -> None:
        self.fallen.append(falling)

    def _listen(self, page: Page) -> None:
        def count(_frame: Frame) -> None:
            self.pages_shown += 1

        self.pages_shown += 1
        page.on("framenavigated", count)
        page.on("download", self._fell)


def standing_otherwise(fields: Iterable[acting.Field]) -> list[acting.Field]:
    """Give the fields of the page that is shown which hold something else than what was put into them."""
    return [field for field, text in acting.standing(fields) if bare(text) != bare(field.wanted)]


def says(shown: str, text: str) -> bool:
    """Tell whether a page says a text: 10件 does not say 0件."""
    wanted = bare(text)
    before = r"(?<!\d)" if wanted[:1].isdigit() else ""
    after = r"(?!\d)" if wanted[-1:].isdigit() else ""
    return re.search(f"{before}{re.escape(wanted)}{after}", bare(shown)) is not None


def bare(text: str) -> str:
    """A value without what pages change of their own: widths, blanks, commas between thousands."""
    return re.sub(r"[\s,¥]", "", unicodedata.normalize("NFKC", text))
