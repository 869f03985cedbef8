"""How soon does a withdrawal count at the gateway, and a link that is shut, while another system fetches data?

Two gateway processes serve; so many calls a second reach both in turn. A resident withdraws through the portal's API,
an officer shuts the link as its page does, or somebody types `gijo links shut` at the machine; in some turns one
gateway, or the worker, is killed about that moment, and started again. Measured from the call that was sent to the
first refusal. Nothing may be handed over to a call that began after the answer. On SQLite somebody writes into the same
database without a pause.

`python -m tests.journeys.withdrawal --database postgresql --turns 6 --kills 4 --seed 1 --json`
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import httpx2
from argon2 import PasswordHasher
from sqlalchemy import select, update

from backoffice.audit import AuditEvent
from backoffice.clients.tokens import ASSERTION_TYPE
from backoffice.composition import make_tables
from backoffice.data_links.models import Link, LinkStop, LinkVersion
from backoffice.demo.processes import running
from backoffice.log import start_logging
from tests.backoffice.clients.machines import Machine
from tests.backoffice.consents.portal import consented, proven, register
from tests.backoffice.data_links.agreements import LIBRARY, Agreements
from tests.backoffice.data_links.library import Library, found_library
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.office import PASSWORD, City, open_city
from tests.journeys.calling import (
    GLANCE_SECONDS,
    HANDED_OVER,
    NOT_ANSWERED,
    PATIENCE_SECONDS,
    PROGRAM,
    REFUSED,
    Caller,
    Gateway,
    Worker,
    headed,
)
from tests.postgres import Holder, free_port
from workflows.links import written_terms

RATES = {"postgresql": 50.0, "sqlite": 5.0}
"""Calls a second, as the goal has them."""
BEYOND = 1_000_000
COMMAND_BEGINS_WITHIN_SECONDS = 240.0
"""A program that begins: beside whoever else works on this machine that may take long."""


@dataclass(frozen=True)
class Plan:
    """`turns` withdrawals, `shuts` of the link and `commands` that shut it, undisturbed.

    `kills` more, half of them withdrawals, with a gateway killed; `worker_kills` more with the worker killed.
    """

    database: str
    turns: int
    shuts: int
    kills: int
    seed: int = 1
    commands: int = 0
    worker_kills: int = 0


@dataclass(frozen=True)
class Turn:
    """What one turn showed. `late`: what was handed over to calls that began after the answer."""

    refused_after: float
    last_released_after: float
    late: int
    statuses: Counter[int]
    seconds: float
    kind: str = "withdrawal"
    began_after: float = 0.0
    """So long after it was typed a command opened its unit."""
    still_refused: bool = True
    """By the gateway that was killed, once it had been started again."""


@dataclass(frozen=True)
class Figures:
    database: str
    calls_a_second: float
    turns: int
    kills: int
    to_refusal_ms: list[float]
    """The middle and the worst of withdrawals, without a kill."""
    shut_ms: list[float]
    """The same of shutting the link by its page."""
    shut_by_command_ms: list[float]
    """The same of shutting it by the command, from when the command opened its unit."""
    from_typing_ms: list[float]
    """The same from when the command was typed: a program begins first."""
    to_refusal_killed_ms: list[float]
    """The same of all turns in which a gateway or the worker was killed."""
    last_release_ms: float
    late: int
    still_refused: bool
    released: int
    refused: int
    unanswered: int
    other_answers: dict[int, int]
    written_beside: int

    @property
    def holds(self) -> bool:
        measured = (*self.to_refusal_ms, *self.shut_ms, *self.shut_by_command_ms, *self.to_refusal_killed_ms)
        return max((0, *measured)) <= 1000 and not self.late and self.still_refused and self.released > 0


@dataclass
class Town:
    """A library in an office whose processes read the clock of this machine."""

    library: Library
    gateways: list[Gateway]
    chance: random.Random
    rate: float
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def city(self) -> City:
        return self.library.city

    def turn(self, act: Callable[[], None], reference: str, kind: str, killed: Gateway | Worker | None) -> Turn:
        """Let the other system call, let `act` happen meanwhile, and see what it was answered before and after."""
        caller = Caller(self.gateways, self.tokens["system"], reference, self.rate)
        with caller.calling():
            caller.wait_for(lambda each: each.status == HANDED_OVER, times=max(3, round(self.rate)))
            killing = None if killed is None else threading.Timer(self.chance.uniform(0, 0.2), killed.kill)
            if killing is not None:
                killing.start()
                time.sleep(self.chance.uniform(0, 0.2))
            sent = time.monotonic()
            act()
            answered = time.monotonic()
            caller.wait_for(lambda each: each.status in REFUSED and each.began >= answered, times=5)
            if killing is not None:
                killing.join()
        seconds = caller.answers[-1].began - caller.answers[0].began
        statuses = Counter(each.status for each in caller.answers)
        found = caller.answers[:]
        return Turn(
            refused_after=min(each.ended for each in found if each.status in REFUSED) - sent,
            last_released_after=max(each.ended for each in found if each.status == HANDED_OVER) - sent,
            late=sum(each.status == HANDED_OVER and each.began >= answered for each in found),
            statuses=statuses,
            seconds=seconds,
            kind=kind if killed is None else "killed",
            still_refused=self._again(caller, killed),
        )

    def _again(self, caller: Caller, killed: Gateway | Worker | None) -> bool:
        """Start again what was killed, and say whether it is still refused."""
        if killed is not None:
            killed.start()
        with httpx2.Client(timeout=PATIENCE_SECONDS) as client:
            return caller.call(self.gateways[0], client).status in REFUSED

    def settle(self, number: int) -> tuple[dict[str, Any], str, str]:
        """Give another resident who consents, the reference of the consent and that of their request."""
        library = self.library
        library.portal.forget_token()  # the worker reads another clock, and deletes what is over by it
        grown = library.residents.filter(library.residents["birth_date"].dt.year() < 2000)["pseudonym"]
        person = proven(str(grown[number]))
        register(library.portal, person, mail=f"hito{number}@mail.example")
        consented(library.portal, "core", person)
        consent = library.consent(person=person)
        return person, consent, library.ask_for_card(person=person)

    def withdraw(self, person: dict[str, Any], consent: str) -> None:
        """Withdraw as the portal does: it sends the same call again, with its key, until it is answered."""
        body, key = {"person": person, "reference": consent}, uuid.uuid4().hex
        until = time.monotonic() + PATIENCE_SECONDS
        for number in range(10_000):
            address = self.gateways[number % 2].address
            try:
                answer = httpx2.post(
                    f"{address}/portal/links/consents/withdraw", json=body, headers=headed(self.tokens["portal"], key)
                )
            except httpx2.TransportError:
                continue
            if answer.status_code == HANDED_OVER:
                return
            if time.monotonic() > until:
                raise TimeoutError(f"the withdrawal was answered {answer.status_code}")
            time.sleep(GLANCE_SECONDS)

    def shut(self) -> None:
        self.library.desk.shut(self.library.version_id)

    def shut_by_command(self) -> None:
        """Type `gijo links shut` at the machine, in a process of its own."""
        words = (*PROGRAM, "links", "shut", "library-card", "--reason", "渡しすぎのおそれ")
        with running(words, self.city.office.settings, self.city.office.settings.data_dir / "command.log") as child:
            if child.wait(COMMAND_BEGINS_WITHIN_SECONDS):
                raise RuntimeError("the command did not shut the link")

    def open_again(self) -> None:
        """Open it as no office may, without an approval: for the next turn."""
        with self.city.unit() as work:
            work.session.execute(update(Link).values(shut_at=None))


def run(plan: Plan, folder: Path, url: str) -> Figures:
    """Play all turns in an office of its own at `url`, whose tables are made, and give what was seen."""
    chance = random.Random(plan.seed)  # noqa: S311 -- a plan that can be repeated, no secret
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with open_city(folder, url, quick) as city, ExitStack() as stack:
        library = founded(city)
        town = Town(library, opened(city, stack), chance, RATES[plan.database])
        town.tokens = {"portal": token_of(library.portal, town), "system": token_of(library.system, town)}
        worker = Worker(city.office.settings, folder / "worker.log", stack)
        if plan.worker_kills:
            worker.start()
            wait_for_upkeep(city)
        with busy_writer(city, beside=plan.database == "sqlite") as written:
            seen = [play(town, number, None) for number, play in enumerate(_plays(plan))]
            first = len(seen)
            seen += [
                (_shut if number % 2 else _withdrawn)(town, first + number, town.gateways[0])
                for number in range(plan.kills)
            ]
            first = len(seen)
            seen += [_shut(town, first + number, worker) for number in range(plan.worker_kills)]
        return told(plan, seen, written["units"])


def wait_for_upkeep(city: City) -> None:
    """Let the worker do its day's upkeep first: by its clock all tokens of this journey are long over."""
    until = time.monotonic() + PATIENCE_SECONDS
    kept = select(AuditEvent.id).where(AuditEvent.kind == "day_kept").limit(1)
    while time.monotonic() < until:
        with city.look() as work:
            if work.session.scalars(kept).one_or_none() is not None:
                return
        time.sleep(GLANCE_SECONDS)
    raise TimeoutError("the worker did no upkeep")


Play = Callable[[Town, int, Gateway | Worker | None], Turn]


def _plays(plan: Plan) -> list[Play]:
    """Give what is done in turns in which nothing is killed."""
    return [_withdrawn] * plan.turns + [_shut] * plan.shuts + [_shut_by_command] * plan.commands


def _withdrawn(town: Town, number: int, killed: Gateway | Worker | None) -> Turn:
    person, consent, request = town.settle(number)
    return town.turn(lambda: town.withdraw(person, consent), request, "withdrawal", killed)


def _shut(town: Town, number: int, killed: Gateway | Worker | None) -> Turn:
    return _shut_so(town, number, "shut", town.shut, killed)


def _shut_by_command(town: Town, number: int, killed: Gateway | Worker | None) -> Turn:
    typed: list[float] = []

    def act() -> None:
        typed.append(time.time())
        town.shut_by_command()

    seen = _shut_so(town, number, "command", act, killed)
    with town.city.look() as work:
        shut_at = work.session.scalars(select(LinkStop.at).order_by(LinkStop.id.desc()).limit(1)).one()
    return replace(seen, began_after=shut_at.timestamp() - typed[0])


def _shut_so(town: Town, number: int, kind: str, act: Callable[[], None], killed: Gateway | Worker | None) -> Turn:
    _, _, request = town.settle(number)
    seen = town.turn(act, request, kind, killed)
    town.open_again()
    return seen


def founded(city: City) -> Library:
    """A library whose agreement holds today, by the clock of this machine, and has ceilings beyond this journey."""
    city.clock.moment = datetime.now(UTC) - timedelta(hours=1)
    today = city.office.services.today()
    dates = {"valid_from": today, "valid_until": today + timedelta(300), "review_on": today + timedelta(200)}
    library = found_library(Agreements(found_bureau(city)), replace(LIBRARY, **dates))
    terms = replace(LIBRARY, **dates, per_minute=BEYOND, per_person_day=BEYOND, per_person_year=BEYOND)
    with city.unit() as work:
        ours = LinkVersion.id == library.version_id
        work.session.execute(update(LinkVersion).where(ours).values(terms=written_terms(terms)))
    return library


def opened(city: City, stack: ExitStack) -> list[Gateway]:
    gateways = []
    for number in range(2):
        changed = {"gateway_port": free_port(), "demonstration": True}
        settings = city.office.settings.model_copy(update=changed)
        gateways.append(Gateway(settings, settings.data_dir / f"gateway-{number}.log", stack))
        gateways[-1].start()
    return gateways


def token_of(machine: Machine, town: Town) -> str:
    """A token by the clock of this machine, which the gateways read."""
    address, now = town.gateways[0].address, int(time.time())
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": machine.assertion(aud=address, iat=now, exp=now + 60),
    }
    token: str = httpx2.post(f"{address}/oauth/token", data=form).raise_for_status().json()["access_token"]
    return token


@contextmanager
def busy_writer(city: City, *, beside: bool) -> Iterator[Counter[str]]:
    """Write one unit after another beside the block: each founds an office of the city and stands on the trail."""
    written: Counter[str] = Counter()
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            city.department(f"係{written['units']}")
            written["units"] += 1

    thread = threading.Thread(target=write) if beside else None
    if thread is not None:
        thread.start()
    try:
        yield written
    finally:
        stop.set()
        if thread is not None:
            thread.join()


def told(plan: Plan, turns: list[Turn], written: int) -> Figures:
    statuses = sum((each.statuses for each in turns), Counter())
    known = {HANDED_OVER, NOT_ANSWERED, *REFUSED}
    return Figures(
        database=plan.database,
        calls_a_second=round(statuses.total() / sum(each.seconds for each in turns), 1),
        turns=len(turns),
        kills=plan.kills + plan.worker_kills,
        to_refusal_ms=_middle_and_worst(turns, "withdrawal"),
        shut_ms=_middle_and_worst(turns, "shut"),
        shut_by_command_ms=_middle_and_worst(turns, "command"),
        from_typing_ms=_middle_and_worst([replace(each, began_after=0.0) for each in turns], "command"),
        to_refusal_killed_ms=_middle_and_worst(turns, "killed"),
        last_release_ms=round(max(each.last_released_after for each in turns) * 1000, 1),
        late=sum(each.late for each in turns),
        still_refused=all(each.still_refused for each in turns),
        released=statuses[HANDED_OVER],
        refused=sum(statuses[each] for each in REFUSED),
        unanswered=statuses[NOT_ANSWERED],
        other_answers={status: count for status, count in statuses.items() if status not in known},
        written_beside=written,
    )


def _middle_and_worst(turns: list[Turn], kind: str) -> list[float]:
    after = [(each.refused_after - each.began_after) * 1000 for each in turns if each.kind == kind]
    return [round(median(after), 1), round(max(after), 1)] if after else []


@contextmanager
def address_of(database: str, folder: Path) -> Iterator[str]:
    with ExitStack() as stack:
        if database == "sqlite":
            url = f"sqlite:///{folder / 'gijo.db'}"
        else:
            holder = Holder()
            stack.callback(holder.release)
            url = stack.enter_context(holder.place.cluster().fresh("withdrawal"))
        make_tables(url)
        yield url


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=sorted(RATES), default="postgresql")
    parser.add_argument("--turns", type=int, default=6, help="withdrawals without a kill")
    parser.add_argument("--shuts", type=int, default=3, help="how often the link is shut without a kill")
    parser.add_argument("--kills", type=int, default=4, help="turns in which a gateway is killed")
    parser.add_argument("--commands", type=int, default=3, help="how often `gijo links shut` is typed")
    parser.add_argument("--worker-kills", type=int, default=2, help="turns in which the worker is killed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    start_logging("ERROR")
    plan = Plan(
        *(options.database, options.turns, options.shuts, options.kills, options.seed),
        commands=options.commands,
        worker_kills=options.worker_kills,
    )
    with tempfile.TemporaryDirectory() as name, address_of(plan.database, Path(name)) as url:
        figures = run(plan, Path(name), url)
    said = asdict(figures) | {"holds": figures.holds}
    print(json.dumps(said, ensure_ascii=False) if options.json else "\n".join(f"{key}: {said[key]}" for key in said))  # noqa: T201 -- the answer of the command
    return 0 if figures.holds else 1


if __name__ == "__main__":
    sys.exit(main())
