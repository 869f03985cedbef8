"""What do the pages of one run show: what those who decide see of it, and how it fares?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from backoffice.audiences.guest_models import Trial
from backoffice.audiences.models import NoticeRun
from backoffice.web import Page
from backoffice.web.chips import Chip
from backoffice.web.lists import Paging, Tab


@dataclass(frozen=True)
class Cell:
    """One line of a table of people, and of its bars. `value` draws the bar: 0 where the number is not told."""

    label: str
    said: str
    value: int
    planned: bool = False


@dataclass(frozen=True)
class CellTable:
    title: str
    rows: Sequence[Cell]

    @property
    def drawn(self) -> Sequence[Cell]:
        """The lines whose numbers are told: bars are drawn of those alone."""
        return [row for row in self.rows if row.value]


@dataclass(frozen=True)
class Decision:
    """What can be done with a run here, by whom; buttons ask what the service asks."""

    may_submit: bool
    may_pause: bool
    may_resume: bool
    may_cancel: bool
    sent: str
    """How many were written to already: what cancelling does not take back."""


@dataclass(frozen=True, kw_only=True)
class OneRunPage(Page):
    """What every page of a run has."""

    title_text: str
    run: NoticeRun
    chip: Chip
    tabs: Sequence[Tab]
    may: Decision
    versions: str
    """What is to be known of the program's versions since."""
    same_period: str
    """Which other runs reach the same people for the same period."""


@dataclass(frozen=True)
class SampleShown:
    """One text as people get it; their own pieces are examples."""

    name: str
    tag: str
    kind: str
    share: str
    subject: str
    text: str
    card: "CardShown | None" = None


@dataclass(frozen=True)
class CardShown:
    title: str
    lines: Sequence[str]
    button: str


@dataclass(frozen=True)
class ReasonsShown:
    """Why some people get it: the sentences, the data behind them, how many."""

    share: str
    why: Sequence[str]
    used: Sequence[str]


@dataclass(frozen=True)
class DayShown:
    """What a run does on one day, and how it falls together with what people get anyway."""

    day: date
    sends: str
    second: str
    third: str
    value: int
    """Draws the bar."""
    calls: str
    capacity: str
    is_too_much: bool
    """More calls are to be expected than are answered."""


@dataclass(frozen=True)
class Calendar:
    """The days of a run, as they were counted when it was frozen."""

    days: Sequence[DayShown]
    later: str
    """Whose turn comes after the days that are shown; empty for nobody."""
    too_late: str
    """Whose turn would come only after the last day."""
    in_a_thousand: str
    """What calls are reckoned with; empty where nothing was entered."""
    crowded: Sequence[str]
    """Days on which a ward's desk gets more calls than it answers."""


@dataclass(frozen=True, kw_only=True)
class BasisPage(OneRunPage):
    """What those see who decide whether a run leaves."""

    is_counting: bool
    trouble: str
    facts: Sequence[tuple[str, str]]
    totals: Sequence[tuple[str, str]]
    tables: Sequence[CellTable]
    before: Sequence[tuple[str, str]]
    samples: Sequence[SampleShown]
    reasons: Sequence[ReasonsShown]
    calendar: Calendar
    cost: Sequence[tuple[str, str]]
    may_try: bool
    guests: int
    """Staff who get a trial."""
    trial: Trial | None
    """The last one."""


@dataclass(frozen=True)
class Standing:
    """One state of recipients, and how many are in it."""

    name: str
    said: str


@dataclass(frozen=True, kw_only=True)
class WatchPage(OneRunPage):
    """How the sending fares, or fared."""

    is_moving: bool
    rest: str
    states: Sequence[Standing]
    reasons: Sequence[CellTable]
    done: int
    total: int
    rate: int | None
    """People a minute over the last ten."""
    ends_at: datetime | None
    open_ends: Sequence[tuple[str, str, str]]
    """Lists for a person: name, address, how many."""


@dataclass(frozen=True)
class OpenEnd:
    """A message of which a person is to say what became of it, or why it could not be sent."""

    recipient_id: int
    reference: str
    """What a mail carries, and the help desk finds its reader by."""
    channel: str
    why: str
    code: str
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class OpenEndsPage(OneRunPage):
    state: str
    kinds: Sequence[Tab]
    rows: Sequence[OpenEnd]
    paging: Paging
    may_settle: bool
    """Who may not sees how many there are, and no references."""
