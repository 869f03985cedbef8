"""What does LINE tell the city of somebody? Who follows and who has stopped; believed by its signature alone.

LINE may tell the same twice (the same webhookEventId), and late: what happened when stands in the event itself.
"""

import base64
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from backoffice.carriers.line import USER_ID
from backoffice.errors import Invalid

LONGEST_ID = 100


@dataclass(frozen=True)
class Told:
    """What every event says."""

    event_id: str
    is_redelivery: bool
    at: datetime
    user: str


@dataclass(frozen=True)
class Followed(Told):
    is_unblocked: bool


@dataclass(frozen=True)
class Unfollowed(Told):
    """They blocked the account, or left LINE."""


LineEvent = Followed | Unfollowed


def is_from_line(raw: bytes, signature: str, secret: str) -> bool:
    """Check X-Line-Signature over the very bytes that came."""
    expected = base64.b64encode(hmac.digest(secret.encode(), raw, sha256))
    return hmac.compare_digest(expected, signature.encode("utf-8", "replace"))


def events_in(raw: bytes) -> tuple[LineEvent, ...]:
    """Read who follows and who does no longer; other events are left out.

    Raises Invalid for what LINE would not write.
    """
    try:
        events = json.loads(raw)["events"]
        found = [_event(one) for one in events if one["type"] in {"follow", "unfollow"}]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as trouble:
        raise Invalid("LINE からの知らせを読めません。") from trouble
    return tuple(one for one in found if one is not None)


def _event(one: dict[str, Any]) -> LineEvent | None:
    if one.get("source", {}).get("type") != "user":
        return None
    user, event_id = one["source"]["userId"], one["webhookEventId"]
    is_redelivery, at = one["deliveryContext"]["isRedelivery"], one["timestamp"]
    if not (USER_ID.fullmatch(user) and 0 < len(event_id) <= LONGEST_ID and isinstance(is_redelivery, bool)):
        raise ValueError("no event of LINE's")
    told = (event_id, is_redelivery, datetime.fromtimestamp(at / 1000, UTC), user)
    if one["type"] == "follow":
        return Followed(*told, is_unblocked=bool(one.get("follow", {}).get("isUnblocked", False)))
    return Unfollowed(*told)
