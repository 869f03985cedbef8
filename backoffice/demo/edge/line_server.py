"""Who answers the city's calls to LINE in the demonstration? A small HTTP server that plays LINE and its users.

POST /_edge/happening lets an invented resident follow, stop or write; the city hears of it by a signed webhook.
"""

import argparse
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

from backoffice.demo.edge.cli import begin, edge_arguments
from backoffice.demo.edge.faults import Fault
from backoffice.demo.edge.line_account import Account, Said, nothing_wrong
from backoffice.demo.edge.line_rules import Call, Validator
from backoffice.demo.edge.line_webhooks import Happening, tell, webhook

LARGEST = 2 * 1024 * 1024
HAPPENING = "/_edge/happening"
SILENT_SECONDS = 600.0


@dataclass
class Played:
    """LINE's side of the city's account, and where the city listens."""

    account: Account
    webhook_url: str = ""
    secret: str = ""

    def happen(self, body: bytes) -> Said:
        """Let a resident do something, and tell the city. A redelivery names the event id of the first time."""
        held = json.loads(body)
        came_back = held["kind"] == "follow" and held["user"] in self.account.blocked
        one = Happening(
            held["kind"],
            held["user"],
            held.get("event_id") or uuid4().hex[:26].upper(),
            int(held.get("at_milliseconds") or time.time() * 1000),
            bool(held.get("is_redelivery", False)),
            came_back,
            held.get("text", ""),
        )
        if one.kind == "unfollow":
            self.account.blocked.add(one.user)
        elif came_back:
            self.account.blocked.discard(one.user)
        status = tell(self.webhook_url, self.secret, webhook(one)) if self.webhook_url else 0
        return Said(200, {"event_id": one.event_id, "city_answered": status})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, played: Played, port: int) -> None:
        self.played = played
        self.over = threading.Event()
        super().__init__(("127.0.0.1", port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave together
    server: _Server

    def do_POST(self) -> None:
        size = self.headers.get("Content-Length", "")
        if not size.isdecimal() or int(size) > LARGEST:
            self._say(Said(413, {"message": "too large"}))
            return
        body = self.rfile.read(int(size))
        if self.path == HAPPENING:
            self._say(self.server.played.happen(body))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._say(self.server.played.account.answer(Call("POST", self.path, headers, body)))

    def _say(self, said: Said) -> None:
        if said.fault is Fault.SILENT:
            self.server.over.wait(SILENT_SECONDS)
        elif said.fault is Fault.SLOW:
            self.server.over.wait(self.server.played.account.faults.slow_seconds)
        if said.fault in (Fault.SILENT, Fault.GONE, Fault.HANG_UP):
            self.close_connection = True
            return
        body = json.dumps(said.body).encode()
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Say nothing: the ledger says it all."""


@contextmanager
def serving(played: Played) -> Iterator[int]:
    """Serve from threads of this process until the block ends; gives the port."""
    server = _Server(played, 0)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="line")
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.over.set()
        server.shutdown()
        thread.join(10)
        server.server_close()


def main(validator: Validator = nothing_wrong) -> None:
    """Play LINE until the process ends. Tests hand in the official schemas; without, its own few rules hold."""
    parser = argparse.ArgumentParser(prog="python -m backoffice.demo.edge.line_server", description=__doc__)
    parser = edge_arguments(parser)
    parser.add_argument("--token", required=True, help="チャネルアクセストークン / channel access token")
    parser.add_argument("--secret", default="", help="Webhook の署名 / signs webhooks")
    parser.add_argument("--webhook", default="", metavar="URL", help="市が聞くところ / where the city listens")
    parser.add_argument("--users", type=Path, help="知っている利用者、1行に1人。なければ全員 / known users; else all")
    options = parser.parse_args()
    ledger, faults = begin(options)
    account = Account(ledger, options.token, faults, validator, keeps_content=not options.no_content)
    account.remember(options.ledger)
    if options.users:
        account.knows = frozenset(options.users.read_text("utf-8").split()).__contains__
    server = _Server(Played(account, options.webhook, options.secret), options.port)
    print(server.server_address[1], flush=True)  # noqa: T201 -- whoever started it reads the port
    server.serve_forever()


if __name__ == "__main__":
    main()
