"""An old system of a few pages, in a thread: it keeps what it is sent, and makes the trouble it is told to make."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

FORM = """<form method=post action=/register {form}>
<table><tr><td><label for=n>{name}</label><td><input id=n name=name maxlength=10>
<tr><td><label for=k>{kana}</label><td><input id=k name=kana>
<tr><td>区<td><select name=ward><option value=""><option value=01>東区<option value=02>中央区</select>
</table><button {button}>登録する</button></form>"""
PAGE = "<!doctype html><title>{title}</title><meta charset={charset}>{body}"
TITLE = "転入システム"
RECEIVED = "<p>登録しました。受付番号 000123</p>"
AFTERWARDS = {
    "500": ("", "error", 500),
    "500 after": ("", "error", 500),
    "409": ("", "conflict", 409),
    "twice": ("<p>この氏名はすでに登録されています</p>", TITLE, 200),
    "error page": ("<p>システムエラーが発生しました</p>", TITLE, 200),
    "error page after": ("<p>システムエラーが発生しました</p>", TITLE, 200),
    "says nothing": ("<p>メインの画面です</p>", TITLE, 200),
    "cut short": ("<p>登録しました</p><table><tr><td>氏名<td>{cut}</table>", "登録完了", 200),
}
"""By trouble: what the page says after registering, its title, and its status."""


@dataclass
class OldPages:
    """`trouble`: what happens at registering; `labels`, `form`, `button`: how the entry page is written."""

    port: int = 0
    trouble: str = ""
    labels: dict[str, str] = field(default_factory=lambda: {"name": "氏名", "kana": "フリガナ"})
    form: str = ""
    button: str = ""
    charset: str = "utf-8"
    extra: str = ""
    stored: list[dict[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    reached: int = 0
    """How many connections were opened, whatever came through them."""
    pages: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def entry(self, note: str = "", **values: str) -> str:
        shown = FORM.format(**self.labels, form=self.form, button=self.button)
        for name, value in values.items():
            shown = shown.replace(f"name={name}", f'name={name} value="{value}"')
        return PAGE.format(title=TITLE, charset=self.charset, body=note + shown + self.extra)

    def done(self, note: str = RECEIVED, title: str = "登録完了") -> str:
        return PAGE.format(title=title, charset=self.charset, body=note + "<a href=/entry>続けて入力</a>")


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    old: OldPages

    def setup(self) -> None:
        self.old.reached += 1
        super().setup()

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.old.asked.append(self.path)
        if path in self.old.pages:
            self._answer(self.old.pages[path])
        elif path == "/entry":
            self._answer(self.old.entry())
        elif path == "/done":
            self._answer(self.old.done())
        else:
            self._answer("<title>404</title>", 404)

    def do_POST(self) -> None:
        self.old.asked.append(self.path)
        sent = self.rfile.read(int(self.headers["content-length"])).decode()
        given = {name: values[0] for name, values in parse_qs(sent, encoding=self.old.charset).items()}
        if self.path == "/sign-in":
            self._answer(self.old.pages["/sign-in"] if self.old.trouble == "wrong password" else self.old.entry())
            return
        self._register(given)

    def _register(self, given: dict[str, str]) -> None:
        trouble = self.old.trouble
        if trouble not in {"cut before", "500", "form back", "twice", "error page", "409"}:
            self.old.stored.append(given)
        if trouble.startswith("cut ") and trouble != "cut short":
            self.close_connection = True
            self.connection.close()
        elif trouble == "form back":
            self._answer(self.old.entry("<p>フリガナを直してください</p>", **given))
        elif trouble == "redirect":
            self._answer("", 303, location="/done")
        else:
            said, title, status = AFTERWARDS.get(trouble, (RECEIVED, "登録完了", 200))
            self._answer(self.old.done(said.format(cut=given["name"][:3]), title), status)

    def _answer(self, page: str, status: int = 200, location: str = "") -> None:
        body = page.encode(self.old.charset)
        self.send_response(status)
        self.send_header("Content-Type", f"text/html; charset={self.old.charset}")
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """A test's output is its own."""


@contextmanager
def answering(old: OldPages) -> Iterator[OldPages]:
    with served(type("Answering", (_Answering,), {"old": old})) as old.port:
        yield old


@contextmanager
def served(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    """Answer on a free port of the loopback interface, in a thread; gives the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
