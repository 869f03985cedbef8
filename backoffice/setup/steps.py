"""Which steps are done already, and how long the others took.

A step is done when its stamp holds the hash of today's inputs and what it leaves is still there.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from backoffice.setup.troubles import SetupTrouble

TITLE_COLUMNS = 44


@dataclass(frozen=True)
class Step:
    """One thing to settle: where its stamp lies, keyed on all that it depends on, known by the files it leaves."""

    stamp: Path
    title: str
    key: str
    leaves: tuple[Path, ...]
    do: Callable[[], None]


@dataclass(frozen=True)
class Run:
    """One run of the set-up: what time it is, where the lines go."""

    clock: Callable[[], float]
    out: TextIO

    def settle(self, steps: Iterable[Step]) -> None:
        """Do what is not done yet, in order. At the first SetupTrouble this function will stop and leave no stamp."""
        for step in steps:
            is_done = stands(step)
            self.timed(step.title, is_done=is_done, do=step.do)
            if not is_done:
                step.stamp.write_text(step.key, encoding="utf-8")

    def timed(self, title: str, *, is_done: bool, do: Callable[[], None]) -> None:
        """Print one line for one piece of work: 済 where nothing was to do, else its seconds, else 失敗."""
        self.out.write(f"  {padded(title)} … ")
        self.out.flush()
        if is_done:
            self.out.write("済 / done\n")
            return
        started = self.clock()
        try:
            do()
        except SetupTrouble:
            self.out.write("失敗 / failed\n")
            raise
        self.out.write(f"{self.clock() - started:.1f} s\n")


def stands(step: Step) -> bool:
    """Tell whether a step was done with today's inputs and nothing of what it left is gone."""
    same = step.stamp.exists() and step.stamp.read_text(encoding="utf-8") == step.key
    return same and all(leaf.exists() for leaf in step.leaves)


def key_of(*inputs: str | Path) -> str:
    """Hash texts and the contents of files, in order. This function will answer 64 hexadecimal digits."""
    total = hashlib.sha256()
    for one in inputs:
        content = one.read_bytes() if isinstance(one, Path) else one.encode()
        total.update(hashlib.sha256(content).digest())
    return total.hexdigest()


def padded(title: str) -> str:
    """Fill a title up to one width on the screen, where a Japanese letter takes two columns."""
    columns = sum(2 if unicodedata.east_asian_width(letter) in "FW" else 1 for letter in title)
    return title + " " * max(0, TITLE_COLUMNS - columns)
