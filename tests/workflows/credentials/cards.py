"""A city that issues, a resident's wallet, a checker who asks: what tests of credentials begin with."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from hashlib import sha256
from itertools import count

from joserfc.jwk import ECKey

from workflows.credentials.encoding import packed, packed_json
from workflows.credentials.issuing import TYPE, StatusPlace, Terms, issue
from workflows.credentials.sd_jwt import digest, split
from workflows.credentials.signing import Key, public_part, signed
from workflows.credentials.verifying import PROOF_TYPE, Asked, Status, Trust, Verified, verify
from workflows.credentials.wallet_simulator import WalletSimulator

NOW = 1_795_500_000
DAY = 24 * 60 * 60
ISSUER, KIND, HERE, NONCE = (
    "https://id.city.example",
    "https://id.city.example/digital-id",
    "https://pool.example",
    "n-42",
)
LIST = f"{ISSUER}/status/1"
CITY_KEY, HOLDER_KEY, STRANGER_KEY = (ECKey.generate_key("P-256") for _ in range(3))
CLAIMS = {
    "age_over_18": True,
    "age_over_20": True,
    "age_over_65": True,
    "age_over_70": False,
    "city_resident": True,
    "disability_discount_class": "B",
}
TERMS = Terms(ISSUER, KIND, NOW - DAY, NOW + 30 * DAY, StatusPlace(LIST, 4_711))
TRUST = Trust(ISSUER, KIND, {"2026-1": CITY_KEY}, lambda _place: Status.VALID)
ASKED = Asked(HERE, lambda nonce: nonce == NONCE)


def chance(seed: int = 0):
    """Bytes that are the same in every run."""
    numbers = count(seed * 1_000_000)
    return lambda length: sha256(str(next(numbers)).encode()).digest()[:length]


def wallet(claims: Mapping[str, object] = CLAIMS, terms: Terms = TERMS, key: Key = CITY_KEY) -> WalletSimulator:
    return WalletSimulator(HOLDER_KEY, issue(claims, terms, HOLDER_KEY, key, "2026-1", chance()))


def shown(*disclose: str, **claims: object) -> str:
    return wallet(claims or CLAIMS).present(disclose, HERE, NONCE, NOW)


def looked_at(presentation: str, trust: Trust = TRUST, asked: Asked = ASKED, now: int = NOW) -> Verified:
    return verify(presentation, trust, asked, now)


def made(payload: Mapping[str, object] = {}, disclosures: Collection[str] = (), **headers: object) -> str:
    """A presentation with a statement that the city would never sign, and yet with its key."""
    usual = {
        "iss": ISSUER,
        "vct": KIND,
        "exp": NOW + DAY,
        "cnf": {"jwk": public_part(HOLDER_KEY)},
        "status": {"status_list": {"idx": 1, "uri": LIST}},
    }
    said = {name: value for name, value in {**usual, **payload}.items() if value is not None}
    statement = signed({"typ": TYPE, "kid": "2026-1", **headers}, said, CITY_KEY)
    return proven("~".join((statement, *disclosures, "")))


def proven(bound: str, key: Key = HOLDER_KEY, kind: str = PROOF_TYPE, **said: object) -> str:
    usual = {"iat": NOW, "aud": HERE, "nonce": NONCE, "sd_hash": digest(bound)}
    return bound + signed({"typ": kind}, {**usual, **said}, key)


def disclosure(*parts: object) -> str:
    return packed_json(["c2FsdA", *parts])


def with_header(presentation: str, header: Mapping[str, object]) -> str:
    """The same statement under another header, its signature as it was."""
    parts = split(presentation)
    _old, body, signature = parts.statement.split(".")
    return proven("~".join((f"{packed(json.dumps(header).encode())}.{body}.{signature}", *parts.disclosures, "")))
