"""People who leave while they are being written to, through a gateway that is killed as well: what it answered holds.

Half of them withdraw through the portal's API, half by one click in their mail program. Each call is made again, as it
was, until it is answered.
"""

from __future__ import annotations

import random
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

import httpx2
from sqlalchemy import select

from backoffice.audiences.models import Recipient
from backoffice.clients.tokens import ASSERTION_TYPE
from backoffice.consents.models import Consent, Registrant, RegistrantChannel
from backoffice.consents.portal import ADDRESS
from backoffice.consents.queries import holds_on
from backoffice.consents.service import PSEUDONYM
from backoffice.demo.edge.ledger import entries
from backoffice.demo.processes import running
from backoffice.identity import Actor, Origin
from backoffice.reachability import queries as reach
from backoffice.reachability.tokens import GOOD_FOR, StopLink, StopLinks
from backoffice.reachability.workflow import Topic
from backoffice.settings import Settings
from backoffice.work import Office
from tests.backoffice.clients.machines import Machine, machine
from tests.backoffice.consents.portal import proven
from tests.backoffice.office import City
from tests.journeys.at_another_hour import PROGRAM

HOUSE = Actor.house(Origin.DEMONSTRATION)
ANSWERED, SHUT_OUT = 200, 401
NOT_NOW = frozenset({409, 429, 503})
"""An answer of before is still on its way, or many call."""
AT_A_TIME = 4
GLANCE_SECONDS = 0.1
PATIENCE_SECONDS = 120.0


class ItsClock:
    """The clock of an office, as a test's city wants it."""

    def __init__(self, office: Office) -> None:
        self._now = office.services.now

    @property
    def moment(self) -> datetime:
        return self._now()

    def __call__(self) -> datetime:
        return self._now()


@dataclass(frozen=True)
class Left:
    """Somebody whose leaving was answered. `at`: by the clock of this machine, which the ledgers keep."""

    registrant_id: int
    at: float
    by_portal: bool


@dataclass
class Leaving:
    """The gateway's process, and all who leave through it."""

    office: Office
    settings: Settings
    clock_file: Path
    stack: ExitStack
    run_id: int
    left: list[Left] = field(default_factory=list)
    kills: int = 0
    _chosen: set[int] = field(default_factory=set)
    _waited_for: list[Any] = field(default_factory=list)
    _token: str = ""
    _lock: Lock = field(default_factory=Lock)

    def open(self) -> None:
        """Enter the portal as a client, and start the gateway."""
        city = City(self.office, ItsClock(self.office), "not asked for here", self.stack)  # type: ignore[arg-type] -- a clock that goes
        self._portal: Machine = machine(city)
        self._pool = self.stack.enter_context(ThreadPoolExecutor(AT_A_TIME))
        self._http = self.stack.enter_context(httpx2.Client(base_url=self._address, timeout=PATIENCE_SECONDS))
        self._links = StopLinks(self.office.cipher)
        self._start()

    @property
    def _address(self) -> str:
        return f"http://127.0.0.1:{self.settings.gateway_port}"

    def _start(self) -> None:
        command = (*PROGRAM, str(self.clock_file), "gateway")
        self._child = self.stack.enter_context(running(command, self.settings, self.settings.data_dir / "gateway.log"))

    def kill(self) -> None:
        """End it as a power cut would, and start it again."""
        self._child.kill()
        self._child.wait()
        self.kills += 1
        self._start()

    def somebody_leaves(self, chance: random.Random) -> None:
        """Let somebody whose turn has not come leave, while the sending goes on."""
        with self.office.look(HOUSE) as work:
            waiting = select(Recipient.id, Recipient.registrant_id, Registrant.sealed_pseudonym, Consent.reference)
            waiting = waiting.join(Registrant, Registrant.id == Recipient.registrant_id).join(
                Consent, Consent.registrant_id == Registrant.id
            )
            theirs = (Recipient.run_id == self.run_id, Recipient.state == "waiting", holds_on(work.today))
            rows = work.session.execute(waiting.where(*theirs).order_by(Recipient.id).limit(500)).all()
        some = [row for row in rows if row.registrant_id not in self._chosen]
        if not some:
            return
        who = chance.choice(some)
        self._chosen.add(who.registrant_id)
        if len(self._chosen) % 2:
            pseudonym = self.office.cipher.open(who.sealed_pseudonym, PSEUDONYM).decode()
            self._waited_for.append(self._pool.submit(self._withdraw, who.registrant_id, pseudonym, who.reference))
        else:
            self._waited_for.append(self._pool.submit(self._click, who.id, who.registrant_id))

    def finish(self) -> None:
        """Wait until everybody is answered."""
        for each in self._waited_for:
            each.result()

    def _withdraw(self, registrant_id: int, pseudonym: str, reference: str) -> None:
        body, key = {"person": proven(pseudonym), "reference": reference}, uuid.uuid4().hex
        self._until_answered(
            registrant_id, "/portal/consents/withdraw", by_portal=True, json=body, headers={"Idempotency-Key": key}
        )

    def _click(self, recipient_id: int, registrant_id: int) -> None:
        ends = self.office.services.today() + GOOD_FOR
        link = self._links.make(StopLink(recipient_id, registrant_id, Topic.HEALTH, ends))
        self._until_answered(registrant_id, f"/stop/{link}", by_portal=False, data={"List-Unsubscribe": "One-Click"})

    def _until_answered(self, registrant_id: int, path: str, *, by_portal: bool, **said: Any) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        headers = said.pop("headers", {})
        while time.monotonic() < until:
            with suppress(httpx2.TransportError):
                proof = {"Authorization": f"Bearer {self._proof()}"} if by_portal else {}
                answer = self._http.post(path, headers={**headers, **proof}, **said)
                if answer.status_code == ANSWERED:
                    self.left.append(Left(registrant_id, time.time(), by_portal))
                    return
                if answer.status_code == SHUT_OUT:
                    self._token = ""
                elif answer.status_code not in NOT_NOW:
                    raise RuntimeError(f"leaving was answered {answer.status_code}: {answer.text}")
            time.sleep(GLANCE_SECONDS)
        raise TimeoutError(f"nobody was let go at {path.split('/')[1]}")

    def _proof(self) -> str:
        """Give the portal's token; another one where the clock went on, and none where it goes on meanwhile."""
        with self._lock:
            if not self._token:
                form = {
                    "grant_type": "client_credentials",
                    "client_assertion_type": ASSERTION_TYPE,
                    "client_assertion": self._portal.assertion(aud=self.settings.gateway_issuer),
                }
                answer = self._http.post("/oauth/token", data=form)
                if answer.status_code == SHUT_OUT:
                    return ""
                self._token = answer.raise_for_status().json()["access_token"]
            return self._token

    def broken(self) -> int:
        """Count to whom was written although their leaving had been answered, and whose leaving was lost."""
        last: dict[str, float] = {}
        for name in ("sink.jsonl", "line.jsonl"):
            for entry in entries(self.settings.data_dir / name):
                last |= dict.fromkeys(entry.to, entry.at)
        with self.office.look(HOUSE) as work:
            consented = set(work.session.scalars(select(Consent.registrant_id).where(holds_on(work.today))))
            stopped = reach.stopped_for(work.session, [each.registrant_id for each in self.left], Topic.HEALTH)
            found = work.session.execute(
                select(Recipient, RegistrantChannel.sealed_address)
                .join(RegistrantChannel, RegistrantChannel.registrant_id == Recipient.registrant_id)
                .where(Recipient.run_id == self.run_id)
            ).all()
        rows = {row.registrant_id: (row, address) for row, address in found}
        broken = 0
        for each in self.left:
            row, address = rows[each.registrant_id]
            is_lost = each.registrant_id in consented if each.by_portal else each.registrant_id not in stopped
            came_at = last.get(self.office.cipher.open(address, ADDRESS).decode(), 0.0)
            broken += is_lost or (came_at > each.at and not _was_on_its_way(row))
        return broken


def _was_on_its_way(row: Recipient) -> bool:
    """Say whether it was noted that they left too late for this message."""
    return row.withdrew_at is not None and row.handed_at is not None and row.handed_at <= row.withdrew_at
