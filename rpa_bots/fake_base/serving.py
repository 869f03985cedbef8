"""How do requests reach an old system? Plain HTTP/1.1 with keep-alive, in its own letters both ways."""

import signal
import socket
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final, Protocol
from urllib.parse import parse_qsl, urlsplit

SHIFT_JIS: Final = "cp932"
"""What browsers call Shift_JIS: the standard's label for the code page with NEC and IBM rows."""
UTF_8: Final = "utf-8"
NOTHING: Final[Mapping[str, bytes]] = {}
CHARSETS: Final[Mapping[str, str]] = {SHIFT_JIS: "Shift_JIS", UTF_8: "UTF-8"}
LONGEST_FORM: Final = 8_000_000


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    values: Mapping[str, str] = field(default_factory=dict)
    token: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """A screen, a `paper` to be kept as a file, or with `cut` a connection closed without a word."""

    html: str = ""
    paper: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False


CUT: Final = Answer(cut=True)


class Answering(Protocol):
    """A system that is served: what it calls itself, its cookie (browsers share them between ports), its answers."""

    software: str
    cookie: str
    codec: str

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
        self._send(self.answering.answer(self._request(self._values(urlsplit(self.path).query))))

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), LONGEST_FORM)
        body = self.rfile.read(length)
        kind = self.headers.get("Content-Type", "")
        if kind.startswith("multipart/"):
            values, files = _parts(kind, body)
        else:
            values, files = self._values(body.decode("ascii", "replace")), {}
        self._send(self.answering.answer(self._request(values, files)))

    def log_message(self, *_: object) -> None:
        """Keep quiet: requests hold personal data."""

    def _values(self, encoded: str) -> dict[str, str]:
        return dict(parse_qsl(encoded, keep_blank_values=True, encoding=self.answering.codec))

    def _request(self, values: Mapping[str, str], files: Mapping[str, bytes] = NOTHING) -> Request:
        cookies = SimpleCookie(self.headers.get("Cookie", ""))
        token = cookies[self.answering.cookie].value if self.answering.cookie in cookies else ""
        return Request(self.command, urlsplit(self.path).path, values, token, files)

    def _send(self, answer: Answer) -> None:
        if answer.cut:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        body = answer.paper or answer.html.encode(self.answering.codec, "xmlcharrefreplace")
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        html = f"text/html; charset={CHARSETS[self.answering.codec]}"
        self.send_header("Content-Type", "application/pdf" if answer.paper else html)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _parts(kind: str, body: bytes) -> tuple[dict[str, str], dict[str, bytes]]:
    """Read a form with files, in UTF-8; a box for a file that nobody chose holds none."""
    sent = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind.encode("ascii", "replace") + b"\r\n\r\n" + body)
    values: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for part in sent.iter_parts():
        name = str(part.get_param("name", "", "content-disposition"))
        content = part.get_payload(decode=True)
        content = content if isinstance(content, bytes) else b""
        if part.get_filename() is None:
            values[name] = content.decode("utf-8", "replace")
        elif content:
            files[name] = content
    return values, files
