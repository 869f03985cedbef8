"""Which files has a scanner put into the folder? One folder a department, looked into every while by the worker.

A file is taken once nobody writes to it any more, and is gone from the folder when it lies in the vault. What cannot be
taken is moved aside, with a text beside it that says why.
"""

import os
import stat
from datetime import timedelta
from itertools import count
from pathlib import Path

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backoffice.errors import Invalid
from backoffice.identity import Actor, Department, Origin
from backoffice.intake.inputs import Scan, check_scan
from backoffice.intake.receiving import Arrived, receive
from backoffice.intake.workflow import BatchSource
from backoffice.web.file_names import safe_name
from backoffice.web.translations import translate
from backoffice.work import Office

HOUSE = Actor.house(Origin.WORKER)
AT_ONCE = 50
QUIET = timedelta(seconds=20)
"""So long a scanner has written nothing to a file that is whole."""
ASIDE = "受け取れなかったファイル"

log = structlog.get_logger("gijo.folder")


def tick(office: Office) -> int:
    """Take what lies in the departments' folders, and give how many files that were."""
    root = office.settings.scan_dir
    if root is None:
        return 0
    return sum(_look_into(office, folder) for folder in sorted(root.iterdir()) if folder.is_dir())


def _look_into(office: Office, folder: Path) -> int:
    """Take what lies in one department's folder: one that is shut stops no other."""
    try:
        return _take(office, folder)
    except OSError as trouble:
        log.warning("a folder cannot be emptied", folder=folder.name, trouble=type(trouble).__name__)
        return 0


def _take(office: Office, folder: Path) -> int:
    latest = (office.services.now() - QUIET).timestamp()
    waiting = [path for path in sorted(folder.iterdir()) if _is_whole(path, latest)][:AT_ONCE]
    if not waiting:
        return 0
    with office.look(HOUSE) as work:
        department_id = _department_called(work.session, folder.name)
    if department_id is None:
        log.warning("no department of this name", folder=folder.name)
        return 0
    arrived = {path: scan for path in waiting if (scan := _read(office, path)) is not None}
    now = office.services.now()
    files = [
        Arrived(scan.name, office.files.put(scan.content, "application/octet-stream", now)) for scan in arrived.values()
    ]
    with office.unit(HOUSE) as work:
        _batch, there = receive(work, files, "", department_id, BatchSource.FOLDER)
    told = {refused.name: translate(refused.reason, **refused.params) for refused in there}
    for path, scan in arrived.items():
        if scan.name in told:
            _put_aside(path, told[scan.name])
        else:
            path.unlink()
    return len(arrived) - len(told)


def _is_whole(path: Path, latest: float) -> bool:
    found = path.lstat()
    return stat.S_ISREG(found.st_mode) and not path.name.startswith(".") and found.st_mtime <= latest


def _department_called(session: Session, name: str) -> int | None:
    """Find the open department whose code in the personnel system, or else whose name, the folder bears."""
    found = session.scalars(
        select(Department).where(or_(Department.code == name, Department.name == name), Department.closed.is_(False))
    ).all()
    by_code = [each for each in found if each.code == name]
    only = by_code or found
    return only[0].id if len(only) == 1 else None


def _read(office: Office, path: Path) -> Scan | None:
    """Read a file that a scanner put there; one that is not taken is put aside with its reason."""
    try:
        # Nobody may lead the worker out of the folder by a link.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            content = file.read(office.settings.scan_limit_bytes + 1)
        check_scan(content, office.settings)
    except Invalid as refusal:
        _put_aside(path, translate(refusal.message, **refusal.params))
        return None
    except OSError as trouble:
        log.warning("a file cannot be read", folder=path.parent.name, trouble=type(trouble).__name__)
        return None
    return Scan(safe_name(path.name), content)


def _put_aside(path: Path, reason: str) -> None:
    aside = path.parent / ASIDE
    aside.mkdir(exist_ok=True)
    # Scanners begin their numbers anew: what was put aside under this name before may be another paper.
    names = (path.name if nth == 1 else f"{path.stem}-{nth}{path.suffix}" for nth in count(1))
    free = next(name for name in names if not (aside / name).exists())
    path.replace(aside / free)
    (aside / f"{free}.txt").write_text(f"{path.name}: {reason}\n", "utf-8")
