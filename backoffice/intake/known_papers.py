"""Which forms may lie in a pile? The page of each that a department may fill in, with where its fields stand."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from backoffice.form_designs.models import FormDesign, FormPage, FormVersion
from backoffice.form_designs.workflow import DesignState
from forms import catalogue
from forms.definition import FormDefinition
from forms.layout import Blanks, PaperLayout
from ocr.known_form import Form

MOST_PAGES = 60
"""So many a reading process keeps ready; of more, those of the newest versions are known."""
SHIPPED = {"shugaku-enjo": "就援"}
"""Forms on paper that come with the house, and what stands in the numbers of their sheets."""
UNSORTED = "用紙"
"""In the numbers of sheets that fit no form."""


@dataclass(frozen=True)
class KnownPaper:
    """One page of a version of a form; `series` stands in the numbers of its sheets, `pages` is how many it has."""

    code: str
    version: int
    series: str
    form: Form

    @property
    def layout(self) -> PaperLayout:
        return self.form[0]

    @property
    def definition(self) -> FormDefinition:
        asked = self.form[2]
        if asked is None:
            raise LookupError(f"{self.code}: no definition")
        return asked


def papers_of(session: Session, department_id: int, code: str = "") -> list[KnownPaper]:
    """Return all pages that may lie in a pile of `department_id`, or those of one form, the newest versions first."""
    shipped = [
        KnownPaper(one.definition.code, one.definition.version, SHIPPED[one.definition.code], form)
        for one in catalogue.every_form()
        for form in [(one.layout, one.blanks, one.definition)]
        if code in ("", one.definition.code)
    ]
    return [*shipped, *_built(session, department_id, code)][:MOST_PAGES]


def _built(session: Session, department_id: int, code: str) -> list[KnownPaper]:
    statement = (
        select(FormPage, FormVersion.number, FormVersion.definition, FormDesign.code, FormDesign.series)
        .join(FormVersion, FormVersion.id == FormPage.version_id)
        .join(FormDesign, FormDesign.id == FormVersion.design_id)
        .where(_fills_in(department_id))
        .order_by(FormVersion.id.desc(), FormPage.page)
        .limit(MOST_PAGES)
    )
    if code:
        statement = statement.where(FormDesign.code == code)
    return [
        KnownPaper(design, number, series, _form(page, definition))
        for page, number, definition, design, series in session.execute(statement)
    ]


def _form(page: FormPage, definition: object) -> Form:
    layout = PaperLayout.model_validate(page.layout)
    return layout, Blanks(with_markers=page.blank), FormDefinition.model_validate(definition)


def forms_on_paper(session: Session, department_id: int) -> Sequence[tuple[str, str]]:
    """Return code and title of each form whose sheets the department may hand in."""
    shipped = [(one.definition.code, one.definition.title) for one in catalogue.every_form()]
    built = (
        select(FormDesign.code, FormDesign.title)
        .where(_fills_in(department_id), FormDesign.versions.any(FormVersion.pages.any()))
        .order_by(FormDesign.title)
    )
    return [*shipped, *((code, title) for code, title in session.execute(built))]


def titles_of(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Return what forms are called, whichever department's they are and whether or not they are still in use."""
    shipped = {one.definition.code: one.definition.title for one in catalogue.every_form()}
    built = session.execute(select(FormDesign.code, FormDesign.title).where(FormDesign.code.in_(codes)))
    return {code: title for code, title in (*shipped.items(), *built) if code in codes}


def _fills_in(department_id: int) -> ColumnElement[bool]:
    return (FormDesign.state == DesignState.IN_USE) & or_(
        FormDesign.department_id == department_id, FormDesign.shared.is_(True)
    )
