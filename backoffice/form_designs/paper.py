"""How does a version look on paper? Drawn once, when it is put into use, and kept: what was printed stays readable.

A later edition of the house may draw the same form otherwise; old copies are still read by where their fields stood.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.db.numbering import DIGITS
from backoffice.errors import Invalid
from backoffice.form_designs.models import FormPage, FormVersion
from backoffice.services import Services
from backoffice.web.translations import _
from forms.definition import FormDefinition
from forms.layout import PaperLayout
from forms.paper.composition import TooLongForPaperError, compose
from forms.paper.drawn import Kept, PaperPage
from forms.paper.marks import page_code
from forms.paper.printing import pictures_of

_SERIAL_LETTERS = 10
"""Of 32 letters each: of a million copies of a form hardly two are ever alike."""


def draw(definition: FormDefinition) -> list[FormPage]:
    """Return the pages of a version as rows of no version yet; none for a form that is too long for paper.

    A page takes a tenth of a second: call it before the unit opens.
    """
    try:
        pages = compose(definition)
    except TooLongForPaperError:
        return []
    return [
        FormPage(
            page=page.layout.page,
            layout=page.layout.model_dump(mode="json", exclude_defaults=True),
            elements=page.as_data(),
            blank=blank,
            drawn=True,
        )
        for page, blank in zip(pages, pictures_of(pages), strict=True)
    ]


def pages_to_print(session: Session, version: FormVersion) -> Sequence[PaperPage]:
    """Return the pages of a version as they were drawn; none where it has no paper of the house's own."""
    rows = session.execute(
        select(FormPage.layout, FormPage.elements)
        .where(FormPage.version_id == version.id, FormPage.drawn.is_(True))
        .order_by(FormPage.page)
    )
    return [PaperPage((Kept(elements),), PaperLayout.model_validate(layout)) for layout, elements in rows]


def copies_of(pages: Sequence[PaperPage], many: int, services: Services) -> list[PaperPage]:
    """Give a form so many times, the pages of one copy under one serial. Raises Invalid where it has no pages."""
    if not pages:
        raise Invalid(_("この様式は紙には長すぎます(20ページまで)。欄を減らすか、様式を分けてください。"))
    serials = (_serial(services) for _copy in range(many))
    return [page.with_([page_code(page.layout.qr_text or "", serial)]) for serial in serials for page in pages]


def _serial(services: Services) -> str:
    return "".join(DIGITS[byte % len(DIGITS)] for byte in services.random_bytes(_SERIAL_LETTERS))
