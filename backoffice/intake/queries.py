"""Which sheets does a person see, and which is the next to check?"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, load_only, selectinload

from backoffice.db import tallies
from backoffice.db.lookup import one_or_not_there
from backoffice.db.tallies import Tally
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.shelf import pages_of
from backoffice.identity import Actor, Department, Permission, within
from backoffice.intake.cover_models import FoundCover
from backoffice.intake.known_papers import KnownPaper
from backoffice.intake.models import BATCHES, PAPER_FILES, SHEETS, PaperBatch, PaperFile, Sheet, SheetField, SheetPage
from backoffice.intake.workflow import FileState, SheetState
from backoffice.services import TOKYO
from backoffice.vault import StoredFile
from backoffice.web.lists import PAGE_SIZE


def visible_sheets(actor: Actor, permission: Permission = Permission.SHEET_READ) -> Select[Sheet]:
    return select(Sheet).where(within(actor, permission, Sheet.department_id))


def _filtered(actor: Actor, state: str, keyword: str) -> Select[Sheet]:
    statement = visible_sheets(actor)
    if state:
        statement = statement.where(Sheet.state == state)
    if keyword:
        found = Sheet.number.contains(keyword, autoescape=True) | Sheet.original_name.contains(keyword, autoescape=True)
        statement = statement.where(found)
    return statement


def count_by_state(session: Session, actor: Actor) -> dict[SheetState, int]:
    counted = tallies.amounts(session, SHEETS, within(actor, Permission.SHEET_READ, Tally.department_id))
    return {SheetState(state): count for (_, state), count in counted.items()}


def count_found(session: Session, actor: Actor, state: str, keyword: str) -> int:
    """Count the sheets in which a keyword was found; without one `count_by_state` knows."""
    return session.scalar(select(func.count()).select_from(_filtered(actor, state, keyword).subquery())) or 0


def list_sheets(session: Session, actor: Actor, state: str, keyword: str, offset: int) -> Sequence[Sheet]:
    return session.scalars(
        _filtered(actor, state, keyword)
        .options(joinedload(Sheet.department), joinedload(Sheet.claimed_by))
        .order_by(Sheet.id.desc())
        .limit(PAGE_SIZE)
        .offset(offset)
    ).all()


def list_all_sheets(session: Session, actor: Actor, state: str, keyword: str) -> Sequence[Sheet]:
    """Give every sheet of a list, for its export."""
    return session.scalars(
        _filtered(actor, state, keyword).options(joinedload(Sheet.department)).order_by(Sheet.id)
    ).all()


def find_sheet(session: Session, actor: Actor, sheet_id: int, permission: Permission = Permission.SHEET_READ) -> Sheet:
    """Give a sheet with its fields and files; raises NotThere when the actor may not see it."""
    return one_or_not_there(
        session,
        visible_sheets(actor, permission)
        .where(Sheet.id == sheet_id)
        .options(
            joinedload(Sheet.department),
            joinedload(Sheet.claimed_by),
            joinedload(Sheet.batch),
            joinedload(Sheet.alike),
            joinedload(Sheet.record),
            selectinload(Sheet.pages).options(
                joinedload(SheetPage.picture), joinedload(SheetPage.paper_file).joinedload(PaperFile.file)
            ),
            selectinload(Sheet.fields),
        ),
    )


def next_to_verify(session: Session, actor: Actor, now: datetime) -> Sheet | None:
    """Give the oldest sheet that waits for a person and that nobody else holds; locked for this unit."""
    return session.scalars(
        visible_sheets(actor, Permission.SHEET_VERIFY)
        .where(Sheet.state == SheetState.TO_VERIFY, _free(actor, now))
        .order_by(Sheet.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()


def _free(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """A sheet that nobody else has on the desk, and none of whose fields somebody is checking in a row."""
    own = or_(Sheet.claimed_by_id.is_(None), Sheet.claimed_by_id == actor.staff_id, Sheet.claimed_until <= now)
    return own & ~Sheet.fields.any(SheetField.held_until > now)


def count_waiting(session: Session, actor: Actor) -> int:
    """Count the sheets that wait for a person with the actor's permission to check them."""
    may = within(actor, Permission.SHEET_VERIFY, Tally.department_id)
    return sum(tallies.amounts(session, SHEETS, may, Tally.mark == SheetState.TO_VERIFY).values())


def count_done_today(session: Session, actor: Actor, now: datetime) -> int:
    midnight = now.astimezone(TOKYO).replace(hour=0, minute=0, second=0, microsecond=0)
    done = select(func.count()).where(
        Sheet.settled_by_id == actor.staff_id,
        Sheet.settled_at >= midnight,
        Sheet.settled_at < midnight + timedelta(days=1),
    )
    return session.scalar(done) or 0


def wait_for_others(session: Session, department_id: int) -> None:
    """Let whoever hands paper in for a department first finish: of one file that comes twice at once, one is told."""
    session.execute(select(Department.id).where(Department.id == department_id).with_for_update(key_share=True))


def files_there(session: Session, department_id: int, sha256s: set[str]) -> dict[str, str]:
    """Return which of these contents a department has already, with the number of the batch each came in."""
    rows = session.execute(
        select(StoredFile.sha256, PaperBatch.number)
        .join(PaperFile, PaperFile.file_id == StoredFile.id)
        .join(PaperBatch, PaperBatch.id == PaperFile.batch_id)
        .where(PaperFile.department_id == department_id, StoredFile.sha256.in_(sha256s))
        .order_by(PaperFile.id.desc())
    )
    return {sha256: number for sha256, number in rows}  # noqa: C416 -- a row is no pair to the type checker


def find_file(session: Session, file_id: int, *, lock: bool = False) -> PaperFile:
    """Give a file for the worker, with its batch, whose pages are kept one after another while it is locked."""
    statement = (
        select(PaperFile)
        .where(PaperFile.id == file_id)
        .options(joinedload(PaperFile.batch), joinedload(PaperFile.file))
    )
    return one_or_not_there(session, statement.with_for_update(of=PaperFile) if lock else statement)


def is_kept(session: Session, file_id: int, file_page: int, place: int) -> bool:
    """Say whether what lies at a place of a file is kept, as a page of a sheet or as a cover."""
    return any(
        session.scalar(
            select(kept.id).where(kept.paper_file_id == file_id, kept.file_page == file_page, kept.place == place)
        )
        for kept in (SheetPage, FoundCover)
    )


def last_kept_page(session: Session, file_id: int) -> SheetPage | None:
    """Return the page of a file that was kept last, in the file's own order."""
    return session.scalars(
        select(SheetPage)
        .where(SheetPage.paper_file_id == file_id)
        .order_by(SheetPage.file_page.desc(), SheetPage.place.desc())
        .limit(1)
    ).first()


def sheets_without_page(session: Session, file: PaperFile, paper: KnownPaper, serial: str) -> Sequence[Sheet]:
    """Return the sheets of a copy that wait for this page of their form, the newest first.

    One without a serial can only wait for what comes in the same file. One that is being read once more takes no page:
    what stood on its others is on its way. Two files that hold a page each of one copy look one after another.
    """
    session.execute(select(FormDesign.id).where(FormDesign.code == paper.code).with_for_update(key_share=True))
    read_once = (Sheet.state == SheetState.RECEIVED) & (Sheet.readings == 1)
    statement = select(Sheet).where(
        Sheet.department_id == file.department_id,
        Sheet.form_code == paper.code,
        Sheet.form_version == paper.version,
        Sheet.serial == serial,
        or_(Sheet.state == SheetState.INCOMPLETE, read_once),
        ~Sheet.pages.any(SheetPage.number == paper.layout.page),
    )
    if not serial:
        statement = statement.where(Sheet.pages.any(SheetPage.paper_file_id == file.id))
    loaded = statement.options(selectinload(Sheet.pages), selectinload(Sheet.fields))
    return session.scalars(loaded.order_by(Sheet.id.desc()).with_for_update()).all()


def sheets_with_pages_in(session: Session, file_id: int, state: SheetState) -> Sequence[Sheet]:
    return session.scalars(
        select(Sheet)
        .where(Sheet.state == state, Sheet.pages.any(SheetPage.paper_file_id == file_id))
        .order_by(Sheet.id)
        .with_for_update()
    ).all()


def has_covered_page(session: Session, file_id: int) -> bool:
    covered = select(SheetPage.id).where(SheetPage.paper_file_id == file_id, SheetPage.covered.is_(True)).limit(1)
    return session.scalar(covered) is not None


def count_unread_files(session: Session, actor: Actor) -> int:
    may = within(actor, Permission.SHEET_READ, Tally.department_id)
    return sum(tallies.amounts(session, PAPER_FILES, may, Tally.mark == FileState.WAITING).values())


def visible_batches(actor: Actor) -> Select[PaperBatch]:
    return select(PaperBatch).where(within(actor, Permission.SHEET_READ, PaperBatch.department_id))


def count_batches(session: Session, actor: Actor) -> int:
    return sum(tallies.amounts(session, BATCHES, within(actor, Permission.SHEET_READ, Tally.department_id)).values())


def list_batches(session: Session, actor: Actor, offset: int) -> Sequence[PaperBatch]:
    return session.scalars(
        visible_batches(actor)
        .options(joinedload(PaperBatch.department), joinedload(PaperBatch.received_by))
        .order_by(PaperBatch.id.desc())
        .limit(PAGE_SIZE)
        .offset(offset)
    ).all()


def find_batch(
    session: Session, actor: Actor, batch_id: int, permission: Permission = Permission.SHEET_READ
) -> PaperBatch:
    """Give a batch. Raises NotThere when the actor may not see it."""
    return one_or_not_there(
        session,
        select(PaperBatch)
        .where(within(actor, permission, PaperBatch.department_id), PaperBatch.id == batch_id)
        .options(joinedload(PaperBatch.department), joinedload(PaperBatch.received_by)),
    )


def count_files(session: Session, batch_id: int) -> tuple[int, int]:
    """Count the files of a batch, 500 at most, and those of them that wait to be read."""
    waiting = func.count().filter(PaperFile.state == FileState.WAITING)
    every, unread = session.execute(select(func.count(), waiting).where(PaperFile.batch_id == batch_id)).one()
    return every, unread


def files_in_batch(session: Session, batch_id: int, offset: int) -> Sequence[PaperFile]:
    mine = select(PaperFile).where(PaperFile.batch_id == batch_id).options(joinedload(PaperFile.file))
    return session.scalars(mine.order_by(PaperFile.id).offset(offset).limit(PAGE_SIZE)).all()


def sheets_of_batches(session: Session, batch_ids: Sequence[int]) -> dict[int, dict[SheetState, int]]:
    """Count the sheets of a few batches by their state."""
    rows = session.execute(
        select(Sheet.batch_id, Sheet.state, func.count())
        .where(Sheet.batch_id.in_(batch_ids))
        .group_by(Sheet.batch_id, Sheet.state)
    )
    counted: dict[int, dict[SheetState, int]] = {}
    for batch_id, state, count in rows:
        counted.setdefault(batch_id, {})[SheetState(state)] = count
    return counted


def sheets_in_files(session: Session, batch_id: int, files: Sequence[PaperFile]) -> Sequence[Sheet]:
    """Return the sheets of some files of a batch, in their order, with what is known of their pages but no picture."""
    shown = SheetPage.paper_file_id.in_([file.id for file in files])
    return session.scalars(
        select(Sheet)
        .where(Sheet.batch_id == batch_id, Sheet.pages.any(shown))
        .options(
            joinedload(Sheet.alike),
            selectinload(Sheet.pages).options(
                load_only(
                    SheetPage.number,
                    SheetPage.paper_file_id,
                    SheetPage.file_page,
                    SheetPage.place,
                    SheetPage.advice,
                    SheetPage.covered,
                )
            ),
        )
        .order_by(Sheet.id)
    ).all()


def refused_sheets_in(session: Session, batch_id: int) -> Sequence[Sheet]:
    return session.scalars(
        select(Sheet)
        .where(Sheet.batch_id == batch_id, Sheet.state == SheetState.REFUSED)
        .options(selectinload(Sheet.pages).joinedload(SheetPage.paper_file).joinedload(PaperFile.file))
        .order_by(Sheet.id)
        .with_for_update(of=Sheet)
    ).all()


def missing_pages(session: Session, sheet: Sheet) -> list[int]:
    """Return the pages of its form that a sheet has not."""
    if not sheet.form_code:
        return []
    have = {page.number for page in sheet.pages}
    every = {layout.page for layout, _blanks in pages_of(session, sheet.form_code, sheet.form_version)}
    return sorted(every - have)
