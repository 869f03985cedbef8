"""A credential is bound only to a key whose holder has just signed for this issuer."""

from __future__ import annotations

import pytest

from workflows.credentials.possession import TYPE, prove_possession
from workflows.credentials.refusals import Reason, RefusedError
from workflows.credentials.signing import new_key, private_bytes, public_part, signed, thumbprint
from workflows.credentials.wallet_simulator import proof_of

ISSUER, NONCE, NOW = "https://gateway.example", "n-0S6_WzA2Mj", 1_795_000_000


def test_a_fresh_proof_gives_the_key_and_the_number():
    key = new_key()

    found = prove_possession(proof_of(key, ISSUER, NONCE, NOW), ISSUER, NOW + 30)

    assert (thumbprint(found.key), found.nonce) == (thumbprint(key), NONCE)


def refused(proof: str, now: int = NOW) -> Reason:
    with pytest.raises(RefusedError) as refusal:
        prove_possession(proof, ISSUER, now)
    return refusal.value.reason


def made(header: dict[str, object] | None = None, **said: object) -> str:
    """A proof in which one thing is otherwise; its key signs."""
    key = new_key()
    usual = {"typ": TYPE, "jwk": public_part(key)}
    claims = {"aud": ISSUER, "iat": NOW, "nonce": NONCE, **said}
    return signed({**usual, **(header or {})}, claims, key)


@pytest.mark.parametrize(
    ("proof", "reason"),
    [
        (made(aud="https://another.example"), Reason.AUDIENCE),
        (made(aud=None), Reason.AUDIENCE),
        (made(iat=NOW - 181), Reason.KEY_BINDING_TIME),
        (made(iat=NOW + 61), Reason.KEY_BINDING_TIME),
        (made(iat=True), Reason.MALFORMED),
        (made(nonce=None), Reason.MALFORMED),
        (made({"typ": "kb+jwt"}), Reason.WRONG_TYPE),
        (made({"jwk": None}), Reason.NO_HOLDER_KEY),
        (made({"jwk": public_part(new_key())}), Reason.HOLDER_SIGNATURE),
        (made({"jwk": {**public_part(new_key()), "d": "AAAA"}}), Reason.NO_HOLDER_KEY),
        (made({"alg": "none"}), Reason.ALGORITHM),
        (made({"crit": ["exp"]}), Reason.CRITICAL_HEADER),
        ("a" * 4_001, Reason.TOO_LARGE),
        ("a.b", Reason.MALFORMED),
    ],
)
def test_each_wrong_proof_is_refused_for_its_reason(proof, reason):
    assert refused(proof) is reason


def test_the_private_half_never_leaves_the_wallet():
    key = new_key()

    assert private_bytes(key).hex()[-64:] not in proof_of(key, ISSUER, NONCE, NOW).encode().hex()
