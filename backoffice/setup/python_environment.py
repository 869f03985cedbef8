"""How the pinned Python packages, and the project itself, come into .venv.

pip is used as the machine has configured it: indexes, certificates and proxies are the machine's business, hashes ours.
"""

from __future__ import annotations

import sys
from pathlib import Path

from backoffice.setup.commands import Commands
from backoffice.setup.project import Project
from backoffice.setup.steps import Step, key_of

PIP_INSTALL = ("-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--progress-bar", "off")
# Wheels only: no package's own code runs at installation, and no compiler is asked for.
PINNED = ("--require-hashes", "--no-deps", "--only-binary", ":all:")

CONSOLE_SCRIPT = """#!{python}
import sys

from backoffice.cli import main

sys.exit(main())
"""


HOUSE = ("backoffice", "workflows", "rpa_bots", "ocr", "forms")


def compile_modules(project: Project, commands: Commands) -> None:
    """Compile the house's own modules, where they are newer than what was compiled.

    Some machines tell Python to keep nothing that it compiles: there every program would spend 4 s on it at its start.
    """
    commands.run(project.python, "-m", "compileall", "-q", "-j", "0", *HOUSE)


def is_borrowed(project: Project) -> bool:
    """Tell whether .venv is a link to another worktree's environment, which is then used as it is and never changed."""
    return project.venv.is_symlink()


def environment(project: Project, commands: Commands) -> Step:
    """An empty .venv. Scripts in it hold its full path, so a moved project makes it anew.

    A newer patch release of the same Python (apt may bring one in the step before) does not.
    """
    return Step(
        stamp=project.state / "venv.stamp",
        title="仮想環境 / virtual environment",
        key=key_of(str(sys.implementation.cache_tag), sys.base_prefix, str(project.venv)),
        leaves=(project.python,),
        do=lambda: commands.run(sys.executable, "-m", "venv", "--clear", project.venv),
    )


def packages(title: str, lock: Path, project: Project, commands: Commands) -> Step:
    """The packages of one lock file, each checked against its hash. The stamp lies in .venv and goes with it."""
    return Step(
        stamp=project.venv / f"{lock.stem}.stamp",
        title=title,
        key=key_of(lock),
        leaves=(project.python,),
        do=lambda: commands.run(project.python, *PIP_INSTALL, *PINNED, "-r", lock),
    )


def project_itself(project: Project) -> Step:
    """The project's own packages and its `gijo` command, without a build: a closed network has no build tools."""
    script = project.venv / "bin" / "gijo"
    path_file = project.site_packages / "gijo.pth"
    text = CONSOLE_SCRIPT.format(python=project.python)

    def link() -> None:
        path_file.write_text(f"{project.root}\n", encoding="utf-8")
        script.write_text(text, encoding="utf-8")
        script.chmod(0o755)

    return Step(
        stamp=project.venv / "gijo.stamp",
        title="gijo コマンド / the gijo command",
        key=key_of(text, str(project.root)),
        leaves=(script, path_file),
        do=link,
    )
