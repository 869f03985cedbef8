"""Which checks every commit must pass before its tests are run.

CHECKS is the one list: add a line, and `make lint` and `make test` run it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from backoffice.setup.commands import Commands
from backoffice.setup.project import Project
from backoffice.setup.steps import Run
from backoffice.setup.troubles import SetupTrouble


@dataclass(frozen=True)
class Check:
    """One check: its title, the words after the environment's python, its files (none there: no check)."""

    title: str
    words: tuple[str, ...]
    about: str


CHECKS = (
    Check("書き方 / ruff check", ("-m", "ruff", "check", "--quiet", "."), "**/*.py"),
    Check("体裁 / ruff format", ("-m", "ruff", "format", "--check", "--quiet", "."), "**/*.py"),
    Check("型 / mypy", ("-m", "mypy"), "**/*.py"),
    Check(
        "部屋の境 / import contracts",
        ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"),
        "**/*.py",
    ),
    Check("画面のひな型 / djlint", ("-m", "djlint", "--lint", "--quiet", "backoffice"), "backoffice/**/*.html"),
    Check("翻訳 / translations", ("-m", "backoffice.web.translation_check"), "backoffice/**/*.html"),
)

FIXES = (
    Check("書き方 / ruff check --fix", ("-m", "ruff", "check", "--fix", "."), "**/*.py"),
    Check("体裁 / ruff format", ("-m", "ruff", "format", "."), "**/*.py"),
    Check(
        "訳す文を目録へ / new sentences into the catalogue",
        ("-m", "backoffice.web.translation_check", "--add"),
        "backoffice/**/*.html",
    ),
)


@dataclass(frozen=True)
class Refusal:
    """One check that did not pass, and what it said."""

    title: str
    said: str


def lint(project: Project, run: Run, checks: Iterable[Check]) -> list[Refusal]:
    """Run all checks, also after one has refused.

    This function will answer the refusals: none where the commit may stand.
    """
    refusals = []
    for check in checks:
        if next(project.root.glob(check.about), None) is None:
            continue
        refusal = _refusal_of(check, project, run)
        if refusal is not None:
            refusals.append(refusal)
    return refusals


def _refusal_of(check: Check, project: Project, run: Run) -> Refusal | None:
    log = project.state / "lint.log"
    log.unlink(missing_ok=True)
    commands = Commands(root=project.root, log=log)
    try:
        run.timed(check.title, is_done=False, do=lambda: commands.run(project.python, *check.words))
    except SetupTrouble:
        return Refusal(check.title, log.read_text(encoding="utf-8", errors="replace"))
    return None
