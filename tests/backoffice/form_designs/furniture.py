"""Forms for tests that look at pages: the first is in use and drafted further, the others are being made."""

from __future__ import annotations

import re

from backoffice.form_designs import queries, service
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.paper import draw
from backoffice.identity import Department
from backoffice.work import Work
from forms.building import acts
from forms.building.draft import FormDraft
from forms.building.kinds import Group, Sketch
from forms.field_types import FieldType

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


def add_form(work: Work, department: Department, title: str = "利用人数報告") -> FormDesign:
    """A form in use."""
    design = service.begin(work, title, "公民館", department.id, drafted(title))
    paper = draw(service.next_definition(work, design))
    service.publish(work, design, design.version, "", paper, confirmed=False)
    work.session.flush()
    return design


def add_forms(work: Work, department: Department, rows: int) -> dict[str, object]:
    if not rows:
        return {"design_id": NOBODY, "number": 1}
    design = add_form(work, department)
    service.share(work, design, design.version)
    work.session.flush()
    for number in range(2, rows + 1):
        service.begin(work, f"様式{number}", "様式", department.id)
    draft = acts.add(queries.draft_of(work.session, design), [Sketch("備考", FieldType.LINES)])[0]
    service.keep(work, design, design.version, draft)
    return {"design_id": design.id, "number": 1}


def words_of_forms() -> str:
    """What offices call their forms and questions, as a pattern: names, in whatever language pages speak."""
    draft = drafted()
    labels = {field.label for field in draft.every_field()}
    options = {option.label for field in draft.every_field() for option in field.options}
    words = {draft.title, "公民館", "様式", "備考", *labels, *options}
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
