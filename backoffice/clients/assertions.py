"""Does a client assertion prove who calls? RFC 7523: signed with ES256, for us, fresh, and short.

Where it does not, the caller is told what to mend, but only once its signature was right: to a stranger every
refusal reads the same.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

ALGORITHMS = ["ES256"]
LONGEST_AHEAD = timedelta(minutes=5)
SKEW = timedelta(seconds=60)
LONGEST_JTI = 200
LONGEST = 4_000
YEAR_9999 = 253_402_300_799
NOT_PROVEN = "The client assertion does not prove a client that is known here and switched on."


class NotProvenError(Exception):
    """Why an assertion is not believed, in words for the engineer at the other end (ASCII, RFC 6749)."""


@dataclass(frozen=True)
class Assertion:
    """A believed one: `key` says which of the keys signed it."""

    key: int
    jti: str
    until: datetime
    """From then on it is refused as too old."""


def claimed_client(assertion: str) -> str:
    """Give whom an assertion speaks of; nothing of it is believed yet. Raises NotProvenError."""
    if len(assertion) > LONGEST:
        raise NotProvenError(NOT_PROVEN)
    try:
        payload = jws.extract_compact(assertion.encode("ascii")).payload
        subject = json.loads(payload)["sub"]
    except (JoseError, ValueError, KeyError, TypeError):
        raise NotProvenError(NOT_PROVEN) from None
    if not isinstance(subject, str):
        raise NotProvenError(NOT_PROVEN)
    return subject


def prove(
    assertion: str, handle: str, keys: Sequence[tuple[int, ECKey]], audiences: Sequence[str], now: datetime
) -> Assertion:
    """Believe an assertion of the client called `handle`, or raise NotProvenError."""
    signer, claims = _signed(assertion, keys)
    if claims.get("iss") != handle or claims.get("sub") != handle:
        raise NotProvenError("iss and sub must both be the client_id.")
    _must_be_for_us(claims.get("aud"), audiences)
    until = _must_be_fresh(claims, now)
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_JTI:
        raise NotProvenError(f"jti is missing: a text of 1 to {LONGEST_JTI} characters, new for every assertion.")
    return Assertion(signer, jti, until)


def _signed(assertion: str, keys: Sequence[tuple[int, ECKey]]) -> tuple[int, Mapping[str, Any]]:
    """Give which key signed, and the claims. A client has two keys at most: both are tried."""
    for key_id, key in keys:
        try:
            proven = jws.deserialize_compact(assertion, key, algorithms=ALGORITHMS)
            claims = json.loads(proven.payload)
        except (JoseError, ValueError):
            continue
        if isinstance(claims, dict):
            return key_id, claims
    raise NotProvenError(NOT_PROVEN)


def _must_be_for_us(audience: object, expected: Sequence[str]) -> None:
    named = audience if isinstance(audience, list) else [audience]
    if not set(expected) & {each for each in named if isinstance(each, str)}:
        raise NotProvenError(f"aud is wrong: expected {' or '.join(expected)}.")


def _must_be_fresh(claims: Mapping[str, Any], now: datetime) -> datetime:
    """Give until when an assertion may be used. What differs by more than the skew is told in seconds."""
    issued, expires = _moment(claims, "iat"), _moment(claims, "exp")
    if expires is None:
        raise NotProvenError("exp is missing: seconds since 1970, at most 300 ahead.")
    if issued is not None and issued > now + SKEW:
        raise NotProvenError(_clock_said(issued, now))
    if now >= expires + SKEW and issued is not None:
        raise NotProvenError(_clock_said(issued, now))
    if now >= expires + SKEW:
        late = round((now - expires).total_seconds())
        raise NotProvenError(f"exp passed {late} seconds ago; the time here is {_written(now)}.")
    if expires > now + LONGEST_AHEAD + SKEW:
        ahead = round((expires - now).total_seconds())
        raise NotProvenError(f"exp is {ahead} seconds ahead; at most 300. The time here is {_written(now)}.")
    before = _moment(claims, "nbf")
    if before is not None and before > now + SKEW:
        raise NotProvenError(_clock_said(before, now))
    return expires + SKEW


def _clock_said(theirs: datetime, now: datetime) -> str:
    seconds = round((theirs - now).total_seconds())
    side = "ahead of" if seconds > 0 else "behind"
    return f"Your clock is {abs(seconds)} seconds {side} ours; the time here is {_written(now)}. 60 are tolerated."


def _moment(claims: Mapping[str, Any], name: str) -> datetime | None:
    found = claims.get(name)
    if found is None:
        return None
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found <= YEAR_9999:
        raise NotProvenError(f"{name} must be seconds since 1970.")
    return datetime.fromtimestamp(found, UTC)


def _written(now: datetime) -> str:
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
