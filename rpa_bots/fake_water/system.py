"""What does the old water system answer to each request? Pages, redirects or a cut line."""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from rpa_bots.fake_base.boxes import stored_values
from rpa_bots.fake_base.faults import FaultPlan, Occasions
from rpa_bots.fake_base.ledger import Ledger, Registration
from rpa_bots.fake_base.serving import CUT, SHIFT_JIS, Answer, Request, cookie_for
from rpa_bots.fake_base.sign_in import Doorkeeper, Entrance
from rpa_bots.fake_water import screens
from rpa_bots.fake_water.faults import AT_ENTRY, AT_STEPS, Fault
from rpa_bots.fake_water.fields import FIELDS, truncated
from rpa_bots.fake_water.visits import Stage, Visit, Visits

LETTER: Final = "W"
ENDED: Final = "セッションがタイムアウトしました。再度ログインしてください。"
WRONG: Final = "職員番号またはパスワードが正しくありません。"
LOCKED: Final = "この職員番号は使用停止中です。管理者に連絡してください。"
NOT_COUNTED: Final = frozenset({"/", "/menu", "/notice", "/calendar"})


class WaterSystem:
    """The screens over one ledger, in two settings: with a 受付番号 as unique key, and without any.

    With the key, searching tells of duplicates and so does the confirmation screen. Registering does not look again, as
    so often in old systems: a client that registers twice doubles, and the ledger shows it.
    """

    software = "SuidoServer/1.3"
    cookie = "SUIDOSID"
    codec = SHIFT_JIS

    def __init__(
        self,
        ledger: Ledger,
        door: Doorkeeper,
        plan: FaultPlan[Fault],
        now: Callable[[], datetime],
        *,
        with_reference: bool = True,
        mix: Sequence[Fault] = tuple(Fault),
    ) -> None:
        self._ledger = ledger
        self._door = door
        self._plan = plan
        self._now = now
        self._with_reference = with_reference
        self._mix = mix
        self._occasions = Occasions()
        self._visits = Visits()

    def answer(self, request: Request) -> Answer:
        """Answer one request; without a living session every screen shows the sign-in form, status 200."""
        if request.path == "/login":
            return self._sign_in(request)
        account = self._door.account_of(request.token)
        if account is None or request.path == "/logout":
            return self._ended(request, "" if request.path in {"/", "/logout"} else ENDED)
        fault = None if request.path in NOT_COUNTED else self._plan.named(AT_STEPS, self._occasions.next("step"))
        return self._troubled(request, fault) or self._screen(request, account)

    def settle(self) -> None:
        """Wait until every late commit is stored."""
        self._ledger.settle()

    def _screen(self, request: Request, account: str) -> Answer:
        today = self._now()
        drawn: Mapping[tuple[str, str], Callable[[], Answer]] = {
            ("GET", "/"): lambda: Answer(screens.frames()),
            ("GET", "/menu"): lambda: Answer(screens.menu(account)),
            ("GET", "/notice"): lambda: Answer(screens.page("お知らせ", "<P>本日のお知らせはありません。</P>")),
            ("GET", "/calendar"): lambda: Answer(screens.calendar(today.year, today.month)),
            ("GET", "/entry"): lambda: self._entry(request),
            ("POST", "/confirm"): lambda: self._confirm(request),
            ("POST", "/register"): lambda: self._register(request, account),
            ("GET", "/search"): lambda: self._searched(None, {}),
            ("POST", "/search"): lambda: self._searched(self._found(request.values), request.values),
            ("GET", "/detail"): lambda: self._detail(request),
        }
        missing = Answer(screens.message("エラー", "ページが見つかりません。"), status=404)
        return drawn.get((request.method, request.path), lambda: missing)()

    def _sign_in(self, request: Request) -> Answer:
        if request.method != "POST":
            return Answer(screens.sign_in())
        entrance, token = self._door.sign_in(request.values.get("shokuin", ""), request.values.get("angou", ""))
        if entrance is not Entrance.OPEN:
            return Answer(screens.sign_in(LOCKED if entrance is Entrance.LOCKED else WRONG))
        return Answer(status=303, headers={"Location": "/", "Set-Cookie": cookie_for(self, token)})

    def _ended(self, request: Request, why: str) -> Answer:
        self._door.end(request.token)
        return Answer(screens.sign_in(why))

    def _troubled(self, request: Request, fault: Fault | None) -> Answer | None:
        if fault is Fault.SESSION_DEATH:
            return self._ended(request, ENDED)
        if fault is Fault.MAINTENANCE:
            return Answer(screens.message("メンテナンスのお知らせ", "ただいまシステムの保守作業中です。"))
        return None

    def _entry(self, request: Request) -> Answer:
        number = self._occasions.next("entry")
        fault = self._plan.named(AT_ENTRY, number) or self._plan.seeded(self._mix, number)
        return self._asked(request.token, Visit(Stage.ENTRY, number, fault), {}, ())

    def _asked(self, session: str, visit: Visit, form: Mapping[str, str], errors: Sequence[str]) -> Answer:
        begun = self._visits.begin(session, visit)
        return Answer(screens.entry(begun.token, begun.fault, form, errors, with_reference=self._with_reference))

    def _confirm(self, request: Request) -> Answer:
        visit = self._visits.take(request.token, Stage.ENTRY, request.values.get("token", ""))
        if visit is None or visit.fault is Fault.TOKEN_ERROR:
            return _out_of_step()
        reference = request.values.get("uketsuke", "") if self._with_reference else ""
        values, errors = stored_values(FIELDS, request.values)
        if self._with_reference and not reference:
            errors.insert(0, "「受付番号」を入力してください。")
        if errors:
            return self._asked(request.token, visit, request.values, errors)
        if reference and self._ledger.under(reference):
            return _duplicate()
        # a seeded fault knows no number of its step: odd entries meet it here, even ones at the registration
        halfway = self._troubled(request, visit.fault) if visit.number % 2 else None
        return halfway or self._to_be_confirmed(
            request.token, Visit(Stage.CONFIRMATION, visit.number, visit.fault, reference, values)
        )

    def _to_be_confirmed(self, session: str, visit: Visit) -> Answer:
        begun = self._visits.begin(session, visit)
        alert = screens.ALERT_BEFORE if begun.fault is Fault.ALERT_BEFORE else ""
        return Answer(screens.confirmation(begun.token, begun.reference, begun.values, alert))

    def _register(self, request: Request, account: str) -> Answer:
        visit = self._visits.take(request.token, Stage.CONFIRMATION, request.values.get("token", ""))
        if visit is None:
            return _out_of_step()
        match visit.fault:
            case Fault.DROP_BEFORE:
                return CUT
            case Fault.SERVER_ERROR_BEFORE:
                return _broken()
            case Fault.LATE_COMMIT:
                late = self._plan.late_commit_seconds
                self._ledger.register_later(late, visit.reference, account, visit.values, self._now())
                return CUT
            case Fault.SLOW:
                threading.Event().wait(self._plan.slow_seconds)
        return self._troubled(request, visit.fault) or self._store(visit, account)

    def _store(self, visit: Visit, account: str) -> Answer:
        values = truncated(visit.values) if visit.fault is Fault.TRUNCATION else visit.values
        row = self._ledger.register(visit.reference, account, values, self._now())
        match visit.fault:
            case Fault.DROP_AFTER:
                return CUT
            case Fault.SERVER_ERROR_AFTER:
                return _broken()
            case Fault.DUPLICATE_AFTER:
                return _duplicate()
        return Answer(screens.completed(row, screens.ALERT_AFTER if visit.fault is Fault.ALERT_AFTER else ""))

    def _searched(self, found: Sequence[Registration] | None, form: Mapping[str, str]) -> Answer:
        return Answer(screens.search(found, form, with_reference=self._with_reference))

    def _found(self, form: Mapping[str, str]) -> list[Registration]:
        """Find by every box that was filled in; nobody is shown everything."""
        asked = {key: form[key] for key in ("kana", "suisen") if form.get(key)}
        reference = form.get("uketsuke", "")
        if not asked and not reference:
            return []
        rows = self._ledger.under(reference) if reference else self._ledger.rows()
        return [row for row in rows if asked.items() <= row.values.items()]

    def _detail(self, request: Request) -> Answer:
        row = self._ledger.numbered(request.values.get("seiri", ""))
        return Answer(screens.detail(row) if row else screens.message("エラー", "データが見つかりません。"))


def _broken() -> Answer:
    return Answer(screens.message("500 Internal Server Error", "処理中にエラーが発生しました。(E-9999)"), status=500)


def _duplicate() -> Answer:
    return Answer(screens.message("重複エラー", "この受付は既に登録されています。"))


def _out_of_step() -> Answer:
    return Answer(screens.message("画面遷移エラー", "画面の遷移が正しくありません。メニューからやり直してください。"))
