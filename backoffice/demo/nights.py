"""How does the demonstration's night go? The old system beside it, an operator who starts it, a ledger that tells the truth."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import time as clock

from sqlalchemy import select

from backoffice.automation import queries, service
from backoffice.automation.models import TargetSystem
from backoffice.demo import papers
from backoffice.demo.city import HOUSE
from backoffice.demo.processes import ready_line, running
from backoffice.identity import Actor, Department
from backoffice.intake.models import Sheet
from backoffice.intake.routes import ONLY_FORM
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
def old_system(settings: Settings) -> Iterator[str]:
    """Run the demonstration's old system beside the office and give its address."""
    command = (sys.executable, "-m", "rpa_bots.fake_legacy", "--port", "0", "--ledger", str(settings.data_dir / LEDGER))
    with running(command, settings, settings.data_dir / "logs" / "old-system.log") as child:
        yield ready_line(child, "旧システム").removeprefix("ready ")


def connect(office: Office, address: str) -> None:
    """Register the old system on first use, and afterwards note where it answers this time; its port changes at each start."""
    with office.unit(HOUSE) as work:
        target = work.session.scalars(select(TargetSystem).where(TargetSystem.procedure == ONLY_FORM)).one_or_none()
        if target is None:
            department = work.session.scalars(select(Department).where(Department.name == "学事課")).one()
            target = service.add_target(work, _the_old_system(address, department.id))
        target.url = address
        work.session.flush()
        service.set_credential(work, target, ACCOUNT, PASSWORD)


def start(office: Office, operator: Actor) -> int:
    """Let `operator` start the night as on the night page, and give its id."""
    with office.unit(operator) as work:
        target = work.session.scalars(select(TargetSystem).where(TargetSystem.procedure == ONLY_FORM)).one()
        return service.start_night(work, target.id).id


def watch(office: Office, night_id: int, say: Callable[[str], None]) -> None:
    """Tell how the night goes until it is over."""
    told = ""
    while True:
        with office.look(HOUSE) as work:
            counts = queries.count_of_night(work.session, HOUSE, night_id)
            over = queries.is_night_over(work.session, night_id)
        line = "  夜間の入力  " + "、".join(f"{STATE_NAMES[state]} {count}" for state, count in sorted(counts.items()))
        if line != told:
            say(line)
            told = line
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
        unknown = queries.count_unknown(work.session, HOUSE)
    right = sum(stored.get(number) == papers.truth_of(name) for number, name in sheets.items())
    return LedgerFigures(
        keyed=right,
        lost=len(sheets) - right,
        doubled=sum(count - 1 for count in times.values() if count > 1),
        unknown=unknown,
    )
