"""Does the whole journey hold unwatched? Scan, read, settle, key, compare the ledger with the paper."""

import time
from dataclasses import dataclass
from pathlib import Path

from backoffice.composition import open_office
from backoffice.demo import city, nights, papers
from backoffice.demo.living import Say, prepare, watch_reading
from backoffice.demo.processes import WORKER, running
from backoffice.settings import Settings


@dataclass(frozen=True)
class JourneyFigures:
    """What `gijo demo --json` prints; the names are kept stable (docs/machine-readable.md)."""

    sheets: int
    registered: int
    fields: int
    passed: int
    passed_wrong: int
    asked: int
    keyed: int
    lost: int
    doubled: int
    unknown: int
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether nothing was lost, doubled, guessed or left unknown."""
        return (
            self.registered == self.sheets
            and self.passed_wrong == 0
            and self.keyed == self.sheets
            and not (self.lost or self.doubled or self.unknown)
        )


def make_the_journey(settings: Settings, say: Say) -> JourneyFigures:
    """Let all sample scans make the journey in an office of their own at `settings.data_dir`, which must be empty."""
    started = time.monotonic()
    prepare(settings)
    logs: Path = settings.data_dir / "logs"
    with (
        open_office(settings) as office,
        nights.old_system(settings, 0) as address,
        running(WORKER, settings, logs / "worker.log"),
    ):
        city.build(office)
        nights.connect(office, address)
        clerk, verifier, operator = (city.actor_of(office, account) for account in ("tanaka", "sato", "kimura"))
        count = papers.hand_in(office, clerk, papers.scans())
        watch_reading(office, count, say)
        read = papers.figures(office)
        papers.settle_with_truth(office, verifier, count)
        nights.watch(office, nights.start(office, operator), say)
        keyed = nights.compare(office, settings)
    return JourneyFigures(
        sheets=read.sheets,
        registered=read.registered,
        fields=read.fields,
        passed=read.passed,
        passed_wrong=read.passed_wrong,
        asked=read.fields - read.passed,
        keyed=keyed.keyed,
        lost=keyed.lost,
        doubled=keyed.doubled,
        unknown=keyed.unknown,
        seconds=round(time.monotonic() - started, 1),
    )
