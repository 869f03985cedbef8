"""Each association gets the papers that its record asks for, filled in, put into the printer's folder once."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, timedelta

import pypdf
import pytest
from sqlalchemy import select

from backoffice.accounts import service as accounts
from backoffice.audit import AuditEvent
from backoffice.demo import park_packets
from backoffice.demo.park_packets import ACCOUNT_NOTE, FLOWER_ORDER, PRINTER, REPORT
from backoffice.enclosures import printing, queries, service
from backoffice.enclosures.choosing import answers_for
from backoffice.enclosures.models import EnclosureRule, Packet
from backoffice.enclosures.service import Made
from backoffice.errors import Overtaken
from backoffice.form_designs.models import FormDesign
from backoffice.identity import Department, Role
from backoffice.records.models import Record
from forms.building import acts
from forms.building.draft import FormDraft
from forms.building.kinds import Sketch
from forms.field_types import FieldType
from tests.backoffice.staff_client import StaffClient

PARKS = ("架空塩原", "見本大橋", "演習長住", "仮名野間")
ALL = {"all": "yes", "address": ""}


@pytest.fixture
def parks(city, tmp_path):
    """The ward of the demonstration, with a printer."""
    (tmp_path / "printers" / PRINTER).mkdir(parents=True)
    told = city.office.settings.model_copy(update={"print_dir": tmp_path / "printers"})
    city.office = replace(city.office, settings=told)
    clerk = city.person(Role.CLERK, department=city.department(park_packets.PLACE), account=park_packets.CLERK)
    park_packets.build(city.office)
    return StaffClient(city).sign_in(clerk)


def lists(city) -> int:
    with city.look() as work:
        return work.session.scalars(select(FormDesign.id).where(FormDesign.title == park_packets.ASSOCIATIONS)).one()


def packets(city) -> list[Packet]:
    with city.look() as work:
        return list(work.session.scalars(select(Packet).order_by(Packet.id)))


def printed(tmp_path) -> list:
    return sorted((tmp_path / "printers" / PRINTER).iterdir())


def press(client, city, status: int = 200, **more: str):
    sent = ALL | {"printer": PRINTER, "subject": "資料の送付", "duplex": "yes"} | more
    return client.post(f"/records/{lists(city)}/enclosures/print", sent, status)


def test_which_papers_go_to_whom_is_chosen_by_rule_and_shown_before_anything_is_printed(city, parks):
    shown = parks.post(f"/records/{lists(city)}/enclosures/packets", ALL)

    rows = re.findall(r"<tr>.*?</tr>", shown.text, re.DOTALL)
    of_park = {
        park: next(row for row in rows if park in row) for park in ("架空塩原", "見本大橋", "演習長住", "仮名野間")
    }
    assert {
        park: [title for title in (REPORT, FLOWER_ORDER, ACCOUNT_NOTE) if title in row] for park, row in of_park.items()
    } == {
        "架空塩原": [REPORT, FLOWER_ORDER],
        "見本大橋": [REPORT, FLOWER_ORDER, ACCOUNT_NOTE],
        "演習長住": [REPORT, ACCOUNT_NOTE],
        "仮名野間": [REPORT],
    }
    assert "住所か宛名がありません" in shown.text
    assert "この年度にもう印刷に回した記録が1件" in shown.text
    assert "印刷に回す(3件)" in shown.text


def test_one_press_puts_each_packet_into_the_printers_folder_once(city, parks, tmp_path):
    press(parks, city)

    assert (printing.print_packets(city.office), printing.print_packets(city.office)) == (4, 0)
    assert press(parks, city, 422).text.count("印刷に回す記録がありません") == 1
    files = printed(tmp_path)
    assert len(files) == 4
    with city.look() as work:
        numbers = {record.id: record.number for record in work.session.scalars(select(Record))}
        told = work.session.scalars(select(AuditEvent.kind).where(AuditEvent.kind == "packet_printed")).all()
    assert len(told) == 4
    for packet in packets(city):
        (file,) = [each for each in files if each.name == printing.name_of(numbers[packet.record_id], packet.sha256)]
        read = pypdf.PdfReader(io.BytesIO(file.read_bytes()))
        assert len(read.pages) == packet.pages
        assert "愛護会" in read.pages[0].extract_text(), "a cover first"
    second = next(each for each in packets(city) if len(each.papers) == 3)
    content = next(file for file in files if second.sha256[:16] in file.name).read_bytes()
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
    assert [sum("見本大橋公園" in page for page in pages), len(pages)] == [4, 8], "three papers and a cover, both sides"


def test_of_two_presses_at_once_one_counts_and_nothing_goes_to_who_was_taken_out(city_on_both):
    city = city_on_both
    clerk = city.person(Role.CLERK, department=city.department(park_packets.PLACE), account=park_packets.CLERK)
    park_packets.build(city.office)
    with city.look() as work:
        rows = work.session.scalars(select(Record).order_by(Record.id)).all()
        design = work.session.get_one(FormDesign, rows[0].design_id)
        last = queries.last_packets(work.session, [row.id for row in rows])
    made = [
        Made(row, ["資料"], 1, city.office.files.put(f"{row.id}".encode(), "application/pdf", city.clock()))
        for row in rows
    ]
    with city.unit() as work:
        work.session.get_one(Record, rows[-1].id).state = "removed"

    with city.unit(city.actor(clerk)) as work:
        sent = service.send_to_printer(work, design, made, PRINTER, last)
    with pytest.raises(Overtaken), city.unit(city.actor(clerk)) as work:
        service.send_to_printer(work, design, made, PRINTER, last)

    assert sent == len(rows) - 1
    assert len(packets(city)) == len(last) + sent


def test_only_whoever_writes_in_a_department_sends_to_its_records(city, parks):
    head, elsewhere = city.person(Role.HEAD), city.department("水道局")
    with city.look() as work:
        place = work.session.scalars(select(Department).where(Department.name == park_packets.PLACE)).one()
    with city.unit() as work:
        accounts.grant_role(work, head.id, Role.HEAD, place.id, date(2026, 4, 1), None)
        accounts.grant_role(work, head.id, Role.CLERK, elsewhere.id, date(2026, 4, 1), None)
    reader = StaffClient(city).sign_in(head)

    assert "記録を選んでください" in reader.post(f"/records/{lists(city)}/enclosures/packets", ALL).text
    press(reader, city, 422)

    assert len(packets(city)) == 1, "that of the demonstration"


def test_each_letter_comes_from_the_department_whose_record_it_is(city, parks, tmp_path):
    with city.look() as work:
        ward = work.session.scalars(select(Department).where(Department.name == park_packets.PLACE)).one()
    branch = city.department("出張所", ward)
    with city.unit() as work:
        moved = next(each for each in work.session.scalars(select(Record)) if "仮名野間" in str(each.values))
        moved.department_id = branch.id

    press(parks, city)
    printing.print_packets(city.office)

    covers = [pypdf.PdfReader(io.BytesIO(file.read_bytes())).pages[0].extract_text() for file in printed(tmp_path)]
    assert sorted("出張所" in cover for cover in covers) == [False, False, False, True]
    assert sum(park_packets.PLACE in cover for cover in covers) == 3


def test_who_printed_is_listed_with_the_proof(city, parks):
    press(parks, city)
    printing.print_packets(city.office)

    shown = parks.get(f"/records/{lists(city)}/enclosures")

    assert shown.text.count("置き場所に置きました") == 4
    link = re.search(r'href="(/records/packets/\d+/pdf)"', shown.text)[1]
    assert parks.get(link).response.content.startswith(b"%PDF-")
    stranger = StaffClient(city).sign_in(city.person(Role.CLERK, department=city.department("水道局")))
    stranger.get(link, status=404)


def test_a_packet_that_was_about_to_be_printed_is_left_to_a_person(city, parks, tmp_path):
    with city.unit() as work:
        printing.doubt_all(work)

    assert printing.print_packets(city.office) == 0
    assert printed(tmp_path) == []
    assert "印刷されたか不明" in parks.get(f"/records/{lists(city)}/enclosures").text


def test_a_second_packet_in_a_year_is_wished_for_and_old_copies_are_erased(city, parks):
    press(parks, city, again="yes")
    assert len(packets(city)) == 5

    city.clock.pass_(seconds=timedelta(days=401).total_seconds())

    assert (printing.forget_old(city.office), printing.forget_old(city.office)) == (5, 0)
    assert all(packet.file_id is None for packet in packets(city))


def test_a_department_says_which_papers_go_to_whom(city, parks):
    address = f"/records/{lists(city)}/enclosures"
    with city.look() as work:
        rules = work.session.scalars(select(EnclosureRule).order_by(EnclosureRule.id)).all()
        keys = {one.condition for one in rules}

    parks.post(address, {"paper": "", "key": ""}, 422)
    parks.post(address, {"paper": rules[1].paper_code, "key": "a2", "sign": "has", "value": "x"}, 422)
    parks.post(address, {"paper": rules[1].paper_code, "key": "a2", "sign": "is", "value": "架空塩原公園"})
    parks.post(f"{address}/remove", {"rule": str(rules[2].id)})

    assert keys == {"", "a6", "not a7"}
    with city.look() as work:
        now = work.session.scalars(select(EnclosureRule.condition).order_by(EnclosureRule.id)).all()
    assert now == ["", "a2 == '架空塩原公園'"]
    assert "「公園名」" in parks.get(address).text


def test_without_an_answer_that_a_rule_looks_at_nothing_is_sent(city, parks):
    with city.unit() as work:
        for record in work.session.scalars(select(Record).order_by(Record.id)):
            record.values = {key: value for key, value in record.values.items() if key != "a6"}

    shown = parks.post(f"/records/{lists(city)}/enclosures/packets", ALL)

    assert shown.text.count("送るかどうか決められない") == 5


def test_an_option_is_ticked_on_a_paper_by_its_label():
    own, paper = (
        acts.add(FormDraft(title="花壇"), [Sketch("植える花", FieldType.CHOICE, options=options)])[0].definition("x", 1)
        for options in (("春", "秋"), ("秋", "春"))
    )

    assert answers_for(paper, own, {"a1": "o1"}) == {"a1": "o2"}
