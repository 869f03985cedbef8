"""The pages of mail that came: the list, one letter with its attachments, what a person does with it, the printing."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid, Overtaken
from backoffice.identity import Actor, Permission
from backoffice.intake.known_papers import forms_on_paper
from backoffice.mail_in import pages, printing, queries, service
from backoffice.mail_in.enclosures import EnclosureKind
from backoffice.mail_in.events import EnclosureSeen, LetterOpened, LettersListed
from backoffice.mail_in.service import Choices
from backoffice.mail_in.workflow import CHIPS, LetterState
from backoffice.records.queries import forms_with_lists
from backoffice.web import Crumb, MenuItem, Reading, SignedIn, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, FormLists, whole_number
from backoffice.web.lists import Paging, Tab, address
from backoffice.web.routing import TheOffice
from backoffice.web.translations import _, translate
from backoffice.work import Office, Work

MENU = (
    MenuItem(_("受信メール"), "/mail-in", Permission.MAIL_READ),
    MenuItem(_("メールの印刷待ち"), "/mail-in/printing", Permission.MAIL_READ, in_menu=False),
    MenuItem(_("メールの仕分けルール"), "/mail-in/rules", Permission.MAIL_SORT, in_menu=False),
    MenuItem(_("メールの受付アドレス"), "/mail-in/addresses", Permission.STAFF_EDIT, in_menu=False),
)
LETTERS = Crumb(_("受信メール"), "/mail-in")

staff = StaffRouter()


@staff.page("/mail-in", Permission.MAIL_READ)
def letters(request: Request, work: Reading, state: str = "", page: int = 1) -> HTMLResponse:
    counts = queries.count_by_state(work.session, work.actor)
    state = state if state in set(LetterState) else ""
    total = counts.get(LetterState(state), 0) if state else sum(counts.values())
    paging = Paging("/mail-in", total, page, {"state": state})
    found = queries.list_letters(work.session, work.actor, state, paging.offset)
    if found:
        work.seen(LettersListed(len(found)))
    shown = pages.LettersPage(
        title=_("受信メール"),
        rows=[pages.LetterRow.of(letter) for letter in found],
        tabs=[
            Tab(_("すべて"), "/mail-in", not state, sum(counts.values())),
            *(
                Tab(CHIPS[each].text, address("/mail-in", {"state": each}), state == each, counts.get(each, 0))
                for each in LetterState
            ),
        ],
        paging=paging,
        may_sort=work.actor.may(Permission.MAIL_SORT),
    )
    return render(request, "mail_in/letters.html", shown)


@staff.page("/mail-in/printing", Permission.MAIL_READ)
def to_print(request: Request, work: Reading) -> HTMLResponse:
    return _printing(request, work, "")


@staff.action("/mail-in/printing", Permission.MAIL_SORT)
def printed(work: Writing, form: FormLists) -> Response:
    many = service.mark_printed(work, _numbers(form.get("act", [])))
    return go_to("/mail-in/printing", _("%(n)s件を印刷済みにしました。"), n=many)


@staff.page("/mail-in/printing/pdf", Permission.MAIL_READ)
def printing_pdf(
    request: Request, office: TheOffice, actor: SignedIn, act: Annotated[list[int] | None, Query()] = None
) -> Response:
    """Give the attachments as one PDF; they are drawn before the answer, and with no unit open."""
    with office.look(actor) as work:
        chosen = printing.drawable(queries.to_print(work.session, actor, act))
        if not chosen:
            return _printing(request, work, _("印刷用にまとめられる添付ファイルがありません。"), status=200)
    with office.unit(actor) as work:
        for file in chosen:
            work.record(EnclosureSeen(file.letter_id, file.id))
    try:
        content = printing.one_pdf(office, chosen)
    except Invalid as refusal:
        with office.look(actor) as work:
            return _printing(request, work, translate(refusal.message, **refusal.params), status=422)
    headers = {"Content-Disposition": 'inline; filename="print.pdf"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)


@staff.page("/mail-in/{letter_id}", Permission.MAIL_READ)
def one_letter(request: Request, work: Reading, letter_id: int) -> HTMLResponse:
    return _letter(request, work, letter_id, {}, Invalid(""))


@staff.page("/mail-in/{letter_id}/files/{enclosure_id}", Permission.MAIL_READ)
def enclosure(work: Reading, letter_id: int, enclosure_id: int) -> Response:
    """Give an attachment to keep; a browser never runs or shows it within the house's own pages. Raises NotThere."""
    file = queries.find_enclosure(work.session, work.actor, letter_id, enclosure_id)
    stored = file.file
    if stored is None:
        raise Overtaken(_("この添付ファイルはありません。"))
    content = work.office.files.read(stored)
    work.seen(EnclosureSeen(letter_id, enclosure_id))
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=stored.media_type, headers=headers)


@staff.action("/mail-in/{letter_id}/sort", Permission.MAIL_SORT)
def sort(request: Request, office: TheOffice, actor: SignedIn, letter_id: int, form: FormData) -> Response:
    try:
        with office.unit(actor) as work:
            letter = queries.find_letter(work.session, actor, letter_id, Permission.MAIL_SORT, lock=True)
            acts = service.read_acts(form, choices_of(work, actor), office.settings)
            service.sort_by_hand(work, letter, acts)
    except Invalid as refusal:
        return _again(request, office, actor, letter_id, form, refusal)
    if form.get("as_rule"):
        said = _("仕分けました。続けて、ルールにする条件を決めてください。")
        return go_to(f"/mail-in/rules/new?letter={letter_id}", said)
    return go_to(f"/mail-in/{letter_id}", _("仕分けました。まもなく処理します。"))


@staff.action("/mail-in/{letter_id}/hand-over", Permission.MAIL_SORT)
def hand_over(request: Request, office: TheOffice, actor: SignedIn, letter_id: int, form: FormData) -> Response:
    try:
        with office.unit(actor) as work:
            letter = queries.find_letter(work.session, actor, letter_id, Permission.MAIL_SORT, lock=True)
            service.hand_over(work, letter, whole_number(form.get("department", "")) or 0)
    except Invalid as refusal:
        return _again(request, office, actor, letter_id, form, refusal)
    return go_to("/mail-in", _("%(number)s を回しました。"), number=letter.number)


@staff.action("/mail-in/{letter_id}/look-at", Permission.MAIL_SORT)
def look_at(work: Writing, letter_id: int) -> Response:
    service.look_at(work, queries.find_letter(work.session, work.actor, letter_id, Permission.MAIL_SORT, lock=True))
    return go_to(f"/mail-in/{letter_id}", _("確認済みにしました。"))


def choices_of(work: Work, actor: Actor) -> Choices:
    """Give what the person's department may do with attachments."""
    place = actor.department_id
    papers = forms_on_paper(work.session, place) if place is not None else ()
    lists = [(str(design.id), design.title) for design in forms_with_lists(work.session, actor)]
    return Choices([("", translate(_("様式は用紙ごとに見分ける"))), *papers], lists)


def _again(
    request: Request, office: Office, actor: Actor, letter_id: int, typed: Mapping[str, str], refusal: Invalid
) -> HTMLResponse:
    """Show the letter with what was typed; that it was looked at is noted, which no unit that writes may wait for."""
    with office.look(actor) as work:
        return _letter(request, work, letter_id, typed, refusal)


def _letter(request: Request, work: Work, letter_id: int, typed: Mapping[str, str], refusal: Invalid) -> HTMLResponse:
    letter = queries.find_letter(work.session, work.actor, letter_id)
    work.seen(LetterOpened(letter.id))
    may_sort = work.actor.may(Permission.MAIL_SORT)
    choices = choices_of(work, work.actor) if may_sort else Choices((), ())
    titles = pages.titles_of(choices)
    may_hand_over = may_sort and letter.state == LetterState.TO_SORT and letter.erased_at is None
    shown = pages.LetterPage(
        title=_("受信メール"),
        title_text=letter.number,
        crumbs=(LETTERS,),
        letter=letter,
        chip=CHIPS[LetterState(letter.state)],
        files=[pages.FileRow.of(file) for file in letter.files],
        acts=[pages.ActRow.of(act, titles) for act in letter.acts],
        may_sort=may_sort,
        may_be_sorted=may_sort and letter.state in service.MAY_BE_SORTED and letter.erased_at is None,
        may_hand_over=may_hand_over,
        departments=pages.department_choices(queries.departments(work.session)) if may_hand_over else (),
        asked=pages.ActsTyped(choices, typed, refusal.fields),
        refusal=refusal.message,
    )
    return render(request, "mail_in/letter.html", shown, status=422 if refusal.message else 200)


def _printing(request: Request, work: Work, refusal: str, *, status: int = 200) -> HTMLResponse:
    acts = queries.to_print(work.session, work.actor)
    if acts:
        work.seen(LettersListed(len(acts)))
    shown = pages.PrintingPage(
        title=_("メールの印刷待ち"),
        crumbs=(LETTERS,),
        rows=[pages.PrintRow(act, bool(act.enclosure and act.enclosure.kind == EnclosureKind.PAPER)) for act in acts],
        may_sort=work.actor.may(Permission.MAIL_SORT),
        refusal=refusal,
    )
    return render(request, "mail_in/printing.html", shown, status=status)


def _numbers(typed: list[str]) -> list[int]:
    return [number for number in (whole_number(text) for text in typed) if number is not None]
