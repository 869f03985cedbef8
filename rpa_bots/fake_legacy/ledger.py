"""What has the old system registered, doubled entries included, and how does it survive a crash? One fsynced file."""

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from rpa_bots.fake_legacy.fields import Value


@dataclass(frozen=True)
class Registration:
    number: str
    reference: str
    registered_at: str
    account: str
    values: Mapping[str, Value]


class Ledger:
    """Append-only JSON lines, one a registration, each on the disk before anyone hears of it.

    The ledger refuses nothing: a record registered twice stands there twice, so that a faulty client is seen.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._rows = _read(path)

    def register(self, reference: str, account: str, values: Mapping[str, Value], at: datetime) -> Registration:
        """Store one registration under the next free number and force it to the disk."""
        with self._lock:
            row = Registration(f"E{len(self._rows) + 1:07d}", reference, at.isoformat(), account, dict(values))
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
                file.flush()
                os.fsync(file.fileno())
            self._rows.append(row)
            return row

    def under(self, reference: str) -> list[Registration]:
        with self._lock:
            return [row for row in self._rows if row.reference == reference]

    def numbered(self, number: str) -> Registration | None:
        with self._lock:
            return next((row for row in self._rows if row.number == number), None)


def _read(path: Path) -> list[Registration]:
    """Read what stands in the file; a last line torn by a crash was never answered for, and is cut away."""
    if not path.exists():
        return []
    whole, _, torn = path.read_bytes().rpartition(b"\n")
    if torn:
        os.truncate(path, len(whole) + (1 if whole else 0))
    return [Registration(**json.loads(line)) for line in whole.splitlines() if line]
