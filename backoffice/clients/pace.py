"""How many calls may one client make in a minute? Beyond it the answer is 429, until its bucket fills again.

Counted in the process, on purpose: a row a call would be a write, and a lock, for every read. The ceiling shields the
house from a client that runs wild; with several gateway processes each lets as much through, and after a restart the
buckets are full. What an agreement promises, how often something may be fetched, is counted in the database.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from backoffice.errors import TooSoon

MINUTE = 60.0


@dataclass
class Pace:
    """One bucket a client: a call takes one drop, `a_minute` of them flow back in a minute."""

    a_minute: int
    _drops: dict[int, tuple[float, datetime]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, client_id: int, now: datetime) -> None:
        """Count a call. Raises TooSoon, saying when the next one is taken."""
        with self._lock:
            left, since = self._drops.get(client_id, (float(self.a_minute), now))
            flowed = max(0.0, (now - since).total_seconds()) * self.a_minute / MINUTE
            left = min(float(self.a_minute), left + flowed)
            if left >= 1:
                self._drops[client_id] = (left - 1, now)
                return
            self._drops[client_id] = (left, now)
        seconds = max(1, math.ceil((1 - left) * MINUTE / self.a_minute))
        raise TooSoon("呼び出しが多すぎます。%(seconds)s秒後にもう一度送ってください。", seconds=seconds)
