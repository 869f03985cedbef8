"""What happens to a sheet of paper between the counter and the night?"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import select

from backoffice.demo.papers import SCANS, truth_of
from backoffice.errors import Overtaken
from backoffice.identity import Role
from backoffice.intake import queries, service
from backoffice.intake.jobs import WORKER, read_file, read_sheet
from backoffice.intake.ledger import ALWAYS, Place, note
from backoffice.intake.models import PaperFile, Sheet
from backoffice.intake.workflow import FileState, SheetState, may_become
from forms import catalogue
from forms.field_types import FieldType
from forms.my_number import check_digit
from ocr.page import FieldReading, PageReading
from tests.backoffice.staff_client import StaffClient

SCAN = SCANS / "marked_003.jpg"
FORM = catalogue.find("shugaku-enjo")


class StepsAtOnce:
    def run(self, _name, work):
        return work()


@dataclass
class ScriptedReading:
    """Reads what the test says: everything true, but for the fields named as doubtful."""

    doubtful: tuple[str, ...] = ()
    written: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, _forms, _content, name, page=None):
        fields = tuple(self._field(field) for field in FORM.definition.fields)
        picture = SCAN.read_bytes()
        facts = {"registered_by": "markers", "residual_px": 0.4, "fields": fields, "page_jpeg": picture}
        yield PageReading(name, page or 1, "read", form_number=0, **facts)

    def _field(self, field):
        value = self.written.get(field.key, truth_of(SCAN.name)[field.key])
        doubted = field.key in self.doubtful
        text = "" if field.type is FieldType.CHECKBOX else str(value)
        return FieldReading(
            field.key,
            field.type,
            value,
            text,
            0.7 if doubted else 0.99,
            ("engines_differ",) if doubted else (),
            ("別の読み",) if doubted else (),
            (10, 10, 200, 40),
        )


@pytest.fixture
def desk(city):
    department = city.department("学事課")
    return department, city.person(Role.VERIFIER, department=department)


def hand_in(client, *names):
    files = [("files", (name, (SCANS / name).read_bytes(), "image/jpeg")) for name in names]
    return client.post("/sheets/upload", files=files)


def read(city, doubtful=(), written=None):
    """Let the worker read what waits, and give the sheets that came of it."""
    with city.look() as work:
        files = select(PaperFile.id).where(PaperFile.state == FileState.WAITING).order_by(PaperFile.id)
        waiting = work.session.scalars(files).all()
    for file_id in waiting:
        read_file(city.office, ScriptedReading(doubtful, written or {}), file_id, StepsAtOnce())
    with city.look() as work:
        return work.session.scalars(select(Sheet.id).order_by(Sheet.id)).all()


def test_a_scan_is_numbered_read_and_waits_for_a_person_when_a_field_is_doubtful(city, client, desk):
    client.sign_in(desk[1])

    hand_in(client, "marked_003.jpg")
    read(city, doubtful=("name",))

    listed = client.get("/sheets?state=to_verify")
    assert "R8-就援-0001" in listed.text
    assert "marked_003.jpg" in listed.text


def test_names_birth_dates_accounts_and_amounts_are_asked_though_the_reader_has_no_doubt(city, client, desk):
    client.sign_in(desk[1])
    hand_in(client, "marked_003.jpg")

    [sheet_id] = read(city, written={"household": 7})

    assert asked_of(city, sheet_id) == ["account", "birth", "child_birth", "child_name", "holder", "income", "name"]
    client.post("/verify/next")
    assert "必ず確認" in client.get(f"/verify/{sheet_id}").text


def test_they_pass_by_themselves_once_the_ledger_shows_one_error_in_ten_thousand_at_most(city, client, desk):
    client.sign_in(desk[1])
    place = Place(desk[0].id, "shugaku-enjo", "name", "person_name", ALWAYS, 99)
    with city.unit() as work:
        note(work.session, [(place, True)] * 29_957)
        note(work.session, [(place._replace(key="account"), True)] * 29_957)
        note(work.session, [(place._replace(key="account"), False)])
    hand_in(client, "marked_003.jpg")

    [sheet_id] = read(city, written={"household": 7})

    asked = asked_of(city, sheet_id)
    assert "name" not in asked
    assert "account" in asked


def asked_of(city, sheet_id):
    with city.look() as work:
        fields = queries.find_sheet(work.session, WORKER, sheet_id).fields
        return sorted(field.key for field in fields if not field.passes)


def test_what_breaks_a_rule_of_the_form_is_asked_though_it_was_read_without_doubt(city, client, desk):
    client.sign_in(desk[1])

    hand_in(client, "marked_003.jpg")
    [sheet_id] = read(city, written={"household": 5})

    assert "要確認" in client.get(f"/sheets/{sheet_id}").text
    assert {"children", "household"} <= set(asked_of(city, sheet_id))


def test_the_same_picture_twice_is_told_with_the_number_it_has(city, client, desk):
    client.sign_in(desk[1])
    hand_in(client, "marked_003.jpg")

    again = client.post("/sheets/upload", files=[("files", ("copy.jpg", SCAN.read_bytes(), "image/jpeg"))], status=422)

    assert "同じファイルが R8-束-0001 として届いています。" in again.text


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.jpg", b"", "0バイト"),
        ("letter.jpg", "拝啓".encode() * 1000, "画像ではありません"),
        ("half.jpg", SCAN.read_bytes()[:60_000], "途中で切れている"),
        ("huge.jpg", b"\xff\xd8" + bytes(21 * 1024 * 1024), "大きすぎます"),
    ],
)
def test_what_is_no_readable_picture_is_named_with_its_reason_and_the_others_are_taken(
    city, client, desk, name, content, said
):
    client.sign_in(desk[1])
    files = [("files", (name, content, "image/jpeg")), ("files", ("good.jpg", SCAN.read_bytes(), "image/jpeg"))]

    answer = client.post("/sheets/upload", files=files, status=422)

    assert said in answer.text
    assert name in answer.text
    assert "1件のファイルを受け取りました" in answer.text


def test_a_clerk_settles_the_doubtful_field_and_the_correction_is_kept_as_ground_truth(city, client, desk):
    client.sign_in(desk[1])
    hand_in(client, "marked_003.jpg")
    [sheet_id] = read(city, doubtful=("name",))

    opened = client.post("/verify/next")
    city.clock.pass_(seconds=40)
    client.post(f"/verify/{sheet_id}", typed() | {"name": "小河 修平"})

    assert opened.path == f"/verify/{sheet_id}"
    with city.look() as work:
        sheet = queries.find_sheet(work.session, WORKER, sheet_id)
        name = next(field for field in sheet.fields if field.key == "name")
    assert (sheet.state, sheet.verify_seconds) == (SheetState.SETTLED, 40.0)
    assert (name.read_value, name.value, name.corrected) == ("小川 修平", "小河 修平", True)


def test_an_answer_that_cannot_be_is_refused_and_nothing_typed_is_lost(city, client, desk):
    client.sign_in(desk[1])
    hand_in(client, "marked_003.jpg")
    [sheet_id] = read(city, doubtful=("birth",))
    client.post("/verify/next")

    answer = client.post(
        f"/verify/{sheet_id}", typed() | {"birth": "平成元年2月30日", "school": "市立浜小学校"}, status=422
    )

    assert "暦にない日付です" in answer.text
    assert "平成元年2月30日" in answer.text
    assert "市立浜小学校" in answer.text


def test_what_is_odd_but_possible_asks_for_a_second_look_before_it_is_settled(city, client, desk):
    client.sign_in(desk[1])
    hand_in(client, "marked_003.jpg")
    [sheet_id] = read(city, doubtful=("children",))
    client.post("/verify/next")
    odd = typed() | {"children": "6", "household": "5"}
    odd.pop("accepted")

    asked = client.post(f"/verify/{sheet_id}", odd, status=422)
    client.post(f"/verify/{sheet_id}", odd | {"accepted": "yes"})

    assert "世帯人数が児童数以下です" in asked.text
    assert "確定" in client.get(f"/sheets/{sheet_id}").text


def test_a_my_number_is_refused_wherever_it_is_typed_and_masked_where_it_was_read(city, client, desk):
    """One is made as the test runs and stands nowhere else."""
    number = f"31415926535{check_digit('31415926535')}"
    client.sign_in(desk[1])
    hand_in(client, "marked_003.jpg")
    [sheet_id] = read(city, doubtful=("address",), written={"address": f"福岡市 {number}"})
    client.post("/verify/next")

    client.post(f"/verify/{sheet_id}", typed() | {"address": f"福岡市 {number}"}, status=422)
    client.post(f"/verify/{sheet_id}/hold", typed() | {"hold_note": f"番号 {number}"}, status=422)

    with city.look() as work:
        kept = json.dumps([field.read_text for field in queries.find_sheet(work.session, WORKER, sheet_id).fields])
    assert number not in kept
    assert number not in Path(city.office.settings.data_dir / "gijo.db").read_bytes().decode("latin-1")


def test_two_clerks_never_hold_one_sheet(city, client, desk):
    department, first = desk
    second = city.person(Role.VERIFIER, department=department)
    client.sign_in(first)
    hand_in(client, "marked_003.jpg")
    [sheet_id] = read(city, doubtful=("name",))
    client.post("/verify/next")
    other = StaffClient(city).sign_in(second)

    nothing = other.post("/verify/next")
    other.post(f"/verify/{sheet_id}/claim", status=409)
    other.post(f"/verify/{sheet_id}", typed(), status=409)

    assert nothing.path == "/verify"


def test_a_clerk_who_went_home_loses_the_claim_and_is_told_so(city, client, desk):
    department, first = desk
    second = city.person(Role.VERIFIER, department=department)
    client.sign_in(first)
    hand_in(client, "marked_003.jpg")
    [sheet_id] = read(city, doubtful=("name",))
    client.post("/verify/next")
    city.clock.pass_(minutes=11)

    other = StaffClient(city).sign_in(second)
    other.post("/verify/next")

    client.post(f"/verify/{sheet_id}", typed(), status=409)


def test_next_sheets_go_to_two_clerks_at_once_without_sharing_one(city_on_both):
    city = city_on_both
    department = city.department("学事課")
    clerks = [city.actor(city.person(Role.VERIFIER, department=department)) for _ in range(2)]
    client = StaffClient(city).sign_in(city.person(Role.VERIFIER, department=department))
    hand_in(client, "marked_003.jpg", "marked_001.jpg")
    read(city, doubtful=("name",))

    held = []
    for clerk in clerks:
        with city.unit(clerk) as work:
            held.append(service.claim_next(work).id)

    assert len(set(held)) == 2


def test_a_sheet_is_held_with_a_reason_and_taken_up_again(city, client, desk):
    client.sign_in(desk[1])
    hand_in(client, "marked_003.jpg")
    [sheet_id] = read(city, doubtful=("name",))
    client.post("/verify/next")

    half_done = typed() | {"name": "小河 修平"}
    refused = client.post(f"/verify/{sheet_id}/hold", half_done | {"hold_note": " "}, status=422)
    client.post(f"/verify/{sheet_id}/hold", half_done | {"hold_note": "学校に照会中"})
    held = client.get(f"/sheets/{sheet_id}")
    client.post(f"/sheets/{sheet_id}/take-up")

    assert "理由を入れてください。" in refused.text
    assert all("小河 修平" in page.text for page in (refused, held))
    assert "学校に照会中" in held.text
    assert client.post("/verify/next").path == f"/verify/{sheet_id}"


def test_another_department_does_not_learn_that_a_sheet_exists(city, client, desk):
    client.sign_in(desk[1])
    hand_in(client, "marked_003.jpg")
    [sheet_id] = read(city)
    stranger = StaffClient(city).sign_in(city.person(Role.VERIFIER))

    for path in (f"/sheets/{sheet_id}", f"/sheets/{sheet_id}/page"):
        stranger.get(path, status=404)

    assert "R8-就援-0001" not in stranger.get("/sheets").text


def test_a_reading_that_runs_again_after_a_crash_changes_nothing(city, client, desk):
    client.sign_in(desk[1])
    hand_in(client, "marked_003.jpg")
    [sheet_id] = read(city, doubtful=("name",))
    client.post("/verify/next")
    client.post(f"/verify/{sheet_id}", typed())

    read_sheet(city.office, ScriptedReading(("name",)), sheet_id, StepsAtOnce())
    with city.unit() as work:
        work.session.scalars(select(PaperFile)).one().state = FileState.WAITING
    again = read(city, doubtful=("name",))

    assert again == [sheet_id]
    with city.look() as work:
        assert queries.find_sheet(work.session, WORKER, sheet_id).state == SheetState.SETTLED


def test_every_look_at_a_sheet_stands_on_the_trail(city, client, desk):
    client.sign_in(desk[1])
    hand_in(client, "marked_003.jpg")
    [sheet_id] = read(city)
    client.get(f"/sheets/{sheet_id}")

    auditor = StaffClient(city).sign_in(city.person(Role.AUDITOR))

    assert f"用紙 {sheet_id} を見ました。" in auditor.get("/audit?kind=sheet_seen").text


def test_a_settled_sheet_only_goes_back_to_be_checked():
    allowed = {state for state in SheetState if may_become(SheetState.SETTLED, state)}

    assert allowed == {SheetState.TO_VERIFY}


def test_holding_a_sheet_that_nobody_claimed_is_refused(city, client, desk):
    client.sign_in(desk[1])
    hand_in(client, "marked_003.jpg")
    [sheet_id] = read(city, doubtful=("name",))
    actor = city.actor(desk[1])

    with city.unit(actor) as work, pytest.raises(Overtaken):
        service.hold(work, queries.find_sheet(work.session, actor, sheet_id), "理由")


def typed():
    """The answers of the sample scan as a clerk types them."""
    written = {}
    for key, value in truth_of(SCAN.name).items():
        if value is True:
            written[key] = "on"
        elif value is not False:
            written[key] = str(value)
    return written | {"accepted": "yes"}
