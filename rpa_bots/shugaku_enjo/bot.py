"""How is one record keyed without ever losing or doubling it? Search, fill, compare, submit once, read back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TypeVar

from rpa_bots.browser import open_session
from rpa_bots.journal import Journal, Stage, Standing
from rpa_bots.outcomes import (
    Absent,
    AlreadyThere,
    BusinessRefusal,
    Cause,
    Doubled,
    Found,
    Keyed,
    Outcome,
    Reconciled,
    Record,
    TargetTroubleError,
    Unknown,
    Value,
    differences,
)
from rpa_bots.secret import Secret
from rpa_bots.shugaku_enjo.fields import REFERENCE, Boxes, UnfitRecordError, boxes, labels, meant, stored
from rpa_bots.shugaku_enjo.looks import ALLOWED_DIALOGS, Look, receipt_number, refused_with, search_result
from rpa_bots.shugaku_enjo.pages import Screens
from rpa_bots.target import Target

Result = TypeVar("Result")
STEPS: Final = 4
"""Search, open the entry screen, fill it in, register."""
SIGN_INS: Final = 2  # the target locks an account at the third wrong try


class ShugakuEnjoBot:
    """Keys records one after another in one browser session; `pictures=False` leaves the screenshots out.

    Once the target has refused the account twice, this object never tries to sign in again.
    """

    def __init__(
        self, screens: Screens, account: str, password: Secret, clock: Callable[[], float], *, pictures: bool = True
    ) -> None:
        self._screens = screens
        self._account = account
        self._password = password
        self._clock = clock
        self._pictures = pictures
        self._refused = 0

    @property
    def alive(self) -> bool:
        """Tell whether the browser still works; when it does not, open another bot."""
        return self._screens.alive

    def key(self, record: Record, journal: Journal) -> Outcome:
        """Key one record in normal form, and prove it by reading it back.

        Only what the journal raises comes out as an exception; every other end is an `Outcome`.
        """
        started = self._clock()
        try:
            layout = boxes(record)
        except UnfitRecordError as unfit:
            return BusinessRefusal(unfit.reason, unfit.fields)
        try:
            ended = self._signed_in(lambda: self._prepare(record, layout, journal))
            shot = None if ended else self._shot()
        except TargetTroubleError as trouble:
            return trouble.as_failure()
        if ended:
            return ended
        if shot:
            journal.picture(Stage.FILLED, shot)
        journal.submitting()
        return self._submit(record, journal, started)

    def reconcile(self, reference: str, _record: Record | None = None) -> Reconciled:
        """Look one reference up, read-only. Not before `reconcile_not_before(…)`, else a late record is missed."""
        try:
            return self._signed_in(lambda: self._look_up(reference))
        except TargetTroubleError as trouble:
            return trouble.as_failure()

    def _prepare(self, record: Record, layout: Boxes, journal: Journal) -> Outcome | None:
        """Search, open the entry screen and fill it; gives an outcome when there is nothing to submit."""
        there = self._look_up(str(record[REFERENCE]))
        if not isinstance(there, Absent):
            return _already(there, record)
        self._tell(journal, 1)
        self._screens.open_entry()
        self._tell(journal, 2)
        self._screens.fill(layout)
        self._tell(journal, 3, record)
        standing = self._screens.standing()
        wrong = tuple(name for name, value in layout.standing().items() if standing.get(name) != value)
        if wrong or standing.get(REFERENCE) != record[REFERENCE]:
            return BusinessRefusal("入力欄に入りきらない、または入力と異なる値になった項目があります", wrong)
        return None

    def _tell(self, journal: Journal, step: int, entered: Record | None = None) -> None:
        """Say where the record stands: searched for, its screen open, filled in."""
        names = tuple(name for name in entered or () if name != REFERENCE)
        journal.standing(Standing(step, STEPS, names, self._glance))

    def _glance(self) -> bytes | None:
        """A picture for whoever looks on is worth no failure."""
        with suppress(TargetTroubleError):
            return self._screens.picture()
        return None

    def _look_up(self, reference: str) -> Found | Absent | Doubled:
        receipts = search_result(self._screens.search(reference), reference)
        if receipts is None:
            raise TargetTroubleError(Cause.UNKNOWN_SCREEN, "検索結果を読み取れません")
        if not receipts:
            return Absent()
        if len(receipts) > 1:
            return Doubled(receipts)
        return Found(receipts[0], _read(self._screens.open_found(), reference))

    def _submit(self, record: Record, journal: Journal, started: float) -> Outcome:
        """Click once. From here on nothing may be called a failure to retry: what is not proven is unknown."""
        try:
            seen = self._screens.register()
        except TargetTroubleError as trouble:
            return Unknown(trouble.reason)
        if refusal := refused_with(seen):
            return BusinessRefusal(refusal)
        number = receipt_number(seen)
        if number is None:
            return Unknown("登録完了画面を確認できません")
        journal.receipt(number)
        return self._prove(record, journal, number, started)

    def _prove(self, record: Record, journal: Journal, number: str, started: float) -> Outcome:
        try:
            values = _read(self._screens.open_registered(), str(record[REFERENCE]))
            shot = self._shot()
        except TargetTroubleError as trouble:
            return Unknown(trouble.reason, number)
        if shot:
            journal.picture(Stage.READ_BACK, shot)
        if wrong := differences(meant(record), values):
            return BusinessRefusal(f"登録された値が異なります: {labels(wrong)}", wrong, number)
        return Keyed(number, values, self._clock() - started)

    def _shot(self) -> bytes | None:
        return self._screens.picture() if self._pictures else None

    def _signed_in(self, step: Callable[[], Result]) -> Result:
        """Run a step that submits nothing, signing in first or again when the session is lost: at most twice."""
        for _ in range(SIGN_INS):
            try:
                return step()
            except TargetTroubleError as trouble:
                if trouble.cause is not Cause.SESSION_LOST:
                    raise
            self._sign_in()
        return step()

    def _sign_in(self) -> None:
        if self._refused >= SIGN_INS:
            raise TargetTroubleError(Cause.SIGN_IN_REFUSED, "ログインを2回拒否されたため、これ以上試しません")
        try:
            self._screens.sign_in(self._account, self._password)
        except TargetTroubleError as trouble:
            self._refused += trouble.cause is Cause.SIGN_IN_REFUSED
            raise
        self._refused = 0


@contextmanager
def open_bot(
    target: Target,
    password: Secret,
    clock: Callable[[], float],
    *,
    pictures: bool = True,
    executable: Path | None = None,
) -> Iterator[ShugakuEnjoBot]:
    """Open a browser for one target and hand out its bot; use it in the thread that opened it."""
    with open_session(target, ALLOWED_DIALOGS, executable) as session:
        yield ShugakuEnjoBot(Screens(session), target.account, password, clock, pictures=pictures)


def _already(there: Found | Doubled, record: Record) -> Outcome:
    if isinstance(there, Doubled):
        return BusinessRefusal(
            f"同じ受付番号で{len(there.receipts)}件登録されています", (REFERENCE,), there.receipts[0]
        )
    if wrong := differences(meant(record), there.values):
        return BusinessRefusal(f"異なる内容で登録済みです: {labels(wrong)}", wrong, there.receipt)
    return AlreadyThere(there.receipt, there.values)


def _read(seen: Look, reference: str) -> dict[str, Value]:
    cells = seen.cells or {}
    try:
        if cells.get("受付番号") == reference:
            return stored(cells)
    except ValueError:
        raise TargetTroubleError(Cause.UNKNOWN_SCREEN, "照会画面を読み取れません") from None
    raise TargetTroubleError(Cause.UNKNOWN_SCREEN, "照会画面が別の受付番号を示しています")
