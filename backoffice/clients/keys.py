"""Is what was pasted a public key that we take? ES256 only, no private half; nothing of a refused one is kept."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from backoffice.errors import Invalid
from backoffice.web.translations import _

CURVE = "P-256"
LONGEST = 8_000
PRIVATE_PARTS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
WRONG = _("入力を確認してください")
FIELD = "public_keys"
"""Of the form that keys are pasted into."""
PRIVATE = _(
    "秘密鍵が入っています。秘密鍵は渡さないでください。この鍵はもう使わず、作り直した鍵の公開鍵だけを入れてください。"
)
NO_KEY = _("公開鍵を、PEM(BEGIN PUBLIC KEY)か JWK・JWKS の形で入れてください。")
NOT_OURS = _("使える鍵は ES256(楕円曲線 P-256)だけです。")


def read_public_keys(text: str) -> Sequence[ECKey]:
    """Give the public keys in a PEM, a JWK or a JWKS. Raises Invalid, whose message repeats nothing of the text."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise _refused(NO_KEY)
    if "PRIVATE" in text.upper():
        raise _refused(PRIVATE)
    if not text.startswith("{"):
        return [_imported(text)]
    keys = _keys_in(text)
    if any(PRIVATE_PARTS & key.keys() for key in keys):
        raise _refused(PRIVATE)
    return [_imported(key) for key in keys]


def public_half(jwk: Mapping[str, Any]) -> ECKey:
    """Give the key that is kept as a JWK."""
    return ECKey.import_key(dict(jwk))


def _keys_in(text: str) -> list[dict[str, Any]]:
    try:
        written: dict[str, Any] = json.loads(text)
    except ValueError:
        raise _refused(NO_KEY) from None
    keys = written.get("keys", [written])
    if not isinstance(keys, list) or not keys or not all(isinstance(key, dict) for key in keys):
        raise _refused(NO_KEY)
    return keys


def _imported(written: str | dict[str, Any]) -> ECKey:
    try:
        key = ECKey.import_key(written)
        curve = key.curve_name
    except (JoseError, ValueError, TypeError, KeyError):
        # Whatever the library says might quote the key.
        raise _refused(NOT_OURS if isinstance(written, dict) else NO_KEY) from None
    if key.is_private:
        raise _refused(PRIVATE)
    if curve != CURVE:
        raise _refused(NOT_OURS)
    return key


def _refused(message: str) -> Invalid:
    return Invalid(WRONG, {FIELD: message})
