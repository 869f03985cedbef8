"""What does LINE send to the city when somebody follows, stops, or writes? The same bytes, with the same signature."""

import base64
import hmac
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import urllib3

DESTINATION = "U" + "0" * 32
"""The user id of the city's own account."""
SECONDS = 10.0


@dataclass(frozen=True)
class Happening:
    """Something that a person did."""

    kind: str
    """follow, unfollow or message."""
    user: str
    event_id: str
    """The same for the same happening, however often it is told (a ULID)."""
    at_milliseconds: int
    is_redelivery: bool = False
    is_unblocked: bool = False
    text: str = ""


def webhook(*happenings: Happening) -> bytes:
    """Write the body of one webhook."""
    events = [_event(one) for one in happenings]
    return json.dumps({"destination": DESTINATION, "events": events}, ensure_ascii=False).encode()


def signature(raw: bytes, secret: str) -> str:
    """Sign a body as LINE does: X-Line-Signature."""
    return base64.b64encode(hmac.digest(secret.encode(), raw, sha256)).decode("ascii")


def tell(url: str, secret: str, raw: bytes) -> int:
    """Send a webhook. This function will answer the status the city gave."""
    with urllib3.PoolManager(retries=False, timeout=SECONDS) as pool:
        headers = {"Content-Type": "application/json", "X-Line-Signature": signature(raw, secret)}
        return pool.request("POST", url, body=raw, headers=headers).status


def _event(one: Happening) -> dict[str, Any]:
    event: dict[str, Any] = {
        "type": one.kind,
        "mode": "active",
        "timestamp": one.at_milliseconds,
        "source": {"type": "user", "userId": one.user},
        "webhookEventId": one.event_id,
        "deliveryContext": {"isRedelivery": one.is_redelivery},
    }
    if one.kind == "follow":
        event |= {"replyToken": "0" * 32, "follow": {"isUnblocked": one.is_unblocked}}
    if one.kind == "message":
        message = {"type": "text", "id": "1", "text": one.text, "quoteToken": "q"}
        event |= {"replyToken": "0" * 32, "message": message}
    return event
