"""How is a credential written? As an SD-JWT VC bound to its holder's key, each claim hidden until they disclose it."""

from collections.abc import Callable
from dataclasses import dataclass

from workflows.credentials.claims import ClaimName, Claims
from workflows.credentials.sd_jwt import Presentation, concealed
from workflows.credentials.signing import Key, public_part, signed

TYPE = "dc+sd-jwt"
DIGESTS = 8
"""Always so many digests: more than there are claims, and no more than a QR code has room for."""


@dataclass(frozen=True, slots=True)
class StatusPlace:
    """Where it stands whether a credential still holds: which bit of which list."""

    uri: str
    index: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What stands in plain in every credential; instants are seconds since 1970."""

    issuer: str
    credential_type: str
    issued_at: int
    expires_at: int
    status: StatusPlace


def issue(
    claims: Claims, terms: Terms, holder: Key, key: Key, key_name: str, random_bytes: Callable[[int], bytes]
) -> str:
    """Write a credential with `claims` for whoever has the private half of `holder`. Raises ValueError."""
    if unknown := claims.keys() - set(ClaimName):
        raise ValueError(f"no digital ID says this: {sorted(unknown)}")
    plain = {
        "iss": terms.issuer,
        "vct": terms.credential_type,
        "iat": terms.issued_at,
        "exp": terms.expires_at,
        "cnf": {"jwk": public_part(holder)},
        "status": {"status_list": {"idx": terms.status.index, "uri": terms.status.uri}},
    }
    payload, disclosures = concealed(plain, claims, DIGESTS, random_bytes)
    return str(Presentation(signed({"typ": TYPE, "kid": key_name}, payload, key), tuple(disclosures)))
