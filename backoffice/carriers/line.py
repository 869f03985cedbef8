"""How does one text reach up to 500 people by LINE, at most once? Under a retry key known before the first try.

The transport is LINE's own (line-bot-sdk), with its retries and redirects off: whoever keeps the books says when the
same call goes again, unchanged, under the same key. LINE remembers a key for 24 hours and answers 409 to the second.
"""

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from threading import Lock
from typing import Any
from uuid import UUID

import urllib3

from backoffice.settings import Settings

Message = Mapping[str, Any]
MOST_PEOPLE, MOST_MESSAGES = 500, 5
LONGEST_WAIT = 3600.0
MULTICAST, VALIDATE = "/v2/bot/message/multicast", "/v2/bot/message/validate/multicast"
USER_ID = re.compile(r"U[0-9a-f]{32}")
USER_IDS = re.compile(r"U[0-9a-f]{32}(?:,U[0-9a-f]{32})*")
OK, CONFLICT, TOO_MANY, TIMED_OUT = 200, 409, 429, 408
NOT_LET_IN = frozenset({401, 403, 404})
MONTH_IS_USED_UP = "monthly limit"


class Reply(StrEnum):
    ACCEPTED = "accepted"
    """LINE has it (409: it had it already)."""
    AGAIN = "again"
    """Nobody knows, or not now: the same call, under the same key, later."""
    REFUSED = "refused"
    """Nobody got it, and the same call never will."""
    BROKEN = "broken"
    """No call of ours is taken: everything by LINE is to stop."""


@dataclass(frozen=True)
class Answered:
    reply: Reply
    status: int = 0
    """0: no answer came."""
    request_id: str = ""
    """LINE's own number of the request that it accepted."""
    said: str = ""
    """Why not, in LINE's words, without anybody's id."""
    wait_seconds: float = 0.0
    """How long LINE asks to be left alone."""

    @property
    def is_certainly_not_taken(self) -> bool:
        """Say whether LINE itself, in its own words, turned the call away before it did anything with it.

        An error of the server's, a silence, or a no from something before LINE leaves open what became of it.
        """
        return bool(self.said) and 400 <= self.status <= 499 and self.status not in (TIMED_OUT, CONFLICT)  # noqa: PLR2004 -- RFC 9110: the call is at fault


@dataclass
class Pace:
    """So many calls a second, in this process; whoever is early waits."""

    calls_a_second: float
    now: Callable[[], float] = time.monotonic
    wait: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        self._next = self.now()
        self._lock = Lock()

    def keep(self) -> None:
        """Wait for this call's turn."""
        with self._lock:
            turn = max(self._next, self.now())
            self._next = turn + 1 / self.calls_a_second
        if (early := turn - self.now()) > 0:
            self.wait(early)


class Channel:
    """The city's LINE account. May be used by several threads."""

    def __init__(self, endpoint: str, token: str, *, seconds: float, pace: Pace) -> None:
        self._endpoint = endpoint.rstrip("/")
        self._token = token
        self._seconds = seconds
        self._pace = pace

    def multicast(self, to: Sequence[str], messages: Sequence[Message], *, key: UUID, unit: str = "") -> Answered:
        """Send the same messages to each. Called again, everything must be as it was the first time.

        Raises ValueError for what LINE would not read.
        """
        if not 0 < len(to) <= MOST_PEOPLE or not 0 < len(messages) <= MOST_MESSAGES:
            raise ValueError("1 to 500 people, 1 to 5 messages")
        if not USER_IDS.fullmatch(",".join(to)) or len(set(to)) < len(to):
            raise ValueError("an id that LINE never gave, or twice the same")
        body: dict[str, Any] = {"to": list(to), "messages": list(messages)}
        if unit:
            body["customAggregationUnits"] = [unit]
        return self._called(MULTICAST, body, {"X-Line-Retry-Key": str(key)})

    def validate(self, messages: Sequence[Message]) -> Answered:
        """Ask LINE whether it would send such messages; nothing is sent."""
        return self._called(VALIDATE, {"messages": list(messages)}, {})

    def _called(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> Answered:
        from linebot.v3.messaging.exceptions import ApiException  # noqa: PLC0415 -- as in _transport

        everything = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json", **headers}
        transport = self._transport
        self._pace.keep()
        try:
            answer = transport.post_request(
                self._endpoint + path, everything, body=body, _request_timeout=(self._seconds, self._seconds)
            )
        except ApiException as said:
            return _read(said.status or 0, said.headers or {}, said.body or b"")
        except urllib3.exceptions.HTTPError as trouble:
            return Answered(Reply.AGAIN, said=type(trouble).__name__)
        return _read(answer.status, answer.getheaders(), answer.data or b"")

    @cached_property
    def _transport(self) -> Any:  # noqa: ANN401 -- the SDK has no types
        # It takes a second to load: only who sends by LINE waits for it.
        from linebot.v3.messaging.configuration import Configuration  # noqa: PLC0415 -- see above
        from linebot.v3.messaging.rest import RESTClientObject  # noqa: PLC0415 -- see above

        configuration = Configuration(host=self._endpoint, access_token=self._token)
        configuration.retries = urllib3.Retry(0, redirect=False, raise_on_redirect=False)
        return RESTClientObject(configuration)


def channel_of(settings: Settings) -> Channel | None:
    """Give the account that the settings name; None: nothing goes by LINE."""
    if settings.line_token_file is None:
        return None
    token = settings.line_token_file.read_text("utf-8").strip()
    pace = Pace(settings.line_calls_a_second)
    return Channel(settings.line_endpoint, token, seconds=settings.line_timeout_seconds, pace=pace)


def _read(status: int, headers: Mapping[str, str], body: bytes) -> Answered:
    known = {name.lower(): value for name, value in headers.items()}
    if status in (OK, CONFLICT):
        number = known.get("x-line-accepted-request-id") or known.get("x-line-request-id", "")
        return Answered(Reply.ACCEPTED, status, number)
    said = _words(body)
    if status in NOT_LET_IN or (status == TOO_MANY and MONTH_IS_USED_UP in said):
        return Answered(Reply.BROKEN, status, said=said)
    if status in (0, TIMED_OUT, TOO_MANY) or status >= 500:  # noqa: PLR2004 -- RFC 9110: the server's own trouble
        return Answered(Reply.AGAIN, status, said=said, wait_seconds=_seconds(known.get("retry-after", "")))
    if status >= 400:  # noqa: PLR2004 -- RFC 9110: the call is at fault
        return Answered(Reply.REFUSED, status, said=said)
    # Another 2xx, or somewhere else to go: whoever answers there is not LINE.
    return Answered(Reply.BROKEN, status, said=said)


def _words(body: bytes) -> str:
    try:
        held = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(held, dict):
        return ""
    details = held.get("details")
    more = [f"{one.get('property')}: {one.get('message')}" for one in details or [] if isinstance(one, dict)]
    return USER_ID.sub("U…", "; ".join([str(held.get("message", "")), *more]))[:300]


def _seconds(retry_after: str) -> float:
    return min(float(retry_after), LONGEST_WAIT) if retry_after.isdecimal() else 0.0
