"""A worker, its browser or its database's connections are cut at a chosen moment of its night, which the rows tell."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from sqlalchemy import create_engine, make_url, text

GLANCE_SECONDS = 0.002
PATIENCE_SECONDS = 20.0
START_SECONDS = 120.0
"""So long a worker may need on a busy machine until it sits down at a system."""

AT_HAND = """SELECT lease.worker, item.state, item.receipt
  FROM lease LEFT JOIN work_item item ON item.id = lease.item_id"""
COUNTS = """SELECT count(*) FILTER (WHERE finished_at IS NOT NULL), count(*) FILTER (WHERE state = 'unknown')
  FROM work_item"""
STATE = "SELECT state FROM night WHERE id = :night"
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = :name"
NAMED = "worker-that-is-cut"
"""What PostgreSQL calls the connections of a worker that was started with PGAPPNAME set to it."""


class Victim(StrEnum):
    """Who is hit: the worker's process, its browser's, or all its connections to PostgreSQL."""

    WORKER = "worker"
    BROWSER = "browser"
    CONNECTION = "connection"


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

    def __init__(self, database: str, night_id: int) -> None:
        url = make_url(database)
        if url.get_backend_name() == "sqlite":
            url = url.set(database=f"file:{url.database}", query={"mode": "ro", "uri": "true"})
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT")
        self._rows = self._engine.connect()
        self._night_id = night_id

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._rows.close()
        self._engine.dispose()

    def look(self) -> Sight:
        worker, item, receipt = self._rows.execute(text(AT_HAND)).first() or ("", None, None)
        finished, unknown = self._rows.execute(text(COUNTS)).one()
        state = self._rows.execute(text(STATE), {"night": self._night_id}).scalar_one()
        return Sight(bool(worker), item or "", receipt or "", finished, unknown, state == "ended")

    def cut_connections(self) -> None:
        self._rows.execute(text(CUT), {"name": NAMED})


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
    """Hit so many seconds after the moment is seen, once `finished` records are; `gently`: with SIGTERM."""

    moment: Moment
    finished: int
    seconds: float
    gently: bool = False
    victim: Victim = Victim.WORKER


def kill_at(worker: subprocess.Popen[str], watch: Watch, aim: Aim) -> Moment | None:
    """Hit whoever is aimed at, or wherever it is when the moment does not come; None when the night ended before."""
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
            return _hit(worker, watch, aim, aim.moment)
        time.sleep(GLANCE_SECONDS)
    return _hit(worker, watch, aim, Moment.ANY)


def _hit(worker: subprocess.Popen[str], watch: Watch, aim: Aim, moment: Moment) -> Moment:
    if aim.victim is Victim.BROWSER:
        for browser in browsers_of(worker.pid):
            os.kill(browser, signal.SIGKILL)
    elif aim.victim is Victim.CONNECTION:
        watch.cut_connections()
    elif aim.gently:
        worker.terminate()
        if worker.wait(PATIENCE_SECONDS * 2):
            raise RuntimeError(f"the worker ended with {worker.returncode}")
    else:
        worker.kill()
        worker.wait()
    return moment


def browsers_of(pid: int) -> list[int]:
    """Give the browsers' first processes below a process: those that were started as no part of another."""
    return [each for each in _below(pid) if _is_browser(Path(f"/proc/{each}/cmdline"))]


def _is_browser(command: Path) -> bool:
    try:
        words = command.read_text(errors="replace").split("\0")
    except OSError:
        return False  # it has just ended
    return "chrom" in Path(words[0]).name and not any(word.startswith("--type=") for word in words)


def _below(pid: int) -> Iterator[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in map(int, children):
        yield child
        yield from _below(child)
