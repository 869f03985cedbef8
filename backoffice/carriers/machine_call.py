"""How does a short message reach one machine of the city's? Posted as JSON to the one address of the settings."""

import json
from collections.abc import Mapping
from enum import StrEnum

import urllib3

TAKEN = range(200, 300)
NEVER_SENT = (
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.SSLError,
)


class Call(StrEnum):
    TAKEN = "taken"
    REFUSED = "refused"
    """It certainly was not taken: nobody was there, or they said no."""
    UNSURE = "unsure"
    """It was sent, and no answer came."""


class Webhook:
    """Follows no redirect and asks no proxy: nothing leaves for another address than this one."""

    def __init__(self, address: str, *, seconds: float = 10.0) -> None:
        self._address = address
        self._pool = urllib3.PoolManager(timeout=seconds, retries=False)

    def post(self, message: Mapping[str, object], key: str) -> Call:
        """Post one message; the same `key` for the same message, so that a receiver can tell."""
        headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": key}
        body = json.dumps(message, ensure_ascii=False).encode()
        try:
            answer = self._pool.request("POST", self._address, body=body, headers=headers, redirect=False)
        except NEVER_SENT:
            return Call.REFUSED
        except urllib3.exceptions.HTTPError:
            return Call.UNSURE
        return Call.TAKEN if answer.status in TAKEN else Call.REFUSED
