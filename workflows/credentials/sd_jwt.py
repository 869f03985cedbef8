"""Which claims does a presentation disclose, and were all of them signed? RFC 9901, section 7, step by step.

Whatever is handed over beside the signed statement counts only if the statement holds its digest, exactly once.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflows.credentials.encoding import packed, packed_json, unpacked_json
from workflows.credentials.refusals import Reason, RefusedError

HASH = "sha-256"
DIGESTS, ELEMENT, HASH_NAME = "_sd", "...", "_sd_alg"
RESERVED = frozenset({DIGESTS, ELEMENT})
LARGEST = 16_384
"""Characters: a presentation fits on a QR code, which holds 4,296 of them at most."""
SALT_BYTES = 16
_OF_A_CLAIM, _OF_AN_ELEMENT = 3, 2


@dataclass(frozen=True, slots=True)
class Presentation:
    """What was handed over, in its parts: the issuer's statement, disclosures, the holder's proof (empty: none)."""

    statement: str
    disclosures: tuple[str, ...]
    proof: str = ""

    @property
    def bound(self) -> str:
        """What the holder's proof is a proof for."""
        return "~".join((self.statement, *self.disclosures, ""))

    def __str__(self) -> str:
        return self.bound + self.proof


def split(text: str) -> Presentation:
    """Take a presentation apart at its tildes. Raises RefusedError."""
    if len(text) > LARGEST:
        raise RefusedError(Reason.TOO_LARGE)
    statement, *disclosures, proof = text.split("~") if "~" in text else ("", "")
    if not statement or not text.isascii():
        raise RefusedError(Reason.MALFORMED)
    return Presentation(statement, tuple(disclosures), proof)


def digest(text: str) -> str:
    """Give the digest of a disclosure as it was handed over, or of all that a holder's proof is bound to."""
    return packed(hashlib.sha256(text.encode()).digest())


def concealed(
    plain: Mapping[str, Any], hidden: Mapping[str, Any], digests: int, random_bytes: Callable[[int], bytes]
) -> tuple[dict[str, Any], list[str]]:
    """Give what the issuer signs, and the disclosure of each claim in `hidden`.

    There are always `digests` digests, filled up with some of nothing, and in the order of their letters: neither their
    number nor their place tells how many claims there are or which.
    """
    if RESERVED & (plain.keys() | hidden.keys()) or plain.keys() & hidden.keys() or len(hidden) > digests:
        raise ValueError("a claim has a reserved name, stands both in plain and hidden, or there are too many")
    disclosures = [packed_json([packed(random_bytes(SALT_BYTES)), *pair]) for pair in hidden.items()]
    decoys = [packed(hashlib.sha256(random_bytes(32)).digest()) for _ in range(digests - len(disclosures))]
    return {**plain, DIGESTS: sorted([*map(digest, disclosures), *decoys]), HASH_NAME: HASH}, disclosures


def disclosed(payload: Mapping[str, Any], disclosures: Sequence[str]) -> dict[str, Any]:
    """Give a signed `payload` with what `disclosures` disclose of it, and without any digest. Raises RefusedError."""
    if payload.get(HASH_NAME, HASH) != HASH:
        raise RefusedError(Reason.HASH_ALGORITHM)
    opening = _Opening({digest(each): each for each in disclosures}, set())
    if len(opening.left) != len(disclosures):
        raise RefusedError(Reason.DISCLOSURE_TWICE)
    opened = opening.opened_object({name: value for name, value in payload.items() if name != HASH_NAME})
    if opening.left:
        raise RefusedError(Reason.DISCLOSURE_UNUSED)
    return opened


@dataclass(slots=True)
class _Opening:
    """One walk through a payload. A disclosure is read only after a signed digest has called for it."""

    left: dict[str, str]
    """Disclosures that nothing has called for yet, by digest."""
    met: set[str]
    """Every digest met so far, with or without a disclosure."""

    def opened(self, value: Any) -> Any:  # noqa: ANN401 - JSON holds anything
        if isinstance(value, str | int):  # most are; a plain value has nothing to open
            return value
        if isinstance(value, dict):
            return self.opened_object(value)
        return self.opened_array(value) if isinstance(value, list) else value

    def opened_object(self, found: Mapping[str, Any]) -> dict[str, Any]:
        if ELEMENT in found:
            raise RefusedError(Reason.NAME_FORBIDDEN)
        digests = found.get(DIGESTS, [])
        if not isinstance(digests, list):
            raise RefusedError(Reason.MALFORMED)
        plain = {name: self.opened(value) for name, value in found.items() if name != DIGESTS}
        for each in digests:
            disclosure = self._called_for(each)
            if disclosure is not None:
                name, value = self._claim(disclosure)
                if name in plain:
                    raise RefusedError(Reason.NAME_TAKEN)
                plain[name] = self.opened(value)
        return plain

    def opened_array(self, found: Sequence[Any]) -> list[Any]:
        opened: list[Any] = []
        for each in found:
            if not (isinstance(each, dict) and each.keys() == {ELEMENT}):
                opened.append(self.opened(each))
                continue
            disclosure = self._called_for(each[ELEMENT])
            if disclosure is not None:
                (_salt, value) = _parts_of(disclosure, _OF_AN_ELEMENT)
                opened.append(self.opened(value))
        return opened

    def _called_for(self, found: object) -> str | None:
        if not isinstance(found, str):
            raise RefusedError(Reason.MALFORMED)
        if found in self.met:
            raise RefusedError(Reason.DIGEST_TWICE)
        self.met.add(found)
        return self.left.pop(found, None)

    def _claim(self, disclosure: str) -> tuple[str, Any]:
        _salt, name, value = _parts_of(disclosure, _OF_A_CLAIM)
        if not isinstance(name, str):
            raise RefusedError(Reason.DISCLOSURE_MALFORMED)
        if name in RESERVED:
            raise RefusedError(Reason.NAME_FORBIDDEN)
        return name, value


def _parts_of(disclosure: str, parts: int) -> list[Any]:
    found = unpacked_json(disclosure, Reason.DISCLOSURE_MALFORMED)
    if not isinstance(found, list) or len(found) != parts or not isinstance(found[0], str):
        raise RefusedError(Reason.DISCLOSURE_MALFORMED)
    return found
