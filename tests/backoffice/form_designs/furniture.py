"""Forms for tests that look at pages: the first is in use and drafted further, the others are being made."""

from __future__ import annotations

import re

from backoffice.form_designs import foreign_paper, queries, service
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.paper import draw
from backoffice.identity import Department
from backoffice.work import Work
from forms import catalogue
from forms.building import acts
from forms.building.draft import FormDraft
from forms.building.kinds import Group, Sketch
from forms.field_types import FieldType
from forms.zones import ForeignPaper, Proposal, Writing, Zone
from ocr.empty_form import EmptyPage

NOBODY = 2_000_000_000
ASKED = (
    Sketch("利用日", FieldType.DATE, required=True),
    Sketch("行事あり", FieldType.CHECKBOX),
    Sketch("行事名", FieldType.TEXT, max_length=40),
    Sketch("部屋ごとの人数", FieldType.TABLE),
    Sketch("種別", FieldType.CHOICE, options=("会議", "体操")),
    Sketch("曜日", FieldType.CHOICES, options=("月曜", "火曜")),
)


def drafted(title: str = "利用人数報告") -> FormDraft:
    draft = acts.add(FormDraft(title=title), ASKED)[0]
    draft = acts.put(draft, draft.find("a3").model_copy(update={"shown_if": "a2"}))
    return acts.add_group(draft, Group.ACCOUNT)[0]


def add_form(
    work: Work, department: Department, title: str = "利用人数報告", draft: FormDraft | None = None
) -> FormDesign:
    """A form in use."""
    design = service.begin(work, title, "公民館", department.id, draft or drafted(title))
    paper = draw(service.definition_to_draw(work, design))
    service.publish(work, design, design.version, "", paper, confirmed=False)
    work.session.flush()
    return design


def add_forms(work: Work, department: Department, rows: int) -> dict[str, object]:
    if not rows:
        return {"design_id": NOBODY, "number": 1, "zone": "z1"}
    design = add_form(work, department)
    service.share(work, design, design.version)
    work.session.flush()
    for number in range(2, rows + 1):
        service.begin(work, f"様式{number}", "様式", department.id)
    draft = acts.add(queries.draft_of(work.session, design), [Sketch("備考", FieldType.LINES)])[0]
    service.keep(work, design, design.version, draft.with_(paper=foreign_paper_of(work, design)))
    return {"design_id": design.id, "number": 1, "zone": "z1"}


def foreign_paper_of(work: Work, design: FormDesign) -> ForeignPaper:
    """One page of the shipped form, with a zone that answers nothing yet and one proposal."""
    picture = catalogue.find("shugaku-enjo").blanks.without_markers or b""
    asked = Proposal(box=(60, 60, 50, 9), label="行事名", type=FieldType.TEXT, writing=Writing.LINE)
    page = EmptyPage(picture, (210.0, 297.0), (asked,), asks_my_number=False)
    zone = Zone(code="z1", page=1, box=(20.0, 250.0, 60.0, 9.0), label="備考")
    return ForeignPaper(pages=foreign_paper.take_in(work, design, [page]), zones=(zone,))


def words_of_forms() -> str:
    """What offices call their forms and questions, as a pattern: names, in whatever language pages speak."""
    draft = drafted()
    labels = {field.label for field in draft.every_field()}
    options = {option.label for field in draft.every_field() for option in field.options}
    words = {draft.title, "公民館", "様式", "備考", *labels, *options}
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
