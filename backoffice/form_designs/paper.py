"""How does a version look on paper? Drawn once, when it is put into use, and kept: what was printed stays readable.

A later edition of the house may draw the same form otherwise; old copies are still read by where their fields stood.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.form_designs.models import FormPage, FormVersion
from forms.definition import FormDefinition
from forms.layout import PaperLayout
from forms.paper.composition import TooLongForPaperError, compose
from forms.paper.drawn import Kept, PaperPage
from forms.paper.printing import pictures_of


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
