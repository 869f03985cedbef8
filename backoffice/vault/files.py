"""How is a resident's file put away and fetched?

Bytes reach the disk (fsync) before the row that names them is committed, so a row never points at nothing; a file
without a row, left by a crash between the two, is swept.
"""

import hashlib
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.errors import NotThere
from backoffice.vault.cipher import KEY_BYTES, NONCE_BYTES, Cipher
from backoffice.vault.models import StoredFile

ORPHAN_AGE = timedelta(hours=1)


class FileVault:
    def __init__(self, folder: Path, cipher: Cipher, random_bytes: Callable[[int], bytes]) -> None:
        self._folder = folder
        self._cipher = cipher
        self._random_bytes = random_bytes

    def put(self, content: bytes, media_type: str, now: datetime) -> StoredFile:
        """Write `content`, sealed, and give the row for it, not yet added to a session.

        Call it before the unit opens: disks are slow, and a transaction must not wait for them.
        """
        key, name = self._random_bytes(KEY_BYTES), self._random_bytes(16).hex()
        nonce = self._random_bytes(NONCE_BYTES)
        _write_durably(self._folder / name, nonce + AESGCM(key).encrypt(nonce, content, name.encode()))
        return StoredFile(
            name=name,
            media_type=media_type,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            wrapped_key=self._cipher.seal(key, f"file:{name}"),
            created_at=now,
        )

    def read(self, file: StoredFile) -> bytes:
        """Give the content. Raises NotThere for an erased file."""
        if file.wrapped_key is None:
            raise NotThere("この画像は消去されています。")
        sealed = (self._folder / file.name).read_bytes()
        key = self._cipher.open(file.wrapped_key, f"file:{file.name}")
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], file.name.encode())

    def erase(self, file: StoredFile, now: datetime) -> None:
        """Destroy the file's key; its bytes are swept later."""
        file.wrapped_key = None
        file.erased_at = now

    def sweep(self, session: Session, now: datetime) -> int:
        """Remove files that no row names or whose row is erased, and give how many."""
        if not self._folder.exists():
            return 0
        kept = set(session.scalars(select(StoredFile.name).where(StoredFile.erased_at.is_(None))))
        oldest = (now - ORPHAN_AGE).timestamp()
        swept = [path for path in self._folder.iterdir() if path.name not in kept and path.stat().st_mtime < oldest]
        for path in swept:
            path.unlink()
        return len(swept)


def _write_durably(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
