"""An old system in which people are looked up: tables in pages, files that fall, a form that takes a file."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from tests.rpa_bots.recording.old_pages import served

NOBODY = "該当する方はいません"
HEADINGS = ("番号", "氏名", "支給月", "金額")
Row = Sequence[str]
SEARCH = """<title>照会</title><form method=post action=/find><table><tr><td><label for=n>番号</label>
<td><input id=n name=number maxlength={width}></table><button>{button}</button></form>{note}"""
ATTACH = """<title>添付</title><form method=post action=/attach enctype=multipart/form-data>
<label>件名<input name=subject></label><label>資料<input type=file name=paper></label>
<button>登録する</button></form>"""


@dataclass
class OldSearch:
    """`people`: rows by number; `headings`: as the table has them; `a_page`: rows a page.

    `files`: by path, the kind that the server says, and the content (None: two gigabytes).
    """

    port: int = 0
    people: dict[str, list[Row]] = field(default_factory=dict)
    headings: Sequence[str] = HEADINGS
    a_page: int = 100
    endless: bool = False
    answers_for: str = ""
    """Whoever is asked for, this person is shown."""
    width: int = 20
    button: str = "検索"
    note: str = ""
    files: dict[str, tuple[str, bytes | None]] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    """Other pages, by path."""
    asked: list[str] = field(default_factory=list)
    stored: list[bytes] = field(default_factory=list)
    cut: bool = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def result(self, number: str, page: int = 0) -> str:
        rows = self.people.get(self.answers_for or number)
        if rows is None:
            return f"<title>結果</title><p>{NOBODY}</p>"
        shown = rows if self.endless else rows[page * self.a_page : (page + 1) * self.a_page]
        further = self.endless or len(rows) > (page + 1) * self.a_page
        onward = f"<a href='/page?number={number}&page={page + 1}'>次の頁</a>" if further else "<span>次の頁</span>"
        order = [HEADINGS.index(each) if each in HEADINGS else 3 for each in self.headings]
        lines = "".join("<tr>" + "".join(f"<td>{row[place]}" for place in order) for row in shown)
        head = "".join(f"<th>{each}" for each in self.headings)
        links = "".join(f"<a href='{path}'>{path.rpartition('/')[2].partition('?')[0]}</a> " for path in self.files)
        name = rows[0][1] if rows else ""
        return (
            f"<title>結果</title><p>氏名: <b id=name>{name}</b></p><p>番号: {self.answers_for or number}</p>"
            f"<table id=t><tr>{head}{lines}</table>{onward} {links}"
        )


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    old: OldSearch

    def do_GET(self) -> None:
        old, asked = self.old, urlsplit(self.path)
        old.asked.append(self.path)
        if self.path in old.files:
            self._fall(*old.files[self.path])
        elif asked.path == "/page":
            given = parse_qs(asked.query)
            self._answer(old.result(given["number"][0], int(given["page"][0])))
        elif asked.path == "/attach":
            self._answer(ATTACH)
        elif asked.path.startswith("/slow"):
            time.sleep(int(asked.path.removeprefix("/slow")) / 1000)
            self._answer("")
        elif asked.path in old.pages:
            self._answer(old.pages[asked.path])
        else:
            self._answer(SEARCH.format(width=old.width, button=old.button, note=old.note))

    def do_POST(self) -> None:
        self.old.asked.append(self.path)
        sent = self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/find" and "/found" in self.old.pages:
            self._answer(self.old.pages["/found"])
        elif self.path == "/find":
            self._answer(self.old.result(parse_qs(sent.decode()).get("number", [""])[0]))
        elif self.old.cut:
            self.old.stored.append(sent)
            self.close_connection = True
            self.connection.close()
        else:
            self.old.stored.append(sent)
            self._answer("<title>登録完了</title><p>登録しました。受付番号 000123</p>")

    def _fall(self, kind: str, content: bytes | None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Disposition", 'attachment; filename="../../../etc/passwd.pdf"')
        self.send_header("Content-Length", str(len(content) if content is not None else 2 << 30))
        self.end_headers()
        with suppress(OSError):
            for _ in range(2_048 if content is None else 1):
                self.wfile.write(b"x" * (1 << 20) if content is None else content)

    def _answer(self, page: str) -> None:
        body = f"<!doctype html><meta charset=utf-8>{page}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """A test's output is its own."""


@contextmanager
def searching(old: OldSearch) -> Iterator[OldSearch]:
    with served(type("Answering", (_Answering,), {"old": old})) as old.port:
        yield old
