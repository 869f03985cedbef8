"""How are secrets sealed? AES-256-GCM; the master key lives in a file apart from the database."""

import hashlib
import hmac
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class MasterKeyMissingError(RuntimeError):
    """No key file, or not one of ours: nothing sealed can be opened, so nothing is sealed either."""


class Cipher:
    """Seals and opens short secrets. `purpose` is bound in: what was sealed for one thing opens for no other."""

    def __init__(
        self, master_key: bytes, random_bytes: Callable[[int], bytes], former_keys: Sequence[bytes] = ()
    ) -> None:
        self._former = tuple(Cipher(key, random_bytes) for key in former_keys)
        self._aead = AESGCM(master_key)
        self._random_bytes = random_bytes
        self._derive_key = hmac.digest(master_key, b"derived keys", "sha256")
        self._mark_key = hmac.digest(master_key, b"marks", "sha256")

    @classmethod
    def from_file(cls, path: Path, random_bytes: Callable[[int], bytes]) -> "Cipher":
        """Read the master key (32 bytes, hexadecimal), and the keys before it, a line each, where some are kept.

        Raises MasterKeyMissingError.
        """
        try:
            key = _key_in(path, path.read_text())
        except FileNotFoundError as error:
            raise MasterKeyMissingError(
                f"{path} に主鍵がありません。`gijo keys make` で作るか、保管した写しを戻してください。"
            ) from error
        former = former_keys_path(path)
        lines = former.read_text().split() if former.exists() else ()
        return cls(key, random_bytes, [_key_in(former, line) for line in lines])

    def seal(self, secret: bytes, purpose: str) -> bytes:
        nonce = self._random_bytes(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, secret, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """Give the secret; raises cryptography.exceptions.InvalidTag when it was tampered with."""
        return self._aead.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], purpose.encode())

    def open_given_out(self, sealed: bytes, purpose: str) -> bytes:
        """Do the same for what lies outside the house, and was sealed there by a key before this one."""
        for each in (self, *self._former):
            try:
                return each.open(sealed, purpose)
            except InvalidTag:
                continue
        raise InvalidTag

    def derived(self, purpose: str) -> "Cipher":
        """Give a cipher with a key of its own, for what is sealed by the million and lies outside the house."""
        former = [each.derived_key(purpose) for each in self._former]
        return Cipher(self.derived_key(purpose), self._random_bytes, former)

    def derived_key(self, purpose: str) -> bytes:
        return hmac.digest(self._derive_key, purpose.encode(), "sha256")

    def mark(self, text: str, purpose: str) -> str:
        """Give a mark by which `text` is known again and that nobody without the master key can make or guess."""
        return hmac.new(self._mark_key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()

    def marks_given_out(self, text: str, purpose: str) -> tuple[str, ...]:
        """Give the mark, and those that keys before this one made: by them what lies outside is known again."""
        return (self.mark(text, purpose), *(each.mark(text, purpose) for each in self._former))


def former_keys_path(path: Path) -> Path:
    """Give where the keys before the one in `path` are kept: they open what was given out, and seal nothing."""
    return path.with_name(path.name + ".former")


def _key_in(path: Path, text: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError as error:
        raise MasterKeyMissingError(f"{path} は主鍵ではありません(16進の数字ではありません)。") from error
    if len(key) != KEY_BYTES:
        raise MasterKeyMissingError(f"{path} は主鍵ではありません({KEY_BYTES}バイトのはずが{len(key)}バイト)。")
    return key


def make_master_key(path: Path, random_bytes: Callable[[int], bytes]) -> None:
    """Write a new master key, readable by its owner only. Raises FileExistsError rather than replace one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(random_bytes(KEY_BYTES).hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
