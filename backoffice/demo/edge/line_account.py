"""What does LINE do with the city's calls? It keeps retry keys for a day, knows who blocked it, and delivers.

What was accepted before this process began is read from the ledger, so that a key stays a key.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import uuid4

from backoffice.demo.edge.faults import Fault, Faults
from backoffice.demo.edge.ledger import Entry, Ledger, entries
from backoffice.demo.edge.line_rules import Call, Validator, wrong_with

KEPT_SECONDS = 24 * 60 * 60
MULTICAST, VALIDATE = "/v2/bot/message/multicast", "/v2/bot/message/validate/multicast"
COMPLAINT = "complaint"


@dataclass(frozen=True)
class Said:
    """An answer, and what becomes of it on its way."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    fault: Fault | None = None


BROKEN = Said(500, {"message": "Internal server error"})
BEFORE_IT_IS_TAKEN = {
    Fault.NOT_NOW: Said(429, {"message": "You have reached the rate limit"}, {"Retry-After": "1"}),
    Fault.NO: BROKEN,
    Fault.HANG_UP: Said(0, fault=Fault.HANG_UP),
}


@dataclass(frozen=True)
class _Accepted:
    number: str
    at: float
    seen: str
    """What the call was, so that a retry that changed is found."""


def nothing_wrong(_call: Call) -> str:
    return ""


def everybody(_user: str) -> bool:
    return True


@dataclass
class Account:
    """The city's account, as LINE sees it. A call that breaks the rules is noted in the ledger as a complaint."""

    ledger: Ledger
    token: str
    faults: Faults = field(default_factory=Faults)
    validator: Validator = nothing_wrong
    knows: Callable[[str], bool] = everybody
    keeps_content: bool = True
    now: Callable[[], float] = time.time
    blocked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._accepted: dict[str, _Accepted] = {}
        self._lock = Lock()

    def remember(self, file: Path) -> None:
        """Take up what the ledger says of earlier calls."""
        for entry in entries(file):
            if entry.channel == "line" and entry.key:
                self._accepted[entry.key] = _Accepted(entry.number, entry.at, "")

    def answer(self, call: Call) -> Said:
        """Do what a call asks, and say what LINE would say."""
        if call.headers.get("authorization") != f"Bearer {self.token}":
            return Said(401, {"message": "Authentication failed."})
        if call.method != "POST" or call.path not in (MULTICAST, VALIDATE):
            return self._complain(404, "Not found")
        try:
            body = json.loads(call.body)
        except ValueError:
            return self._complain(400, "The request body could not be parsed as JSON")
        if wrong := self.validator(call) or wrong_with(call, body):
            return self._complain(400, wrong)
        return Said(200) if call.path == VALIDATE else self._multicast(call, body)

    def _multicast(self, call: Call, body: dict[str, Any]) -> Said:
        fault = self.faults.draw()
        if fault in BEFORE_IT_IS_TAKEN:
            return BEFORE_IT_IS_TAKEN[fault]
        key, number = call.headers.get("x-line-retry-key", ""), str(uuid4())
        with self._lock:
            if before := self._accepted_before(key, call.body):
                accepted = {"X-Line-Accepted-Request-Id": before.number, "X-Line-Request-Id": number}
                return Said(409, {"message": "The retry key is already accepted"}, accepted, _late(fault))
            if not all(self.knows(one) for one in body["to"]):
                return Said(400, {"message": "The property, 'to', in the request body is invalid"})
            self._deliver(key, number, call.body, body)
        if fault is Fault.TAKEN_5XX:
            return BROKEN
        return Said(200, {}, {"X-Line-Request-Id": number}, fault)

    def _accepted_before(self, key: str, raw: bytes) -> _Accepted | None:
        before = self._accepted.get(key) if key else None
        if before is None or before.at + KEPT_SECONDS < self.now():
            return None
        if before.seen not in ("", sha256(raw).hexdigest()):
            self._complain(409, "a retry that is not the same call")
        return before

    def _deliver(self, key: str, number: str, raw: bytes, body: dict[str, Any]) -> None:
        """Whoever blocked the account gets nothing, and LINE says nothing of it."""
        reached = tuple(one for one in body["to"] if one not in self.blocked)
        content = body["messages"] if self.keeps_content else None
        self.ledger.note(Entry("line", reached, number, self.now(), key, content=content))
        if key:
            self._accepted[key] = _Accepted(number, self.now(), sha256(raw).hexdigest())

    def _complain(self, status: int, wrong: str) -> Said:
        self.ledger.note(Entry(COMPLAINT, (), str(status), self.now(), content=wrong))
        return Said(status, {"message": wrong})


def _late(fault: Fault | None) -> Fault | None:
    return fault if fault in (Fault.SLOW, Fault.SILENT, Fault.GONE) else None
