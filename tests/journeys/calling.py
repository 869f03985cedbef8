"""Real processes of the city, which may be killed, and another system that calls them at a steady pace."""

from __future__ import annotations

import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from backoffice.demo.processes import ready_line, running
from backoffice.settings import Settings
from tests.backoffice.data_links.library import ALL

PROGRAM = (sys.executable, "-c", "from backoffice.cli import main; main()")
GATEWAY, WORKER = (*PROGRAM, "gateway", "--json"), (*PROGRAM, "worker", "--json")
HANDED_OVER = 200
REFUSED = frozenset({403, 404})
NOT_ANSWERED = 0
PATIENCE_SECONDS = 40.0
GLANCE_SECONDS = 0.05
AT_A_TIME = 8


@dataclass(frozen=True)
class Answered:
    """One call of the other system. `status` is 0 where the process ended before it answered."""

    began: float
    ended: float
    status: int


@dataclass
class Gateway:
    """One process of `gijo gateway`, which may be killed and started again."""

    settings: Settings
    log: Path
    stack: ExitStack
    child: Any = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.settings.gateway_port}"

    def start(self) -> None:
        self.child = self.stack.enter_context(running(GATEWAY, self.settings, self.log))
        ready_line(self.child, "gateway")
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                httpx2.get(f"{self.address}/healthz", timeout=1).raise_for_status()
            except httpx2.TransportError:
                if time.monotonic() > until:
                    raise
                time.sleep(GLANCE_SECONDS)
            else:
                return

    def kill(self) -> None:
        """End it as a power cut would."""
        self.child.kill()
        self.child.wait()


@dataclass
class Worker:
    """The process of `gijo worker`, which may be killed and started again."""

    settings: Settings
    log: Path
    stack: ExitStack
    child: Any = None

    def start(self) -> None:
        self.child = self.stack.enter_context(running(WORKER, self.settings, self.log))
        ready_line(self.child, "worker")

    def kill(self) -> None:
        self.child.kill()
        self.child.wait()


@dataclass
class Caller:
    """The other system: it asks for one person's data at a steady pace, at both gateways in turn."""

    gateways: list[Gateway]
    token: str
    reference: str
    rate: float
    answers: list[Answered] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def calling(self) -> Iterator[None]:
        thread = threading.Thread(target=self._call_on)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def call(self, gateway: Gateway, client: httpx2.Client) -> Answered:
        said = {"request": self.reference, "purpose": "issue_card", "attributes": list(ALL[:2])}
        began = time.monotonic()
        try:
            status = client.post(
                f"{gateway.address}/links/library-card/release", json=said, headers=headed(self.token)
            ).status_code
        except httpx2.TransportError:
            status = NOT_ANSWERED
        answered = Answered(began, time.monotonic(), status)
        self.answers.append(answered)
        return answered

    def wait_for(self, seen: Callable[[Answered], bool], times: int = 1) -> None:
        """Let it call until so many answers are as described. Raises TimeoutError."""
        until = time.monotonic() + PATIENCE_SECONDS
        while sum(map(seen, list(self.answers))) < times:
            if time.monotonic() > until:
                raise TimeoutError(f"not seen in {PATIENCE_SECONDS} s: {Counter(each.status for each in self.answers)}")
            time.sleep(GLANCE_SECONDS)

    def _call_on(self) -> None:
        with httpx2.Client(timeout=PATIENCE_SECONDS) as client, ThreadPoolExecutor(AT_A_TIME) as pool:
            began, number = time.monotonic(), 0
            while not self._stop.wait(max(0.0, began + number / self.rate - time.monotonic())):
                pool.submit(self.call, self.gateways[number % len(self.gateways)], client)
                number += 1


def headed(token: str, key: str = "") -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": key or uuid.uuid4().hex}
