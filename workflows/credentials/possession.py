"""Does whoever asks for a credential hold the key that it is to be bound to? A proof as OpenID4VCI has it (`jwt`).

The key comes in the proof's own header: whoever can sign with it has it. The nonce makes it a proof of this moment.
"""

from dataclasses import dataclass

from workflows.credentials.refusals import Reason, RefusedError
from workflows.credentials.signing import Key, key_of, taken_apart
from workflows.credentials.verifying import PROOF_LASTS, SKEW

TYPE = "openid4vci-proof+jwt"
LARGEST = 4_000


@dataclass(frozen=True, slots=True)
class Possession:
    """A key whose holder has just proven it. Whether the nonce was ours, whoever drew it says."""

    key: Key
    nonce: str


def prove_possession(proof: str, audience: str, now: int) -> Possession:
    """Believe a proof for `audience`. Raises RefusedError with the first thing that is wrong."""
    if len(proof) > LARGEST:
        raise RefusedError(Reason.TOO_LARGE)
    token = taken_apart(proof, TYPE)
    key = key_of(token.header.get("jwk"))
    token.must_be_signed_by(key, Reason.HOLDER_SIGNATURE)
    said = token.payload
    if said.get("aud") != audience:
        raise RefusedError(Reason.AUDIENCE)
    issued, nonce = said.get("iat"), said.get("nonce")
    if type(issued) is not int or not isinstance(nonce, str):
        raise RefusedError(Reason.MALFORMED)
    if not -SKEW <= now - issued <= PROOF_LASTS + SKEW:
        raise RefusedError(Reason.KEY_BINDING_TIME)
    return Possession(key, nonce)
