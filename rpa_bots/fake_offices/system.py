"""What does such an old system answer to each request? Pages, redirects, a notice as a PDF."""

import hashlib
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from rpa_bots.fake_base.boxes import Kind, stored_values
from rpa_bots.fake_base.ledger import Ledger, Registration, Value
from rpa_bots.fake_base.serving import Answer, Request, cookie_for
from rpa_bots.fake_base.sign_in import Doorkeeper, Entrance
from rpa_bots.fake_offices.looks import screens_of
from rpa_bots.fake_offices.office import OldOffice
from rpa_bots.fake_offices.paper import printed

WRONG: Final = "職員番号またはパスワードが正しくありません。"
LOCKED: Final = "この職員番号は使用停止中です。管理者に連絡してください。"
ENDED: Final = "セッションがタイムアウトしました。再度ログインしてください。"
TWICE: Final = "この受付番号は既に登録されています。"
OUT_OF_STEP: Final = "画面の遷移が正しくありません。メニューからやり直してください。"
NO_PDF: Final = "「{}」はPDFを選んでください。"


class OfficeSystem:
    """One of these systems over its ledger.

    A 受付番号 is refused twice, when it is confirmed and when it is registered. A screen's token goes once.
    """

    def __init__(self, office: OldOffice, ledger: Ledger, door: Doorkeeper, now: Callable[[], datetime]) -> None:
        self.software = f"{office.key.capitalize()}Server/1.0"
        self.cookie = f"{office.key.upper()}SID"
        self._office = office
        self._screens = screens_of(office)
        self.codec = self._screens.codec
        self._ledger = ledger
        self._door = door
        self._now = now
        self._open: dict[str, tuple[str, Mapping[str, Value]]] = {}
        self._lock = threading.Lock()

    def answer(self, request: Request) -> Answer:
        """Answer one request; without a living session every screen is the sign-in form, status 200."""
        if request.path == "/login":
            return self._sign_in(request)
        account = self._door.account_of(request.token)
        if account is None or request.path == "/logout":
            self._door.end(request.token)
            return Answer(self._screens.sign_in("" if request.path in {"/", "/logout"} else ENDED))
        return self._screen(request, account)

    def settle(self) -> None:
        self._ledger.settle()

    def _screen(self, request: Request, account: str) -> Answer:
        drawn: dict[tuple[str, str], Callable[[], Answer]] = {
            ("GET", "/"): lambda: Answer(self._screens.menu()),
            ("GET", "/search"): lambda: Answer(self._screens.search(None, {})),
            ("POST", "/search"): lambda: Answer(self._screens.search(self._found(request.values), request.values)),
            ("GET", "/detail"): lambda: self._of_number(request, lambda row: Answer(self._screens.detail(row))),
            ("GET", "/paper"): lambda: self._of_number(request, self._paper),
        }
        if self._office.registers:
            drawn |= {
                ("GET", "/entry"): lambda: self._asked(request.token, {}, ()),
                ("POST", "/confirm"): lambda: self._confirm(request),
                ("POST", "/register"): lambda: self._register(request, account),
            }
        missing = Answer(self._screens.message("エラー", "ページが見つかりません。"), status=404)
        return drawn.get((request.method, request.path), lambda: missing)()

    def _sign_in(self, request: Request) -> Answer:
        if request.method != "POST":
            return Answer(self._screens.sign_in())
        entrance, token = self._door.sign_in(request.values.get("shokuin", ""), request.values.get("angou", ""))
        if entrance is not Entrance.OPEN:
            return Answer(self._screens.sign_in(LOCKED if entrance is Entrance.LOCKED else WRONG))
        return Answer(status=303, headers={"Location": "/", "Set-Cookie": cookie_for(self, token)})

    def _asked(self, session: str, filled: Mapping[str, str], errors: Sequence[str]) -> Answer:
        return Answer(self._screens.entry(self._begin(session, {}), filled, errors))

    def _confirm(self, request: Request) -> Answer:
        if self._take(request) is None:
            return self._out_of_step()
        values, errors = self._read(request)
        if errors:
            return self._asked(request.token, request.values, errors)
        return Answer(self._screens.confirmation(self._begin(request.token, values), values))

    def _register(self, request: Request, account: str) -> Answer:
        confirmed = self._take(request)
        if confirmed is None:
            return self._out_of_step()
        if not self._screens.one_page:
            return self._store(confirmed, account) if confirmed else self._out_of_step()
        values, errors = self._read(request)
        if not errors:
            return self._store(values, account)
        with self._lock:  # the page is not drawn anew: its token goes on
            self._open[request.token] = (request.values.get("token", ""), {})
        return Answer(self._screens.told(errors), status=422)

    def _store(self, values: Mapping[str, Value], account: str) -> Answer:
        reference = str(values[self._office.reference.key])
        if self._ledger.under(reference):
            return Answer(self._screens.message("重複エラー", TWICE))
        row = self._ledger.register(reference, account, values, self._now())
        return Answer(self._screens.stored(row) if self._screens.one_page else self._screens.completed(row))

    def _read(self, request: Request) -> tuple[dict[str, Value], list[str]]:
        files = {key: hashlib.sha256(content).hexdigest() for key, content in request.files.items()}
        values, errors = stored_values(self._office.fields, {**request.values, **files})
        errors += [
            NO_PDF.format(self._office.labels[each.key])
            for each in self._office.fields
            if each.kind is Kind.FILE and not request.files.get(each.key, b"%PDF-").startswith(b"%PDF-")
        ]
        if not errors and self._ledger.under(str(values[self._office.reference.key])):
            errors.append(TWICE)
        return values, errors

    def _found(self, form: Mapping[str, str]) -> list[Registration]:
        """Find by every box that was filled in; nobody is shown everything."""
        asked = {key: form[key] for key in (self._office.reference.key, *self._office.sought) if form.get(key)}
        return [row for row in self._ledger.rows() if asked.items() <= row.values.items()] if asked else []

    def _of_number(self, request: Request, draw: Callable[[Registration], Answer]) -> Answer:
        row = self._ledger.numbered(request.values.get("bango", ""))
        return draw(row) if row else Answer(self._screens.message("エラー", "データが見つかりません。"))

    def _paper(self, row: Registration) -> Answer:
        if not self._office.notice:
            return Answer(self._screens.message("エラー", "印刷するものがありません。"))
        name = f'attachment; filename="{row.number}.pdf"'
        return Answer(paper=printed(self._office, row), headers={"Content-Disposition": name})

    def _begin(self, session: str, values: Mapping[str, Value]) -> str:
        token = secrets.token_hex(8)
        with self._lock:
            self._open[session] = (token, values)
        return token

    def _take(self, request: Request) -> Mapping[str, Value] | None:
        """Use up the token of the session's newest screen; None for any other."""
        with self._lock:
            token, values = self._open.get(request.token, ("", {}))
            if not token or token != request.values.get("token"):
                return None
            del self._open[request.token]
            return values

    def _out_of_step(self) -> Answer:
        return Answer(self._screens.message("画面遷移エラー", OUT_OF_STEP))
