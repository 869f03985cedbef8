"""A form on paper: printed from its version, each copy with its own code, by whoever may see the form."""

import io

import cv2
import numpy as np
import pypdf
import pypdfium2
import pytest
import zxingcpp

from backoffice.errors import Invalid
from backoffice.form_designs import queries
from backoffice.form_designs.paper import copies_of, draw, pages_to_print
from backoffice.form_designs.shelf import definition_of, pages_of
from backoffice.identity import Role
from forms.building import acts
from forms.building.draft import FormDraft
from forms.building.kinds import Sketch
from forms.field_types import FieldType
from forms.paper.composition import compose
from forms.paper.printing import pictures_of
from tests.backoffice.form_designs.furniture import add_form


@pytest.fixture
def printed(city):
    """A form in use and somebody of its department."""
    department = city.department("市民センター")
    clerk = city.person(Role.CLERK, department=department)
    with city.unit(city.actor(clerk)) as work:
        return add_form(work, department), clerk


def codes(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for page in document:
        picture = cv2.cvtColor(page.render(scale=200 / 72).to_numpy(), cv2.COLOR_BGR2GRAY)
        found += [code.text for code in zxingcpp.read_barcodes(np.ascontiguousarray(picture))]
    document.close()
    return found


def test_each_copy_has_a_code_of_its_own_under_the_name_of_its_page(client, printed):
    design, clerk = printed
    client.sign_in(clerk)

    answer = client.get(f"/forms/{design.id}/versions/1/paper.pdf?copies=3").response

    assert answer.headers["content-type"] == "application/pdf"
    found = codes(answer.content)
    names = {code.rpartition("/")[0] for code in found}
    assert names == {f"GIJO/{design.code}/v1/p1"}
    assert len(set(found)) == 3


def test_the_paper_says_what_the_form_asks(client, printed):
    design, clerk = printed
    client.sign_in(clerk)

    pdf = client.get(f"/forms/{design.id}/versions/1/paper.pdf").response.content

    text = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "利用人数報告" in text
    assert "口座番号" in text


def test_another_department_cannot_print_a_form_that_is_not_shared(city, client, printed):
    client.sign_in(city.person(Role.CLERK))

    refused = client.get(f"/forms/{printed[0].id}/versions/1/paper.pdf", status=404).response

    assert refused.headers["content-type"].startswith("text/html")


def test_a_version_is_drawn_once_and_what_is_printed_is_what_is_read_by(city, printed):
    design, _clerk = printed
    definition = definition_in_use(city, design)

    with city.look() as work:
        version = queries.find_version(work.session, design.id, 1)
        kept, known = pages_to_print(work.session, version), pages_of(work.session, design.code, 1)

    assert [page.layout for page in kept] == [layout for layout, _blanks in known]
    assert pictures_of(kept) == pictures_of(compose(definition))
    assert [blanks.with_markers for _layout, blanks in known] == pictures_of(kept)


def definition_in_use(city, design):
    with city.look() as work:
        return definition_of(work.session, design.code, 1)


def test_a_form_without_end_is_told_instead_of_printed(city):
    letters = [Sketch(f"説明{number}", FieldType.LINES, max_length=2000) for number in range(100)]
    draft = acts.add(FormDraft(title="長い様式"), letters)[0]

    with pytest.raises(Invalid, match="長すぎます"):
        copies_of(draw(draft.definition("form-1", 1)), 1, city.office.services)
