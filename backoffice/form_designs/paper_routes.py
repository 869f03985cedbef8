"""A version of a form on paper: as a file to print, in as many copies as are needed, each with a code of its own."""

from collections.abc import Sequence
from urllib.parse import quote

from fastapi.responses import Response

from backoffice.db.numbering import DIGITS
from backoffice.errors import Invalid
from backoffice.form_designs import queries
from backoffice.form_designs.paper import pages_to_print
from backoffice.identity import Permission
from backoffice.services import Services
from backoffice.web import Reading, StaffRouter
from backoffice.web.translations import _
from forms.paper.drawn import PaperPage
from forms.paper.marks import page_code
from forms.paper.printing import pdf_of

MOST_COPIES = 100
_SERIAL_LETTERS = 10
"""Of 32 letters each: of a million copies of a form hardly two are ever alike."""

staff = StaffRouter()


@staff.page("/forms/{design_id}/versions/{number}/paper.pdf", Permission.FORM_VIEW)
def paper(work: Reading, design_id: int, number: int, copies: int = 1) -> Response:
    """Give the empty form as it was drawn when the version was put into use."""
    design = queries.find_design(work.session, work.actor, design_id)
    version = queries.find_version(work.session, design.id, number)
    if version.paper:
        raise Invalid(_("この版は外の用紙に記入されます。用紙は、作った所のものを使ってください。"))
    pages = copies_of(pages_to_print(work.session, version), min(max(copies, 1), MOST_COPIES), work.office.services)
    title = queries.definition(version).title
    return Response(
        pdf_of(title, work.today, pages),
        media_type="application/pdf",
        headers={
            "Content-Disposition": f"inline; filename*=UTF-8''{quote(title)}.pdf",
            "Cache-Control": "no-store",
        },
    )


def copies_of(pages: Sequence[PaperPage], many: int, services: Services) -> list[PaperPage]:
    """Give a form so many times, the pages of one copy under one serial. Raises Invalid where it has no pages."""
    if not pages:
        raise Invalid(_("この様式は紙には長すぎます(20ページまで)。欄を減らすか、様式を分けてください。"))
    serials = (_serial(services) for _copy in range(many))
    return [page.with_([page_code(page.layout.qr_text or "", serial)]) for serial in serials for page in pages]


def _serial(services: Services) -> str:
    return "".join(DIGITS[byte % len(DIGITS)] for byte in services.random_bytes(_SERIAL_LETTERS))
