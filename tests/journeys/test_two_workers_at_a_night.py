"""Does the night go on at the second worker when the first is killed for good, or stands still and comes back?

Both share one PostgreSQL and one account. The old system lets an account have one session: a second sign-in would end
the first, and a record would say so.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import time as clock
from pathlib import Path

import pytest
from sqlalchemy import select

from backoffice.accounts import service as accounts
from backoffice.automation import service
from backoffice.automation.models import RECORD_SCHEMA, ItemMove, Lease, Night, WorkItem
from backoffice.automation.queue import queueing
from backoffice.automation.systems.targets import TargetSettings
from backoffice.automation.workflow import ItemState
from backoffice.composition import open_office
from backoffice.demo.living import prepare
from backoffice.demo.processes import WORKER, ready_line, running
from backoffice.identity import Actor, Origin
from backoffice.settings import Settings
from backoffice.work import Office
from rpa_bots.fake_legacy.__main__ import ACCOUNT, PASSWORD
from rpa_bots.fake_legacy.records import generate

pytestmark = pytest.mark.journey

HOUSE = Actor.house(Origin.DEMONSTRATION)
RECORDS = 4
PATIENCE_SECONDS = 240.0
GLANCE_SECONDS = 0.02


@dataclass
class Watched:
    """The rows that two workers write, and the old system's own ledger."""

    office: Office
    night_id: int
    ledger: Path

    def until(self, is_so: Callable[[], bool]) -> None:
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not is_so():
            assert time.monotonic() < give_up, "it never came"
            time.sleep(GLANCE_SECONDS)

    def holder(self) -> str:
        """Who has the account, once a record has been taken up."""
        with self.office.look(HOUSE) as work:
            return work.session.scalar(select(Lease.worker).where(Lease.item_id.is_not(None))) or ""

    def is_registering(self) -> bool:
        with self.office.look(HOUSE) as work:
            found = select(WorkItem.id).where(WorkItem.state == ItemState.SUBMITTING)
            return work.session.scalar(found) is not None

    def is_over(self) -> bool:
        with self.office.look(HOUSE) as work:
            return work.session.scalar(select(Night.ended_at).where(Night.id == self.night_id)) is not None

    def codes(self) -> Counter[str]:
        with self.office.look(HOUSE) as work:
            return Counter(work.session.scalars(select(ItemMove.code)))

    def states(self) -> list[str]:
        with self.office.look(HOUSE) as work:
            return list(work.session.scalars(select(WorkItem.state)))

    def registered(self) -> Counter[str]:
        return Counter(json.loads(line)["reference"] for line in self.ledger.read_text("utf-8").splitlines())


def begin_night(office: Office, url: str) -> int:
    settings = TargetSettings("就学援助システム", url, clock(0), clock(0), 0, 3, pictures=False)
    with office.unit(HOUSE) as work:
        department = accounts.add_department(work, "学事課", "就援")
        target = service.add_target(work, "shugaku-enjo", settings, department.id)
        service.set_credential(work, target, ACCOUNT, PASSWORD)
        for record in generate(RECORDS, 1):
            values = {key: value for key, value in record.items() if key != "reference"}
            stored = {"schema": RECORD_SCHEMA, "values": values}
            queueing.queue_record(work, record["reference"], stored, target, department.id)
        return service.start_night(work, target.id).id


@pytest.mark.parametrize("comes_back", [False, True], ids=["killed for good", "stands still and comes back"])
def test_the_other_worker_finishes_the_night_and_nothing_is_registered_twice(tmp_path, postgres_url, comes_back):
    ledger = tmp_path / "ledger.jsonl"
    settings = Settings(data_dir=tmp_path, database_url=postgres_url, demonstration=True)
    prepare(settings)
    legacy = (sys.executable, "-m", "rpa_bots.fake_legacy", "--port", "0", "--ledger", str(ledger))
    with ExitStack() as stack:
        office = stack.enter_context(open_office(settings))
        old = stack.enter_context(running(legacy, settings, tmp_path / "legacy.log"))
        night_id = begin_night(office, ready_line(old, "legacy").removeprefix("ready "))
        watched = Watched(office, night_id, ledger)
        workers = {
            name: stack.enter_context(
                running(WORKER, settings.model_copy(update={"worker_id": name}), tmp_path / f"{name}.log")
            )
            for name in ("worker-1", "worker-2")
        }
        watched.until(watched.is_registering)
        first = watched.holder()
        workers[first].send_signal(signal.SIGSTOP if comes_back else signal.SIGKILL)
        watched.until(lambda: watched.holder() not in {"", first})
        if comes_back:
            workers[first].send_signal(signal.SIGCONT)
        watched.until(watched.is_over)

        assert watched.states() == [ItemState.DONE] * RECORDS
        assert sorted(watched.registered().values()) == [1] * RECORDS
        assert watched.codes()["crashed"] == 1
        assert watched.codes()["target_session_lost"] == 0
