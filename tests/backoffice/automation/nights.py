"""A night for a test: a target with waiting records, a bot that does what the test says, a clock for the waits."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import time

from sqlalchemy import select

from backoffice.automation import service
from backoffice.automation.jobs import Hands, run_night
from backoffice.automation.models import Night, TargetSystem, WorkItem
from backoffice.automation.queue import queueing
from backoffice.automation.systems.targets import TargetSettings
from backoffice.identity import Actor, Department
from rpa_bots.fake_legacy.records import generate
from rpa_bots.journal import Journal, Stage
from rpa_bots.outcomes import Absent, AlreadyThere, Doubled, Found, Keyed, Outcome, Reconciled, Record
from tests.backoffice.office import City

PROCEDURE = "shugaku-enjo"
LATE = 60
SETTINGS = TargetSettings(
    name="就学援助システム",
    url="http://127.0.0.1:8907",
    opens=time(0),
    closes=time(0),
    margin_seconds=60,
    late_commit_seconds=LATE,
    pictures=True,
)


class CrashedError(BaseException):
    """Stands for kill -9: nothing catches it."""


Script = Callable[[Record, Journal, "ScriptedTarget"], Outcome]


@dataclass
class ScriptedTarget:
    """The old system and the bot in one: remembers what is registered, and lets a test break any keying."""

    scripts: dict[int, Script] = field(default_factory=dict)
    """By the number of the keying, counted from 1."""
    registered: list[tuple[str, dict]] = field(default_factory=list)
    keyings: int = 0
    opened: int = 0
    look_ups: int = 0
    answers: list[Reconciled] = field(default_factory=list)
    """What look-ups answer instead of the truth, first come first."""
    alive: bool = True

    @contextmanager
    def open_bot(
        self, _procedure: str, _target: object, password: object, _pictures: object
    ) -> Iterator[ScriptedTarget]:
        self.opened += 1
        self.password = password
        self.alive = True
        yield self

    def register(self, record: Record) -> str:
        self.registered.append((str(record["reference"]), dict(record)))
        return f"E{len(self.registered):07d}"

    def key(self, record: Record, journal: Journal) -> Outcome:
        self.keyings += 1
        script = self.scripts.get(self.keyings, key_well)
        return script(record, journal, self)

    def reconcile(self, reference: str, _record: Record) -> Reconciled:
        self.look_ups += 1
        if self.answers:
            return self.answers.pop(0)
        return self.look(reference)

    def look(self, reference: str) -> Found | Absent | Doubled:
        there = [(number, row) for number, (key, row) in enumerate(self.registered, 1) if key == reference]
        if not there:
            return Absent()
        if len(there) > 1:
            return Doubled(tuple(f"E{number:07d}" for number, _ in there))
        return Found(f"E{there[0][0]:07d}", there[0][1])

    @property
    def doubled(self) -> list[str]:
        return [reference for reference, count in Counter(key for key, _ in self.registered).items() if count > 1]


def key_well(record: Record, journal: Journal, target: ScriptedTarget) -> Outcome:
    there = target.look(str(record["reference"]))
    if isinstance(there, Found):
        return AlreadyThere(there.receipt, there.values)
    journal.picture(Stage.FILLED, b"\x89PNG filled")
    journal.submitting()
    receipt = target.register(record)
    journal.receipt(receipt)
    journal.picture(Stage.READ_BACK, b"\x89PNG read back")
    return Keyed(receipt, record, 4.0)


class StepsAtOnce:
    def run(self, _name, work):
        return work()


@dataclass
class Waiting:
    """The seconds of one worker process; a pause lets them, and the office's clock, go by."""

    city: City
    passed: float = 1000.0
    told_to_stop: bool = False
    during_pause: Callable[[], None] = lambda: None

    def seconds(self) -> float:
        return self.passed

    def pause(self, seconds: float) -> None:
        self.passed += seconds
        self.city.clock.pass_(seconds=seconds)
        self.during_pause()

    def stopping(self) -> bool:
        return self.told_to_stop


@dataclass
class NightShift:
    """A city with one target system and its waiting records."""

    city: City
    department: Department
    target_id: int
    bot: ScriptedTarget
    waiting: Waiting
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def start(self, actor: Actor | None = None) -> int:
        with self.city.unit(actor) as work:
            return service.start_night(work, self.target_id).id

    def run(self, night_id: int, bot: ScriptedTarget | None = None) -> None:
        """As the worker does, from the start or after a crash."""
        bot = bot or self.bot
        hands = Hands(bot.open_bot, self.waiting.seconds, self.waiting.pause, self.waiting.stopping)
        run_night(self.city.office, hands, night_id, StepsAtOnce())

    def night(self, night_id: int) -> Night:
        with self.city.look() as work:
            return work.session.scalars(select(Night).where(Night.id == night_id)).one()

    def items(self) -> list[WorkItem]:
        with self.city.look() as work:
            return list(work.session.scalars(select(WorkItem).order_by(WorkItem.id)))

    def states(self) -> list[str]:
        return [item.state for item in self.items()]

    def queue(self, count: int, seed: int = 1) -> None:
        with self.city.unit() as work:
            target = work.session.scalars(select(TargetSystem).where(TargetSystem.id == self.target_id)).one()
            for record in generate(count, seed):
                reference = f"R8-就援-{next(self.numbers):04d}"
                record.pop("reference")
                stored = {"schema": 1, "values": record}
                queueing.queue_record(work, reference, stored, target, self.department.id)


def open_shift(city: City, records: int, settings: TargetSettings = SETTINGS) -> NightShift:
    department = city.department("学事課")
    with city.unit() as work:
        target = service.add_target(work, PROCEDURE, settings, department.id)
        service.set_credential(work, target, "gakumu01", "Invented-pass-8")
    shift = NightShift(city, department, target.id, ScriptedTarget(), Waiting(city))
    shift.queue(records)
    return shift
