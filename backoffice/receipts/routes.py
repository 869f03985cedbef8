"""At the counter: a receipt for the person who stands there, as a page to print or a record to keep."""

from fastapi.responses import Response

from backoffice.consents import service
from backoffice.identity import Permission
from backoffice.receipts import giving
from backoffice.web import StaffRouter, Writing

staff = StaffRouter()


@staff.action("/consents/looks/{look_id}/receipts/{consent_reference}/pdf", Permission.CONSENT_TAKE)
def page(work: Writing, look_id: int, consent_reference: str) -> Response:
    """Posted: it is written on the trail that a receipt was given."""
    look = service.look_of(work, look_id)
    receipt = giving.give(work, look.registrant, consent_reference, look.registrant.language)
    return _file(receipt.pdf, "application/pdf", f"consent-{consent_reference}.pdf")


@staff.action("/consents/looks/{look_id}/receipts/{consent_reference}/json", Permission.CONSENT_TAKE)
def record(work: Writing, look_id: int, consent_reference: str) -> Response:
    look = service.look_of(work, look_id)
    receipt = giving.give(work, look.registrant, consent_reference, look.registrant.language)
    return _file(receipt.record.written(), "application/jose+json", f"consent-{consent_reference}.json")


def _file(content: bytes, media_type: str, name: str) -> Response:
    kept = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=kept)
