"""A worker that is killed with SIGKILL at a chosen moment of its night; the rows of the database tell when."""

from __future__ import annotations

import sqlite3
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

GLANCE_SECONDS = 0.002
PATIENCE_SECONDS = 20.0
START_SECONDS = 120.0
"""So long a worker may need on a busy machine until it sits down at a system."""

AT_HAND = """SELECT lease.worker, item.state, item.receipt
  FROM lease LEFT JOIN work_item item ON item.id = lease.item_id"""
COUNTS = """SELECT count(*) FILTER (WHERE finished_at IS NOT NULL), count(*) FILTER (WHERE state = 'unknown')
  FROM work_item"""


class Moment(StrEnum):
    """Where in a night the kill is aimed."""

    SUBMITTING = "just after SUBMITTING"
    RECEIPT = "just after the receipt"
    TYPING = "typing a record"
    SEATED = "seated, before or while signing in"
    LOOKING_UP = "while something is unknown"
    BETWEEN = "between two records"
    STARTING = "starting"
    ANY = "anywhere"


@dataclass(frozen=True)
class Sight:
    """What the rows say at one instant."""

    seated: bool
    state: str
    receipt: str
    finished: int
    unknown: int
    ended: bool


class Watch:
    """Looks at the night's rows without ever waiting for, or holding up, whoever writes them."""

    def __init__(self, database: Path, night_id: int) -> None:
        self._rows = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10, isolation_level=None)
        self._night_id = night_id

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._rows.close()

    def look(self) -> Sight:
        lease = self._rows.execute(AT_HAND).fetchone() or ("", None, None)
        finished, unknown = self._rows.execute(COUNTS).fetchone()
        (state,) = self._rows.execute("SELECT state FROM night WHERE id = ?", (self._night_id,)).fetchone()
        return Sight(bool(lease[0]), lease[1] or "", lease[2] or "", finished, unknown, state == "ended")


REACHED: dict[Moment, Callable[[Sight, int], bool]] = {
    Moment.STARTING: lambda _now, _before: True,
    Moment.SEATED: lambda now, _before: now.seated,
    Moment.TYPING: lambda now, _before: now.state == "waiting",
    Moment.SUBMITTING: lambda now, _before: now.state == "submitting" and not now.receipt,
    Moment.RECEIPT: lambda now, _before: now.state == "submitting" and bool(now.receipt),
    Moment.BETWEEN: lambda now, before: now.finished > before,
    Moment.LOOKING_UP: lambda now, _before: now.unknown > 0 and now.seated,
    Moment.ANY: lambda now, _before: now.seated,
}


@dataclass(frozen=True)
class Aim:
    """Kill so many seconds after the moment is seen, once `finished` records are; `gently`: with SIGTERM."""

    moment: Moment
    finished: int
    seconds: float
    gently: bool = False


def kill_at(worker: subprocess.Popen[str], watch: Watch, aim: Aim) -> Moment | None:
    """Kill the worker at the aim, or wherever it is when the moment does not come; None when the night ended before."""
    give_up = time.monotonic() + START_SECONDS
    before, was_seated = watch.look().finished, False
    while time.monotonic() < give_up:
        now = watch.look()
        if now.ended:
            return None
        if worker.poll() is not None:
            raise RuntimeError(f"the worker ended by itself with {worker.returncode}")
        if now.seated and not was_seated:
            # Only from here on: a worker that still starts does not listen to SIGTERM yet.
            give_up, was_seated = time.monotonic() + PATIENCE_SECONDS, True
        early = aim.moment not in {Moment.STARTING, Moment.SEATED}
        if (now.finished >= aim.finished or not early) and REACHED[aim.moment](now, before):
            time.sleep(aim.seconds)
            return _end(worker, aim, aim.moment)
        time.sleep(GLANCE_SECONDS)
    return _end(worker, aim, Moment.ANY)


def _end(worker: subprocess.Popen[str], aim: Aim, moment: Moment) -> Moment:
    if aim.gently:
        worker.terminate()
        if worker.wait(PATIENCE_SECONDS * 2):
            raise RuntimeError(f"the worker ended with {worker.returncode}")
    else:
        worker.kill()
        worker.wait()
    return moment
