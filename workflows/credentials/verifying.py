"""Is what somebody shows true, still in force, and theirs? Then these are their claims; else one exact reason.

In order: the issuer's signature, what is disclosed, the dates, the holder's proof, and last whether it was revoked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from workflows.credentials.claims import ClaimName, Claims
from workflows.credentials.issuing import TYPE, StatusPlace
from workflows.credentials.refusals import Reason, RefusedError
from workflows.credentials.sd_jwt import Presentation, digest, disclosed, split
from workflows.credentials.signing import Key, key_of, must_be_signed_by_one_of, taken_apart

PROOF_TYPE = "kb+jwt"
SKEW: Final = 60
"""Seconds by which two clocks may differ."""
PROOF_LASTS: Final = 120
"""Seconds from when the holder signed to when it is looked at."""
NEVER_HIDDEN: Final = frozenset({"iss", "vct", "iat", "nbf", "exp", "cnf", "status"})


class Status(Enum):
    VALID = 0
    REVOKED = 1
    UNKNOWN = 2


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom a checker believes. `status` says whether a credential still holds."""

    issuer: str
    credential_type: str
    keys: Mapping[str, Key]
    status: Callable[[StatusPlace], Status]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the holder had to sign for: this checker, and a number that nobody could have known before."""

    audience: str
    is_our_nonce: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Verified:
    claims: Claims
    """Those disclosed that a digital ID may hold; of other formats the same would come."""
    nonce: str


def verify(presentation: str, trust: Trust, asked: Asked, now: int) -> Verified:
    """Give what was disclosed. Raises RefusedError with the first thing that is wrong."""
    parts = split(presentation)
    statement = taken_apart(parts.statement, TYPE)
    must_be_signed_by_one_of(statement, trust.keys)
    signed_claims = statement.payload
    opened = disclosed(signed_claims, parts.disclosures)
    if NEVER_HIDDEN & (opened.keys() - signed_claims.keys()):
        raise RefusedError(Reason.NAME_FORBIDDEN)
    if signed_claims.get("iss") != trust.issuer:
        raise RefusedError(Reason.ISSUER)
    if signed_claims.get("vct") != trust.credential_type:
        raise RefusedError(Reason.CREDENTIAL_TYPE)
    _must_be_in_force(signed_claims, now)
    nonce = _must_be_the_holders(parts, signed_claims, asked, now)
    _must_not_be_revoked(trust, signed_claims)
    return Verified({name: opened[name] for name in ClaimName if isinstance(opened.get(name), (bool, str))}, nonce)


def _must_be_in_force(claims: Mapping[str, Any], now: int) -> None:
    if now >= _instant(claims.get("exp")) + SKEW:
        raise RefusedError(Reason.EXPIRED)
    begins = (_instant(claims[name]) for name in ("nbf", "iat") if name in claims)
    if any(now < each - SKEW for each in begins):
        raise RefusedError(Reason.NOT_YET)


def _must_be_the_holders(parts: Presentation, claims: Mapping[str, Any], asked: Asked, now: int) -> str:
    """Give the nonce for which the holder signed."""
    if not parts.proof:
        raise RefusedError(Reason.NO_KEY_BINDING)
    confirmation = claims.get("cnf")
    holder = key_of(confirmation.get("jwk") if isinstance(confirmation, dict) else None)
    proof = taken_apart(parts.proof, PROOF_TYPE)
    proof.must_be_signed_by(holder, Reason.HOLDER_SIGNATURE)
    said = proof.payload
    if said.get("sd_hash") != digest(parts.bound):
        raise RefusedError(Reason.BOUND_TO_OTHERS)
    if said.get("aud") != asked.audience:
        raise RefusedError(Reason.AUDIENCE)
    if not -SKEW <= now - _instant(said.get("iat")) <= PROOF_LASTS + SKEW:
        raise RefusedError(Reason.KEY_BINDING_TIME)
    nonce = said.get("nonce")
    if not isinstance(nonce, str) or not asked.is_our_nonce(nonce):
        raise RefusedError(Reason.NONCE)
    return nonce


def _must_not_be_revoked(trust: Trust, claims: Mapping[str, Any]) -> None:
    match claims.get("status"):
        case {"status_list": {"idx": int(index), "uri": str(uri)}} if index >= 0:
            status = trust.status(StatusPlace(uri, index))
        case _:
            raise RefusedError(Reason.NO_STATUS)
    if status is not Status.VALID:
        raise RefusedError(Reason.REVOKED if status is Status.REVOKED else Reason.STATUS_UNKNOWN)


def _instant(value: object) -> int:
    """Give a whole number of seconds; to Python `True` is a number too."""
    if type(value) is not int:
        raise RefusedError(Reason.MALFORMED)
    return value
