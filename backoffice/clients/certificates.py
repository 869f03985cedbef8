"""With which certificate did a client come to the proxy? Read from the one header that the proxy writes (RFC 9440).

Off unless the city's proxy asks machines for certificates: `GIJO_GATEWAY_CERTIFICATES`. The proxy then overwrites
`Client-Cert` in every call, or takes it out; the gateway listens on loopback alone, so that nobody else writes one.
"""

import base64
import hashlib
from collections.abc import Sequence

HEADER = "client-cert"
LONGEST = 16_384


def thumbprint_in(headers: Sequence[str]) -> str | None:
    """Give the mark of a certificate (RFC 8705, `x5t#S256`); None for none, for two, and for what is none."""
    if len(headers) != 1 or len(headers[0]) > LONGEST:
        return None
    said = headers[0].strip()
    if len(said) <= len("::") or not (said.startswith(":") and said.endswith(":")):
        return None
    try:
        certificate = base64.b64decode(said[1:-1].encode("ascii"), validate=True)
    except ValueError:
        return None
    return base64.urlsafe_b64encode(hashlib.sha256(certificate).digest()).rstrip(b"=").decode()
