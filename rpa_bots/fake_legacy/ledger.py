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
        self._numbered: dict[str, Registration] = {}
        self._under: dict[str, list[Registration]] = {}
        for row in _read(path):
            self._keep(row)

    def register(self, reference: str, account: str, values: Mapping[str, Value], at: datetime) -> Registration:
        """Store one registration under the next free number and force it to the disk."""
        with self._lock:
            row = Registration(f"E{len(self._numbered) + 1:07d}", reference, at.isoformat(), account, dict(values))
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
                file.flush()
                os.fsync(file.fileno())
            self._keep(row)
            return row

    def under(self, reference: str) -> list[Registration]:
        with self._lock:
            return list(self._under.get(reference, ()))

    def numbered(self, number: str) -> Registration | None:
        with self._lock:
            return self._numbered.get(number)

    def _keep(self, row: Registration) -> None:
        self._numbered[row.number] = row
        self._under.setdefault(row.reference, []).append(row)


def _read(path: Path) -> list[Registration]:
    """Read what stands in the file; a last line torn by a crash was never answered for, and is cut away."""
    if not path.exists():
        return []
    whole, _, torn = path.read_bytes().rpartition(b"\n")
    if torn:
        os.truncate(path, len(whole) + (1 if whole else 0))
    return [Registration(**json.loads(line)) for line in whole.splitlines() if line]
