"""How do requests reach an old system? Plain HTTP/1.1 with keep-alive, Shift_JIS both ways."""

import signal
import socket
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Protocol
from urllib.parse import parse_qsl, urlsplit

# What browsers call Shift_JIS: the standard's label for the code page with NEC and IBM rows.
CODEC: Final = "cp932"
LONGEST_FORM: Final = 100_000


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


class Answering(Protocol):
    """A system that is served: what it calls itself, its cookie (browsers share them between ports), its answers."""

    software: str
    cookie: str

    def answer(self, request: Request) -> Answer: ...

    def settle(self) -> None: ...


def serve(system: Answering, port: int) -> None:
    """Serve until SIGTERM or SIGINT; prints `ready http://127.0.0.1:PORT` once it answers."""
    server = bind(system, port)
    for number in (signal.SIGTERM, signal.SIGINT):
        # shutdown() waits for the serving loop, which is this very thread: so another one says it
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"ready {address(server)}", flush=True)  # noqa: T201 - whoever started it waits for this line
    server.serve_forever()
    server.server_close()
    system.settle()


def bind(system: Answering, port: int) -> ThreadingHTTPServer:
    """Bind the system to a port of the loopback interface (0 for any free one), ready for `serve_forever()`."""

    class Handler(_Handler):
        answering = system
        server_version = system.software

    return _Server(("127.0.0.1", port), Handler)


def address(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


def cookie_for(system: Answering, token: str) -> str:
    return f"{system.cookie}={token}; Path=/; HttpOnly"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of browsers that went away; anything else is told as ever."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type] # the library's own stub


class _Handler(BaseHTTPRequestHandler):
    answering: Answering
    protocol_version = "HTTP/1.1"
    sys_version = ""
    disable_nagle_algorithm = True  # a page is one small write; waiting for more would cost 40 ms each

    def do_GET(self) -> None:
        self._send(self.answering.answer(self._request(urlsplit(self.path).query)))

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), LONGEST_FORM)
        self._send(self.answering.answer(self._request(self.rfile.read(length).decode("ascii", "replace"))))

    def log_message(self, *_: object) -> None:
        """Keep quiet: requests hold personal data."""

    def _request(self, encoded: str) -> Request:
        values = dict(parse_qsl(encoded, keep_blank_values=True, encoding=CODEC))
        cookies = SimpleCookie(self.headers.get("Cookie", ""))
        token = cookies[self.answering.cookie].value if self.answering.cookie in cookies else ""
        return Request(self.command, urlsplit(self.path).path, values, token)

    def _send(self, answer: Answer) -> None:
        if answer.cut:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        body = answer.html.encode(CODEC, "xmlcharrefreplace")
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/html; charset=Shift_JIS")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
