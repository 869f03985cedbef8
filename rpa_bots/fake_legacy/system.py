"""What does the old system answer to each request? Pages, redirects or a cut line."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from rpa_bots.fake_legacy import screens
from rpa_bots.fake_legacy.faults import Fault, FaultPlan
from rpa_bots.fake_legacy.fields import Value, stored_values
from rpa_bots.fake_legacy.ledger import Ledger
from rpa_bots.fake_legacy.sign_in import Doorkeeper, Entrance

ENDED: Final = "セッションが切れました。再度ログインしてください。"
WRONG: Final = "アカウントまたはパスワードが違います。"
LOCKED: Final = "アカウントがロックされています。管理者に連絡してください。"


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    values: Mapping[str, str] = field(default_factory=dict)
    token: str = ""


@dataclass(frozen=True)
class Answer:
    """A screen, or with `cut` a connection closed without a word."""

    html: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False


CUT: Final = Answer(cut=True)


class LegacySystem:
    """The screens over one ledger.

    Searching tells of duplicates and so does opening the entry screen; registering does not look again, as so often in
    old systems: a client that skips the search doubles, and the ledger shows it.
    """

    def __init__(self, ledger: Ledger, door: Doorkeeper, plan: FaultPlan, now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._door = door
        self._plan = plan
        self._now = now
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._late: list[threading.Timer] = []

    def answer(self, request: Request) -> Answer:
        """Answer one request; without a living session every screen but sign-in shows the sign-in form, status 200."""
        if request.path == "/login":
            return self._sign_in(request)
        account = self._door.account_of(request.token)
        if account is None or request.path == "/logout":
            self._door.end(request.token)
            return Answer(screens.sign_in("" if request.path in {"/", "/logout"} else ENDED))
        return self._screen(request, account)

    def settle(self) -> None:
        """Wait until every late commit is stored."""
        for timer in self._late:
            timer.join()

    def _screen(self, request: Request, account: str) -> Answer:
        drawn: Mapping[tuple[str, str], Callable[[], Answer]] = {
            ("GET", "/"): lambda: Answer(screens.frames()),
            ("GET", "/menu"): lambda: Answer(screens.menu(account)),
            ("GET", "/search"): lambda: Answer(screens.search()),
            ("POST", "/search"): lambda: self._search(request),
            ("GET", "/entry"): lambda: self._entry(request),
            ("POST", "/register"): lambda: self._register(request, account),
            ("GET", "/detail"): lambda: self._detail(request),
        }
        missing = Answer(screens.message("エラー", "ページが見つかりません。"), status=404)
        return drawn.get((request.method, request.path), lambda: missing)()

    def _occasion(self, name: str) -> int:
        with self._lock:
            self._counts[name] += 1
            return self._counts[name]

    def _sign_in(self, request: Request) -> Answer:
        if request.method != "POST":
            return Answer(screens.sign_in())
        entrance, token = self._door.sign_in(request.values.get("account", ""), request.values.get("password", ""))
        if entrance is not Entrance.OPEN:
            return Answer(screens.sign_in(LOCKED if entrance is Entrance.LOCKED else WRONG))
        if self._plan.strikes(Fault.PASSWORD_EXPIRED, self._occasion("sign-in")):
            return Answer(screens.message("パスワード変更", "パスワードの有効期限が切れました。変更してください。"))
        return Answer(status=303, headers={"Location": "/", "Set-Cookie": f"SID={token}; Path=/; HttpOnly"})

    def _search(self, request: Request) -> Answer:
        if self._plan.strikes(Fault.MAINTENANCE, self._occasion("search")):
            return Answer(screens.message("メンテナンス中", "ただいまメンテナンス中です。しばらくお待ちください。"))
        reference = request.values.get("reference", "")
        return Answer(screens.search(self._ledger.under(reference), reference))

    def _entry(self, request: Request) -> Answer:
        reference = request.values.get("reference", "")
        if self._ledger.under(reference):
            return Answer(screens.message("重複エラー", "この受付番号は既に登録されています。"))
        odd = self._plan.strikes(Fault.ODD_CONFIRM, self._occasion("entry"))
        return Answer(screens.entry(reference, {}, (), screens.ODD_CONFIRM if odd else screens.CONFIRM))

    def _register(self, request: Request, account: str) -> Answer:
        reference = request.values.get("reference", "")
        values, errors = stored_values(request.values)
        if not reference:
            errors.append("受付番号がありません。")
        if errors:
            return Answer(screens.entry(reference, request.values, errors, screens.CONFIRM))
        fault = self._plan.at_registration(self._occasion("registration"))
        match fault:
            case Fault.DROP_BEFORE:
                return CUT
            case Fault.ERROR_BEFORE:
                return _broken()
            case Fault.LATE_COMMIT:
                self._store_later(reference, account, values)
                return CUT
            case Fault.SLOW:
                threading.Event().wait(self._plan.slow_seconds)
        return self._store(reference, account, values, fault)

    def _store(self, reference: str, account: str, values: Mapping[str, Value], fault: Fault | None) -> Answer:
        row = self._ledger.register(reference, account, values, self._now())
        if fault is Fault.DROP_AFTER:
            return CUT
        if fault is Fault.ERROR_AFTER:
            return _broken()
        return Answer(screens.registered(row, screens.ODD_ALERT if fault is Fault.ODD_ALERT else screens.ALERT))

    def _store_later(self, reference: str, account: str, values: Mapping[str, Value]) -> None:
        later = threading.Timer(
            self._plan.late_commit_seconds,
            lambda: self._ledger.register(reference, account, values, self._now()),
        )
        self._late.append(later)
        later.start()

    def _detail(self, request: Request) -> Answer:
        row = self._ledger.numbered(request.values.get("number", ""))
        return Answer(screens.detail(row) if row else screens.message("エラー", "データが見つかりません。"))


def _broken() -> Answer:
    return Answer(screens.message("システムエラー", "処理中にエラーが発生しました。(ORA-00604)"))
