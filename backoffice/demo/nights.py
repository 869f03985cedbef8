"""How does the demonstration's night go? The old system, an operator, and a ledger that tells the truth."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import time as clock

from sqlalchemy import select

from backoffice.automation import queries, service
from backoffice.automation.models import TargetSystem
from backoffice.automation.systems import credentials, targets
from backoffice.automation.workflow import FINISHED, ItemState
from backoffice.demo import papers
from backoffice.demo.city import HOUSE
from backoffice.demo.processes import ready_line, running
from backoffice.demo.progress import bar
from backoffice.identity import Actor, Department
from backoffice.intake.models import Sheet
from backoffice.settings import Settings
from backoffice.work import Office

ACCOUNT = "gakumu01"
PASSWORD = "Demo-shugaku-8"  # noqa: S105 -- the invented old system's, in its --help
LOOK_EVERY_SECONDS = 0.5
LEDGER = "old-system-ledger.jsonl"


@dataclass(frozen=True)
class LedgerFigures:
    keyed: int
    lost: int
    doubled: int
    unknown: int


@contextmanager
def old_system(settings: Settings, port: int) -> Iterator[str]:
    """Run the demonstration's old system beside the office and give its address; `port` 0 takes any free one."""
    ledger = str(settings.data_dir / LEDGER)
    command = (sys.executable, "-m", "rpa_bots.fake_legacy", "--port", str(port), "--ledger", ledger)
    with running(command, settings, settings.data_dir / "logs" / "old-system.log") as child:
        yield ready_line(child, "旧システム").removeprefix("ready ")


def connect(office: Office, address: str) -> None:
    """Register the old system on first use; afterwards note where it answers, if its address has changed."""
    with office.unit(HOUSE) as work:
        target = queries.target_of_procedure(work.session, papers.FORM)
        if target is None:
            department = work.session.scalars(select(Department).where(Department.name == "学事課")).one()
            target = targets.add_target(work, papers.FORM, _old_system_at(address), department.id)
        elif target.url == address:
            return
        else:
            targets.change_target(work, target, replace(targets.settings_of(target), url=address))
        credentials.set_credential(work, target, ACCOUNT, PASSWORD)


def _old_system_at(address: str) -> targets.TargetSettings:
    """Open the whole day: a newcomer comes when they come."""
    return targets.TargetSettings(
        name="就学援助システム",
        url=address,
        opens=clock(0, 0),
        closes=clock(0, 0),
        margin_seconds=60,
        late_commit_seconds=5,
        pictures=True,
    )


@dataclass(frozen=True)
class Started:
    night_id: int
    records: int


def start(office: Office, operator: Actor) -> Started:
    """Let `operator` start the night as on the night page."""
    with office.unit(operator) as work:
        target = work.session.scalars(select(TargetSystem).where(TargetSystem.procedure == papers.FORM)).one()
        return Started(service.start_night(work, target.id).id, queries.count_waiting(work.session, HOUSE))


def watch(office: Office, night: Started, say: Callable[[str], None]) -> None:
    """Tell how the night goes until it is over."""
    started, told = time.monotonic(), -1
    while True:
        with office.look(HOUSE) as work:
            counts = queries.count_of_night(work.session, HOUSE, night.night_id)
            over = queries.is_night_over(work.session, night.night_id)
        done = sum(count for state, count in counts.items() if state in FINISHED)
        if done != told or over:
            passed = time.monotonic() - started
            say(f"  夜間の入力 {done:>3}/{night.records}  {bar(done, night.records)}  {passed:5.1f}秒")
            told = done
        if over:
            return
        time.sleep(LOOK_EVERY_SECONDS)


def compare(office: Office, settings: Settings) -> LedgerFigures:
    """Compare the old system's own ledger with what stands on the papers: a record with another value is lost, too."""
    ledger = settings.data_dir / LEDGER
    lines = [json.loads(line) for line in ledger.read_text("utf-8").splitlines()] if ledger.exists() else []
    times = Counter(line["reference"] for line in lines)
    stored = {line["reference"]: line["values"] for line in lines}
    with office.look(HOUSE) as work:
        sheets = {sheet.number: sheet.original_name for sheet in work.session.scalars(select(Sheet))}
        unknown = queries.count_for_people(work.session, HOUSE)[ItemState.UNKNOWN]
    right = sum(stored.get(number) == papers.truth_of(name) for number, name in sheets.items())
    return LedgerFigures(
        keyed=right,
        lost=len(sheets) - right,
        doubled=sum(count - 1 for count in times.values() if count > 1),
        unknown=unknown,
    )
