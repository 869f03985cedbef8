"""How other programs are run, and where what they say goes.

The one door to outside programs in the set-up: their chatter goes to a log, so that the screen keeps one line a step;
its last lines come back when one fails.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from backoffice.setup.troubles import SetupTrouble

LAST_LINES = 15


@dataclass(frozen=True)
class Commands:
    """Runs programs in the project's root and writes all they say to one log file."""

    root: Path
    log: Path

    def run(self, *argv: str | Path) -> None:
        """Run to the end. This function will raise SetupTrouble with the last 15 lines where the exit code is not 0."""
        words = [str(word) for word in argv]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(words)}\n")
            log.flush()
            from_here = log.tell()
            ended = subprocess.run(words, cwd=self.root, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False)  # noqa: S603 - the words are this package's own
        if ended.returncode != 0:
            said = self.log.read_bytes()[from_here:].decode("utf-8", errors="replace")
            raise SetupTrouble(f"{' '.join(words[:4])} … exit {ended.returncode}\n{last_lines(said)}", self._remedy())

    def shown(self, *argv: str | Path) -> int:
        """Run with the screen as its output. This function will answer the exit code."""
        return subprocess.run([str(word) for word in argv], cwd=self.root, check=False).returncode  # noqa: S603 - the words are this package's own

    def _remedy(self) -> str:
        return (
            "上の理由(多くは回線、配布元の設定、空き容量)を除いて、同じコマンドをもう一度。\n"
            "Mend the cause above (mostly network, mirror settings, disk space) and give the same command again.\n"
            f"記録 / log: {self.log}"
        )


def last_lines(said: str) -> str:
    return "\n".join(f"    {line}" for line in said.splitlines()[-LAST_LINES:])


def can_sudo() -> bool:
    """Tell whether sudo would work: without a password, or because a person is there to type it."""
    try:
        silent = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)  # noqa: S607 - sudo stands where the system put it
    except FileNotFoundError:
        return False
    return silent.returncode == 0 or os.isatty(0)
