"""What does the old system answer to each request? Pages, redirects or a cut line."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from rpa_bots.fake_base.faults import FaultPlan, Occasions
from rpa_bots.fake_base.ledger import Ledger, Value
from rpa_bots.fake_base.serving import CUT, SHIFT_JIS, Answer, Request, cookie_for
from rpa_bots.fake_base.sign_in import Doorkeeper, Entrance
from rpa_bots.fake_legacy import screens
from rpa_bots.fake_legacy.faults import AT_REGISTRATION, Fault
from rpa_bots.fake_legacy.fields import stored_values

LETTER: Final = "E"
ENDED: Final = "セッションが切れました。再度ログインしてください。"
WRONG: Final = "アカウントまたはパスワードが違います。"
LOCKED: Final = "アカウントがロックされています。管理者に連絡してください。"


class LegacySystem:
    """The screens over one ledger.

    Searching tells of duplicates and so does opening the entry screen; registering does not look again, as so often in
    old systems: a client that skips the search doubles, and the ledger shows it.
    """

    software = "GakkoServer/2.1"
    cookie = "SID"
    codec = SHIFT_JIS

    def __init__(self, ledger: Ledger, door: Doorkeeper, plan: FaultPlan[Fault], now: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._door = door
        self._plan = plan
        self._now = now
        self._occasions = Occasions()

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
        self._ledger.settle()

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

    def _sign_in(self, request: Request) -> Answer:
        if request.method != "POST":
            return Answer(screens.sign_in())
        entrance, token = self._door.sign_in(request.values.get("account", ""), request.values.get("password", ""))
        if entrance is not Entrance.OPEN:
            return Answer(screens.sign_in(LOCKED if entrance is Entrance.LOCKED else WRONG))
        if self._plan.strikes(Fault.PASSWORD_EXPIRED, self._occasions.next("sign-in")):
            return Answer(screens.message("パスワード変更", "パスワードの有効期限が切れました。変更してください。"))
        return Answer(status=303, headers={"Location": "/", "Set-Cookie": cookie_for(self, token)})

    def _search(self, request: Request) -> Answer:
        if self._plan.strikes(Fault.MAINTENANCE, self._occasions.next("search")):
            return Answer(screens.message("メンテナンス中", "ただいまメンテナンス中です。しばらくお待ちください。"))
        reference = request.values.get("reference", "")
        return Answer(screens.search(self._ledger.under(reference), reference))

    def _entry(self, request: Request) -> Answer:
        reference = request.values.get("reference", "")
        if self._ledger.under(reference):
            return Answer(screens.message("重複エラー", "この受付番号は既に登録されています。"))
        odd = self._plan.strikes(Fault.ODD_CONFIRM, self._occasions.next("entry"))
        return Answer(screens.entry(reference, {}, (), screens.ODD_CONFIRM if odd else screens.CONFIRM))

    def _register(self, request: Request, account: str) -> Answer:
        reference = request.values.get("reference", "")
        values, errors = stored_values(request.values)
        if not reference:
            errors.append("受付番号がありません。")
        if errors:
            return Answer(screens.entry(reference, request.values, errors, screens.CONFIRM))
        fault = self._plan.one_of(AT_REGISTRATION, self._occasions.next("registration"))
        match fault:
            case Fault.DROP_BEFORE:
                return CUT
            case Fault.ERROR_BEFORE:
                return _broken()
            case Fault.LATE_COMMIT:
                self._ledger.register_later(self._plan.late_commit_seconds, reference, account, values, self._now())
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

    def _detail(self, request: Request) -> Answer:
        row = self._ledger.numbered(request.values.get("number", ""))
        return Answer(screens.detail(row) if row else screens.message("エラー", "データが見つかりません。"))


def _broken() -> Answer:
    return Answer(screens.message("システムエラー", "処理中にエラーが発生しました。(ORA-00604)"))
