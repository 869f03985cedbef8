"""Which processes does a demonstration need beside its own? It starts them and ends them by their handle."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from backoffice.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 40
SHELL_SIGNAL_BASE = 128
"""A shell tells a program ended by signal N as exit code 128 + N."""
WORKER = (sys.executable, "-c", "from backoffice.cli import main; main()", "worker")


class ChildFailedError(RuntimeError):
    """A process of the demonstration did not come up; the message names it."""


@contextmanager
def running(command: Sequence[str], settings: Settings, log: Path) -> Iterator[subprocess.Popen[str]]:
    """Run `command` beside the demonstration, its log in a file; end it afterwards, gently first."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a") as errors:
        child = subprocess.Popen(  # noqa: S603 -- our own programs, no shell, no input of others
            command, cwd=ROOT, env=environment(settings), stdout=subprocess.PIPE, stderr=errors, text=True
        )
        try:
            yield child
        finally:
            end(child)


def end_children_on_sigterm() -> None:
    """Let SIGTERM leave the `with` blocks of this process, so that what it started ends with it."""
    signal.signal(signal.SIGTERM, _leave)


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(SHELL_SIGNAL_BASE + number)


def end(child: subprocess.Popen[str]) -> None:
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    if child.stdout is not None:
        child.stdout.close()


def ready_line(child: subprocess.Popen[str], name: str) -> str:
    """Give the first line a child prints. Raises ChildFailedError when it ends before it prints one."""
    line = child.stdout.readline() if child.stdout else ""
    if not line:
        raise ChildFailedError(f"{name}が起動しませんでした(終了コード {child.wait()})。")
    return line.strip()


def environment(settings: Settings) -> dict[str, str]:
    """Give the environment in which a child reads the same settings."""
    told = {f"GIJO_{name.upper()}": str(value) for name, value in settings.model_dump().items() if value is not None}
    return {**os.environ, **told, "PYTHONPATH": str(ROOT), "OMP_THREAD_LIMIT": "1"}
