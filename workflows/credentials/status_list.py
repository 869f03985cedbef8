"""Which credentials hold no more? One bit each in a signed list (Token Status List): who asks tells about nobody.

A list is good for `LASTS` seconds, so that a revocation is known everywhere within a minute.
"""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from workflows.credentials.encoding import packed, unpacked
from workflows.credentials.issuing import StatusPlace
from workflows.credentials.refusals import Reason, RefusedError
from workflows.credentials.signing import Key, must_be_signed_by_one_of, signed, taken_apart
from workflows.credentials.verifying import SKEW, Status

TYPE = "statuslist+jwt"
LASTS: Final = 30
MOST_PLACES: Final = 1 << 22
_PLACES_A_BYTE: Final = 8
_BEST = 9


def bits_of(places: int, revoked: Iterable[int]) -> bytes:
    """Give one bit a place, the lowest of each byte first; 1 is revoked. Raises IndexError."""
    bits = bytearray(places // _PLACES_A_BYTE)
    for index in revoked:
        bits[index // _PLACES_A_BYTE] |= 1 << index % _PLACES_A_BYTE
    return bytes(bits)


def compressed(bits: bytes) -> str:
    return packed(zlib.compress(bits, _BEST))


def status_statement(uri: str, lst: str, now: int, key: Key, key_name: str) -> str:
    """Sign the list at `uri` as it is at this moment; `lst` is what `compressed` gave."""
    payload = {"sub": uri, "iat": now, "exp": now + LASTS, "ttl": LASTS, "status_list": {"bits": 1, "lst": lst}}
    return signed({"typ": TYPE, "kid": key_name}, payload, key)


@dataclass(frozen=True, slots=True)
class StatusList:
    """A list that was fetched and believed."""

    uri: str
    bits: bytes

    def at(self, place: StatusPlace) -> Status:
        if place.uri != self.uri or not 0 <= place.index < len(self.bits) * _PLACES_A_BYTE:
            return Status.UNKNOWN
        is_set = self.bits[place.index // _PLACES_A_BYTE] >> place.index % _PLACES_A_BYTE & 1
        return Status.REVOKED if is_set else Status.VALID


def read_status_statement(token: str, uri: str, keys: Mapping[str, Key], now: int) -> StatusList:
    """Believe the list at `uri`, if it is one, is signed and is not stale. Raises RefusedError."""
    statement = taken_apart(token, TYPE)
    must_be_signed_by_one_of(statement, keys)
    match statement.payload:
        case {"sub": str(about), "exp": int(ends), "iat": int(begins), "status_list": {"bits": 1, "lst": str(lst)}}:
            if about != uri:
                raise RefusedError(Reason.STATUS_UNKNOWN)
            if now >= ends + SKEW:
                raise RefusedError(Reason.EXPIRED)
            if now < begins - SKEW:
                raise RefusedError(Reason.NOT_YET)
            return StatusList(uri, _decompressed(unpacked(lst)))
        case _:
            raise RefusedError(Reason.MALFORMED)


def _decompressed(content: bytes) -> bytes:
    """Give the bits; a small file that unpacks to a huge one is refused before it is unpacked."""
    unpacking = zlib.decompressobj()
    try:
        bits = unpacking.decompress(content, MOST_PLACES // _PLACES_A_BYTE)
    except zlib.error as error:
        raise RefusedError(Reason.MALFORMED) from error
    if not unpacking.eof or unpacking.unused_data:
        raise RefusedError(Reason.MALFORMED)
    return bits
