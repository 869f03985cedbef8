"""Where do time and chance come from? From here only; tests hand in others."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _random_token() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Services:
    now: Callable[[], datetime] = field(default=_utc_now)
    token: Callable[[], str] = field(default=_random_token)
    """256 bits, URL-safe."""
    random_bytes: Callable[[int], bytes] = field(default=secrets.token_bytes)

    def today(self) -> date:
        """Give the day in the office (Asia/Tokyo)."""
        return self.now().astimezone(TOKYO).date()
