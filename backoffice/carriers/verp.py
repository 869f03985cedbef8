"""Whose mail came back? Each has an envelope address of its own, which nobody can guess and no relay can spoil.

The number of the recipient and a mark made with the city's key; relays may fold case, so it has none.
"""

import base64
import hmac
import re
from hashlib import sha256

MARK_BYTES = 10
"""80 bits: an address is tried by sending a mail, so there is no faster way to guess."""
NUMBER_BYTES = 8
MOST = 2 ** (8 * NUMBER_BYTES) - 1
BEGINS = "bounce+"
# Digits and letters of base32 (RFC 4648); 18 bytes are 29 of them.
ADDRESS = re.compile(r"bounce\+([a-z2-7]{29})@([a-z0-9.-]{1,255})", re.IGNORECASE | re.ASCII)


def bounce_address(number: int, *, key: bytes, domain: str) -> str:
    """Give the envelope address of one recipient's mail."""
    if not 0 <= number <= MOST:
        raise ValueError("no number of a recipient")
    told = number.to_bytes(NUMBER_BYTES, "big")
    token = base64.b32encode(told + _mark(told, key)).decode("ascii").rstrip("=").lower()
    return f"{BEGINS}{token}@{domain}"


def recipient_of(address: str, *, key: bytes, domain: str) -> int | None:
    """Read whose mail a bounce answers; None for every address that is not one of ours, letter by letter."""
    found = ADDRESS.fullmatch(address)
    if found is None or found[2].lower() != domain.lower():
        return None
    held = base64.b32decode(found[1].upper() + "===")
    told, mark = held[:NUMBER_BYTES], held[NUMBER_BYTES:]
    number = int.from_bytes(told, "big")
    spelt = bounce_address(number, key=key, domain=domain)
    is_ours = hmac.compare_digest(mark, _mark(told, key)) and spelt.lower() == address.lower()
    return number if is_ours else None


def _mark(told: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"gijo bounce\0" + told, sha256)[:MARK_BYTES]
