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
