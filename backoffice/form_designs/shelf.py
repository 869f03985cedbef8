"""Which form does a code and a version mean, and how does it look on paper? Shipped ones and departments' own."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.errors import NotThere
from backoffice.form_designs.models import FormDesign, FormPage, FormVersion
from backoffice.web.translations import _
from forms import catalogue
from forms.definition import FormDefinition
from forms.layout import Blanks, PaperLayout


def definition_of(session: Session, code: str, version: int) -> FormDefinition:
    """Return what `version` of the form `code` asks. Raises NotThere where there is no such form or version."""
    shipped = catalogue.every_definition().get(code)
    if shipped is not None and shipped.version == version:
        return shipped
    stored = session.scalar(
        select(FormVersion.definition)
        .join(FormDesign, FormDesign.id == FormVersion.design_id)
        .where(FormDesign.code == code, FormVersion.number == version)
    )
    if stored is None:
        raise NotThere(_("この様式はありません。"))
    return FormDefinition.model_validate(stored)


def newest_definitions(session: Session, codes: Collection[str]) -> dict[str, FormDefinition]:
    """Return what the newest version of each of these forms asks."""
    found = {code: shipped for code, shipped in catalogue.every_definition().items() if code in codes}
    rows = session.execute(
        select(FormDesign.code, FormVersion.definition)
        .join(FormVersion, FormVersion.design_id == FormDesign.id)
        .where(FormDesign.code.in_(codes))
        .order_by(FormVersion.number)
    )
    for code, definition in rows:
        found[code] = FormDefinition.model_validate(definition)
    return found


def pages_of(session: Session, code: str, version: int) -> tuple[tuple[PaperLayout, Blanks], ...]:
    """Return the pages of a form on paper in their order, none for a form that has no paper."""
    shipped = next((each for each in catalogue.every_form() if each.definition.code == code), None)
    if shipped is not None and shipped.definition.version == version:
        return ((shipped.layout, shipped.blanks),)
    rows = session.scalars(
        select(FormPage)
        .join(FormVersion, FormVersion.id == FormPage.version_id)
        .join(FormDesign, FormDesign.id == FormVersion.design_id)
        .where(FormDesign.code == code, FormVersion.number == version)
        .order_by(FormPage.page)
    )
    return tuple((PaperLayout.model_validate(row.layout), Blanks(with_markers=row.blank)) for row in rows)
