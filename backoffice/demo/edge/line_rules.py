"""What would LINE not take? The few rules that the demonstration's player knows by itself.

Tests hand in the official OpenAPI schemas instead, and these rules hold beside them: 500 people, five messages,
lengths that the schemas leave open.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backoffice.carriers.line import MOST_MESSAGES, MOST_PEOPLE, USER_ID

TEXT_LENGTH, ALT_TEXT_LENGTH = 5000, 1500
KINDS = frozenset(
    {"text", "textV2", "flex", "template", "image", "video", "audio", "location", "sticker", "imagemap", "coupon"}
)
UNIT = re.compile(r"[a-zA-Z0-9_]{1,30}")
ALLOWED = frozenset({"to", "messages", "notificationDisabled", "customAggregationUnits"})


@dataclass(frozen=True)
class Call:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


Validator = Callable[[Call], str]
"""Says what is wrong with a call; nothing: an empty text."""


def wrong_with(call: Call, body: Any) -> str:  # noqa: ANN401 -- whatever JSON came
    """Say what LINE would refuse in a call; nothing: an empty text."""
    if not isinstance(body, dict) or not set(body) <= ALLOWED:
        return "May not be read: properties that nobody knows"
    if call.path.endswith("/validate/multicast"):
        return _wrong_messages(body.get("messages"))
    return (
        _wrong_key(call.headers)
        or _wrong_people(body.get("to"))
        or _wrong_unit(body)
        or _wrong_messages(body.get("messages"))
    )


def _wrong_key(headers: Mapping[str, str]) -> str:
    key = headers.get("x-line-retry-key")
    try:
        return "" if key is None or str(UUID(key)) == key.lower() else "X-Line-Retry-Key: no UUID"
    except ValueError:
        return "X-Line-Retry-Key: no UUID"


def _wrong_people(to: Any) -> str:  # noqa: ANN401 -- whatever JSON came
    if not isinstance(to, list) or not 0 < len(to) <= MOST_PEOPLE:
        return f"to: 1 to {MOST_PEOPLE}"
    wrong = (at for at, one in enumerate(to) if not (isinstance(one, str) and USER_ID.fullmatch(one)))
    return next((f"The property, 'to[{at}]', in the request body is invalid" for at in wrong), "")


def _wrong_unit(body: dict[str, Any]) -> str:
    units = body.get("customAggregationUnits", [])
    fine = isinstance(units, list) and len(units) <= 1 and all(UNIT.fullmatch(str(unit)) for unit in units)
    return "" if fine else "customAggregationUnits: one name"


def _wrong_messages(messages: Any) -> str:  # noqa: ANN401 -- whatever JSON came
    if not isinstance(messages, list) or not 0 < len(messages) <= MOST_MESSAGES:
        return f"messages: 1 to {MOST_MESSAGES}"
    return next((wrong for at, one in enumerate(messages) if (wrong := _wrong_message(at, one))), "")


def _wrong_message(at: int, one: Any) -> str:  # noqa: ANN401 -- whatever JSON came
    if not isinstance(one, dict) or one.get("type") not in KINDS:
        return f"messages[{at}].type"
    if one["type"] in {"text", "textV2"} and not _is_text(one.get("text"), TEXT_LENGTH):
        return f"messages[{at}].text: 1 to {TEXT_LENGTH}"
    if one["type"] != "flex":
        return ""
    if not _is_text(one.get("altText"), ALT_TEXT_LENGTH):
        return f"messages[{at}].altText: 1 to {ALT_TEXT_LENGTH}"
    contents = one.get("contents")
    shown = isinstance(contents, dict) and contents.get("type") in {"bubble", "carousel"}
    return "" if shown else f"messages[{at}].contents"


def _is_text(held: Any, longest: int) -> bool:  # noqa: ANN401 -- whatever JSON came
    # LINE counts UTF-16 code units.
    return isinstance(held, str) and 0 < len(held.encode("utf-16-le", "surrogatepass")) // 2 <= longest
