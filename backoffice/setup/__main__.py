"""What `make` asks of the set-up: `python3 -m backoffice.setup product|tests|lint|fix|lock|licences`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from backoffice.setup import lint, locks, third_party
from backoffice.setup.preparation import prepare
from backoffice.setup.project import Project
from backoffice.setup.steps import Run
from backoffice.setup.troubles import SetupTrouble

ORDERS = ("product", "tests", "lint", "fix", "lock", "licences")


def main(words: list[str]) -> int:
    """Carry out one order.

    This function will answer 0 when all went well, 1 with advice when not, 2 for an unknown order.
    """
    if len(words) != 1 or words[0] not in ORDERS:
        print(f"usage: python3 -m backoffice.setup {'|'.join(ORDERS)}", file=sys.stderr)
        return 2
    if sys.version_info[:2] != (3, 11):
        print("Python 3.11 が要ります / Python 3.11 is needed: make PYTHON=python3.11 …", file=sys.stderr)
        return 1
    try:
        return _carry_out(
            words[0], Project(Path(__file__).resolve().parents[2]), Run(clock=time.monotonic, out=sys.stdout)
        )
    except SetupTrouble as trouble:
        print(f"\n{trouble.what}\n\n{trouble.remedy}", file=sys.stderr)
        return 1


def _carry_out(order: str, project: Project, run: Run) -> int:
    if order in ("product", "tests"):
        prepare(project, run, for_tests=order == "tests")
    elif order == "lock":
        locks.relock(project, run)
    elif order == "licences":
        third_party.write(project)
    else:
        return _lint(project, run, lint.CHECKS if order == "lint" else lint.FIXES)
    return 0


def _lint(project: Project, run: Run, checks: tuple[lint.Check, ...]) -> int:
    refusals = lint.lint(project, run, checks)
    for refusal in refusals:
        print(f"\n── {refusal.title}\n{refusal.said}")
    return 1 if refusals else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
