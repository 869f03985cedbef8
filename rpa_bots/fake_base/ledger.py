"""What has an old system registered, doubled entries included, and how does it survive a crash? One fsynced file."""

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

Value = str | int | bool | None


@dataclass(frozen=True)
class Registration:
    """`reference` is the clerk's own number for the record, empty in a system that knows none."""

    number: str
    reference: str
    registered_at: str
    account: str
    values: Mapping[str, Value]


class Ledger:
    """Append-only JSON lines, one a registration, each on the disk before anyone hears of it.

    The ledger refuses nothing: a record registered twice stands there twice, so that a faulty client is seen.
    Its numbers are `letter` and seven digits.
    """

    def __init__(self, path: Path, letter: str) -> None:
        self._path = path
        self._letter = letter
        self._lock = threading.Lock()
        self._numbered: dict[str, Registration] = {}
        self._under: dict[str, list[Registration]] = {}
        self._late: list[threading.Thread] = []
        for row in _read(path):
            self._keep(row)

    def register(self, reference: str, account: str, values: Mapping[str, Value], at: datetime) -> Registration:
        """Store one registration under the next free number and force it to the disk."""
        with self._lock:
            number = f"{self._letter}{len(self._numbered) + 1:07d}"
            row = Registration(number, reference, at.isoformat(), account, dict(values))
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")
                file.flush()
                os.fsync(file.fileno())
            self._keep(row)
            return row

    def register_later(
        self, seconds: float, reference: str, account: str, values: Mapping[str, Value], at: datetime
    ) -> None:
        """Store one registration `seconds` from now, as a system does whose client has long gone."""
        later = threading.Timer(seconds, self.register, (reference, account, values, at))
        self._late.append(later)
        later.start()

    def settle(self) -> None:
        """Wait until every late commit is stored."""
        for later in self._late:
            later.join()

    def under(self, reference: str) -> list[Registration]:
        with self._lock:
            return list(self._under.get(reference, ()))

    def numbered(self, number: str) -> Registration | None:
        with self._lock:
            return self._numbered.get(number)

    def rows(self) -> list[Registration]:
        with self._lock:
            return list(self._numbered.values())

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
