"""What does a library's system do at its end of the link? A simulator with a ledger of its own, to run and copy from.

    python docs/examples/portal_client.py key library-key.pem
    python docs/examples/library_simulator.py --gateway http://127.0.0.1:8601 --client gijo-… --key library-key.pem \
        --ledger library.db --once

It looks for people who asked for a card, fetches what the agreement allows, makes a card, hands its number back, and
deletes what it is asked to delete. It never learns who somebody is by any other way than the request's reference.
Killed at any moment it goes on where it stopped: a card is in the ledger before its number is handed back.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey
from portal_client import Gateway, RefusedError

PURPOSE = "issue_card"
ATTRIBUTES = ("full_name", "city_resident", "age_over_18")
NW7 = "0123456789-$:/.+ABCD"
"""Each character is worth its place; all of a number, its check among them, come to a multiple of 16."""
TABLES = """
CREATE TABLE IF NOT EXISTS card (request TEXT PRIMARY KEY, number TEXT UNIQUE, holder TEXT, handed INTEGER);
CREATE TABLE IF NOT EXISTS last_number (number INTEGER);
"""
NOBODY, SHUT, TOO_OFTEN = 404, 403, 429


@dataclass
class Done:
    """What one round came to."""

    cards: int = 0
    refused: int = 0
    deleted: int = 0


@dataclass
class Library:
    """The library's system: its way to the gateway, and its ledger."""

    gateway: Gateway
    ledger: sqlite3.Connection
    link: str = "library-card"
    not_before: dict[str, float] = field(default_factory=dict)
    """By request: until then the gateway said to wait."""

    def __post_init__(self) -> None:
        self.ledger.executescript(TABLES)

    def serve(self) -> Done:
        """Go once over all that waits."""
        done = Done()
        for waiting in self.gateway.get(f"/links/{self.link}/requests")["requests"]:
            self._make_card(waiting["request"], done)
        for asked in self.gateway.get(f"/links/{self.link}/deletions")["deletions"]:
            self._delete(asked, done)
        return done

    def _make_card(self, request: str, done: Done) -> None:
        """Make one card, or hand back again the number of one that was made before something broke."""
        number = self._number_of(request)
        if number is None and self.gateway.now() < self.not_before.get(request, 0.0):
            return
        if number is None:
            try:
                claims = self._fetch(request)
            except RefusedError as refused:
                if refused.status not in (NOBODY, SHUT, TOO_OFTEN):
                    raise
                self.not_before[request] = self.gateway.now() + refused.retry_after
                done.refused += 1  # nothing to mend here: the person, or the city, decides
                return
            number = self._keep(request, claims)
        body = {"request": request, "card_number": number}
        self.gateway.post(f"/links/{self.link}/answer", body, f"{request}-answer")
        with self.ledger:
            self.ledger.execute("UPDATE card SET handed = 1 WHERE request = ?", (request,))
        done.cards += 1

    def _fetch(self, request: str) -> dict[str, Any]:
        """The key is the same for every try: a try that broke off is not counted twice."""
        body = {"request": request, "purpose": PURPOSE, "attributes": list(ATTRIBUTES)}
        claims: dict[str, Any] = self.gateway.post(f"/links/{self.link}/release", body, f"{request}-release")["claims"]
        return claims

    def _number_of(self, request: str) -> str | None:
        row = self.ledger.execute("SELECT number FROM card WHERE request = ?", (request,)).fetchone()
        return None if row is None else str(row[0])

    def _keep(self, request: str, claims: dict[str, Any]) -> str:
        with self.ledger:
            last = self.ledger.execute("SELECT max(number) FROM last_number").fetchone()[0] or 10_000_000
            self.ledger.execute("INSERT INTO last_number VALUES (?)", (last + 1,))
            number = with_check(f"A{last + 1}B")
            holder = json.dumps(claims, ensure_ascii=False)
            self.ledger.execute("INSERT INTO card VALUES (?, ?, ?, 0)", (request, number, holder))
        return number

    def _delete(self, asked: dict[str, Any], done: Done) -> None:
        with self.ledger:
            for request in asked["requests"]:
                self.ledger.execute("DELETE FROM card WHERE request = ?", (request,))
        self.gateway.post(f"/links/{self.link}/deletions/done", {"deletion": asked["deletion"]}, asked["deletion"])
        done.deleted += 1


def with_check(number: str) -> str:
    """Put the check character of modulus 16 before the stop character."""
    missing = -sum(NW7.index(each) for each in number) % 16
    return number[:-1] + NW7[missing] + number[-1]


def main(words: list[str]) -> int:
    """Serve the link, once or until stopped."""
    parser = argparse.ArgumentParser(description="図書館システムの見本(演習用) / a library's system, simulated")
    for name in ("--gateway", "--client"):
        parser.add_argument(name, required=True)
    for name in ("--key", "--ledger"):
        parser.add_argument(name, required=True, type=Path)
    parser.add_argument("--link", default="library-card")
    parser.add_argument("--every", type=float, default=10.0, help="seconds between two rounds")
    parser.add_argument("--once", action="store_true")
    said = parser.parse_args(words)
    gateway = Gateway(said.gateway.rstrip("/"), said.client, ECKey.import_key(said.key.read_bytes()))
    with closing(sqlite3.connect(said.ledger)) as ledger:
        library = Library(gateway, ledger, said.link)
        while True:
            print(library.serve())
            if said.once:
                return 0
            time.sleep(said.every)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
