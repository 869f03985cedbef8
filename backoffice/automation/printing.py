"""How does a PDF get into a printer's folder? Once, under a name that nobody has, whole or not at all.

That it is about to be put there is committed first: a crash between leaves it for a person, who looks at the printer.
It is never put there a second time.
"""

import os
import re
from pathlib import Path

import structlog
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backoffice.automation.events import ItemFilePrinted
from backoffice.automation.models import WorkItem
from backoffice.automation.taking_models import TO_PRINT, ItemFile
from backoffice.identity import Actor, Origin
from backoffice.recordings.marks_in import QUEUE_NAME
from backoffice.work import Office

HOUSE = Actor.house(Origin.WORKER)
OF_THE_HASH = 16
NO_LETTERS = re.compile(r"[^\w-]")

log = structlog.get_logger("gijo.printing")


def print_files(office: Office, target_id: int) -> int:
    """Put what a system's bot took for a printer into its folder, and give how many; none without GIJO_PRINT_DIR."""
    folder, printed = office.settings.print_dir, 0
    if folder is None:
        return 0
    for item_file_id in _waiting(office, target_id):
        printed += _print(office, folder, item_file_id)
    return printed


def put_into_queue(folder: Path, queue: str, name: str, content: bytes) -> None:
    """Put a file into a queue's folder in one step. Raises FileNotFoundError for no such queue, FileExistsError."""
    place = folder / queue
    if not QUEUE_NAME.fullmatch(queue) or not place.is_dir():
        raise FileNotFoundError(queue)
    unfinished = folder / f".{name}.part"
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


def _waiting(office: Office, target_id: int) -> list[int]:
    with office.look(HOUSE) as work:
        mine = select(ItemFile.id).join(WorkItem, WorkItem.id == ItemFile.item_id)
        return list(work.session.scalars(mine.where(TO_PRINT, WorkItem.target_id == target_id).order_by(ItemFile.id)))


def _print(office: Office, folder: Path, item_file_id: int) -> bool:
    with office.unit(HOUSE) as work:
        wanted = select(ItemFile).where(ItemFile.id == item_file_id).options(joinedload(ItemFile.file))
        file = work.session.scalars(wanted.with_for_update(of=ItemFile)).one()
        if file.printing_at is not None or not (folder / file.printer).is_dir():
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
