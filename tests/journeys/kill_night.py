"""Is anything lost or doubled when the worker, its browser or its database is cut again and again while it keys?

`python -m tests.journeys.kill_night --records 300 --kills 50 --seed 1 --json`; with `--victims worker browser
connection --database postgresql+psycopg://…` (an empty database) all three are hit in turn.
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
from dataclasses import asdict, dataclass
from datetime import time as clock
from pathlib import Path

from sqlalchemy import func, select

from backoffice.accounts import service as accounts
from backoffice.audit import chain
from backoffice.automation import queries, service
from backoffice.automation.models import RECORD_SCHEMA, ItemMove, WorkItem
from backoffice.automation.queue import queueing
from backoffice.automation.systems.targets import TargetSettings
from backoffice.automation.workflow import FOR_PEOPLE, ItemState
from backoffice.composition import open_office
from backoffice.demo.living import prepare
from backoffice.demo.processes import WORKER, end, ready_line, running
from backoffice.identity import Actor, Origin
from backoffice.settings import Settings
from backoffice.work import Office
from rpa_bots.fake_legacy.__main__ import ACCOUNT, PASSWORD
from rpa_bots.fake_legacy.records import generate
from tests.backoffice.recount import kept, recounted
from tests.journeys import canaries
from tests.journeys.killed_worker import NAMED, Aim, Moment, Victim, Watch, kill_at

HOUSE = Actor.house(Origin.DEMONSTRATION)
PROCEDURE = "shugaku-enjo"
NIGHTS_AT_MOST = 10
NAMED_WORKER = ("env", f"PGAPPNAME={NAMED}", *WORKER)
NAMES_A_PERSON = {"kana", "name", "address", "phone", "insured", "account", "child_kana", "child_name"}


@dataclass(frozen=True)
class Plan:
    records: int
    kills: int
    seed: int
    fault_rate: float = 0.0
    late_commit_seconds: int = 2
    gently: bool = False
    """Whether the worker is told to stop (SIGTERM) instead of killed."""
    pictures: bool = False
    """Whether evidence is taken; nobody may be read in it."""
    victims: tuple[Victim, ...] = (Victim.WORKER,)
    database: str = ""
    """An empty PostgreSQL instead of a file of its own: only its connections can be cut."""


@dataclass
class KillFigures:
    """`lost`: neither in the ledger nor shown to a person. `doubled`: registrations beyond the first of a record."""

    records: int
    kills: int
    nights: int
    in_ledger: int
    lost: int
    doubled: int
    wrong_values: int
    for_people: int
    unknown_left: int
    unknown_seen: int
    settled_by_look_up: dict[str, int]
    killed_at: dict[str, int]
    trail_whole: bool
    tallies_true: bool
    pictures: int
    read_in_pictures: list[str]
    files_with_the_password: list[str]
    seconds: float

    @property
    def holds(self) -> bool:
        told = self.read_in_pictures or self.files_with_the_password
        broken = self.lost or self.doubled or self.wrong_values or told
        return not broken and self.trail_whole and self.tallies_true


def run(plan: Plan, folder: Path) -> KillFigures:
    """Key generated records in an office of its own at `folder`, killing the worker on the way, and read the ledger."""
    started = time.monotonic()
    settings = Settings(data_dir=folder, database_url=plan.database, demonstration=True)
    prepare(settings)
    ledger = folder / "ledger.jsonl"
    legacy = (sys.executable, "-m", "rpa_bots.fake_legacy", "--port", "0", "--ledger", str(ledger))
    faults = ("--fault-rate", str(plan.fault_rate), "--fault-seed", str(plan.seed), "--late-commit-seconds")
    with (
        open_office(settings) as office,
        running((*legacy, *faults, str(plan.late_commit_seconds)), settings, folder / "legacy.log") as child,
    ):
        records = generate(plan.records, plan.seed)
        target_id = _found(office, ready_line(child, "legacy").removeprefix("ready "), records, plan)
        killed = _nights(office, settings, target_id, plan)
        time.sleep(plan.late_commit_seconds + 1)  # what is still on its way into the ledger shall count
        figures = _compare(office, ledger, records) | _searched(office, folder, records)
    return KillFigures(**figures, **killed, seconds=round(time.monotonic() - started, 1))


def _found(office: Office, url: str, records: list[dict], plan: Plan) -> int:
    settings = TargetSettings(
        "就学援助システム", url, clock(0), clock(0), 0, plan.late_commit_seconds + 1, pictures=plan.pictures
    )
    with office.unit(HOUSE) as work:
        department = accounts.add_department(work, "学事課", "就援")
        target = service.add_target(work, PROCEDURE, settings, department.id)
        service.set_credential(work, target, ACCOUNT, PASSWORD)
        for record in records:
            values = {key: value for key, value in record.items() if key != "reference"}
            stored = {"schema": RECORD_SCHEMA, "values": values}
            queueing.queue_record(work, record["reference"], stored, target, department.id)
    return target.id


def _nights(office: Office, settings: Settings, target_id: int, plan: Plan) -> dict[str, object]:
    """Run nights, as an operator would start them, until nothing waits or is unknown."""
    aims = aims_of(plan)
    killed: Counter[str] = Counter()
    nights = 0
    while _to_do(office) and nights < NIGHTS_AT_MOST:
        with office.unit(HOUSE) as work:
            night_id = service.start_night(work, target_id).id
        nights += 1
        with Watch(settings.database, night_id) as watch:
            killed += _one_night(settings, watch, aims)
    return {"kills": killed.total(), "nights": nights, "killed_at": dict(sorted(killed.items()))}


def _one_night(settings: Settings, watch: Watch, aims: list[Aim]) -> Counter[str]:
    killed: Counter[str] = Counter()
    while not watch.look().ended:
        with running(NAMED_WORKER, settings, settings.data_dir / "worker.log") as worker:
            while aims and (moment := kill_at(worker, watch, aims[0])) is not None:
                victim = aims.pop(0).victim
                killed[f"{victim}, {moment}"] += 1
                if victim is Victim.WORKER:
                    break
            else:
                _until_it_ends(worker, watch)
    return killed


def _until_it_ends(worker: subprocess.Popen[str], watch: Watch) -> None:
    while not watch.look().ended:
        if worker.poll() is not None:
            raise RuntimeError(f"the worker ended by itself with {worker.returncode}")
        time.sleep(0.2)
    end(worker)


def aims_of(plan: Plan) -> list[Aim]:
    """Spread the kills over the night: every moment as often as every other, in a seeded order."""
    chance = random.Random(plan.seed)  # noqa: S311 - a plan that can be repeated, no secret
    moments = [list(Moment)[number % len(Moment)] for number in range(plan.kills)]
    chance.shuffle(moments)
    every = plan.records / (plan.kills + 1)
    longest = {Moment.STARTING: 4.0, Moment.SEATED: 1.2, Moment.ANY: 2.0, Moment.LOOKING_UP: 3.0}
    return [
        Aim(
            moment,
            round(every * number),
            chance.uniform(0, longest.get(moment, 0.06)),
            plan.gently,
            plan.victims[number % len(plan.victims)],
        )
        for number, moment in enumerate(moments)
    ]


def _to_do(office: Office) -> int:
    with office.look(HOUSE) as work:
        unknown = queries.count_for_people(work.session, HOUSE)[ItemState.UNKNOWN]
        return queries.count_waiting(work.session, HOUSE) + unknown


def _compare(office: Office, ledger: Path, records: list[dict]) -> dict[str, object]:
    rows = [json.loads(line) for line in ledger.read_text("utf-8").splitlines()] if ledger.exists() else []
    times = Counter(row["reference"] for row in rows)
    stored = {row["reference"]: {"reference": row["reference"], **row["values"]} for row in rows}
    with office.look(HOUSE) as work:
        states = dict(work.session.execute(select(WorkItem.reference, WorkItem.state)).all())
        codes = select(ItemMove.code, func.count()).where(
            ItemMove.code.in_(["found", "absent", "found_other", "doubled"])
        )
        settled = dict(work.session.execute(codes.group_by(ItemMove.code)).all())
        doubts = select(func.count()).select_from(ItemMove).where(ItemMove.state == ItemState.UNKNOWN)
        unknown_seen = work.session.scalar(doubts)
        broken = chain.verify(work.session)
        tallies_true = kept(work.session) == recounted(work.session)
    return {
        "records": len(records),
        "in_ledger": len(stored),
        "lost": sum(
            each["reference"] not in stored and states[each["reference"]] not in FOR_PEOPLE for each in records
        ),
        "doubled": sum(count - 1 for count in times.values()),
        "wrong_values": sum(stored.get(each["reference"], each) != each for each in records),
        "for_people": sum(state in FOR_PEOPLE for state in states.values()),
        "unknown_left": sum(state == ItemState.UNKNOWN for state in states.values()),
        "unknown_seen": unknown_seen,
        "settled_by_look_up": settled,
        "trail_whole": not broken,
        "tallies_true": tallies_true,
    }


def _searched(office: Office, folder: Path, records: list[dict]) -> dict[str, object]:
    pictures = canaries.pictures_of(office)
    people = {str(value) for record in records for key, value in record.items() if key in NAMES_A_PERSON}
    return {
        "pictures": len(pictures),
        "read_in_pictures": sorted(canaries.read_in(pictures, people)),
        "files_with_the_password": canaries.files_with(PASSWORD, folder),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=300)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--fault-rate", type=float, default=0.0, help="share of registrations that the old system breaks"
    )
    parser.add_argument("--gently", action="store_true", help="tell the worker to stop (SIGTERM) instead of killing it")
    parser.add_argument("--victims", nargs="+", type=Victim, default=[Victim.WORKER], help="who is hit, in turn")
    parser.add_argument("--database", default="", help="address of an empty PostgreSQL")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    plan = Plan(
        *(options.records, options.kills, options.seed, options.fault_rate),
        gently=options.gently,
        victims=tuple(options.victims),
        database=options.database,
    )
    with tempfile.TemporaryDirectory() as name:
        figures = run(plan, Path(name))
    said = asdict(figures) | {"holds": figures.holds}
    print(json.dumps(said, ensure_ascii=False) if options.json else "\n".join(f"{key}: {said[key]}" for key in said))  # noqa: T201 -- the answer of the command
    return 0 if figures.holds else 1


if __name__ == "__main__":
    sys.exit(main())
