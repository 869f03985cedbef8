"""How does a PDF get into a printer's folder? Once, under a name that nobody has, whole or not at all.

That it is about to be put there is committed first: a crash between leaves it for a person, who looks at the printer.
It is never put there a second time.
"""

import os
import re
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from backoffice.automation.events import ItemFilePrinted
from backoffice.automation.models import WorkItem
from backoffice.automation.taken.models import TO_PRINT, ItemFile
from backoffice.identity import Actor, Origin
from backoffice.recordings.marks_in import QUEUE_NAME
from backoffice.work import Office, Work

HOUSE = Actor.house(Origin.WORKER)
OF_THE_HASH = 16
NO_LETTERS = re.compile(r"[^\w-]")
UNFINISHED = ".part"
LONGEST_WRITING = timedelta(hours=1)

log = structlog.get_logger("gijo.printing")


def print_files(office: Office) -> int:
    """Put what bots took for a printer into its folder, and give how many; none without GIJO_PRINT_DIR.

    Also what was left: by a worker that died, or while there was no such folder.
    """
    folder = office.settings.print_dir
    if folder is None:
        return 0
    _sweep(folder, office.services.now())
    return sum(_print(office, folder, item_file_id) for item_file_id in _waiting(office, folder))


def doubt_all(work: Work) -> None:
    """Print nothing of a restored database that waits there: since the backup it may have been printed."""
    work.session.execute(update(ItemFile).where(TO_PRINT).values(printing_at=work.now))


def put_into_queue(folder: Path, queue: str, name: str, content: bytes) -> None:
    """Put a file into a queue's folder in one step. Raises FileNotFoundError for no such queue, FileExistsError."""
    place = folder / queue
    if not QUEUE_NAME.fullmatch(queue) or not place.is_dir():
        raise FileNotFoundError(queue)
    unfinished = folder / f".{name}{UNFINISHED}"
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(unfinished, place / name)  # unlike a rename it overwrites nothing
    finally:
        unfinished.unlink()


def name_of(reference: str, sha256: str) -> str:
    """Name a file as whoever stands at the printer knows the item."""
    known = NO_LETTERS.sub("_", reference)
    return f"{known}-{sha256[:OF_THE_HASH]}.pdf"


def _waiting(office: Office, folder: Path) -> list[int]:
    with office.look(HOUSE) as work:
        found = work.session.execute(select(ItemFile.id, ItemFile.printer).where(TO_PRINT).order_by(ItemFile.id)).all()
    there = {queue for queue in {queue for _id, queue in found} if (folder / queue).is_dir()}
    return [item_file_id for item_file_id, queue in found if queue in there]


def _sweep(folder: Path, now: datetime) -> None:
    """Take away what a worker that died had not finished writing: it holds a person's letter."""
    for unfinished in folder.glob(f".*{UNFINISHED}"):
        if now.timestamp() - unfinished.stat().st_mtime > LONGEST_WRITING.total_seconds():
            unfinished.unlink(missing_ok=True)


def _print(office: Office, folder: Path, item_file_id: int) -> bool:
    with office.unit(HOUSE) as work:
        wanted = select(ItemFile).where(ItemFile.id == item_file_id).options(joinedload(ItemFile.file))
        file = work.session.scalars(wanted.with_for_update(of=ItemFile)).one()
        if file.printing_at is not None:
            return False
        content = office.files.read(file.file)
        name, queue = name_of(work.session.get_one(WorkItem, file.item_id).reference, file.sha256), file.printer
        file.printing_at = work.now
    try:
        put_into_queue(folder, queue, name, content)
    except OSError as trouble:
        log.warning("not printed", item_file_id=item_file_id, trouble=type(trouble).__name__)
        return False
    with office.unit(HOUSE) as work:
        file = work.session.get_one(ItemFile, item_file_id)
        file.printed_at = work.now
        work.record(ItemFilePrinted(file.item_id, file.id))
    return True
