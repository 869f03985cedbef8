"""Where the tests' own PostgreSQL comes from, and how it goes away again whatever happens.

The process that runs the whole session holds a pipe open. The first test that needs a database starts a keeper, which
starts the server and reads the pipe. When the holder ends, also by Ctrl-C or kill -9, the pipe closes and the keeper
stops the server and removes its files. So nothing is left, and sessions that need no database start none.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

SUPERUSER = "gijo"
SECONDS_TO_START = 60
SECONDS_TO_STOP = 20
SERVER_OPTIONS = (
    *("-h", "127.0.0.1"),
    *("-c", "unix_socket_directories="),
    *("-c", "max_connections=200"),
    # A crash of the machine may cost these databases, and nobody will miss them.
    *("-F", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"),
)


@dataclass(frozen=True)
class Cluster:
    """A running PostgreSQL that belongs to this test session alone."""

    port: int

    def url(self, database: str) -> str:
        """Give the address for SQLAlchemy with psycopg."""
        return f"postgresql+psycopg://{SUPERUSER}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, *, template: str = "template0") -> None:
        """Create a database: empty, or a copy of a template that nobody is connected to."""
        self._administer("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", database, template)

    def drop(self, database: str) -> None:
        """Remove a database, with whatever connections a test left open."""
        self._administer("DROP DATABASE {} WITH (FORCE)", database)

    @contextlib.contextmanager
    def fresh(self, database: str, *, template: str = "template0") -> Iterator[str]:
        """Lend a new database. This context will yield its address and remove it at the end."""
        self.create(database, template=template)
        try:
            yield self.url(database)
        finally:
            self.drop(database)

    def _administer(self, statement: str, *names: str) -> None:
        command = sql.SQL(statement).format(*(sql.Identifier(name) for name in names))
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user=SUPERUSER, dbname="postgres", autocommit=True
        ) as session:
            session.execute(command)


@dataclass(frozen=True)
class Place:
    """The folder that a session's controller lends to its workers for the cluster."""

    folder: Path

    @property
    def pipe(self) -> Path:
        return self.folder / "session-alive"

    @property
    def port_file(self) -> Path:
        return self.folder / "port"

    @property
    def log(self) -> Path:
        return self.folder / "keeper.log"

    def cluster(self) -> Cluster:
        """Give the session's cluster, which the first to ask starts. Raises RuntimeError where it fails."""
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self.port_file.exists():
                self._start_keeper()
        return Cluster(port=int(self.port_file.read_text()))

    def _start_keeper(self) -> None:
        with self.log.open("w") as log:
            # A session of its own: Ctrl-C at the keyboard is for the tests, the keeper goes when they have gone.
            keeper = subprocess.Popen(  # noqa: S603 - this very module
                [sys.executable, "-m", "tests.postgres", str(self.folder)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        give_up = time.monotonic() + SECONDS_TO_START
        while not self.port_file.exists():
            if keeper.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError(f"the tests' PostgreSQL did not start:\n{self.log.read_text()}")
            time.sleep(0.05)
        # The keeper outlives this worker on purpose; nobody here will wait for it.
        keeper.returncode = 0


class Holder:
    """What the controller of a test session keeps open for as long as it lives."""

    def __init__(self) -> None:
        self.place = Place(Path(tempfile.mkdtemp(prefix="gijo-tests-postgres-")))
        os.mkfifo(self.place.pipe)
        # Both ends at once, so that opening does not wait for a reader.
        self._held = os.open(self.place.pipe, os.O_RDWR)

    def release(self) -> None:
        """Let the keeper finish, and see that nothing is left."""
        os.close(self._held)
        give_up = time.monotonic() + SECONDS_TO_STOP
        while self.place.port_file.exists() and time.monotonic() < give_up:
            time.sleep(0.02)
        shutil.rmtree(self.place.folder, ignore_errors=True)


def keep(place: Place) -> None:
    """Start the server, announce its port, wait for the session's end, stop it and remove everything."""
    # Opened at once and without waiting: a holder that is gone already must read as the end, not as one still to come.
    pipe = os.open(place.pipe, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(pipe, True)
    data = place.folder / "data"
    data.mkdir()
    port = free_port()
    server = started_server(data, port)
    try:
        wait_until_it_answers(server, port, pipe)
        announce(place, port)
        os.read(pipe, 1)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()
        shutil.rmtree(place.folder, ignore_errors=True)


def started_server(data: Path, port: int) -> subprocess.Popen[bytes]:
    programs = newest_programs()
    someone = unprivileged()
    if someone:
        shutil.chown(data, someone["user"], someone["group"])
        data.parent.chmod(0o711)
    initdb = ["-D", data, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
    subprocess.run([programs / "initdb", *initdb], check=True, stdout=subprocess.DEVNULL, cwd=data, **someone)  # noqa: S603 - PostgreSQL's own
    return subprocess.Popen([programs / "postgres", "-D", data, "-p", str(port), *SERVER_OPTIONS], cwd=data, **someone)  # noqa: S603 - PostgreSQL's own


def unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as its own user; otherwise as whoever runs the tests."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam("postgres")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def newest_programs() -> Path:
    """Find PostgreSQL's programs: Debian keeps them by version, out of the path."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda found: float(found.parts[-3]))
    on_path = shutil.which("initdb")
    if not versions and on_path is None:
        raise FileNotFoundError("no PostgreSQL on this machine: run `make test`, which brings it")
    return versions[-1].parent if versions else Path(str(on_path)).parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(server: subprocess.Popen[bytes], port: int, pipe: int) -> None:
    """Knock until the server opens. Raises RuntimeError where it ends, or where the session ends first."""
    while server.poll() is None:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(host="127.0.0.1", port=port, user=SUPERUSER, dbname="postgres").close()
            return
        session_has_ended, _, _ = select.select([pipe], [], [], 0.05)
        if session_has_ended:
            raise RuntimeError("the test session ended before its PostgreSQL stood")
    raise RuntimeError(f"postgres ended with {server.returncode}")


def announce(place: Place, port: int) -> None:
    """Write the port in one stroke, so that no reader sees half a number."""
    draft = place.folder / "port.draft"
    draft.write_text(str(port))
    draft.rename(place.port_file)


if __name__ == "__main__":
    keep(Place(Path(sys.argv[1])))
