"""Which covers does a person see, what was scanned under each, and which lie in a batch's files?"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from backoffice.db import tallies
from backoffice.db.lookup import one_or_not_there
from backoffice.db.tallies import Tally
from backoffice.identity import Actor, Permission, within
from backoffice.intake.cover_models import COVERS, CoverSheet, FoundCover
from backoffice.intake.models import PaperBatch, PaperFile
from backoffice.intake.workflow import FileState
from backoffice.web.lists import PAGE_SIZE


def visible_covers(actor: Actor) -> Select[CoverSheet]:
    return (
        select(CoverSheet)
        .where(within(actor, Permission.SHEET_READ, CoverSheet.department_id))
        .options(joinedload(CoverSheet.department), joinedload(CoverSheet.made_by))
    )


def count_covers(session: Session, actor: Actor) -> int:
    return sum(tallies.amounts(session, COVERS, within(actor, Permission.SHEET_READ, Tally.department_id)).values())


def list_covers(session: Session, actor: Actor, offset: int) -> Sequence[CoverSheet]:
    """Give a page of covers, the newest first."""
    return session.scalars(visible_covers(actor).order_by(CoverSheet.id.desc()).limit(PAGE_SIZE).offset(offset)).all()


def find_cover(session: Session, actor: Actor, cover_id: int) -> CoverSheet:
    """Give a cover. Raises NotThere when the actor may not see it."""
    return one_or_not_there(session, visible_covers(actor).where(CoverSheet.id == cover_id))


def batches_under(session: Session, cover: CoverSheet) -> Sequence[PaperBatch]:
    """Give the newest batches that lay under a cover, as many as a page of a list has."""
    began = select(FoundCover.batch_id).where(FoundCover.cover_id == cover.id, FoundCover.batch_id.is_not(None))
    return session.scalars(
        select(PaperBatch).where(PaperBatch.id.in_(began)).order_by(PaperBatch.id.desc()).limit(PAGE_SIZE)
    ).all()


def covers_of_batches(session: Session, batch_ids: Collection[int]) -> Mapping[int, CoverSheet]:
    """Return the cover of each of a few batches that lay under one."""
    rows = session.execute(
        select(FoundCover.batch_id, CoverSheet)
        .join(CoverSheet, CoverSheet.id == FoundCover.cover_id)
        .where(FoundCover.batch_id.in_(batch_ids))
    )
    return {batch_id: cover for batch_id, cover in rows if batch_id is not None}


def still_waiting(session: Session, batch_ids: Collection[int]) -> Mapping[int, bool]:
    """Say of those among a few batches that show no sheet for a reason whether they wait to be read still.

    Of those that do not, all sheets lay under covers; a batch that is read and had none at all is left out.
    """
    rows = session.execute(
        select(
            PaperFile.batch_id,
            func.count().filter(PaperFile.state == FileState.WAITING),
            func.count(FoundCover.batch_id),
        )
        .outerjoin(FoundCover, FoundCover.paper_file_id == PaperFile.id)
        .where(PaperFile.batch_id.in_(batch_ids))
        .group_by(PaperFile.batch_id)
    )
    return {batch_id: bool(waiting) for batch_id, waiting, parted in rows if waiting or parted}


def cut_from(session: Session, batch: PaperBatch) -> PaperFile | None:
    """Return the file out of which a batch was begun by a cover, with the batch that the file came in."""
    return session.scalars(
        select(PaperFile)
        .where(PaperFile.id.in_(select(FoundCover.paper_file_id).where(FoundCover.batch_id == batch.id)))
        .options(joinedload(PaperFile.file), joinedload(PaperFile.batch))
    ).one_or_none()


def found_in_files(session: Session, file_ids: Collection[int]) -> Sequence[FoundCover]:
    """Return the covers that lie in a batch's files, in their order."""
    return session.scalars(
        select(FoundCover)
        .where(FoundCover.paper_file_id.in_(file_ids))
        .options(joinedload(FoundCover.cover).joinedload(CoverSheet.department), joinedload(FoundCover.batch))
        .order_by(FoundCover.paper_file_id, FoundCover.file_page, FoundCover.place)
    ).all()
