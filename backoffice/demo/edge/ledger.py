"""What did each resident's phone receive? Written down before the sender hears of it, where no kill can take it back.

One line an entry, only ever appended; other processes may read while it grows.
"""

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Any


@dataclass(frozen=True)
class Entry:
    channel: str
    """mail or line."""
    to: tuple[str, ...]
    """An address, or up to 500 user ids."""
    number: str
    """A mail's Message-ID, LINE's number of the request."""
    at: float
    key: str = ""
    """LINE: the retry key."""
    fault: str = ""
    """What went wrong with the answer; the message arrived all the same."""
    content: Any = None
    """A mail as text, or LINE's messages; None where nothing is kept but that it came."""


class Ledger:
    """One process writes."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._lock = Lock()
        self._end_what_was_cut(file)

    def note(self, entry: Entry) -> None:
        """Append one entry: in the kernel's hands when this returns."""
        line = json.dumps(asdict(entry), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
        with self._lock:
            while line:
                line = line[os.write(self._descriptor, line) :]

    def close(self) -> None:
        os.close(self._descriptor)

    def _end_what_was_cut(self, file: Path) -> None:
        """A writer that was killed in the middle of a line leaves a piece; the next entry begins a line of its own."""
        with file.open("rb") as held:
            size = held.seek(0, os.SEEK_END)
            held.seek(max(0, size - 1))
            if held.read(1) not in (b"", b"\n"):
                os.write(self._descriptor, b"\n")


def entries(file: Path) -> Iterator[Entry]:
    """Read all that was noted so far; a line that is being written is left for later, a piece of one is passed over."""
    if not file.exists():
        return
    with file.open("rb") as lines:
        for line in lines:
            if line.endswith(b"}\n"):
                held = json.loads(line)
                yield Entry(**held | {"to": tuple(held["to"])})


def received(file: Path) -> dict[str, list[str]]:
    """Say for each address and user id which messages came there, in order."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for entry in entries(file):
        for one in entry.to:
            found[one].append(entry.number)
    return dict(found)
