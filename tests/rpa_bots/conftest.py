"""What do the bots' tests share? An old system in a thread, a clock to turn, a journal that remembers."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rpa_bots.fake_base.faults import FaultPlan, fault_at
from rpa_bots.fake_base.ledger import Ledger
from rpa_bots.fake_base.serving import Answering, address, bind
from rpa_bots.fake_base.sign_in import Doorkeeper
from rpa_bots.fake_legacy.faults import Fault
from rpa_bots.fake_legacy.system import LETTER, LegacySystem
from rpa_bots.fake_water import faults as water
from rpa_bots.fake_water.system import LETTER as WATER_LETTER
from rpa_bots.fake_water.system import WaterSystem
from rpa_bots.journal import Stage, Standing
from rpa_bots.recording.page.endings import Proposed
from rpa_bots.target import Target

PASSWORD = "Invented-pass-8"
LATE = 0.6


@dataclass
class TurnedClock:
    """Stands still until a test turns it."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class RememberingJournal:
    said: list[str] = field(default_factory=list)
    steps: list[Standing] = field(default_factory=list)
    pictures: dict[Stage, bytes] = field(default_factory=dict)

    def standing(self, standing: Standing) -> None:
        self.steps.append(standing)

    def submitting(self) -> None:
        self.said.append("submitting")

    def receipt(self, number: str) -> None:
        self.said.append(number)

    def picture(self, stage: Stage, png: bytes) -> None:
        self.pictures[stage] = png

    def proposal(self, proposed: Proposed) -> None:
        self.said.append(f"proposal {proposed.step}")


@dataclass(frozen=True)
class OldSystem:
    url: str
    ledger: Path
    clock: TurnedClock

    def target(self, account: str = "gakumu01", answer_seconds: float = 10.0) -> Target:
        return Target(self.url, account, late_commit_seconds=LATE, answer_seconds=answer_seconds)

    def registered(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.ledger.read_text().splitlines()] if self.ledger.exists() else []


@contextmanager
def running(ledger: Path, faults: tuple[str, ...]) -> Iterator[OldSystem]:
    clock = TurnedClock()
    named = frozenset(fault_at(Fault, fault) for fault in faults)
    plan = FaultPlan(named, late_commit_seconds=LATE, slow_seconds=4.0)
    door = Doorkeeper({"gakumu01": PASSWORD, "gakumu02": PASSWORD}, 1200, clock)
    system = LegacySystem(Ledger(ledger, LETTER), door, plan, lambda: datetime.now(UTC))
    with serving(system) as url:
        yield OldSystem(url, ledger, clock)


@contextmanager
def serving(system: Answering) -> Iterator[str]:
    server = bind(system, 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield address(server)
    server.shutdown()
    thread.join()
    server.server_close()
    system.settle()


@pytest.fixture
def old_system(tmp_path: Path) -> Iterator[Callable[..., OldSystem]]:
    """Start the old system with named faults: `old_system("drop-after@1")`."""
    with ExitStack() as stack:
        yield lambda *faults: stack.enter_context(running(tmp_path / f"ledger-{time.monotonic_ns()}.jsonl", faults))


@pytest.fixture
def water_system(tmp_path: Path) -> Iterator[Callable[..., OldSystem]]:
    """Start the old water system with named faults and its switches: `water_system("drop-after@1", single=True)`."""
    with ExitStack() as stack:
        yield lambda *faults, **switches: stack.enter_context(
            water_running(tmp_path / f"water-{time.monotonic_ns()}.jsonl", faults, **switches)
        )


@contextmanager
def water_running(
    ledger: Path, faults: tuple[str, ...], *, single: bool = False, with_reference: bool = True
) -> Iterator[OldSystem]:
    clock = TurnedClock()
    named = frozenset(fault_at(water.Fault, fault) for fault in faults)
    plan = FaultPlan(named, late_commit_seconds=LATE, slow_seconds=LATE)
    door = Doorkeeper({"suido01": PASSWORD, "suido02": PASSWORD}, 1200, clock, single=single)
    system = WaterSystem(
        Ledger(ledger, WATER_LETTER),
        door,
        plan,
        lambda: datetime(2026, 11, 20, tzinfo=UTC),
        with_reference=with_reference,
    )
    with serving(system) as url:
        yield OldSystem(url, ledger, clock)


@pytest.fixture
def journal() -> RememberingJournal:
    return RememberingJournal()
