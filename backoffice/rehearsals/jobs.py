"""How does a rehearsal run? Record after record, each step committed; while the browser works no unit is open."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Protocol

import structlog

from backoffice.automation.taken.uploading import uploads_of
from backoffice.identity import Actor, Origin
from backoffice.jobs.worker import Steps
from backoffice.log import place_of
from backoffice.rehearsals import keeping
from backoffice.rehearsals.keeping import Seat, StoppedByPeopleError
from backoffice.rehearsals.workflow import WhyEnded
from backoffice.work import Office
from rpa_bots.recording.page.endings import Ended
from rpa_bots.recording.page.uploading import Uploads
from rpa_bots.recording.rehearsing import Seen, Tell, open_stage
from rpa_bots.recording.tape.binding import Row
from rpa_bots.recording.tape.steps import Recording
from rpa_bots.secret import Secret
from rpa_bots.target import Target

WORKER = Actor.house(Origin.WORKER)

log = structlog.get_logger("gijo.rehearsal")


class Stage(Protocol):
    """Belongs to the thread that opened it."""

    def rehearse(self, row: Row, tell: Tell) -> Ended: ...


OpenStage = Callable[[Recording, Target, Secret, Uploads], AbstractContextManager[Stage]]


def stages_of_this_machine(chromium: Path | None) -> OpenStage:
    """Give the opener of real browsers; `chromium` None: the one on the path."""
    return partial(open_stage, executable=chromium)


def rehearse(office: Office, open_a_stage: OpenStage, rehearsal_id: int, steps: Steps) -> None:
    """Run a rehearsal to its end; run again after a crash, it is told as broken off.

    The browser keeps an event loop in its thread, where the durable engine refuses steps: so it has one of its own.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="rehearsal") as thread:
        steps.run("rehearse", lambda: thread.submit(play, office, open_a_stage, rehearsal_id).result())


def play(office: Office, open_a_stage: OpenStage, rehearsal_id: int) -> str:
    """Try what was chosen and say why it ended."""
    with office.unit(WORKER) as work:
        seat = keeping.take_seat(work, rehearsal_id)
    why = seat if isinstance(seat, WhyEnded) else _played(office, open_a_stage, seat)
    with office.unit(WORKER) as work:
        keeping.end(work, rehearsal_id, why)
    return why


def _played(office: Office, open_a_stage: OpenStage, seat: Seat) -> WhyEnded:
    try:
        with open_a_stage(seat.recording, seat.target, seat.password, uploads_of(office)) as stage:
            for row_id, row in seat.rows:
                began = time.monotonic()
                ended = stage.rehearse(row, partial(_keep_step, office, seat, row_id))
                with office.unit(WORKER) as work:
                    keeping.keep_row(work, seat, row_id, ended, time.monotonic() - began)
                if ended.stops_all:
                    return WhyEnded.SIGN_IN_REFUSED
    except StoppedByPeopleError:
        return WhyEnded.STOPPED
    except Exception as broken:  # noqa: BLE001 -- a browser breaks in any way; the account must be free afterwards
        _tell(broken, seat.rehearsal_id)
        return WhyEnded.FAULT
    return WhyEnded.FINISHED


def _keep_step(office: Office, seat: Seat, row_id: int, seen: Seen) -> None:
    picture = office.files.put(seen.picture, "image/png", office.services.now()) if seen.picture else None
    with office.unit(WORKER) as work:
        keeping.keep_step(work, seat, row_id, seen, picture)


def _tell(broken: Exception, rehearsal_id: int) -> None:
    """Log the class of an error and its place, never its text: that quotes what was typed."""
    log.error("rehearsal broke", rehearsal_id=rehearsal_id, trouble=type(broken).__name__, where=place_of(broken))
