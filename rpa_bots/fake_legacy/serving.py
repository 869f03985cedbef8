"""How do requests reach the old system? Plain HTTP/1.1 with keep-alive, Shift_JIS both ways."""

import socket
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from rpa_bots.fake_legacy.system import Answer, LegacySystem, Request

# What browsers call Shift_JIS: the standard's label for the code page with NEC and IBM rows.
CODEC: Final = "cp932"
LONGEST_FORM: Final = 100_000


def bind(system: LegacySystem, port: int) -> ThreadingHTTPServer:
    """Bind the system to a port of the loopback interface (0 for any free one), ready for `serve_forever()`."""

    class Handler(_Handler):
        answering = system

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    return server


def address(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    answering: LegacySystem
    protocol_version = "HTTP/1.1"
    server_version = "GakkoServer/2.1"
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
        cookie = SimpleCookie(self.headers.get("Cookie", ""))
        token = cookie["SID"].value if "SID" in cookie else ""
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
