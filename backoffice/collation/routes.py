"""The page on which a record stands beside its papers: they are read, and each difference is decided by a person."""

from collections.abc import Sequence

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import ColumnElement, false

from backoffice.collation import pages, queries, service
from backoffice.collation.comparing import Pair, compared
from backoffice.collation.events import PapersCompared
from backoffice.collation.models import PaperRule
from backoffice.errors import Invalid, NotPermitted, NotThere, Overtaken
from backoffice.identity import Actor, Permission
from backoffice.records import documents
from backoffice.records import queries as records
from backoffice.records import service as lists
from backoffice.records.choosing import chosen, inside, one_of
from backoffice.records.models import Record
from backoffice.records.pages import ListAction, RecordLink, said
from backoffice.records.routes import RECORDS
from backoffice.records.workflow import CLOSED, RecordState
from backoffice.web import Crumb, Reading, SignedIn, StaffRouter, Writing, go_to, render
from backoffice.web.answer_rows import given_answers
from backoffice.web.answers_in import label_of
from backoffice.web.forms_in import FormData, FormLists, seen_of
from backoffice.web.routing import TheOffice
from backoffice.web.translations import _, translate
from backoffice.work import Office, Work
from forms.definition import FormDefinition

AT_ONCE = 100
"""So many records have their papers handed in by one press."""


def _reads(actor: Actor, design_id: int) -> ColumnElement[bool]:
    return queries.has_rules(design_id) if actor.may(Permission.SHEET_UPLOAD) else false()


IN_LISTS = ListAction(_("添付書類を読み取る"), "papers/read", _reads)
OF_A_RECORD = RecordLink(_("添付書類と突き合わせる"), "papers", lambda record: queries.has_rules(record.design_id))

staff = StaffRouter()


@staff.page("/records/entries/{record_id}/papers", Permission.RECORD_READ)
def papers(request: Request, work: Reading, record_id: int) -> HTMLResponse:
    """Show the record beside its papers; a page that waits for a reading only asks whether it goes on.

    What it hears says nothing of anybody, and is no look at the papers.
    """
    record = records.find_record(work.session, work.actor, record_id)
    shown = _shown(work, record)
    if request.headers.get("HX-Request"):
        answer = render(request, "collation/papers.html", shown, block="progress")
        if not shown.reading:
            answer.headers["HX-Refresh"] = "true"
        return answer
    work.seen(PapersCompared(record.id))
    return render(request, "collation/papers.html", shown)


@staff.action("/records/entries/{record_id}/papers/read", Permission.SHEET_UPLOAD)
def read_papers(actor: SignedIn, office: TheOffice, record_id: int) -> Response:
    """Hand a record's papers in to be read. They are sealed before the unit opens."""
    with office.look(actor) as work:
        record = records.find_record(work.session, actor, record_id)
    many = _hand_in(office, actor, [record])
    said = (
        _("添付書類を読取に回しました。読み終わると、この画面に出ます。")
        if many
        else _("新しく読み取る添付書類はありません。")
    )
    return go_to(f"/records/entries/{record_id}/papers", said)


@staff.action("/records/{design_id}/papers/read", Permission.SHEET_UPLOAD)
def read_many(actor: SignedIn, office: TheOffice, design_id: int, form: FormLists) -> Response:
    """Hand in the papers of the chosen records."""
    with office.look(actor) as work:
        design, definition = records.find_form(work.session, actor, design_id)
        found = chosen(work, design, definition, form, Permission.RECORD_READ, AT_ONCE)
    if len(found) > AT_ONCE:
        raise Invalid(_("一度に読み取れるのは%(most)s件までです。条件で絞ってください。"), most=AT_ONCE)
    many = _hand_in(office, actor, found)
    return go_to(inside(one_of(form, "address"), design), _("添付書類%(n)s件を読取に回しました。"), n=many)


@staff.action("/records/entries/{record_id}/papers/decide", Permission.RECORD_WRITE)
def decide(request: Request, work: Writing, record_id: int, form: FormData) -> Response:
    """Keep what the reviewer decided of one difference, as they saw it."""
    record = records.find_record(work.session, work.actor, record_id, Permission.RECORD_WRITE)
    lists.must_be_as_seen(record, seen_of(form))
    lists.must_take_answers(record)
    _design, definition = records.find_form(work.session, work.actor, record.design_id)
    pair = _pair(work, record, definition, form.get("file_key", ""), form.get("key", ""))
    if str(pair.field.sheet_id if pair.field else 0) != form.get("sheet", "0") or pair.finding != form.get("finding"):
        raise Overtaken(_("読み取った内容が変わりました。最新の内容を確認してください。"))
    ruling, note = form.get("ruling", ""), form.get("note", "")
    try:
        service.decide(work, record, definition, pair, ruling, note)
    except Invalid as refusal:
        work.refused = True
        errors = {name: translate(text, **refusal.params) for name, text in refusal.fields.items()}
        refused = pages.Refused(pair.file_key, pair.question.key, ruling, note, errors)
        return render(request, "collation/papers.html", _shown(work, record, refused), status=422)
    work.session.flush()
    left = compared(work.session, record, definition, _rules(work, record)).open
    told = _("決めました。あと%(n)s件あります。") if left else _("決めました。違いはすべて決まっています。")
    return go_to(f"/records/entries/{record.id}/papers", told, n=left)


def _hand_in(office: Office, actor: SignedIn, found: Sequence[Record]) -> int:
    if not all(actor.reaches(Permission.SHEET_UPLOAD, record.department.path) for record in found):
        raise NotPermitted(_("この部署の用紙を受け取る権限がありません。"))
    many = 0
    for record in found:
        with office.look(actor) as work:
            rules = _rules(work, record)
            files = queries.files_of(work.session, record, [rule.key for rule in rules])
            known = queries.readings_of(work.session, [file.id for file in files.values()])
        new = {key: file for key, file in files.items() if file.id not in known}
        copied = service.copies(office, new, rules)
        with office.unit(actor) as work:
            many += service.hand_in(work, record, copied)
    return many


def _rules(work: Work, record: Record) -> Sequence[PaperRule]:
    return queries.rules_of(work.session, record.design_id)


def _pair(work: Work, record: Record, definition: FormDefinition, file_key: str, key: str) -> Pair:
    pairs = compared(work.session, record, definition, _rules(work, record)).pairs
    for pair in pairs:
        if (pair.file_key, pair.question.key) == (file_key, key):
            return pair
    raise NotThere(_("この欄は、添付書類と突き合わせません。"))


def _shown(work: Work, record: Record, refused: pages.Refused | None = None) -> pages.PapersPage:
    _design, definition = records.find_form(work.session, work.actor, record.design_id)
    found = compared(work.session, record, definition, _rules(work, record))
    return pages.PapersPage(
        title=_("添付書類"),
        title_text=f"{record.number} {translate(_('添付書類'))}",
        crumbs=(
            RECORDS,
            Crumb(record.design.title, f"/records/{record.design_id}"),
            Crumb(record.number, f"/records/entries/{record.id}"),
        ),
        record=record,
        answers=given_answers(definition, record.values),
        files=documents.names(work, record, definition, record.values),
        computed=[
            (label_of(one), said(one, record.values.get(one.key)))
            for one in definition.questions
            if one.computed is not None and one.key not in definition.row_of
        ],
        papers=[pages.block_of(each, refused) for each in found.papers],
        rulings=[pages.RulingRow.of(each, definition) for each in found.rulings],
        open=found.open,
        may_decide=record.state not in CLOSED | {RecordState.REMOVED}
        and work.actor.reaches(Permission.RECORD_WRITE, record.department.path),
        may_read=work.actor.reaches(Permission.SHEET_UPLOAD, record.department.path),
    )
