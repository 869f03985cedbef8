"""A clerk brings a form that the house did not print: zones are proposed, drawn, tried, and read from then on."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image

from backoffice.form_designs import queries, shelf
from backoffice.form_designs.models import FormBlank, FormDesign
from backoffice.identity import Role
from forms import catalogue
from forms.field_types import FieldType
from forms.zones import ForeignPaper, Writing
from ocr.reader import Reader
from tests.backoffice.form_designs.test_life_of_a_form import act, begun, kinds, version
from tests.backoffice.furniture import statements
from tests.backoffice.staff_client import StaffClient

SHIPPED = catalogue.find("shugaku-enjo")
BLANK = SHIPPED.blanks.without_markers
MOST_STATEMENTS = 12
PLACE = {"left": "20", "top": "250", "width": "60", "height": "9"}


@pytest.fixture
def department(city):
    return city.department("市民センター")


@pytest.fixture
def clerk(city, department) -> StaffClient:
    return StaffClient(city).sign_in(city.person(Role.CLERK, department=department))


@pytest.fixture
def form(clerk, department) -> str:
    return begun(clerk, department)


@pytest.fixture
def brought(clerk, form) -> str:
    bring(clerk, form, BLANK)
    return form


def bring(clerk, form, content: bytes, status=200, name="blank.png"):
    fields = {"version": version(clerk, form), "size": "A4"}
    return clerk.post(f"{form}/foreign/blank", fields, files={"file": (name, content)}, status=status)


def paper_of(city, form) -> ForeignPaper:
    with city.look() as work:
        return queries.draft_of(work.session, design_of(work, form)).paper


def design_of(work, form) -> FormDesign:
    return work.session.get(FormDesign, int(form.rpartition("/")[2]))


def picture(image: Image.Image, kind="JPEG") -> bytes:
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


def test_a_blank_is_brought_its_proposals_accepted_and_its_sheets_are_read(city, clerk, brought):
    act(clerk, brought, "foreign/accept", which="all", page="1")
    act(clerk, brought, "publish", note="")

    with city.look() as work:
        design = design_of(work, brought)
        definition = shelf.definition_of(work.session, design.code, 1)
        ((layout, blanks),) = shelf.pages_of(work.session, design.code, 1)
    types = {field.label: field.type for field in definition.fields}
    assert len(layout.fields) == len(SHIPPED.layout.fields)
    assert (types["生年月日"], types["被保険者番号"]) == (FieldType.DATE, FieldType.DIGITS)
    empty = Reader(layout, blanks, definition).read(BLANK, "blank.png")
    assert empty.status == "read"
    assert {field.why_not for field in empty.fields if field.type is not FieldType.CHECKBOX} == {("empty",)}


def test_a_zone_is_drawn_moved_told_and_taken_out_and_each_step_undone(city, clerk, brought):
    act(clerk, brought, "foreign/zones", page="1", **PLACE)
    act(clerk, brought, "foreign/zones/z1", do="place", **PLACE | {"left": "20.5"})
    told = PLACE | {"writing": "comb", "many": "7", "means": "+", "new_label": "会員番号"}
    act(clerk, brought, "foreign/zones/z1", **told)

    (zone,) = paper_of(city, brought).zones
    assert (zone.box, zone.writing, zone.many) == ((20.0, 250.0, 60.0, 9.0), Writing.COMB, 7)
    page = clerk.get(f"{brought}/foreign?open=z1").text
    assert "「会員番号」の枠" in page
    act(clerk, brought, "foreign/zones/z1", do="remove", **PLACE)
    assert paper_of(city, brought).zones == ()
    act(clerk, brought, "foreign/undo")
    act(clerk, brought, "foreign/undo")
    assert paper_of(city, brought).zones[0].box[0] == 20.5


def test_what_does_not_fit_is_said_by_label_and_stops_the_version(clerk, brought):
    act(clerk, brought, "foreign/zones", page="1", **PLACE | {"left": "190"})

    page = clerk.get(f"{brought}/foreign").text
    assert "枠1が用紙からはみ出しています。" in page
    assert "枠1に、どの欄の記入かが決まっていません。" in page
    act(clerk, brought, "publish", 422, note="")
    wrong = act(clerk, brought, "foreign/zones/z1", 422, **PLACE | {"left": "<b>いちばん左</b>", "means": ""})
    assert "ミリメートルで、数を入れてください。" in wrong.text
    assert "<b>いちばん左" not in wrong.text


def test_sheets_are_read_on_trial_and_nothing_of_them_is_kept(city, clerk, brought):
    act(clerk, brought, "foreign/accept", which="all", page="1")
    sheets = [("files", ("1.png", BLANK)), ("files", ("2.jpg", b"\xff\xd8 broken"))]

    page = clerk.post(f"{brought}/foreign/trial", {}, files=sheets, status=422).text

    assert "28欄のうち、8欄は人の確認なしで通ります。" in page
    assert "何も書かれていない" in page
    assert "画像が途中で切れているか、壊れています。" in page
    assert 'role="img"' in page
    assert kinds(city)[-1] == "form_tried_on_sheets"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.4 no such thing", "壊れています"),
        (picture(Image.new("L", (1, 1), 255)), "画像が小さすぎて読めません"),
        (b"<b>text</b>", "画像ではありません"),
        (picture(Image.new("L", (1654, 2339), 255)), "何も描かれていません"),
    ],
)
def test_a_file_that_is_no_blank_is_refused_with_its_reason_and_nothing_changes(city, clerk, form, content, said):
    assert said in bring(clerk, form, content, 422).text
    assert paper_of(city, form) is None


def test_a_file_of_too_many_pages_is_refused(clerk, form):
    page = Image.new("1", (1000, 1414), 1)
    file = io.BytesIO()
    page.save(file, "PDF", save_all=True, append_images=[page] * 20)

    assert "白紙は20ページまで" in bring(clerk, form, file.getvalue(), 422, "long.pdf").text


def test_a_page_is_turned_and_its_zones_are_taken_off(city, clerk, form):
    bring(clerk, form, picture(Image.open(io.BytesIO(BLANK)).rotate(90, expand=True), "PNG"))
    act(clerk, form, "foreign/zones", page="1", **PLACE)

    act(clerk, form, "foreign/turn", page="1")

    paper = paper_of(city, form)
    assert (paper.pages[0].page_mm, paper.zones) == ((210.0, 297.0), ())
    assert "枠の提案" in clerk.get(f"{form}/foreign").text


def test_of_two_who_draw_at_once_the_second_is_told(clerk, brought):
    old = version(clerk, brought)
    act(clerk, brought, "foreign/zones", page="1", **PLACE)

    second = clerk.post(f"{brought}/foreign/zones", {"version": old, "page": "1", **PLACE}, status=409)

    assert "先に変更しました" in second.text


def test_another_department_neither_sees_nor_draws(city, brought):
    other = StaffClient(city).sign_in(city.person(Role.CLERK))

    other.get(f"{brought}/foreign", status=404)
    other.get(f"{brought}/foreign/picture", status=404)
    other.post(f"{brought}/foreign/zones", {"version": "1", "page": "1", **PLACE}, status=404)


def test_a_copy_has_its_own_blanks_and_what_no_version_needs_is_thrown_away(city, clerk, department, brought):
    clerk.post(f"{brought}/copy", {"title": "写し", "series": "写", "department": str(department.id)})
    copied = f"/forms/{int(brought.rpartition('/')[2]) + 1}"

    assert clerk.get(f"{copied}/foreign/picture").response.content.startswith(b"\x89PNG")
    act(clerk, copied, "discard")
    with city.look() as work:
        assert work.session.query(FormBlank).count() == 1


def test_what_moved_between_two_versions_is_said_in_words(clerk, brought):
    act(clerk, brought, "foreign/zones", page="1", **PLACE)
    told = PLACE | {"writing": "line", "means": "+", "new_label": "行事名"}
    act(clerk, brought, "foreign/zones/z1", **told)
    act(clerk, brought, "publish", note="")
    act(clerk, brought, "foreign/zones/z1", do="place", **PLACE | {"top": "240"})

    page = clerk.get(brought).text
    assert "紙の記入場所「行事名」: 変わる" in page
    assert re.search(r"上から250、.*→.*上から240、", page)


def test_the_page_of_a_full_paper_costs_few_statements(city, clerk, brought):
    act(clerk, brought, "foreign/accept", which="all", page="1")

    with statements() as made:
        clerk.get(f"{brought}/foreign")

    assert len(made) <= MOST_STATEMENTS
