"""Records as paper in the post: each with a cover that says to whom it goes, its answers in their boxes, its code."""

import io
import re
from zipfile import ZipFile

import numpy as np
import pypdf
import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import select

from backoffice.audit.models import AuditEvent
from backoffice.form_designs.models import FormDesign, FormVersion
from backoffice.form_designs.paper import draw
from backoffice.form_designs.workflow import DesignState
from backoffice.identity import Role
from backoffice.records import packets, service
from backoffice.records.workflow import Source
from forms.definition import FormDefinition

PARKS = {
    "schema": 2,
    "code": "form-1",
    "title": "公園愛護会 活動報告",
    "title_en": "Park report",
    "version": 1,
    "fields": [
        {"key": "park", "label": "公園名", "label_en": "Park", "type": "text", "max_length": 40},
        {"key": "who", "label": "代表者", "label_en": "Who", "type": "person_name"},
        {"key": "body", "label": "団体名", "label_en": "Body", "type": "text", "max_length": 40},
        {"key": "code", "label": "郵便番号", "label_en": "Code", "type": "postal_code"},
        {"key": "place", "label": "住所", "label_en": "Place", "type": "address"},
        {"key": "heads", "label": "人数", "label_en": "Heads", "type": "integer"},
    ],
}
DEFINITION = FormDefinition.model_validate(PARKS)
HANAHATA = {
    "park": "花畑公園",
    "who": "架空 花子",
    "body": "花畑公園愛護会",
    "code": "811-1356",
    "place": "福岡市南区花畑1丁目2-3",
    "heads": 12,
}
NO_PLACE = {"park": "空地公園", "body": "空地公園愛護会"}
ASKED = {"cover": "yes", "answers": "yes", "code_key": "code", "address_key": "place", "name_key": "body"}
ASKED |= {"honorific": "御中", "subject": "活動報告のお願い", "greeting": "次のとおりです。", "sender": "福岡市 公園課"}


@pytest.fixture
def parks(city):
    """A form in use on paper, its clerk, and two records: one says to whom it goes, the other not where."""
    department = city.department("公園課")
    clerk = city.person(Role.CLERK, department=department)
    with city.unit(city.actor(clerk)) as work:
        design = FormDesign(
            code="form-1",
            department_id=department.id,
            title=DEFINITION.title,
            series="公園",
            state=DesignState.IN_USE,
            created_at=work.now,
        )
        work.session.add(design)
        work.session.flush()
        pages = draw(DEFINITION)
        version = FormVersion(design_id=design.id, number=1, definition=PARKS, published_at=work.now, pages=pages)
        work.session.add(version)
        for values in (HANAHATA, NO_PLACE):
            service.enter(work, design, DEFINITION, values, Source.SCREEN)
    return design, clerk


def posted(client, design, *numbers, status=200, **asked):
    chosen = {"record": [str(number) for number in numbers]}
    return client.post(f"/records/{design.id}/packets/print", data=ASKED | chosen | asked, status=status)


def texts(pdf: bytes) -> list[str]:
    """Give what stands on each page, without the blanks that fonts put between Japanese and Latin letters."""
    return ["".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def code_on(pdf: bytes, page: int) -> str:
    drawn = np.asarray(pypdfium2.PdfDocument(pdf)[page].render(scale=200 / 72, grayscale=True).to_pil())
    return zxingcpp.read_barcode(drawn, zxingcpp.BarcodeFormat.QRCode).text


def test_a_packet_says_to_whom_it_goes_and_has_the_answers_under_a_code_of_its_own(city, client, parks):
    design, clerk = parks
    client.sign_in(clerk)

    both = posted(client, design, 1, 2, unaddressed="bare").response.content
    again = posted(client, design, 1).response.content
    cover, filled_in, bare = texts(both)

    for said in (
        "〒811-1356",
        "福岡市南区花畑1丁目2-3",
        "花畑公園愛護会御中",
        "活動報告のお願い",
        "R8-公園-0001",
        "公園課",
    ):
        assert said in cover
    assert "架空花子" in filled_in
    assert "空地公園" in bare
    codes = [code_on(both, 1), code_on(both, 2), code_on(again, 1)]
    assert len(set(codes)) == 3
    assert all(re.fullmatch(r"GIJO/form-1/v1/p1/[0-9A-Z]{10}", code) for code in codes)
    with city.look() as work:
        printed = select(AuditEvent).where(AuditEvent.kind == "records_printed").order_by(AuditEvent.id)
        events = work.session.scalars(printed).all()
        assert [event.data["count"] for event in events] == [2, 1]
        assert "花畑" not in str([event.data for event in events])


def test_printed_on_both_sides_cover_and_form_begin_on_sheets_of_their_own(client, parks):
    design, clerk = parks
    client.sign_in(clerk)

    pages = texts(posted(client, design, 1, 2, unaddressed="bare", duplex="yes").response.content)

    assert [bool(text) for text in pages] == [True, False, True, False, True, False]


def test_a_record_without_an_address_is_named_and_left_out_only_where_the_clerk_says_so(client, parks):
    design, clerk = parks
    client.sign_in(clerk)

    page = client.post(f"/records/{design.id}/packets", data={"record": ["1", "2"]})
    stopped = posted(client, design, 1, 2, status=422)
    left_out = texts(posted(client, design, 1, 2, unaddressed="left_out").response.content)
    nobody = posted(client, design, 2, status=422, unaddressed="left_out")

    for told in (page, stopped):
        assert "R8-公園-0002" in told.text
        assert "R8-公園-0001" not in told.text
    assert 'value="活動報告のお願い"' in stopped.text
    assert len(left_out) == 2
    assert "残りません" in nobody.text


def test_each_record_can_be_a_file_of_its_own_named_by_its_number(client, parks):
    design, clerk = parks
    client.sign_in(clerk)

    with ZipFile(io.BytesIO(posted(client, design, 1, 2, unaddressed="bare", file="each").response.content)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}

    assert list(files) == ["R8-公園-0001.pdf", "R8-公園-0002.pdf"]
    assert [len(texts(content)) for content in files.values()] == [2, 1]
    assert b"pdfaid:part>3<" in pypdf.PdfReader(io.BytesIO(files["R8-公園-0001.pdf"])).xmp_metadata.stream.get_data()


def test_a_form_without_answers_is_printed_empty_for_those_who_fill_it_in(client, parks):
    design, clerk = parks
    client.sign_in(clerk)

    cover, form = texts(posted(client, design, 1, answers="", name_key="who", honorific="様").response.content)

    assert "架空花子様" in cover
    assert "花子" not in form


def test_the_questions_that_say_to_whom_are_guessed_by_what_they_hold():
    without_body = DEFINITION.model_copy(update={"fields": tuple(f for f in DEFINITION.fields if f.key != "body")})

    assert packets.guessed_keys(DEFINITION) == packets.AddressKeys("code", "place", "body")
    assert [packets.honorific_for(DEFINITION, key) for key in ("who", "body")] == ["様", "御中"]
    assert packets.guessed_keys(without_body).name == "who"
    assert packets.guessed_keys(DEFINITION.model_copy(update={"fields": ()})) == packets.AddressKeys()


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"sender": "一\n二\n三\n四\n五\n六"}, "5行まで"), ({"subject": ""}, "文を入れてください")],
)
def test_what_a_cover_cannot_say_is_refused_beside_its_field(client, parks, asked, said):
    design, clerk = parks
    client.sign_in(clerk)

    assert said in posted(client, design, 1, status=422, **asked).text


def test_another_department_prints_nothing_of_a_list(city, client, parks):
    design, _clerk = parks
    client.sign_in(city.person(Role.CLERK, department=city.department("学事課")))

    posted(client, design, 1, status=404)
    with city.unit() as work:
        work.session.get_one(FormDesign, design.id).shared = True
    nothing = client.post(f"/records/{design.id}/packets", data={"record": ["1"]})

    assert "印刷する記録を選んでください" in nothing.text
    posted(client, design, 1, status=422)


def test_more_records_than_one_run_takes_and_paper_of_others_are_refused(city, client, parks):
    design, clerk = parks
    client.sign_in(clerk)
    with city.unit(city.actor(clerk)) as work:
        kept = work.session.get_one(FormDesign, design.id)
        service.take_in(work, kept, DEFINITION, [HANAHATA] * packets.MOST_RECORDS)

    many = client.post(f"/records/{design.id}/packets", data={"all": "yes"}, status=422)

    assert "500件まで" in many.text
    with city.unit() as work:
        version = work.session.scalars(select(FormVersion)).one()
        version.paper = {"schema": 1}
    assert "外の用紙" in posted(client, design, 1, status=422).text
