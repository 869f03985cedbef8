"""How the lock files are made again from what people write (requirements*.in, package.json).

Pinned and hashed, without the address of any index: the machine that installs knows its own.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from backoffice.setup.commands import Commands
from backoffice.setup.front_end import npm_of
from backoffice.setup.project import Project
from backoffice.setup.steps import Run
from backoffice.setup.troubles import SetupTrouble

UV_COMPILE = (
    "-m",
    "uv",
    "pip",
    "compile",
    "--quiet",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-header",
)
OVERRIDES = ("--overrides", "requirements-overrides.txt")
PYTHON_LOCKS = ("requirements", "requirements-dev", "requirements-node")
NPM_LOCK = (
    "install",
    "--package-lock-only",
    "--omit-lockfile-registry-resolved",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
)


def relock(project: Project, run: Run) -> None:
    """Resolve anew, keeping versions that still fit. This function will write the lock files only."""
    commands = Commands(root=project.root, log=project.state / "lock.log")
    for name in PYTHON_LOCKS:
        words: tuple[str | Path, ...] = (project.python, *UV_COMPILE, *OVERRIDES, f"{name}.in", "-o", f"{name}.txt")
        run.timed(f"{name}.txt", is_done=False, do=partial(commands.run, *words))
    npm = npm_of(project)
    if npm is None:
        raise SetupTrouble("npm がありません / npm is missing", "`make setup` を先に / run `make setup` first")
    run.timed("package-lock.json", is_done=False, do=lambda: commands.run(*npm, *NPM_LOCK))
