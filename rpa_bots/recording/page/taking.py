"""How is something taken off a page? Read where it stands still, page after page, or caught as a file that falls."""

from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from time import monotonic
from typing import Final

from playwright.sync_api import Download as Falling
from playwright.sync_api import ElementHandle, Error

from rpa_bots.file_kinds import Fallen, kind_of
from rpa_bots.recording.page.doing import Doing, press
from rpa_bots.recording.page.endings import Ending, StoppedError
from rpa_bots.recording.page.finding import Found
from rpa_bots.recording.page.taken import (
    PAGES_AT_MOST,
    ROWS_AT_MOST,
    Seen,
    Sheet,
    is_not_read,
    sheet_of,
    stands,
    text_of,
)
from rpa_bots.recording.page.visit import Visit
from rpa_bots.recording.tape.binding import written
from rpa_bots.recording.tape.marks import Download, Reading
from rpa_bots.recording.tape.steps import Click, WaitForElement
from rpa_bots.recording.tape.turns import Turn

STILL_SECONDS: Final = 1.0
"""How long a page may take to say the same twice."""
MORE_PAGES_SECONDS: Final = 1.0
"""How long a way to a further page may take to appear."""
BYTES_AT_MOST: Final = 50_000_000
GLANCE_MS: Final = 20
LEADS_ON: Final = """element => {
  const pressed = element.closest("a[href],area[href],button,input,[onclick],[role=button],[role=link]");
  return !!pressed && pressed.checkVisibility({ visibilityProperty: true }) && !pressed.matches(":disabled") &&
    pressed.getAttribute("aria-disabled") !== "true";
}"""
"""Whether a way to the next page can still be pressed: on the last page old systems leave its words, or grey it out."""
UNFINISHED: Final = "*.crdownload"


@cache
def script() -> str:
    """Load what reads on the page; this function will give it as one JavaScript function."""
    return files("rpa_bots.recording.page").joinpath("taking.js").read_text(encoding="utf-8").strip().rstrip(";")


class Taking:
    """Takes what one visit is to take. What is not proven to be the record's own is never taken."""

    def __init__(self, visit: Visit, doing: Doing) -> None:
        self._visit = visit
        self._doing = doing
        self._table: tuple[Turn, Sheet] | None = None
        """The table that was read last, as it stood there."""

    def read(self, turn: Turn, reading: Reading) -> None:
        """Read what stands at a step. Raises StoppedError."""
        self.must_be_as_recorded()
        seen = self._look(turn, table=reading.kind == "table")
        self.must_be_as_recorded()
        if reading.kind == "text":
            self._visit.readings[reading.name] = text_of(seen, reading, written(reading.key, turn.row))
            return
        sheet = sheet_of(seen, reading, written(reading.key, turn.row))
        self._visit.readings[reading.name] = list(sheet.rows)
        self._table = turn, sheet

    def turn_pages(self, turn: Turn) -> None:
        """Read on as long as there is a further page. Raises StoppedError for pages without an end."""
        if self._table is None or not isinstance(turn.step, Click):
            raise StoppedError(Ending.FAILED, "表を読み取る前に、次の頁へ進めません")
        first, before = self._table
        reading = first.marked.reading
        step = turn.step.model_copy(update={"asserted_events": ()})
        for _page in range(PAGES_AT_MOST):
            found = self._onward(step)
            if found is None:
                return
            self._doing.must_only_look(found)
            page = found.frame.page
            self._doing.acted(page, step, partial(press, step, found, self._visit.plan.ms(step)), MORE_PAGES_SECONDS)
            if reading is None:
                return
            after = sheet_of(self._look(first, table=True), reading, written(reading.key, first.row))
            if after.raw == before.raw:
                raise StoppedError(Ending.FAILED, f"「{reading.name}」の次の頁へ進んでも、同じ内容が出ます")
            before = after
            self._add(reading, after)
        raise StoppedError(Ending.FAILED, f"「{reading and reading.name}」の頁が多すぎます({PAGES_AT_MOST}頁まで)")

    def receive(self, turn: Turn, download: Download) -> None:
        """Press, and keep the file that falls. Raises StoppedError where none does, or another than is meant."""
        if not isinstance(turn.step, Click):
            raise StoppedError(Ending.FAILED, "ファイルを受け取る手順は、押す手順だけです")
        visit, step = self._visit, turn.step.model_copy(update={"asserted_events": ()})
        found = self._doing.found(turn.step)
        self.must_be_as_recorded()
        beside = Seen.model_validate(found.element.evaluate(script(), {"table": False, "rowsAtMost": 0})).beside
        if not stands(written(download.key, turn.row), beside):
            raise StoppedError(
                Ending.FAILED, "この記録のものだと確かめられる値が画面にないため、ファイルを受け取りませんでした"
            )
        self._doing.must_only_look(found)
        if visit.plan.looks is None and (visit.plan.submit is None or visit.place in visit.plan.perhaps):
            visit.may_have_registered = True  # what falls tells nothing of what was sent for it
        already = len(visit.fallen)
        visit.carrier.lets_files_fall = True
        try:
            self._doing.acted(found.frame.page, step, lambda: press(step, found, visit.plan.ms(step)))
            falling = self._fallen(already, download)
        finally:
            visit.carrier.lets_files_fall = False
        visit.files.append(_kept(falling, download))
        if download.proves:
            visit.is_proven()

    def must_be_as_recorded(self) -> None:
        """What was found another way than recorded may have been another field: nothing is read behind it."""
        if self._visit.proposed and not self._visit.registering:
            raise StoppedError(
                Ending.FAILED, "画面が録画のときと違うため、読み取りの前で止めました。提案を確かめてください"
            )

    def must_have_read(self) -> None:
        """Raise StoppedError where something that was to be read is empty: that is never a success."""
        for each in self._visit.plan.steps:
            reading = each.reading
            if reading is None or reading.may_be_empty or reading.name not in self._visit.readings:
                continue
            if is_not_read(self._visit.readings[reading.name]):
                raise StoppedError(Ending.FAILED, f"「{reading.name}」に、読み取れる値がありません")

    def _add(self, reading: Reading, sheet: Sheet) -> None:
        rows = [*self._visit.readings[reading.name], *sheet.rows]
        if len(rows) > ROWS_AT_MOST:
            raise StoppedError(Ending.FAILED, f"「{reading.name}」の行が多すぎます({ROWS_AT_MOST:,}行まで)")
        self._visit.readings[reading.name] = [row for row in rows if not isinstance(row, str)]

    def _look(self, turn: Turn, *, table: bool) -> Seen:
        """Read until the page says the same twice: scripts may still be writing. Raises StoppedError."""
        step = turn.step
        if not isinstance(step, Click | WaitForElement):
            raise StoppedError(Ending.FAILED, "読み取る所を指す手順ではありません")
        self._doing.found(step)
        self._visit.let_it_finish()
        element, until = self._doing.found(step).element, monotonic() + STILL_SECONDS
        seen = _seen(element, table=table)
        while monotonic() < until:
            self._visit.pause(GLANCE_MS)
            before, seen = seen, _seen(element, table=table)
            if (seen.shown, seen.rows) == (before.shown, before.rows):
                return seen
        raise StoppedError(Ending.FAILED, "画面の値が変わり続けているため、読み取りませんでした")

    def _onward(self, step: Click) -> Found | None:
        """Find the way to the next page; None where there is none, or it cannot be pressed any more."""
        visit = self._visit
        until = monotonic() + MORE_PAGES_SECONDS
        while True:
            found = visit.finder.now(step, visit.plan.ms(step))
            if found is not None:
                return found if found.element.evaluate(LEADS_ON) else None
            if monotonic() > until:
                return None
            visit.pause(GLANCE_MS)

    def _fallen(self, already: int, download: Download) -> Falling:
        """Wait until a file has fallen whole. Raises StoppedError; one that is too large is cut off on its way."""
        visit, until = self._visit, monotonic() + self._visit.plan.answer_seconds
        while len(visit.fallen) == already or self._is_falling():
            if self._size() > BYTES_AT_MOST:
                visit.fallen[-1].cancel()
                raise StoppedError(Ending.FAILED, f"「{download.name}」のファイルが大きすぎます(50MBまで)")
            if monotonic() > until:
                raise StoppedError(Ending.FAILED, f"「{download.name}」のファイルが届きません")
            visit.check_dialogs()
            visit.pause(GLANCE_MS)
        if len(visit.fallen) > already + 1:
            raise StoppedError(Ending.FAILED, f"「{download.name}」を押すと、ファイルが2つ以上届きました")
        return visit.fallen[-1]

    def _is_falling(self) -> bool:
        return any(self._visit.plan.downloads.glob(UNFINISHED))

    def _size(self) -> int:
        sizes = [0]
        for each in self._visit.plan.downloads.glob(UNFINISHED):
            try:
                sizes.append(each.stat().st_size)
            except FileNotFoundError:
                continue  # it has just been finished
        return max(sizes) if self._visit.fallen else 0


def _seen(element: ElementHandle, *, table: bool) -> Seen:
    return Seen.model_validate(element.evaluate(script(), {"table": table, "rowsAtMost": ROWS_AT_MOST + 1}))


def _kept(falling: Falling, download: Download) -> Fallen:
    """Check a file by its content. The name that the system gave it is never looked at."""
    try:
        path = falling.path()
        if path.stat().st_size > BYTES_AT_MOST:
            raise StoppedError(Ending.FAILED, f"「{download.name}」のファイルが大きすぎます(50MBまで)")
        content = path.read_bytes()
        falling.delete()
    except Error:
        raise StoppedError(Ending.FAILED, f"「{download.name}」のファイルが途中で切れました") from None
    kind = kind_of(content)
    if not kind or (download.kinds and kind not in download.kinds):
        wanted = "、".join(each.upper() for each in download.kinds) or "PDF、CSV、Excel"
        raise StoppedError(Ending.FAILED, f"「{download.name}」に届いたものは、{wanted}のファイルではありません")
    return Fallen(download.name, kind, content, sha256(content).hexdigest())
