"""The page on which a department says which machines of other systems may send records of a form into its list."""

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.identity import Permission
from backoffice.records import pages, queries, sending
from backoffice.records.routes import RECORDS
from backoffice.web import Crumb, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, whole_number
from backoffice.web.translations import _, translate

staff = StaffRouter()


@staff.page("/records/{design_id}/senders", Permission.FORM_BUILD)
def senders(request: Request, work: Reading, design_id: int) -> HTMLResponse:
    design, _definition = queries.find_form(work.session, work.actor, design_id)
    shown = pages.SendersPage(
        title=_("受け付ける外部システム"),
        title_text=f"{translate(_('受け付ける外部システム'))}: {design.title}",
        crumbs=(RECORDS, Crumb(design.title, f"/records/{design.id}")),
        design=design,
        senders=sending.senders_of(work.session, work.actor, design.id),
        choices=[(str(each.id), each.name) for each in sending.machines_to_choose(work.session, design.id)],
    )
    return render(request, "records/senders.html", shown)


@staff.action("/records/{design_id}/senders", Permission.FORM_BUILD)
def allow(work: Writing, design_id: int, form: FormData) -> Response:
    design, _definition = queries.find_form(work.session, work.actor, design_id)
    sending.allow(work, design, whole_number(form.get("client", "")) or 0)
    return go_to(f"/records/{design.id}/senders", _("許可しました。この部署の台帳に入ります。"))


@staff.action("/records/{design_id}/senders/{sender_id}/end", Permission.FORM_BUILD)
def end(work: Writing, design_id: int, sender_id: int) -> Response:
    sending.end(work, design_id, sender_id)
    return go_to(f"/records/{design_id}/senders", _("許可を終えました。これまでの記録は残ります。"))
