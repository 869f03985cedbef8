"""A clerk brings a form that the house did not print: zones are proposed, drawn, tried, and read from then on."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from PIL import Image

from backoffice import demo
from backoffice.form_designs import foreign_paper, queries, service, shelf
from backoffice.form_designs.models import FormBlank, FormDesign
from backoffice.identity import Role
from forms import catalogue
from forms.answers import normalise
from forms.building import zone_acts
from forms.field_types import FieldType
from forms.layout import PaperLayout
from forms.zones import ForeignPaper, Writing
from ocr.empty_form import EmptyForm, EmptyPage
from ocr.reader import Reader
from tests.backoffice.form_designs.test_life_of_a_form import act, begun, kinds, version
from tests.backoffice.furniture import statements
from tests.backoffice.staff_client import StaffClient

SHIPPED = catalogue.find("shugaku-enjo")
BLANK = SHIPPED.blanks.without_markers
SCANS = Path(demo.__file__).parent / "scans"
TRUTH = {sheet["file"]: sheet["fields"] for sheet in json.loads((SCANS / "truth.json").read_text("utf-8"))}
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


@pytest.fixture(scope="module")
def pages() -> tuple[EmptyPage, ...]:
    """The shipped blank, opened once for all tests of this file."""
    return foreign_paper.opened(BLANK, "blank.png", EmptyForm(foreign_paper.PAPERS_MM["A4"]))


@pytest.fixture
def brought(city, form, pages) -> str:
    with city.unit() as work:
        design = design_of(work, form)
        draft = queries.draft_of(work.session, design)
        paper = ForeignPaper(pages=foreign_paper.take_in(work, design, pages))
        service.keep(work, design, design.version, draft.with_(paper=paper))
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


def test_a_blank_is_brought_its_proposals_accepted_and_its_sheets_are_read(city, clerk, form):
    bring(clerk, form, BLANK)
    act(clerk, form, "foreign/accept", which="all", page="1")
    act(clerk, form, "publish", note="")

    with city.look() as work:
        design = design_of(work, form)
        definition = shelf.definition_of(work.session, design.code, 1)
        ((layout, blanks),) = shelf.pages_of(work.session, design.code, 1)
    types = {field.label: field.type for field in definition.fields}
    assert len(layout.fields) == len(SHIPPED.layout.fields)
    assert (types["生年月日"], types["被保険者番号"]) == (FieldType.DATE, FieldType.DIGITS)
    assert agreed(layout, Reader(layout, blanks, definition), "plain_020.jpg") >= 0.9
    assert "外の用紙(1ページ)に記入されます" in clerk.get(f"{form}/versions/1").text
    clerk.get(f"{form}/versions/1/paper.pdf", status=422)


def agreed(layout: PaperLayout, reader: Reader, name: str) -> float:
    """The share of a shipped sheet's fields that are read as they were filled in, found by their labels."""
    reading = reader.read((SCANS / name).read_bytes(), name)
    labels = {field.key: field.label for field in layout.fields}
    read = {labels[field.key]: field for field in reading.fields}
    right = []
    for question in SHIPPED.definition.fields:
        written, found = TRUTH[name][question.key], read.get(question.label)
        if isinstance(written, bool):
            right.append(found is not None and found.value is written)
        else:
            wanted = normalise(question, written).value
            right.append(found is not None and normalise(question, found.text).value == wanted)
    return sum(right) / len(right)


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

    assert "28欄のうち、28欄は人の確認なしで通ります。" in page  # empty, and none of them has to be answered
    assert "画像が途中で切れているか、壊れています。" in page
    assert 'role="img"' in page
    assert kinds(city)[-1] == "form_tried_on_sheets"


def test_a_file_that_is_no_blank_is_refused_with_its_reason_and_nothing_changes(city, clerk, form):
    page = Image.new("1", (1000, 1414), 1)
    long = io.BytesIO()
    page.save(long, "PDF", save_all=True, append_images=[page] * 20)
    files = {
        "壊れています": b"%PDF-1.4 no such thing",
        "画像が小さすぎて読めません": picture(Image.new("L", (1, 1), 255)),
        "画像ではありません": b"<b>text</b>",
        "白紙は20ページまで": long.getvalue(),
    }

    for said, content in files.items():
        assert said in bring(clerk, form, content, 422).text

    assert paper_of(city, form) is None


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


def test_a_shared_form_is_copied_with_its_paper_by_another_department(city, clerk, brought):
    act(clerk, brought, "foreign/accept", which="all", page="1")
    act(clerk, brought, "publish", note="")
    act(clerk, brought, "share")
    theirs = city.department("別の課")
    other = StaffClient(city).sign_in(city.person(Role.CLERK, department=theirs))

    other.get(f"{brought}/foreign", status=404)
    other.post(f"{brought}/copy", {"title": "写し", "series": "写", "department": str(theirs.id)})

    copied = f"/forms/{int(brought.rpartition('/')[2]) + 1}"
    assert len(paper_of(city, copied).zones) == 28
    assert other.get(f"{copied}/foreign/picture").response.content.startswith(b"\x89PNG")


def test_zones_and_blanks_are_kept_alike_on_both_databases(city_on_both, pages):
    city = city_on_both
    department = city.department()
    with city.unit(city.actor(city.person(Role.CLERK, department=department))) as work:
        design = service.begin(work, "申込", "申", department.id)
        paper = ForeignPaper(pages=foreign_paper.take_in(work, design, pages))
        draft = queries.draft_of(work.session, design).with_(paper=paper)
        for _place, proposal in zone_acts.left_of(paper, 1, pages[0].proposals):
            draft, _code = zone_acts.accept(draft, 1, proposal)
        service.keep(work, design, design.version, draft)
        work.session.flush()
        service.publish(work, design, design.version, "", [], confirmed=False)

    with city.look() as work:
        ((layout, blanks),) = shelf.pages_of(work.session, design.code, 1)
        again = queries.draft_of(work.session, work.session.get(FormDesign, design.id))
    assert len(layout.fields) == 28
    assert blanks.with_markers == pages[0].picture
    assert again.paper == draft.paper
