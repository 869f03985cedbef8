"""What were other systems asked to delete, and have they? By when, why, and by whose word it is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from backoffice.data_links import pages, queries
from backoffice.data_links.events import LinkDeletionNoted
from backoffice.data_links.models import Link, LinkDeletion
from backoffice.data_links.words import attribute_name
from backoffice.data_links.workflow import DeletionCause
from backoffice.errors import Invalid, Overtaken
from backoffice.identity import Permission
from backoffice.web import Crumb, Page, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.chips import Chip
from backoffice.web.forms_in import FormData, whole_number
from backoffice.web.free_text import reason_given
from backoffice.web.lists import PAGE_SIZE, Paging
from backoffice.web.showing import day
from backoffice.web.translations import _
from backoffice.work import Work

CAUSES = {
    DeletionCause.WITHDRAWN: _("同意の取消"),
    DeletionCause.NARROWED: _("より少ない項目への同意"),
    DeletionCause.EXPIRED: _("同意の期限"),
    DeletionCause.FACTS_CLOSED: _("もとの事実への同意の終わり"),
}
DONE = Chip("good", "●", _("削除済"))
NOTED = Chip("good", "●", _("削除済(書面などで確認)"))
OVERDUE = Chip("bad", "✕", _("期限を過ぎた"))
WAITS = Chip("doubt", "▲", _("待っている"))
NOTHING: Mapping[str, str] = {}

staff = StaffRouter()


@dataclass(frozen=True)
class DeletionRow:
    deletion: LinkDeletion
    chip: Chip
    cause: str
    attributes: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class DeletionsPage(Page):
    link: Link
    rows: Sequence[DeletionRow]
    waiting: Sequence[tuple[str, str]]
    """Of these, the ones that may be noted as done: id and what they are called."""
    paging: Paging
    typed: Mapping[str, str]
    wrong: Mapping[str, str]


@staff.page("/links/{link_id}/deletions", Permission.LINK_SHUT)
def deletions(request: Request, work: Reading, link_id: int, page: int = 1) -> HTMLResponse:
    return _page(request, work, queries.find_link(work.session, link_id), page, NOTHING, NOTHING)


@staff.action("/links/{link_id}/deletions/note", Permission.LINK_SHUT)
def note(request: Request, work: Writing, link_id: int, form: FormData) -> Response:
    """Note that a machine which does not say so itself has deleted: it was replaced, or its people wrote a letter."""
    link = queries.find_link(work.session, link_id)
    try:
        note_done(work, link, whole_number(form.get("deletion", "")) or 0, form.get("note", ""))
    except Invalid as refusal:
        work.refused = True
        return _page(request, work, link, 1, form, refusal.fields)
    return go_to(f"/links/{link.id}/deletions", _("削除を終えたと記しました。"))


def note_done(work: Work, link: Link, deletion_id: int, words: str) -> None:
    """Keep that a deletion is done, by whose word. Raises Invalid, Overtaken where it is done already."""
    words = reason_given(words, "note")
    wanted = select(LinkDeletion).where(LinkDeletion.id == deletion_id, LinkDeletion.link_id == link.id)
    deletion = work.session.scalars(wanted.with_for_update()).one_or_none()
    if deletion is None:
        missing = _("削除の依頼を選んでください。")
        raise Invalid(missing, {"deletion": missing})
    if deletion.done_at is not None:
        raise Overtaken(_("この依頼は、もう終わっています。最新の内容を確認してください。"))
    deletion.done_at, deletion.noted_by_id, deletion.note = work.now, work.actor.staff_id, words
    work.record(LinkDeletionNoted(link.id, deletion.id))


def _page(
    request: Request, work: Work, link: Link, page: int, typed: Mapping[str, str], wrong: Mapping[str, str]
) -> HTMLResponse:
    paging = Paging(f"/links/{link.id}/deletions", _count(work.session, link.id), page)
    rows = [_row(work, each) for each in _listed(work.session, link.id, paging.offset)]
    shown = DeletionsPage(
        title=_("削除の依頼"),
        crumbs=(pages.LINKS, Crumb(link.name, f"/links/{link.id}")),
        link=link,
        rows=rows,
        waiting=[
            (str(row.deletion.id), f"{row.deletion.reference[:8]} ({day(row.deletion.due_on)})")
            for row in rows
            if row.deletion.done_at is None
        ],
        paging=paging,
        typed=typed,
        wrong=wrong,
    )
    return render(request, "data_links/deletions.html", shown, status=422 if wrong else 200)


def _row(work: Work, deletion: LinkDeletion) -> DeletionRow:
    if deletion.done_at is not None:
        chip = DONE if deletion.noted_by_id is None else NOTED
    else:
        chip = OVERDUE if deletion.due_on < work.today else WAITS
    names = [attribute_name(code) for code in deletion.attributes]
    return DeletionRow(deletion, chip, CAUSES[DeletionCause(deletion.cause)], names)


def _count(session: Session, link_id: int) -> int:
    return session.scalar(select(func.count()).where(LinkDeletion.link_id == link_id)) or 0


def _listed(session: Session, link_id: int, offset: int) -> Sequence[LinkDeletion]:
    """Give a page of what is to be deleted: what waits first, the most pressing before all."""
    return session.scalars(
        select(LinkDeletion)
        .where(LinkDeletion.link_id == link_id)
        .options(joinedload(LinkDeletion.client), joinedload(LinkDeletion.noted_by))
        .order_by(LinkDeletion.done_at.is_not(None), LinkDeletion.due_on, LinkDeletion.id)
        .limit(PAGE_SIZE)
        .offset(offset)
    ).all()
