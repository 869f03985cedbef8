"""The pages of lists: which forms have one, the records of a form, their totals, the list as a file."""

from collections.abc import Mapping, Sequence
from itertools import compress
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.workflow import DesignState
from backoffice.identity import Permission
from backoffice.records import pages, queries, viewing
from backoffice.records.conditions import COMPARISON_NAMES, DAY, Wish, wish_of
from backoffice.records.events import RecordsExported, RecordsListed
from backoffice.records.files_out import as_csv, as_excel
from backoffice.records.queries import Listing
from backoffice.records.workflow import MOVE_NAMES, RecordState, chip_of, moves_from_anywhere, states_of_lists
from backoffice.web import Crumb, MenuItem, Reading, SignedIn, StaffRouter, Writing, go_to, render
from backoffice.web.answers_in import label_of
from backoffice.web.forms_in import FormData
from backoffice.web.lists import Tab
from backoffice.web.translations import _, translate
from backoffice.work import Office
from forms.definition import FormDefinition

MENU = (MenuItem(_("台帳"), "/records", Permission.RECORD_READ),)
RECORDS = Crumb(_("台帳"), "/records")

staff = StaffRouter()


@staff.page("/records", Permission.RECORD_READ)
def forms_with_lists(request: Request, work: Reading) -> HTMLResponse:
    counts = queries.counts(work.session, work.actor)
    rows = [
        pages.FormRow(
            design,
            counts.get((design.id, RecordState.ENTERED), 0),
            counts.get((design.id, RecordState.DONE), 0),
            own=design.department_id == work.actor.department_id,
        )
        for design in queries.forms_with_lists(work.session, work.actor)
    ]
    return render(request, "records/forms.html", pages.FormsPage(title=_("台帳"), rows=rows))


@staff.page("/records/{design_id}", Permission.RECORD_READ)
def one_list(request: Request, work: Reading, design_id: int, page: int = 1) -> HTMLResponse:
    design, definition = queries.find_form(work.session, work.actor, design_id)
    wish = wish_of(definition, asked(request))
    path = f"/records/{design.id}"
    listing = Listing(work.actor, design.id, definition, wish)
    counts = queries.counts(work.session, work.actor)
    total, sums = queries.at_a_glance(work.session, listing, counts)
    paging = viewing.WishPaging(path, total, page, wish=wish)
    found = queries.list_wished(work.session, listing, offset=paging.offset)
    work.seen(RecordsListed(design.id, len(found)))
    columns = pages.columns_of(definition, wish.columns)
    actions: Sequence[pages.ListAction] = request.app.state.list_actions
    links: Sequence[pages.ListLink] = request.app.state.list_links
    offers = [each.is_offered(work.actor, design.id) for each in actions]
    routed, begun, offered = queries.routes_and_draft(work.session, work.actor, design.id, offers)
    is_routed = work.actor.department_id in routed
    shown = pages.ListPage(
        title=_("台帳"),
        title_text=design.title,
        crumbs=(RECORDS,),
        design=design,
        rows=[pages.row_of(record, columns, routed) for record in found],
        columns=viewing.headings(path, wish, columns),
        paging=paging,
        tabs=_tabs(design, path, wish, counts, routed=is_routed),
        remarks=viewing.remarks(definition, path, wish),
        troubles=[translate(text, **what) for text, what in wish.troubles],
        questions=[(DAY, translate(_("入力日"))), *((one.key, label_of(one)) for one in definition.questions)],
        comparisons=[(str(test), translate(name)) for test, name in COMPARISON_NAMES.items()],
        chosen_columns=[(one.key, label_of(one), one in columns) for one in definition.questions],
        for_many=[(one.key, label_of(one)) for one in pages.fields_for_many(definition)],
        sums=sums,
        views=queries.views_of(work.session, design.id, work.actor.department_id),
        changes=[pages.ChangeRow.of(each) for each in queries.last_changes(work.session, work.actor, design.id)],
        hidden=viewing.hidden(wish),
        address=wish.address(path),
        totals_address=wish.address(f"{path}/totals"),
        may_write=work.actor.may(Permission.RECORD_WRITE),
        moves=[(str(to), translate(MOVE_NAMES[to])) for to in moves_from_anywhere(routed=is_routed)],
        may_build=work.actor.may(Permission.FORM_BUILD),
        actions=list(compress(actions, offered)),
        links=[each for each in links if each.is_offered(work.actor, definition)],
        open=design.state == DesignState.IN_USE,
        draft=begun,
    )
    return render(request, "records/list.html", shown)


@staff.action("/records/{design_id}/export", Permission.RECORD_READ)
def export(request: Request, actor: SignedIn, design_id: int, form: FormData) -> Response:
    """Give the whole list, every question, as CSV or as a workbook; it is written with no unit open, which takes long.

    The trail says so before anybody has it.
    """
    office: Office = request.app.state.office
    with office.look(actor) as work:
        design, definition = queries.find_form(work.session, actor, design_id)
        wish = wish_in(definition, form.get("address", ""))
        found = queries.rows_out(work.session, Listing(actor, design.id, definition, wish))
    answer = (as_excel if form.get("as") == "excel" else as_csv)(design.title, definition, found)
    with office.unit(actor) as work:
        work.record(RecordsExported(design.id, len(found)))
    return answer


@staff.action("/records/{design_id}/views", Permission.RECORD_WRITE)
def keep_view(work: Writing, design_id: int, form: FormData) -> Response:
    design, definition = queries.find_form(work.session, work.actor, design_id)
    wish = wish_in(definition, form.get("address", ""))
    viewing.keep_view(work, design, form.get("name", ""), wish)
    return go_to(wish.address(f"/records/{design.id}"), _("この見方を保存しました。"))


@staff.action("/records/{design_id}/views/{view_id}/remove", Permission.RECORD_WRITE)
def remove_view(work: Writing, design_id: int, view_id: int) -> Response:
    viewing.remove_view(work, design_id, view_id)
    return go_to(f"/records/{design_id}", _("保存した見方を消しました。"))


def wish_in(definition: FormDefinition, address: str) -> Wish:
    """Read the wish out of the address of a list."""
    return wish_of(definition, parse_qsl(address.partition("?")[2]))


def asked(request: Request) -> list[tuple[str, str]]:
    """Give what the address asks, with the condition that the form at the top of the list adds."""
    pairs = list(request.query_params.multi_items())
    single = dict(pairs)
    columns = [value for name, value in pairs if name == "columns" and value]
    rest = [(name, value) for name, value in pairs if name != "columns"]
    if single.get("key") and single.get("test"):
        rest.append(("where", f"{single['key']}:{single['test']}:{single.get('what', '')}"))
    return [*rest, ("columns", ",".join(columns))]


def _tabs(
    design: FormDesign, path: str, wish: Wish, counts: Mapping[tuple[int, RecordState], int], *, routed: bool
) -> list[Tab]:
    always = states_of_lists(routed=routed)
    states = [state for state in RecordState if state in always or counts.get((design.id, state))]
    names = ((str(state), translate(chip_of(state, routed=routed).text)) for state in states)
    entries = [("", translate(_("すべて"))), *names]
    return [
        Tab(
            label,
            viewing.with_state(wish, state).address(path),
            wish.state == state,
            counts.get((design.id, RecordState(state)), 0) if state else None,
        )
        for state, label in entries
    ]
