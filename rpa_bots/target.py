"""Which system is keyed into, as whom, and how long may it take? Plain values handed in by the caller."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Target:
    """One account in one system.

    `late_commit_seconds`: how long after a lost connection the system may still store the record (a setting of the
    target system, found out with its vendor); `answer_seconds`: how long one page may take.
    """

    url: str
    account: str
    late_commit_seconds: float
    answer_seconds: float = 30.0

    @property
    def origin(self) -> str:
        return origin_of(self.url)

    def address(self, path: str) -> str:
        return f"{self.origin}{path}"


def origin_of(url: str) -> str:
    """Give scheme, host and port in full: `http://127.0.0.1:8907`.

    Raises ValueError for anything but http(s) and for hosts with wildcards, which would open the browser's walls.
    """
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not re.fullmatch(r"[a-z0-9.:-]+", parts.hostname or ""):
        raise ValueError("対象システムのURLが正しくありません")
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
    return f"{parts.scheme}://{host}:{parts.port or PORTS[parts.scheme]}"


def reconcile_not_before(submitted_at: datetime, late_commit_seconds: float) -> datetime:
    """Tell from when on a search may settle an unknown outcome.

    Searching earlier doubles: a record may be stored seconds after its connection was cut. `submitted_at` is the
    moment of SUBMITTING or later (take the latest known), aware; raises ValueError for a naive one.
    """
    if submitted_at.tzinfo is None:
        raise ValueError("submitted_at must be aware")
    return submitted_at + timedelta(seconds=late_commit_seconds)
