"""What stands in a file of the stop feed? When it is complete until, then a row a happening; whole or not at all.

    この時点から,2026-11-24T00:00,この時点まで,2026-11-24T12:00
    仮名,異動事由,異動日
    hikari-0815,死亡,2026-11-23

Where the first line says from when on, a feed that never came is noticed. Nothing that is said about a file repeats a
value of it.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from backoffice.services import TOKYO
from forms.my_number import holds_my_number
from forms.widths import plain
from workflows.rules.brought_files import must_hold_no_my_number, names_my_number, read_table
from workflows.rules.cells import is_pseudonym, parse_day

FROM, UNTIL = "この時点から", "この時点まで"
PSEUDONYM, REASON, DAY = "仮名", "異動事由", "異動日"
COLUMNS = [PSEUDONYM, REASON, DAY]
CLOCKS_DIFFER_BY = timedelta(minutes=5)
MOVES_KNOWN_AHEAD = timedelta(days=400)
"""People report a move before they move."""
MOST_ROWS = 100_000


class StopKind(StrEnum):
    DIED = "died"
    MOVED_OUT = "moved_out"
    PROTECTED = "protected"


class Act(StrEnum):
    """What a row does. Two kinds of row end what an earlier one began."""

    HAPPENED = "happened"
    TAKEN_BACK = "taken_back"
    """The register was wrong: it ends what was told for that day."""
    CAME_BACK = "came_back"
    """They moved in again: it ends a move away of that day or before."""


ACTS: Mapping[str, tuple[StopKind, Act]] = {
    "死亡": (StopKind.DIED, Act.HAPPENED),
    "転出": (StopKind.MOVED_OUT, Act.HAPPENED),
    "支援措置": (StopKind.PROTECTED, Act.HAPPENED),
    "死亡取消": (StopKind.DIED, Act.TAKEN_BACK),
    "転出取消": (StopKind.MOVED_OUT, Act.TAKEN_BACK),
    "支援措置取消": (StopKind.PROTECTED, Act.TAKEN_BACK),
    "転入": (StopKind.MOVED_OUT, Act.CAME_BACK),
}


class FeedRefused(StrEnum):
    """Why a file is not taken, beyond what is wrong with any table. Codes are stored: add, never rename."""

    NO_UNTIL = "no_until"
    AHEAD = "ahead"
    COLUMNS = "columns"
    BAD_PSEUDONYM = "bad_pseudonym"
    BAD_REASON = "bad_reason"
    BAD_DAY = "bad_day"
    TOO_LARGE = "too_large"
    HOLDS_MY_NUMBER = "feed_holds_my_number"


class FeedRefusedError(Exception):
    """`place` is the number of a row below the headings, counted from 1."""

    def __init__(self, code: FeedRefused, place: int | str = "") -> None:
        super().__init__(f"{code} {place}".rstrip())
        self.code, self.place = code, str(place)


@dataclass(frozen=True)
class FeedRow:
    pseudonym: str
    kind: StopKind
    act: Act
    on: date


@dataclass(frozen=True)
class Feed:
    covers_from: datetime | None
    covers_until: datetime
    rows: Sequence[FeedRow]


def read_feed(content: bytes, now: datetime) -> Feed:
    """Give what a file tells. Raises FeedRefusedError or FileRefusedError: a 個人番号 anywhere refuses it."""
    first, rest = _split(content)
    covers_from, covers_until = _span(first, now)
    table = _table(rest)
    today = now.astimezone(TOKYO).date()
    return Feed(covers_from, covers_until, [_row(number, cells, today) for number, cells in enumerate(table, 1)])


def _split(content: bytes) -> tuple[Sequence[str], bytes]:
    """Give the cells of the first line, and the table below."""
    first, _end, rest = content.partition(b"\n")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return next(csv.reader([first.decode(encoding).strip()]), []), rest
        except UnicodeDecodeError:
            continue
    raise FeedRefusedError(FeedRefused.NO_UNTIL)


def _span(cells: Sequence[str], now: datetime) -> tuple[datetime | None, datetime]:
    """Read from when and until when a feed tells everything. What lies ahead of us nobody can know."""
    if any(map(names_my_number, cells)):
        raise FeedRefusedError(FeedRefused.HOLDS_MY_NUMBER)
    said = [each for each in map(plain, cells) if each]
    named = dict(zip(said[::2], said[1::2], strict=False))
    if len(said) % 2 or UNTIL not in named or not set(named) <= {FROM, UNTIL}:
        raise FeedRefusedError(FeedRefused.NO_UNTIL)
    begins, ends = _moment(named[FROM]) if FROM in named else None, _moment(named[UNTIL])
    if ends > now + CLOCKS_DIFFER_BY:
        raise FeedRefusedError(FeedRefused.AHEAD)
    if begins is not None and begins > ends:
        raise FeedRefusedError(FeedRefused.NO_UNTIL)
    return begins, ends


def _moment(written: str) -> datetime:
    """Read a moment: in Tokyo where it names no zone."""
    try:
        moment = datetime.fromisoformat(written.replace("/", "-"))
    except ValueError:
        raise FeedRefusedError(FeedRefused.NO_UNTIL) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=TOKYO)


def _table(content: bytes) -> Iterator[Sequence[str]]:
    """Give the rows below the headings; a feed without any is a good one."""
    lines = [line for line in content.splitlines() if line.strip()]
    if len(lines) > MOST_ROWS:
        raise FeedRefusedError(FeedRefused.TOO_LARGE)
    headings = _headings(lines[0]) if lines else []
    if headings != COLUMNS:
        raise FeedRefusedError(FeedRefused.COLUMNS)
    if len(lines) == 1:
        return iter(())
    table = read_table(b"\n".join(lines))
    must_hold_no_my_number(table, PSEUDONYM)
    return ([plain(cell or "") for cell in row] for row in table.rows())


def _headings(line: bytes) -> list[str]:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return [each.strip() for each in next(csv.reader(io.StringIO(line.decode(encoding))))]
        except UnicodeDecodeError:
            continue
    return []


def _row(number: int, cells: Sequence[str], today: date) -> FeedRow:
    pseudonym, reason, day = cells
    if not is_pseudonym(pseudonym) or holds_my_number(pseudonym):
        raise FeedRefusedError(FeedRefused.BAD_PSEUDONYM, number)
    if reason not in ACTS:
        raise FeedRefusedError(FeedRefused.BAD_REASON, number)
    kind, act = ACTS[reason]
    on, latest = parse_day(day), today + (MOVES_KNOWN_AHEAD if kind is StopKind.MOVED_OUT else timedelta(0))
    if on is None or on > latest:
        raise FeedRefusedError(FeedRefused.BAD_DAY, number)
    return FeedRow(pseudonym, kind, act, on)
