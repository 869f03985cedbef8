"""A version of a form on paper: as a file to print, in as many copies as are needed, each with a code of its own."""

from urllib.parse import quote

from fastapi.responses import Response

from backoffice.errors import Invalid
from backoffice.form_designs import queries
from backoffice.form_designs.paper import copies_of, pages_to_print
from backoffice.identity import Permission
from backoffice.web import Reading, StaffRouter
from backoffice.web.translations import _
from forms.paper.printing import pdf_of

MOST_COPIES = 100

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
