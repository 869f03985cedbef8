"""The proof of a night, a run by day or one item as one file for an audit; why is asked, and stands on the trail."""

from collections.abc import Callable
from urllib.parse import quote

from fastapi.responses import Response, StreamingResponse

from backoffice.automation import queries
from backoffice.automation.by_day import choices
from backoffice.automation.pages import address_of
from backoffice.automation.proof import export
from backoffice.automation.proof.export import Proof
from backoffice.errors import Invalid
from backoffice.identity import Actor, Permission
from backoffice.web import SignedIn, StaffRouter, go_to
from backoffice.web.forms_in import FormData
from backoffice.web.routing import TheOffice
from backoffice.work import Office, Work

staff = StaffRouter()


@staff.action("/runs/{night_id}/proof", Permission.EVIDENCE_EXPORT)
def of_run(actor: SignedIn, office: TheOffice, night_id: int, form: FormData) -> Response:
    with office.look(actor) as work:
        night = choices.find_watched(work.session, actor, night_id)
    return _answered(
        office, actor, night.id, address_of(night), lambda work: export.of_night(work, night, form.get("why", ""))
    )


@staff.action("/items/{item_id}/proof", Permission.EVIDENCE_EXPORT)
def of_item(actor: SignedIn, office: TheOffice, item_id: int, form: FormData) -> Response:
    with office.look(actor) as work:
        item = queries.find_item(work.session, actor, item_id, Permission.EVIDENCE_EXPORT)
    return _answered(
        office, actor, None, f"/items/{item.id}", lambda work: export.of_item(work, item, form.get("why", ""))
    )


def _answered(
    office: Office, actor: Actor, night_id: int | None, page: str, gather: Callable[[Work], Proof]
) -> Response:
    """Gather, write it on the trail, then stream: the file is written with no unit open."""
    try:
        with office.unit(actor) as work:
            proof = gather(work)
            export.note(work, proof, night_id)
    except Invalid as refusal:
        return go_to(page, refusal.message, tone="error", **refusal.params)
    name = quote(f"証跡-{proof.about}.zip")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"}
    return StreamingResponse(export.zipped(office, proof), media_type="application/zip", headers=headers)
