"""What is in a backup file, and how does one know that it is whole and ours?

A tar of the database's copy, the sealed files and the published heads. Last stands the manifest: each member with its
hash, and a seal that only this office's master key makes and opens. So a cut, broken, foreign or doctored file is
refused before anything is touched. The master key itself is never in it.
"""

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag

from backoffice.vault import Cipher

SCHEMA = 1
MANIFEST = "manifest.json"
PURPOSE = "manifest of a backup"
MEMBER = re.compile(r"database\.(sqlite|pgdump)|blobs/[0-9a-f]{32}|audit-heads/\d{4}-\d{2}-\d{2}(\.restored)?\.jsonl")
CHUNK = 1 << 20
LARGEST_MANIFEST = 1 << 28


class ArchiveRefusedError(Exception):
    """What is not restored; the message says why, in Japanese and English."""


@dataclass(frozen=True)
class Member:
    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Facts:
    """What one must know of a backup before it is brought back."""

    made_at: datetime
    revision: str
    dialect: str


@dataclass(frozen=True)
class Manifest:
    facts: Facts
    members: tuple[Member, ...]

    def content(self) -> dict[str, object]:
        members = [asdict(member) for member in self.members]
        facts = {**asdict(self.facts), "made_at": self.facts.made_at.isoformat()}
        return {"schema": SCHEMA, "facts": facts, "members": members}

    @property
    def database(self) -> str:
        """The name of the database's copy among the members."""
        return next(member.name for member in self.members if member.name.startswith("database."))


def write(path: Path, sources: Iterable[tuple[str, Path]], facts: Facts, cipher: Cipher) -> Manifest:
    """Write a backup of `sources` (name in the archive, file) to `path`, on the disk before this returns."""
    members = []
    with path.open("xb") as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            for name, source in sources:
                members.append(_add(tar, name, source, facts.made_at))
            manifest = Manifest(facts, tuple(members))
            _add_bytes(tar, MANIFEST, _sealed(manifest, cipher), facts.made_at)
        file.flush()
        os.fsync(file.fileno())
    return manifest


def examine(path: Path, cipher: Cipher, unpack_to: Path | None = None) -> Manifest:
    """Read a backup to its end and check everything in it, putting its members into `unpack_to` if that is given.

    Raises ArchiveRefusedError. Where it is raised, what lies in `unpack_to` is worth nothing.
    """
    try:
        found, sealed = _read_members(path, unpack_to)
    except (OSError, EOFError, tarfile.TarError, UnicodeDecodeError) as trouble:
        raise ArchiveRefusedError(
            f"ファイルを読めません。途中で切れているか、バックアップではありません / "
            f"cannot be read: cut off, or no backup ({type(trouble).__name__})"
        ) from trouble
    manifest = _opened(sealed, cipher)
    if found != list(manifest.members):
        raise ArchiveRefusedError(
            "中身が目録と一致しません。壊れています / the content does not match its list: broken"
        )
    return manifest


def _add(tar: tarfile.TarFile, name: str, source: Path, at: datetime) -> Member:
    with source.open("rb") as content:
        size = os.fstat(content.fileno()).st_size
        hashing = _Hashing(content)
        tar.addfile(_entry(name, size, at), hashing)
    return Member(name, size, hashing.digest.hexdigest())


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes, at: datetime) -> None:
    tar.addfile(_entry(name, len(content), at), io.BytesIO(content))


def _entry(name: str, size: int, at: datetime) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = size, int(at.timestamp()), 0o600
    return entry


class _Hashing(io.RawIOBase):
    """Hands on what is read, and hashes it on the way."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self.digest = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        chunk = self._content.read(size)
        self.digest.update(chunk)
        return chunk


def _sealed(manifest: Manifest, cipher: Cipher) -> bytes:
    content = manifest.content()
    seal = cipher.seal(_digest(content), PURPOSE).hex()
    return json.dumps({**content, "seal": seal}, indent=1).encode()


def _opened(sealed: bytes, cipher: Cipher) -> Manifest:
    if not sealed:
        raise ArchiveRefusedError("目録がありません。途中で切れています / no list at its end: cut off")
    try:
        content = json.loads(sealed)
        seal = bytes.fromhex(content.pop("seal"))
        facts = {**content["facts"], "made_at": datetime.fromisoformat(content["facts"]["made_at"])}
        manifest = Manifest(Facts(**facts), tuple(Member(**member) for member in content["members"]))
        ours = cipher.open(seal, PURPOSE) == _digest(content) and content["schema"] == SCHEMA
    except InvalidTag:
        raise ArchiveRefusedError(
            "この主鍵で作られたバックアップではありません。当時の主鍵を戻してください / "
            "made with another master key: put the key of that time back"
        ) from None
    except (ValueError, KeyError, TypeError) as trouble:
        raise ArchiveRefusedError("目録が壊れています / its list is broken") from trouble
    if not ours:
        raise ArchiveRefusedError("目録が書き換えられています / its list was changed")
    return manifest


def _digest(content: dict[str, object]) -> bytes:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).digest()


def _read_members(path: Path, unpack_to: Path | None) -> tuple[list[Member], bytes]:
    members, sealed = [], b""
    with tarfile.open(path, mode="r:") as tar:
        for entry in tar:
            content = tar.extractfile(entry)
            if entry.name == MANIFEST and content is not None and entry.size <= LARGEST_MANIFEST:
                sealed = content.read()
            elif content is not None and MEMBER.fullmatch(entry.name):
                members.append(_take(entry, content, unpack_to))
            else:
                raise ArchiveRefusedError("知らないものが入っています / holds something that is not ours")
    return members, sealed


def _take(entry: tarfile.TarInfo, content: IO[bytes], unpack_to: Path | None) -> Member:
    """Read one member, and keep it if wanted; the name has been checked, so that it leads nowhere else."""
    digest, size = hashlib.sha256(), 0
    with _kept(unpack_to / entry.name if unpack_to else None) as keep:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
            size += keep(chunk)
    return Member(entry.name, size, digest.hexdigest())


@contextmanager
def _kept(place: Path | None) -> Iterator[Callable[[bytes], int]]:
    """Give where to write a member; it lies on the disk afterwards. Without a place it is only counted."""
    if place is None:
        yield len
        return
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file.write
        file.flush()
        os.fsync(file.fileno())
