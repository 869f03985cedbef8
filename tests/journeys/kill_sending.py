"""Does anybody get a notice twice, or vanish, when the workers that send it are killed again and again?

People leave meanwhile, through a gateway that is killed as often as a worker; what it answered must hold.

`python -m tests.journeys.kill_sending --people 5000 --kills 10 --seed 1 --json`
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from backoffice.audiences.models import NoticeRun, Recipient
from backoffice.audiences.moving import reasons_of, states_of
from backoffice.audiences.ticking import tick
from backoffice.audiences.workflow import RunState
from backoffice.audit import chain
from backoffice.composition import make_tables, open_office
from backoffice.consents.models import RegistrantChannel
from backoffice.consents.portal import ADDRESS
from backoffice.demo.edge.ledger import entries, received
from backoffice.demo.processes import ready_line, running
from backoffice.identity import Actor, Origin
from backoffice.services import TOKYO, Services
from backoffice.settings import Settings
from backoffice.vault.cipher import make_master_key
from backoffice.work import Office
from tests import official_line
from tests.backoffice.audiences.town import hear, people, register, release
from tests.journeys.at_another_hour import PROGRAM, AnotherHour
from tests.journeys.leaving import Leaving
from tests.postgres import Holder, free_port
from workflows.notices.hours import next_opening

HOUSE = Actor.house(Origin.DEMONSTRATION)
FAULTS = {
    "sink": ("silent=0.05", "5xx=0.02", "4xx=0.01"),
    "line": ("silent=0.05", "taken5xx=0.01", "5xx=0.01", "4xx=0.01"),
}
GLANCE_SECONDS = 0.05
PATIENCE_SECONDS = 900
SKIP = timedelta(minutes=16)
"""By so much the clock goes ahead where all that is left waits for another try."""


@dataclass(frozen=True)
class Plan:
    people: int
    kills: int
    seed: int
    line_every: int = 10
    """Every so-many'th is on LINE."""
    faults: bool = False
    workers: int = 1
    withdraw: int = 50
    """So many people withdraw while it is sent."""
    database: str = ""
    connections: int = 8
    patience: float = 25.0
    """After so many seconds in which nothing leaves the clock goes on: all that is left waits for another try."""


@dataclass
class Figures:
    """`doubled`: messages beyond the first of a person. `unlisted`: phones and rows that do not agree."""

    people: int
    kills: int
    states: dict[str, int]
    reasons: dict[str, int]
    doubled: int
    unlisted: int
    silent: int
    """Mails that the server took without an answer."""
    left: int
    """Whose withdrawal, or one click, the gateway answered."""
    gateway_kills: int
    broken_words: int
    """Of those: written to after the answer all the same, or forgotten."""
    trail_whole: bool
    seconds: float
    notes: list[str] = field(default_factory=list)

    def holds(self, plan: Plan) -> bool:
        """Say whether nothing was doubled or unlisted, and no more is unknown than each kill and time-out may leave."""
        allowed = self.kills * plan.connections + self.silent
        wrong = self.doubled or self.unlisted or self.broken_words
        return not wrong and self.states.get("unknown", 0) <= allowed and self.trail_whole


def run(plan: Plan, folder: Path) -> Figures:
    """Send a run of its own at `folder`, killing the workers on the way, and compare rows with what phones received."""
    began = time.monotonic()
    clock_file = folder / "ahead"
    AnotherHour(clock_file).put(_ahead_to_open_hours())
    (folder / "token").write_text("演習".encode().hex())
    with ExitStack() as stack:
        sink, line = _edge(stack, plan, folder)
        settings = _settings(plan, folder, sink, line)
        make_master_key(settings.master_key_path, Services().random_bytes)
        make_tables(settings.database)
        office = stack.enter_context(open_office(settings, Services(now=AnotherHour(clock_file))))
        some = list(people(plan.people, plan.line_every))
        register(office, some)
        with office.unit(HOUSE) as work:
            hear(work)
        run_id = release(office, some, last_day=office.services.today() + timedelta(days=90))
        leaving = Leaving(office, settings, clock_file, stack, run_id)
        leaving.open()
        said = _send(plan, leaving)
        figures = _compare(office, folder, run_id)
    return Figures(people=plan.people, seconds=round(time.monotonic() - began, 1), **said, **figures)


def _edge(stack: ExitStack, plan: Plan, folder: Path) -> tuple[int, int]:
    """Start the mail sink and LINE's player, each a process, and give their ports."""
    settings = Settings(data_dir=folder)
    ports = []
    line_module = "tests.official_line" if official_line.IS_HERE else "backoffice.demo.edge.line_server"
    for name, module in (("sink", "backoffice.demo.edge.sink"), ("line", line_module)):
        command = [sys.executable, "-m", module, "--ledger", str(folder / f"{name}.jsonl"), "--no-content"]
        command += ["--seed", str(plan.seed)]
        command += ["--token", (folder / "token").read_text()] if name == "line" else []
        for fault in FAULTS[name] if plan.faults else ():
            command += ["--fault", fault]
        child = stack.enter_context(running(command, settings, folder / f"{name}.log"))
        ports.append(int(ready_line(child, name)))
    return ports[0], ports[1]


def _settings(plan: Plan, folder: Path, sink: int, line: int) -> Settings:
    return Settings(
        data_dir=folder,
        database_url=plan.database,
        public_address="https://gijo.city.example",
        gateway_port=free_port(),
        smtp_host="127.0.0.1",
        smtp_port=sink,
        smtp_security="none",
        smtp_from="oshirase@city.example",
        smtp_connections=plan.connections,
        # A silent server holds a connection for so long.
        smtp_timeout_seconds=1.0,
        smtp_content_timeout_seconds=1.0,
        line_endpoint=f"http://127.0.0.1:{line}",
        line_token_file=folder / "token",
        line_timeout_seconds=2.0,
        line_calls_a_second=50.0,
        sending_lanes=plan.workers,
    )


def _send(plan: Plan, leaving: Leaving) -> dict[str, object]:
    """Let the workers send until the run is over.

    At seeded moments somebody leaves, and a worker or the gateway is killed.
    """
    chance = random.Random(plan.seed)  # noqa: S311 -- a plan that can be repeated, no secret
    acts = [(chance.uniform(0.01, 0.95), "worker") for _ in range(plan.kills)]
    acts += [(chance.uniform(0.01, 0.9), "gateway") for _ in range(plan.kills)]
    acts += [(chance.uniform(0.0, 0.9), "leave") for _ in range(plan.withdraw)]
    acts.sort()
    for_good = plan.kills // 2 if plan.workers > 1 else -1
    killed, before, quiet_since = 0, -1, time.monotonic()
    give_up = time.monotonic() + PATIENCE_SECONDS + plan.people / 50
    with _workers(plan, leaving.settings, leaving.clock_file) as workers:
        while time.monotonic() < give_up:
            states, is_over = _look(leaving.office, leaving.run_id)
            if is_over:
                break
            through = sum(count for state, count in states.items() if state not in {"waiting", "taken", "handing"})
            while acts and acts[0][0] * plan.people <= through:
                _share, act = acts.pop(0)
                if act == "leave":
                    leaving.somebody_leaves(chance)
                    continue
                time.sleep(chance.uniform(0, 0.2))
                if act == "gateway":
                    leaving.kill()
                else:
                    workers.kill(chance.randrange(plan.workers), again=killed != for_good)
                    killed += 1
            if through != before:
                before, quiet_since = through, time.monotonic()
            elif time.monotonic() - quiet_since > plan.patience:
                _pass_on(leaving)
                quiet_since = time.monotonic()
            time.sleep(GLANCE_SECONDS)
        else:
            raise RuntimeError("the run does not come to an end")
        leaving.finish()
    return {
        "kills": killed,
        "gateway_kills": leaving.kills,
        "left": len(leaving.left),
        "broken_words": leaving.broken(),
    }


def _pass_on(leaving: Leaving) -> None:
    """Let a quarter of an hour pass, or the night, hear that nobody died in it, and ask for what is due.

    A worker asks for it as well, a while later.
    """
    clock = AnotherHour(leaving.clock_file)
    ahead = clock.ahead + SKIP
    later = datetime.now(UTC) + ahead
    clock.put(ahead + (next_opening(later) - later))
    with leaving.office.unit(HOUSE) as work:
        hear(work)
    tick(leaving.office)


class Workers:
    """The workers of a trial, by number; a killed one is started again, or is not."""

    def __init__(self, plan: Plan, settings: Settings, clock_file: Path) -> None:
        self._settings, self._clock_file = settings, clock_file
        self._stack = ExitStack()
        self._running: dict[int, subprocess.Popen[str]] = {}
        for number in range(plan.workers):
            self.start(number)

    def start(self, number: int) -> None:
        settings = self._settings.model_copy(update={"worker_id": f"worker-{number + 1}"})
        command = (*PROGRAM, str(self._clock_file))
        log = self._settings.data_dir / f"worker-{number + 1}.log"
        self._running[number] = self._stack.enter_context(running(command, settings, log))

    def kill(self, number: int, *, again: bool) -> None:
        """Kill one of those that run."""
        number = number if number in self._running else min(self._running)
        worker = self._running.pop(number)
        worker.kill()
        worker.wait()
        if again:
            self.start(number)

    def close(self) -> None:
        self._stack.close()


@contextmanager
def _workers(plan: Plan, settings: Settings, clock_file: Path) -> Iterator[Workers]:
    workers = Workers(plan, settings, clock_file)
    try:
        yield workers
    finally:
        workers.close()


def _look(office: Office, run_id: int) -> tuple[dict[str, int], bool]:
    with office.look(HOUSE) as work:
        states = states_of(work.session, run_id)
        return dict(states), work.session.get_one(NoticeRun, run_id).state == RunState.DONE


def _compare(office: Office, folder: Path, run_id: int) -> dict[str, object]:
    """Compare each row with what that person's phone received."""
    phones = received(folder / "sink.jsonl") | received(folder / "line.jsonl")
    with office.look(HOUSE) as work:
        rows = work.session.execute(
            select(Recipient.state, RegistrantChannel.sealed_address)
            .join(RegistrantChannel, RegistrantChannel.registrant_id == Recipient.registrant_id)
            .where(Recipient.run_id == run_id)
        ).all()
        states, reasons = states_of(work.session, run_id), reasons_of(work.session, run_id)
        broken = chain.verify(work.session)
    got = [(state, len(phones.get(office.cipher.open(sealed, ADDRESS).decode(), ()))) for state, sealed in rows]
    counted = Counter(state for state, _messages in got)
    return {
        "states": dict(counted),
        "reasons": {name: count for name, count in reasons.items() if count},
        "doubled": sum(max(0, messages - 1) for _state, messages in got),
        "unlisted": sum(not _agrees(state, messages) for state, messages in got)
        + (dict(counted) != {name: count for name, count in states.items() if count}),
        "silent": sum(entry.fault == "silent" for entry in entries(folder / "sink.jsonl")),
        "trail_whole": not broken,
    }


def _agrees(state: str, messages: int) -> bool:
    """Say whether what a phone received is what the row says of it."""
    if state == "unknown":
        return True
    return messages >= 1 if state == "accepted" else messages == 0


def _ahead_to_open_hours() -> timedelta:
    """Give how far the clock is put forward: to the beginning of a day on which notices leave."""
    now = datetime.now(UTC)
    opening = next_opening((now + timedelta(days=1)).astimezone(TOKYO).replace(hour=0, minute=0))
    return opening - now


@contextmanager
def database_of(kind: str) -> Iterator[str]:
    """Give the address of an empty PostgreSQL of the trial's own; for SQLite nothing: its file lies with the others."""
    if kind == "sqlite":
        yield ""
        return
    holder = Holder()
    try:
        with holder.place.cluster().fresh("trial") as address:
            yield address
    finally:
        holder.release()


def main(said: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", action="store_true", help="time-outs after acceptance, 5xx, 4xx")
    parser.add_argument("--workers", type=int, default=1, help="more than one: one of them is killed for good")
    parser.add_argument(
        "--connections", type=int, default=8, help="with faults: 40, a silent server holds each a second"
    )
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--keep", type=Path, help="where the files stay, to be looked at")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(said)
    with tempfile.TemporaryDirectory() as name, database_of(options.database) as address:
        plan = Plan(
            options.people, options.kills, options.seed, faults=options.faults, workers=options.workers,
            database=address, connections=options.connections,
            patience=75.0 if options.workers > 1 else 20.0,
        )  # fmt: skip
        folder = options.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        figures = run(plan, folder)
    told = asdict(figures) | {"holds": figures.holds(plan)}
    print(json.dumps(told, ensure_ascii=False) if options.json else "\n".join(f"{key}: {told[key]}" for key in told))  # noqa: T201 -- the answer of the command
    return 0 if told["holds"] else 1


if __name__ == "__main__":
    sys.exit(main())
