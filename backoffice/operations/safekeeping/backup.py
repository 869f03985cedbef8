"""How is the office put by in one file, while people go on working?

The database first, as of one moment; then the sealed files, which lie on the disk before any row names them. So
whatever the copied rows name is in the backup, but for what was erased in between.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from backoffice.db.migrate import revision_of
from backoffice.identity import Actor, Origin
from backoffice.operations.events import BackupMade
from backoffice.operations.safekeeping import archive
from backoffice.operations.safekeeping.archive import ArchiveRefusedError, Facts
from backoffice.operations.safekeeping.databases import Database, database_of, sync_folder
from backoffice.work import Office

OPERATOR = Actor.house(Origin.COMMAND_LINE)


@dataclass(frozen=True)
class BackupDone:
    path: Path
    size: int
    files: int
    revision: str


def make_backup(office: Office, path: Path) -> BackupDone:
    """Write the office to `path`: read back first, given its name then.

    The master key stays where it is: whoever finds the file can read none of the papers in it.
    Raises ArchiveRefusedError, DatabaseTroubleError.
    """
    if path.exists():
        raise ArchiveRefusedError(f"{path} はすでにあります / {path} is there already")
    path.parent.mkdir(parents=True, exist_ok=True)
    database = database_of(office.settings)
    with office.look(OPERATOR) as work:
        facts = Facts(work.now, revision_of(work.session.connection()), database.dialect)
    with tempfile.TemporaryDirectory(prefix=".gijo-backup-", dir=path.parent) as folder:
        draft = Path(folder) / "backup"
        manifest = archive.write(draft, _sources(office, database, Path(folder)), facts, office.cipher)
        archive.examine(draft, office.cipher)
        draft.rename(path)
        sync_folder(path.parent)
    with office.unit(OPERATOR) as work:
        work.record(BackupMade(len(manifest.members)))
    return BackupDone(path, path.stat().st_size, len(manifest.members), facts.revision)


def _sources(office: Office, database: Database, folder: Path) -> Iterator[tuple[str, Path]]:
    copy = folder / database.member
    database.copy_to(copy)
    yield database.member, copy
    copy.unlink()
    settings = office.settings
    for room, found in (("blobs", settings.blobs_path), ("audit-heads", settings.audit_heads_path)):
        for file in sorted(found.glob("*")):
            if archive.MEMBER.fullmatch(f"{room}/{file.name}"):
                yield f"{room}/{file.name}", file
