"""What must stand before Gijo or its tests run, and in which order it is put there."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from backoffice.setup import front_end, python_environment, system_packages
from backoffice.setup.commands import Commands, can_sudo
from backoffice.setup.project import Project
from backoffice.setup.steps import Run, Step


def prepare(project: Project, run: Run, *, for_tests: bool) -> None:
    """Bring the machine from nothing to ready.

    Where all stands already, this function will only look. It raises SetupTrouble for what a person must mend.
    """
    project.state.mkdir(exist_ok=True)
    with only_one(project):
        commands = Commands(root=project.root, log=project.state / "setup.log")
        _settle_system(run, commands, for_tests=for_tests)
        if not python_environment.is_borrowed(project):
            run.settle(_python_steps(project, commands, for_tests=for_tests))
        run.timed(
            "モジュール / modules compiled",
            is_done=False,
            do=lambda: python_environment.compile_modules(project, commands),
        )
        run.settle([front_end.front_end_files(project, commands)])


@contextmanager
def only_one(project: Project) -> Iterator[None]:
    """Let a second set-up of the same checkout wait for the first: `make run` may start beside `make test`."""
    with (project.state / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _settle_system(run: Run, commands: Commands, *, for_tests: bool) -> None:
    needs = (*system_packages.FOR_THE_PRODUCT, *(system_packages.FOR_THE_TESTS if for_tests else ()))
    absent = system_packages.missing(needs)

    def install() -> None:
        apt_is_here = shutil.which("apt-get") is not None
        before = system_packages.permission_to_install(user_id=os.geteuid(), apt_is_here=apt_is_here, can_sudo=can_sudo)
        system_packages.install(absent, before, commands)

    run.timed("システム部品 / system packages", is_done=not absent, do=install)


def _python_steps(project: Project, commands: Commands, *, for_tests: bool) -> Iterator[Step]:
    yield python_environment.environment(project, commands)
    locked = [("Python 部品 / Python packages", "requirements.txt")]
    if for_tests:
        locked.append(("テスト部品 / packages for tests", "requirements-dev.txt"))
    if shutil.which("npm") is None:
        locked.append(("Node.js / node and npm", "requirements-node.txt"))
    for title, lock in locked:
        yield python_environment.packages(title, project.root / lock, project, commands)
    yield python_environment.project_itself(project)
