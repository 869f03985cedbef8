"""What does LINE tell the city? Who follows its account or ceased to: signed, perhaps twice, in any order."""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

FOLLOW, UNFOLLOW = "follow", "unfollow"
_USER = re.compile(r"U[0-9a-f]{32}")
_EVENT = re.compile(r"[0-9A-Za-z]{1,64}")
_LATEST = 253_402_300_799_000
"""The last millisecond that is a date."""


class UnreadableError(Exception):
    """It is signed and yet not what LINE describes."""


@dataclass(frozen=True)
class Followed:
    """Somebody follows the account, perhaps again after having blocked it, or does no longer."""

    event: str
    user_id: str
    follows: bool
    at: datetime


def is_signed(secret: str, body: bytes, signature: str) -> bool:
    """Say whether LINE signed these very bytes; how long the answer takes tells nothing."""
    try:
        said = base64.b64decode(signature.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return False
    return hmac.compare_digest(hmac.digest(secret.encode(), body, hashlib.sha256), said)


def read_events(body: bytes) -> list[Followed]:
    """Give who began or ceased to follow; all else that LINE tells is let pass. Raises UnreadableError."""
    try:
        said = json.loads(body)
        return list(_followed(said["events"]))
    except (ValueError, TypeError, KeyError, RecursionError) as trouble:
        raise UnreadableError from trouble


def _followed(events: list[dict[str, Any]]) -> Iterator[Followed]:
    for each in events:
        if each["type"] not in {FOLLOW, UNFOLLOW}:
            continue
        user_id, event, milliseconds = each["source"].get("userId", ""), each["webhookEventId"], each["timestamp"]
        if not (_USER.fullmatch(user_id) and _EVENT.fullmatch(event) and 0 <= milliseconds <= _LATEST):
            raise UnreadableError
        at = datetime.fromtimestamp(milliseconds / 1000, UTC)
        yield Followed(event, user_id, each["type"] == FOLLOW, at)
