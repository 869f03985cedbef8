"""At the counter: the person here asks to see, correct or stop what is held of them, and gets what was granted.

The page stands behind a look at the registrant, as all that shows who somebody is.
"""

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.consents import service as counter
from backoffice.consents.models import RegistrantLook
from backoffice.consents.pages import DESK
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.rights import pages, queries, service
from backoffice.rights.routes import NOTHING, row_of
from backoffice.rights.service import Asked
from backoffice.rights.workflow import IDENTITY_NAMES, KIND_NAMES, Identity, RightsKind
from backoffice.web import Crumb, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, read_day
from backoffice.web.free_text import words_given
from backoffice.web.translations import _, translate
from backoffice.work import Work

MOST_OF_A_TEXT = 1000

staff = StaffRouter()


@staff.page("/consents/looks/{look_id}/rights", Permission.CONSENT_TAKE)
def own_requests(request: Request, work: Reading, look_id: int) -> HTMLResponse:
    return render(request, "rights/own_requests.html", _page(work, counter.look_of(work, look_id), NOTHING, NOTHING))


@staff.action("/consents/looks/{look_id}/rights", Permission.CONSENT_TAKE)
def take(request: Request, work: Writing, look_id: int, form: FormData) -> Response:
    look = counter.look_of(work, look_id)
    try:
        service.take(work, look, _asked(work, form))
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        shown = _page(work, counter.look_of(work, look_id), form, refusal.fields)
        return render(request, "rights/own_requests.html", shown, status=422)
    return go_to(f"/consents/looks/{look_id}/rights", _("請求を受け付け、回議に付しました。"))


@staff.action("/consents/looks/{look_id}/rights/{request_id}/hand-over", Permission.CONSENT_TAKE)
def hand_over(work: Writing, look_id: int, request_id: int) -> Response:
    """Give the file itself: it is made now, kept nowhere, and its making is on the trail before it leaves."""
    package = service.hand_over(work, counter.look_of(work, look_id), request_id)
    headers = {"Content-Disposition": f'attachment; filename="record-{request_id}.zip"', "Cache-Control": "no-store"}
    return Response(package, media_type="application/zip", headers=headers)


def _asked(work: Work, form: Mapping[str, str]) -> Asked:
    """Read what was typed. Raises Invalid naming everything that is wrong."""
    wrong: dict[str, str] = {}
    requested_on, what = work.today, ""
    if form.get("kind") not in set(RightsKind):
        wrong["kind"] = _("請求を選んでください。")
    if form.get("identity") not in set(Identity):
        wrong["identity"] = _("本人の確かめ方を選んでください。")
    try:
        what = words_given(form.get("asked", ""), "asked", MOST_OF_A_TEXT)
        requested_on = read_day(form, "requested_on") if form.get("requested_on", "").strip() else work.today
    except Invalid as refusal:
        wrong |= refusal.fields
    if requested_on > work.today:
        wrong["requested_on"] = _("請求の日が、今日より先です。")
    if wrong:
        raise Invalid(service.WRONG, wrong)
    return Asked(RightsKind(form["kind"]), Identity(form["identity"]), requested_on, what)


def _page(
    work: Work, look: RegistrantLook, typed: Mapping[str, str], wrong: Mapping[str, str]
) -> pages.OwnRequestsPage:
    return pages.OwnRequestsPage(
        title=_("開示・訂正・利用停止の請求"),
        crumbs=(DESK, Crumb(_("登録者の同意"), f"/consents/looks/{look.id}")),
        look_id=look.id,
        rows=[row_of(work, asked, case) for asked, case in queries.requests_of(work.session, look.registrant_id)],
        kinds=[("", "—"), *((str(kind), translate(name)) for kind, name in KIND_NAMES.items())],
        identities=[("", "—"), *((str(way), translate(name)) for way, name in IDENTITY_NAMES.items())],
        typed=typed,
        wrong=wrong,
    )
