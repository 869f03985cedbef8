"""How does an office come back from a backup, and why do its nights stay shut?

The world has gone on since: what waited may have been keyed, who was signed in may have left. So nothing begins again
until a person has looked: nights are paused, every record on its way is unknown, everyone signs in anew. And no number
that was given out since the backup is given out again.
"""

import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, func, select

from backoffice.audit.chain import heads
from backoffice.audit.publishing import publish_restore
from backoffice.automation import service as automation
from backoffice.db.migrate import knows
from backoffice.db.numbering import mark_numbers
from backoffice.enclosures import printing as packets
from backoffice.identity import StaffSession
from backoffice.operations.events import OfficeRestored
from backoffice.operations.safekeeping import archive
from backoffice.operations.safekeeping.archive import ArchiveRefusedError, Manifest
from backoffice.operations.safekeeping.backup import OPERATOR
from backoffice.operations.safekeeping.databases import Database, database_of, sync_folder
from backoffice.settings import Settings
from backoffice.vault import Cipher
from backoffice.work import Office


@dataclass(frozen=True)
class Settled:
    """What is different from the moment of the backup."""

    doubted: int
    """Records that waited or were being registered: each is looked up before anything is keyed again."""
    signed_out: int
    mark: str
    """Stands in every number that is given out from now on in this fiscal year."""


def put_back(settings: Settings, path: Path, now: datetime, *, replace: bool) -> Manifest:
    """Put a backup's database and files in place, all checked before anything moves; then `settle` the office.

    What was there before stays beside, its name saying so (on PostgreSQL one transaction replaces the tables).
    Raises ArchiveRefusedError, DatabaseTroubleError, MasterKeyMissingError.
    """
    cipher = Cipher.from_file(settings.master_key_path, secrets.token_bytes)
    database = database_of(settings)
    if not replace and (database.is_there() or _holds_files(settings.blobs_path)):
        raise ArchiveRefusedError(
            "ここにはすでにデータがあります。置き換えてよければ --replace を付けてください / "
            "there is an office here already: add --replace to put the backup in its place"
        )
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix=".gijo-restore-", dir=settings.data_dir) as folder:
        manifest = archive.examine(path, cipher, Path(folder))
        _must_fit(manifest, database)
        if database.is_in_use():
            raise ArchiveRefusedError(
                "動いています。画面(gijo serve)と担当機(gijo worker)を止めてからやり直してください / "
                "it is running: stop gijo serve and gijo worker first"
            )
        _put_in_place(settings, database, Path(folder), manifest, f".before-restore-{now:%Y%m%dT%H%M%S}")
    return manifest


def settle(office: Office) -> Settled:
    """Let a restored office know that it is one: records doubted, everyone signed out, on the trail and published."""
    with office.look(OPERATOR) as work:
        as_of_the_backup = heads(work.session)
    with office.unit(OPERATOR) as work:
        signed_out = work.session.scalar(select(func.count()).select_from(StaffSession)) or 0
        work.session.execute(delete(StaffSession))
        doubted = automation.doubt_all(work)
        packets.doubt_all(work)
        mark = mark_numbers(work.session, work.now)
        work.record(OfficeRestored(doubted, signed_out))
    with office.look(OPERATOR) as work:
        publish_restore(work.session, office.settings.audit_heads_path, work.now, as_of_the_backup)
    return Settled(doubted, signed_out, mark)


def _holds_files(folder: Path) -> bool:
    return folder.exists() and next(folder.iterdir(), None) is not None


def _must_fit(manifest: Manifest, database: Database) -> None:
    if manifest.facts.dialect != database.dialect:
        raise ArchiveRefusedError(
            f"{manifest.facts.dialect} のバックアップは {database.dialect} に戻せません / "
            f"a backup of {manifest.facts.dialect} cannot become {database.dialect}"
        )
    if not knows(manifest.facts.revision):
        raise ArchiveRefusedError(
            "このバックアップは新しい版の技助で作られました。プログラムを先に新しくしてください / "
            "made by a newer version of Gijo: upgrade the program first"
        )


def _put_in_place(settings: Settings, database: Database, staging: Path, manifest: Manifest, aside: str) -> None:
    _pause(settings.pause_path, manifest)
    database.replace_by(staging / manifest.database, aside)
    if settings.blobs_path.exists():
        settings.blobs_path.rename(settings.blobs_path.with_name(settings.blobs_path.name + aside))
    if (staging / "blobs").exists():
        (staging / "blobs").rename(settings.blobs_path)
    sync_folder(settings.data_dir)
    _add_missing_heads(staging / "audit-heads", settings.audit_heads_path)


def _pause(path: Path, manifest: Manifest) -> None:
    """Shut nights first: whatever happens next, nothing is keyed from a database half put in place."""
    with path.open("w", encoding="utf-8") as file:
        file.write(f"restored from a backup of {manifest.facts.made_at.isoformat()}\n")
        file.flush()
        os.fsync(file.fileno())


def _add_missing_heads(found: Path, folder: Path) -> None:
    """Bring back heads that are gone. Those that are there stay: they may know of a later end than the backup does."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(found.glob("*.jsonl")):
        if not (folder / file.name).exists():
            shutil.copyfile(file, folder / file.name)
