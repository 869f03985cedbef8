"""At the counter: a receipt for the person who stands there, as a page to print or a record to keep."""

from fastapi.responses import Response

from backoffice.consents import service
from backoffice.identity import Permission
from backoffice.receipts import giving
from backoffice.receipts.giving import Receipt
from backoffice.web import SignedIn, StaffRouter, Writing
from backoffice.web.routing import TheOffice
from backoffice.work import Work

staff = StaffRouter()


@staff.action("/consents/looks/{look_id}/receipts/{consent_reference}/pdf", Permission.CONSENT_TAKE)
def page(office: TheOffice, actor: SignedIn, look_id: int, consent_reference: str) -> Response:
    """Posted: it is written on the trail that a receipt was given."""
    with office.unit(actor) as work:
        receipt = _given(work, look_id, consent_reference)
    return _file(giving.page_of(receipt), "application/pdf", f"consent-{consent_reference}.pdf")


@staff.action("/consents/looks/{look_id}/receipts/{consent_reference}/json", Permission.CONSENT_TAKE)
def record(work: Writing, look_id: int, consent_reference: str) -> Response:
    receipt = _given(work, look_id, consent_reference)
    return _file(receipt.record.written(), "application/jose+json", f"consent-{consent_reference}.json")


def _given(work: Work, look_id: int, reference: str) -> Receipt:
    registrant = service.look_of(work, look_id).registrant
    return giving.give(work, registrant, reference, registrant.language)


def _file(content: bytes, media_type: str, name: str) -> Response:
    kept = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=kept)
