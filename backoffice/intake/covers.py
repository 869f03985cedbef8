"""What do people and the worker do with covers? Make one; keep one that was found; begin the batch under it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backoffice.db.numbering import next_number
from backoffice.errors import Invalid, NotPermitted
from backoffice.intake import queries
from backoffice.intake.cover_models import CoverSheet, FoundCover
from backoffice.intake.cover_rules import CoverVerdict, Known, over, verdict_on
from backoffice.intake.events import BatchBegunByCover, CoverFound, CoverMade
from backoffice.intake.known_papers import forms_on_paper
from backoffice.intake.models import PaperBatch, PaperFile, SheetPage
from backoffice.intake.receiving import BATCH_SERIES, only_form
from backoffice.web.forms_in import number_typed
from backoffice.web.free_text import words_given
from backoffice.web.translations import _
from backoffice.work import Work
from forms.cover_codes import SERIES
from ocr.page import PageReading

TITLE_LIMIT, MOST_COPIES = 60, 50


@dataclass(frozen=True)
class Wanted:
    """What somebody wants on a cover, and how often it is to be printed."""

    title: str
    form_code: str
    copies: int


def read_wanted(work: Work, form: Mapping[str, str]) -> Wanted:
    """Read what is wanted of a cover as it was typed. Raises Invalid with a word on each field that is wrong."""
    wrong: dict[str, str] = {}
    title, code, copies = "", "", number_typed(form.get("copies", "1"))
    try:
        title = words_given(" ".join(form.get("title", "").split()), "title", TITLE_LIMIT)
    except Invalid as refusal:
        wrong |= refusal.fields
    try:
        code = only_form(work, form.get("form", ""))
    except Invalid as refusal:
        wrong |= refusal.fields
    if copies is None or not 1 <= copies <= MOST_COPIES:
        wrong["copies"] = _("部数は1から50までの数で入れてください。")
    if wrong or copies is None:
        raise Invalid(_("入力を確認してください"), wrong)
    return Wanted(title, code, copies)


def make(work: Work, wanted: Wanted) -> CoverSheet:
    """Make a cover for the person's own department. Raises NotPermitted without one."""
    place = work.actor.department_id
    if place is None:
        raise NotPermitted(_("所属のない職員は表紙を作れません。"))
    cover = CoverSheet(
        number=next_number(work.session, SERIES, work.today),
        department_id=place,
        form_code=wanted.form_code,
        title=wanted.title,
        made_by_id=work.actor.staff_id,
        made_at=work.now,
    )
    work.session.add(cover)
    work.session.flush()
    work.record(CoverMade(cover.id))
    return cover


def found_in(session: Session, file_id: int) -> Sequence[FoundCover]:
    """Return the covers of a file in their order."""
    return session.scalars(
        select(FoundCover)
        .where(FoundCover.paper_file_id == file_id)
        .options(joinedload(FoundCover.cover))
        .order_by(FoundCover.file_page, FoundCover.place)
    ).all()


def keep_cover(work: Work, file: PaperFile, reading: PageReading) -> None:
    """Keep a cover that was found in a file. Kept twice it changes nothing; what was kept there first counts."""
    if reading.cover is None or queries.is_kept(work.session, file.id, reading.page, reading.sheet):
        return
    cover = work.session.scalars(select(CoverSheet).where(CoverSheet.number == reading.cover)).one_or_none()
    known = Known(cover.department_id, cover.form_code) if cover else None
    forms = {code for code, _title in forms_on_paper(work.session, file.department_id)}
    found = FoundCover(
        paper_file_id=file.id,
        file_page=reading.page,
        place=reading.sheet,
        number=reading.cover,
        cover=cover,
        verdict=verdict_on(known, file.department_id, forms),
    )
    work.session.add(found)
    work.session.flush()
    work.record(CoverFound(file.id, reading.page, found.verdict))


def no_cover_between(session: Session, page: SheetPage, under: int | None) -> bool:
    """Say whether a page of the same file lies under the very cover `under`, or before all where that is None."""
    found = over(found_in(session, page.paper_file_id), page.file_page, page.place)
    return (found.id if found else None) == under


def batch_under(work: Work, file: PaperFile, under: int | None) -> int:
    """Give the batch of what lies under a cover, begun with its first sheet; the pile's own before the first cover.

    The file's row is locked by whoever keeps a page of it, so that no two begin one.
    """
    if under is None:
        return file.batch_id
    found = work.session.get_one(FoundCover, under)
    if found.verdict != CoverVerdict.HOLDS or found.cover_id is None:
        return file.batch_id
    if found.batch_id is None:
        found.batch_id = _begun_before(work.session, found) or _begin(work, file, found.cover_id).id
        work.session.flush()
    return found.batch_id


def _begun_before(session: Session, found: FoundCover) -> int | None:
    """Give the batch that the same cover has begun in the same file."""
    return session.scalars(
        select(FoundCover.batch_id)
        .where(
            FoundCover.paper_file_id == found.paper_file_id,
            FoundCover.cover_id == found.cover_id,
            FoundCover.batch_id.is_not(None),
        )
        .limit(1)
    ).first()


def _begin(work: Work, file: PaperFile, cover_id: int) -> PaperBatch:
    cover = work.session.get_one(CoverSheet, cover_id)
    batch = PaperBatch(
        number=next_number(work.session, BATCH_SERIES, work.today),
        department_id=file.department_id,
        source=file.batch.source,
        form_code=cover.form_code or file.batch.form_code,
        received_by_id=file.batch.received_by_id,
        received_at=file.batch.received_at,
        files=[],
    )
    work.session.add(batch)
    work.session.flush()
    work.record(BatchBegunByCover(batch.id, cover.id, file.batch_id))
    return batch
