"""How does paper that the house did not print come into a form, and what becomes of it when a version is in use?"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import BoundedSemaphore

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backoffice.errors import Invalid, NotThere, Unavailable
from backoffice.form_designs.models import FormBlank, FormDesign, FormPage, FormVersion
from backoffice.web.translations import _
from backoffice.work import Work
from forms.building.draft import FormDraft
from forms.definition import FormDefinition
from forms.layout import Blanks
from forms.zones import MOST_PAGES, ForeignPage, ForeignPaper, Proposal, layouts_of
from ocr.empty_form import EmptyForm, EmptyPage
from ocr.headers import kind_of
from ocr.known_form import Form
from ocr.pool import ReadingPool
from ocr.refusal import PageRefusedError

PAPERS_MM = {
    "A4": (210.0, 297.0),
    "A3": (297.0, 420.0),
    "A5": (148.0, 210.0),
    "B4": (257.0, 364.0),
    "B5": (182.0, 257.0),
}
"""Japanese sizes of paper: JIS P 0138."""
WAIT_SECONDS = 30.0
# A reading process takes half a gigabyte: so many people of this process may have theirs at the same time.
_TURNS = BoundedSemaphore(2)


@contextmanager
def reading_process() -> Iterator[ReadingPool]:
    """Start a process that opens what somebody brought, and end it. Raises Unavailable when all turns are taken."""
    if not _TURNS.acquire(timeout=WAIT_SECONDS):
        raise Unavailable(_("ほかの人の用紙を読み取っています。少し待って、もう一度送ってください。"))
    try:
        with ReadingPool(1) as pool:
            yield pool
    finally:
        _TURNS.release()


def opened(content: bytes, name: str, asked: EmptyForm) -> tuple[EmptyPage, ...]:
    """Open an empty form outside every transaction. Raises Invalid with what is wrong with the file."""
    try:
        kind_of(content)
        with reading_process() as pool:
            pages = pool.empty_pages(asked, content, name, MOST_PAGES)
    except PageRefusedError as refusal:
        if refusal.code == "too_many_pages":
            raise Invalid(_("ページが多すぎます(白紙は%(most)sページまで)。"), most=MOST_PAGES) from refusal
        raise Invalid(refusal.reason) from refusal
    if any(page.asks_my_number for page in pages):
        raise Invalid(_("この用紙は個人番号の記入を求めています。この業務では個人番号を集められません。"))
    return pages


def take_in(work: Work, design: FormDesign, pages: Sequence[EmptyPage]) -> tuple[ForeignPage, ...]:
    """Keep empty pages beside a form, each once. They are no part of its draft until the draft names them."""
    taken = tuple(ForeignPage(blank=hashlib.sha256(page.picture).hexdigest(), page_mm=page.page_mm) for page in pages)
    known = set(work.session.scalars(select(FormBlank.sha256).where(FormBlank.design_id == design.id)))
    for named, page in zip(taken, pages, strict=True):
        if named.blank not in known:
            proposals = [each.model_dump(mode="json", exclude_defaults=True) for each in page.proposals]
            work.session.add(
                FormBlank(design_id=design.id, sha256=named.blank, picture=page.picture, proposals=proposals)
            )
            known.add(named.blank)
    work.session.flush()
    return taken


def blank_of(session: Session, design_id: int, page: ForeignPage) -> FormBlank:
    """Give an empty page with its picture. Raises NotThere."""
    found = session.scalar(select(FormBlank).where(FormBlank.design_id == design_id, FormBlank.sha256 == page.blank))
    if found is None:
        raise NotThere(_("この白紙はありません。"))
    return found


def proposals_of(session: Session, design_id: int, page: ForeignPage) -> list[Proposal]:
    """Give the zones that a page seems to have, those that somebody has drawn since among them."""
    stored = select(FormBlank.proposals).where(FormBlank.design_id == design_id, FormBlank.sha256 == page.blank)
    return [Proposal.model_validate(each) for each in session.scalar(stored) or ()]


def pages_for(session: Session, version: FormVersion, draft: FormDraft) -> list[FormPage]:
    """Give the pages on which a version is written: as somebody drew zones on them, none for paper of the house."""
    if draft.paper is None:
        return []
    definition = FormDefinition.model_validate(version.definition)
    return [
        FormPage(
            version_id=version.id,
            page=layout.page,
            layout=layout.model_dump(mode="json", exclude_defaults=True),
            blank=blank_of(session, version.design_id, page).picture,
            drawn=False,
        )
        for layout, page in zip(layouts_of(definition, draft.paper), draft.paper.pages, strict=True)
    ]


def forms_of(session: Session, design: FormDesign, draft: FormDraft) -> list[Form]:
    """Give what a reader needs of each page of a draft, as far as its zones fit. Raises NotThere without paper."""
    if draft.paper is None:
        raise NotThere(_("この様式には、外の用紙がありません。"))
    definition = draft.as_it_is(design.code)
    return [
        (layout, Blanks(without_markers=blank_of(session, design.id, page).picture), definition)
        for layout, page in zip(layouts_of(definition, draft.paper), draft.paper.pages, strict=True)
    ]


def copy_blanks(work: Work, original: FormDesign, copied: FormDesign, paper: ForeignPaper | None) -> None:
    """Let the copy of a form have its own empty pages."""
    for page in {page.blank: page for page in (paper.pages if paper else ())}.values():
        blank = blank_of(work.session, original.id, page)
        work.session.add(
            FormBlank(design_id=copied.id, sha256=blank.sha256, picture=blank.picture, proposals=blank.proposals)
        )


def forget_blanks(session: Session, design_id: int) -> None:
    """Throw away the empty pages that no version names: no draft needs them any more."""
    papers = session.scalars(select(FormVersion.paper).where(FormVersion.design_id == design_id))
    named = {page.blank for paper in papers if paper for page in ForeignPaper.model_validate(paper).pages}
    session.execute(delete(FormBlank).where(FormBlank.design_id == design_id, FormBlank.sha256.not_in(named)))
