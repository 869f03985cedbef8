"""Who signed this? One door to signatures: ES256, whatever the header of a token would like.

Keys and signing are joserfc's, believing is done by cryptography, on which it stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.jwk import ECKey
from joserfc.jws import JWSRegistry

from workflows.credentials.encoding import packed, packed_json, unpacked, unpacked_object
from workflows.credentials.refusals import Reason, RefusedError

Key = ECKey
Jwk = Mapping[str, Any]
ALGORITHM = "ES256"
_CURVE, _P256 = "P-256", SECP256R1()
_UNCOMPRESSED = b"\x04"
_NUMBER_BYTES = 32
_ECDSA = ECDSA(SHA256())
_ES256 = JWSRegistry.algorithms[ALGORITHM]
_PARTS_OF_A_KEY = ("kty", "crv", "x", "y")


@dataclass(frozen=True, slots=True)
class Token:
    """A signed statement that was taken apart. Nothing in it is true before `must_be_signed_by`."""

    header: Mapping[str, Any]
    payload: Mapping[str, Any]
    signed: bytes
    signature: bytes

    def must_be_signed_by(self, key: Key, otherwise: Reason = Reason.SIGNATURE) -> None:
        # By the library that joserfc stands on: each holder has another key, for which joserfc writes a JWK anew.
        if len(self.signature) != 2 * _NUMBER_BYTES:
            raise RefusedError(otherwise)
        r, s = int.from_bytes(self.signature[:_NUMBER_BYTES]), int.from_bytes(self.signature[_NUMBER_BYTES:])
        try:
            key.public_key.verify(encode_dss_signature(r, s), self.signed, _ECDSA)
        except InvalidSignature as error:
            raise RefusedError(otherwise) from error


def signed(header: Mapping[str, Any], payload: Mapping[str, Any], key: Key) -> str:
    """Sign a statement; the algorithm is not the header's to choose."""
    body = f"{packed_json({'alg': ALGORITHM, **header})}.{packed_json(payload)}"
    return f"{body}.{packed(_ES256.sign(body.encode(), key))}"


def taken_apart(token: str, kind: str) -> Token:
    """Read a statement of one `kind` (its `typ`). Raises RefusedError; no signature is looked at yet."""
    head, dot, rest = token.partition(".")
    body, second, signature = rest.partition(".")
    if not (dot and second and token.isascii()):
        raise RefusedError(Reason.MALFORMED)
    header = unpacked_object(head)
    if header.get("alg") != ALGORITHM:
        raise RefusedError(Reason.ALGORITHM)
    if header.get("typ") != kind:
        raise RefusedError(Reason.WRONG_TYPE)
    if "crit" in header:
        raise RefusedError(Reason.CRITICAL_HEADER)
    return Token(header, unpacked_object(body), f"{head}.{body}".encode(), unpacked(signature))


def must_be_signed_by_one_of(token: Token, keys: Mapping[str, Key]) -> None:
    """Find the key that the header names among those that are trusted. Raises RefusedError."""
    name = token.header.get("kid")
    key = keys.get(name) if isinstance(name, str) else None
    if key is None:
        raise RefusedError(Reason.UNKNOWN_KEY)
    token.must_be_signed_by(key)


def new_key() -> Key:
    """Make a key of its own; where it comes from is the one chance that is not handed in (OpenSSL's)."""
    return ECKey.generate_key(_CURVE)


def private_bytes(key: Key) -> bytes:
    """Give the whole key, to be sealed."""
    return key.as_der(private=True)


def from_private_bytes(content: bytes) -> Key:
    return ECKey.import_key(content)


def public_part(key: Key) -> dict[str, str]:
    """Give the public half of a key as a JWK, without any name or use that came with it."""
    whole = key.as_dict(private=False)
    return {part: str(whole[part]) for part in _PARTS_OF_A_KEY}


def key_of(jwk: object, otherwise: Reason = Reason.NO_HOLDER_KEY) -> Key:
    """Read a public key on P-256 as it stands in a statement. Raises RefusedError, also for a private one."""
    if not isinstance(jwk, dict) or jwk.get("kty") != "EC" or jwk.get("crv") != _CURVE or "d" in jwk:
        raise RefusedError(otherwise)
    x, y = jwk.get("x"), jwk.get("y")
    if not (isinstance(x, str) and isinstance(y, str)):
        raise RefusedError(otherwise)
    try:
        # Read from its point, not by joserfc from its JWK: each holder has another key, and that took twice as long.
        point = _UNCOMPRESSED + unpacked(x, otherwise) + unpacked(y, otherwise)
        native = EllipticCurvePublicKey.from_encoded_point(_P256, point)
    except ValueError as error:
        raise RefusedError(otherwise) from error
    return ECKey.import_key(native)


def thumbprint(key: Key) -> str:
    """Give the mark of a key (RFC 7638)."""
    return str(key.thumbprint())
