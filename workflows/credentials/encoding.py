"""How do bytes and objects travel? As base64url and JSON, each in one way only: a second spelling is refused."""

import json
from binascii import a2b_base64, b2a_base64
from collections.abc import Mapping
from typing import Any

from workflows.credentials.refusals import Reason, RefusedError

_TO_URL, _FROM_URL = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_+/", b"+/??")
_LAST_LETTERS = ("", "", "AQgw", "AEIMQUYcgkosw048")
"""Where so many letters are over after groups of four."""
_PADDING = (b"", b"===", b"==", b"=")


def packed(content: bytes) -> str:
    return b2a_base64(content, newline=False).rstrip(b"=").translate(_TO_URL).decode()


def packed_json(content: object) -> str:
    return packed(json.dumps(content, separators=(",", ":")).encode())


def unpacked(text: str, otherwise: Reason = Reason.MALFORMED) -> bytes:
    """Give the bytes; raises RefusedError. The last letter may have bits that count for nothing: they must be zero."""
    over = len(text) % 4
    if over and text[-1] not in _LAST_LETTERS[over]:
        raise RefusedError(otherwise)
    try:
        return a2b_base64(text.encode().translate(_FROM_URL) + _PADDING[over], strict_mode=True)
    except ValueError as error:
        raise RefusedError(otherwise) from error


def unpacked_json(text: str, otherwise: Reason = Reason.MALFORMED) -> Any:  # noqa: ANN401 - JSON holds anything
    """Give what `text` says; raises RefusedError, also where an object names something twice."""
    try:
        # Decoded here: left to itself the reader would guess at UTF-16 and UTF-32 too.
        return _STRICT.decode(unpacked(text, otherwise).decode())
    except (ValueError, RecursionError) as error:
        raise RefusedError(otherwise) from error


def unpacked_object(text: str) -> Mapping[str, Any]:
    found = unpacked_json(text)
    if not isinstance(found, dict):
        raise RefusedError(Reason.MALFORMED)
    return found


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two readers might take different ones of two values with one name."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


_STRICT = json.JSONDecoder(object_pairs_hook=_each_once, parse_constant=_no_number)
