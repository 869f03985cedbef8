"""The page on which a department says through which approval route its records of a form pass; and handing one in."""

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.identity import Permission
from backoffice.records import approving, pages, queries
from backoffice.records.routes import RECORDS
from backoffice.web import Crumb, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, seen_of
from backoffice.web.translations import _, translate

staff = StaffRouter()


@staff.page("/records/{design_id}/approval", Permission.FORM_BUILD)
def approval(request: Request, work: Reading, design_id: int) -> HTMLResponse:
    design, _definition = queries.find_form(work.session, work.actor, design_id)
    named = queries.route_named(work.session, design.id, work.actor.department_id)
    shown = pages.ApprovalPage(
        title=_("承認の経路"),
        title_text=f"{translate(_('承認の経路'))}: {design.title}",
        crumbs=(RECORDS, Crumb(design.title, f"/records/{design.id}")),
        design=design,
        choices=[("", translate(_("使わない"))), *((kind, translate(name)) for kind, name in approving.ROUTES.items())],
        chosen=named.kind if named else "",
    )
    return render(request, "records/approval.html", shown)


@staff.action("/records/{design_id}/approval", Permission.FORM_BUILD)
def name_route(work: Writing, design_id: int, form: FormData) -> Response:
    design, _definition = queries.find_form(work.session, work.actor, design_id)
    approving.name_route(work, design, form.get("kind", ""))
    return go_to(f"/records/{design.id}/approval", _("承認の経路を保存しました。"))


@staff.action("/records/entries/{record_id}/submit", Permission.RECORD_WRITE)
def submit(work: Writing, record_id: int, form: FormData) -> Response:
    record = queries.find_record(work.session, work.actor, record_id, Permission.RECORD_WRITE)
    case = approving.submit(work, record, seen_of(form))
    return go_to(
        f"/records/entries/{record.id}", _("提出しました(%(number)s)。決まるまで変更できません。"), number=case.number
    )
