"""What becomes of what a recorded bot reads and receives at night? A list, a quarantine, a file, a printer's folder."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from backoffice.audit.models import AuditEvent
from backoffice.automation import forgetting, service
from backoffice.automation.jobs import Hands, run_night
from backoffice.automation.models import WorkItem
from backoffice.automation.taken import printing
from backoffice.automation.taken.models import ItemFile, ItemReading, ReadRow
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.workflow import DesignState
from backoffice.identity import Role
from backoffice.recordings.models import BotVersion
from backoffice.records.import_models import QuarantinedRow
from backoffice.records.models import Record, RecordFile
from backoffice.records.workflow import Source
from backoffice.vault import StoredFile
from backoffice.worker import do_what_is_due
from forms.building import acts
from forms.building.draft import FormDraft
from forms.building.kinds import Sketch
from forms.field_types import FieldType
from rpa_bots.file_kinds import Fallen
from rpa_bots.outcomes import Absent, Cause, Found, Looked, TakenHome, TargetFailure, Unknown
from tests.backoffice.automation.nights import ScriptedTarget, StepsAtOnce, Waiting
from tests.backoffice.form_designs.furniture import add_form
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.recordings.teaching import RELEASE, Lesson, lesson_at
from tests.backoffice.rehearsals.staging import Rehearsing, set_up
from tests.backoffice.staff_client import StaffClient
from tests.rpa_bots.recording.old_search import NOBODY
from tests.rpa_bots.recording.taped import clicks, fills, goes, tape, waits

PDF = b"%PDF-1.4\n%%EOF\n"
RAW = tape(
    goes("/search"),
    fills("山田 花子", "aria/氏名"),
    clicks("aria/検索", title="結果"),
    waits("#t"),
    clicks("text/通知書"),
)
LISTED = (
    Sketch("支給月", FieldType.TEXT, required=True),
    Sketch("金額", FieldType.YEN),
    Sketch("通知", FieldType.FILE),
)
OCTOBER, NOVEMBER = {"支給月": "2026-10", "金額": "12,000"}, {"支給月": "2026-11", "金額": "12,500"}
NOTICE = Fallen("通知書", "pdf", PDF, hashlib.sha256(PDF).hexdigest())


@dataclass
class Night:
    """A released bot that looks up, its list, and what it brings home by the number of its turn."""

    rehearsing: Rehearsing
    list_id: int
    brings: list[object] = field(default_factory=list)
    found: list[object] = field(default_factory=list)
    """What look-ups find, one after another."""

    @property
    def city(self):
        return self.rehearsing.lesson.bureau.city

    def run(self) -> None:
        target = ScriptedTarget(answers=list(self.found))
        target.scripts = {number: lambda *_, brought=each: brought for number, each in enumerate(self.brings, 1)}
        waiting = Waiting(self.city)
        with self.city.unit() as work:
            night_id = service.start_night(work, self.rehearsing.target_id).id
        hands = Hands(target.open_bot, waiting.seconds, waiting.pause, waiting.stopping)
        run_night(self.city.office, hands, night_id, StepsAtOnce())

    def items(self) -> list[WorkItem]:
        with self.city.look() as work:
            return list(work.session.scalars(select(WorkItem).order_by(WorkItem.id)))

    def listed(self) -> list[Record]:
        with self.city.look() as work:
            mine = select(Record).where(Record.design_id == self.list_id)
            return list(work.session.scalars(mine.order_by(Record.id)))

    def count(self, model) -> int:
        with self.city.look() as work:
            return work.session.scalar(select(func.count()).select_from(model))


def taught(city, printer: str = "") -> Night:
    """A clerk points at what is to be read, and names the list, on the pages of the bot."""
    bureau = found_bureau(city)
    lesson = lesson_at(bureau)
    with city.unit(city.actor(bureau.drafter)) as work:
        draft = acts.add(FormDraft(title="支給の一覧"), LISTED)[0]
        listed = add_form(work, bureau.department, "支給の一覧", draft)
        list_id, code = listed.id, listed.code
    lesson.bring(RAW)
    lesson.save(put_1="{{a1}}", looks="on", nothing=NOBODY, list=code, dialogs="", proof="")
    said = {"take": "table", "name": "支給", "key": "a1", "proof": "row", "columns": "支給月 = 支給月\n金額 = 金額"}
    place = steps_of(lesson).index("waitForElement")
    say(lesson, place, said | {"name": ""}, 422)
    say(lesson, place, said)
    received = {"take": "file", "name": "通知書", "key": "a1", "kind": "pdf", "to": "a3", "printer": printer}
    say(lesson, len(steps_of(lesson)) - 1, received | {"name": "支給"}, 422)  # that is what the table is called
    say(lesson, len(steps_of(lesson)) - 1, received)
    lesson.submit()
    lesson.release()
    rehearsing = set_up(lesson, "http://old.example:8080")
    rehearsing.feed()
    return Night(rehearsing, list_id)


def steps_of(lesson: Lesson) -> list[str]:
    return [step["type"] for step in lesson.version().recording["recording"]["steps"]]


def say(lesson: Lesson, place: int, said: dict[str, str], status: int = 200) -> None:
    typed = {"version": lesson.version().version, **said}
    lesson.client.post(f"/bots/versions/1/steps/{place}", typed, status)


def prints_into(city, folder: Path) -> None:
    city.office = replace(city.office, settings=city.office.settings.model_copy(update={"print_dir": folder}))


def home(*rows: dict[str, str], files: tuple[Fallen, ...] = ()) -> Looked:
    return Looked(TakenHome({"支給": list(rows)}, files), nothing=False, seconds=3.0)


def test_each_row_becomes_a_record_once_and_what_the_list_does_not_take_waits(city_on_both):
    night = taught(city_on_both)
    number = night.rehearsing.enter(done=True)
    night.brings = [home(OCTOBER, NOVEMBER, NOVEMBER, {"支給月": "", "金額": "多額"})]
    night.run()

    entered = night.listed()
    assert [each.values["a2"] for each in entered] == [12_000, 12_500, 12_500]
    assert {each.source for each in entered} == {Source.BOT}
    assert (night.items()[0].state, night.items()[0].outcome, night.count(QuarantinedRow)) == ("done", "looked_up", 1)
    client = night.rehearsing.lesson.client
    page = client.get("/items/1/taken")
    client.post(f"/records/{night.list_id}/imports/1/rows/discard", {"row": "1"})
    assert "取込の保留" not in client.get("/items/1/taken").text, "what nobody waits for any more"
    with city_on_both.look() as work:
        digests = set(work.session.scalars(select(ReadRow.digest)))
    said = json.dumps([number, sorted(OCTOBER.items())], ensure_ascii=False)
    assert hashlib.sha256(f"1 {said}".encode()).hexdigest() not in digests, "nobody finds out what a row said"
    assert all(text in page.text for text in ("2026-11", "12,500", entered[0].number, number, "取込の保留"))


def test_what_is_looked_up_again_doubles_nothing(city):
    night = taught(city)
    night.rehearsing.enter(done=True)
    night.brings = [home(OCTOBER)]
    night.run()
    with city.unit() as work:  # a person puts it back, as after a restore
        work.session.get_one(WorkItem, 1).state = "waiting"
    night.brings = [home(OCTOBER, NOVEMBER)]
    night.run()

    assert [each.values["a1"] for each in night.listed()] == ["2026-10", "2026-11"]


def test_nobody_found_is_done_and_a_failure_or_a_closed_list_is_not(city):
    night = taught(city)
    for _ in range(3):
        night.rehearsing.enter(done=True)
    night.brings = [Looked(TakenHome(), nothing=True, seconds=1.0)]
    night.brings += [TargetFailure(Cause.UNKNOWN_SCREEN, "「支給」に、読み取れる値がありません")] * 6
    night.run()
    states = [(each.state, each.outcome) for each in night.items()]
    with city.unit() as work:
        work.session.get_one(FormDesign, night.list_id).state = DesignState.CLOSED
        work.session.get_one(WorkItem, 3).state = "waiting"
    night.brings = [home(OCTOBER)]
    night.run()

    assert states[0] == ("done", "nothing_there")
    assert states[1:] == [("failed", "target_unknown_screen")] * 2
    assert (night.items()[2].state, night.listed()) == ("exception", [])


@dataclass
class ClosesTheList(dict):
    """What was read, by which somebody closes the list at the very moment in which it is made ready."""

    night: Night

    def get(self, name, default=None):
        with self.night.city.unit() as work:
            work.session.get_one(FormDesign, self.night.list_id).state = DesignState.CLOSED
        return [OCTOBER] if name == "支給" else default

    def __bool__(self) -> bool:
        return True


def test_a_list_that_closes_while_it_is_made_ready_costs_one_record_and_no_night(city):
    night = taught(city)
    for _ in range(2):
        night.rehearsing.enter(done=True)
    night.brings = [Looked(TakenHome(ClosesTheList(night), ()), nothing=False, seconds=1.0)]
    night.brings += [Looked(TakenHome(), nothing=True, seconds=1.0)]
    night.run()

    assert [(each.state, each.outcome) for each in night.items()] == [
        ("exception", "refused"),
        ("done", "nothing_there"),
    ]
    assert (night.listed(), night.count(ItemReading)) == ([], 0)


def test_a_file_is_kept_with_its_record_opened_by_who_may_read_it_and_printed_once(city, tmp_path):
    night = taught(city, printer="kaikei")
    (tmp_path / "kaikei").mkdir()
    prints_into(city, tmp_path)
    night.rehearsing.enter(done=True)
    night.brings = [home(OCTOBER, files=(NOTICE,))]
    night.run()
    again = printing.print_files(city.office)

    client = night.rehearsing.lesson.client
    opened = client.http.get("/items/1/files/1")
    stranger = StaffClient(city).sign_in(city.person(Role.CLERK, department=city.department("別の課")))
    printed = list((tmp_path / "kaikei").iterdir())
    assert (opened.content, opened.headers["content-type"]) == (PDF, "application/pdf")
    assert opened.headers["content-disposition"].startswith("attachment;")
    assert stranger.http.get("/items/1/files/1").status_code in {403, 404}
    assert [each.read_bytes() for each in printed] == [PDF]
    assert (again, "印刷に回した" in client.get("/items/1/taken").text) == (0, True)
    assert night.listed()[0].values["a3"] == "1"
    with city.look() as work:
        trail = "".join(str(vars(each)) for each in work.session.scalars(select(AuditEvent)))
    assert "2026-10" not in trail


def test_a_file_that_may_have_been_printed_is_never_printed_again(city, tmp_path):
    night = taught(city, printer="kaikei")
    prints_into(city, tmp_path)
    night.rehearsing.enter(done=True)
    night.brings = [home(OCTOBER, files=(NOTICE,))]
    night.run()
    unprinted = night.rehearsing.lesson.client.get("/items/1/taken").text  # no such queue yet
    queue = tmp_path / "kaikei"
    queue.mkdir()
    with city.look() as work:
        reference, sha256 = work.session.execute(select(WorkItem.reference, ItemFile.sha256).join(ItemFile)).one()
    (queue / printing.name_of(reference, sha256)).write_bytes(b"another's")
    printing.print_files(city.office)
    printing.print_files(city.office)

    assert "印刷待ち" in unprinted
    assert [each.read_bytes() for each in queue.iterdir()] == [b"another's"]
    assert "印刷されたか不明" in night.rehearsing.lesson.client.get("/items/1/taken").text
    with pytest.raises(FileNotFoundError):
        printing.put_into_queue(tmp_path, "../kaikei", "a.pdf", PDF)


def test_what_was_left_waiting_is_printed_by_itself_but_not_after_a_restore(city, tmp_path):
    night, folder = taught(city, printer="kaikei"), tmp_path / "printers"
    prints_into(city, folder)
    night.rehearsing.enter(done=True)
    night.brings = [home(OCTOBER, files=(NOTICE,))]
    night.run()
    with city.unit() as work:
        service.doubt_all(work)
    (folder / "kaikei").mkdir(parents=True)
    torn = folder / ".R8-1.pdf.part"
    torn.write_bytes(PDF)
    os.utime(torn, (0, 0))
    do_what_is_due(city.office)
    after_a_restore = list(folder.rglob("*.p*"))
    with city.unit() as work:
        work.session.get_one(ItemFile, 1).printing_at = None
    do_what_is_due(city.office)

    assert (after_a_restore, len(list(folder.rglob("*.pdf")))) == ([], 1)


def test_what_was_taken_home_is_forgotten_after_its_days_but_a_record_keeps_its_file(city_on_both):
    city = city_on_both
    night = taught(city)
    night.rehearsing.enter(done=True)
    night.rehearsing.enter(done=True)
    other = Fallen("通知書", "pdf", PDF + b"\n", hashlib.sha256(PDF + b"\n").hexdigest())
    night.brings = [home(OCTOBER, files=(NOTICE,)), home(OCTOBER, NOVEMBER, files=(other,))]
    night.run()

    city.clock.pass_(days=401)
    forgetting.forget_old(city.office)

    assert (night.count(ItemFile), night.count(ItemReading), len(night.listed())) == (0, 0, 3)
    with city.look() as work:
        keys = select(StoredFile.wrapped_key).where(StoredFile.id.in_(select(RecordFile.file_id)))
        assert [key is not None for key in work.session.scalars(keys)] == [True]
        erased = select(func.count()).where(StoredFile.erased_at.is_not(None))
        assert work.session.scalar(erased) == 1
        kinds = work.session.scalars(select(AuditEvent.kind)).all()
    assert (kinds.count("taken_home_erased"), kinds.count("evidence_erased")) == (2, 0)


def test_what_is_unknown_is_looked_up_by_a_second_recording_in_the_same_night(city):
    night = taught(city)
    lesson = night.rehearsing.lesson
    for _ in range(3):
        night.rehearsing.enter(done=True)
    without_it = [item.state for item in _night_of_unknowns(night)]
    _teach_to_look_up(night)

    settled = _night_of_unknowns(night)

    assert without_it == ["unknown"] * 3
    assert [(each.state, each.outcome) for each in settled] == [
        ("done", "found"),
        ("exception", "found_other"),
        ("done", "looked_up"),  # surely not there, and so done once more
    ]
    assert "結果不明の照会" in lesson.client.get("/bots").text


def _night_of_unknowns(night: Night) -> list[WorkItem]:
    night.brings = [Unknown("送信しましたが、応答がありません")] * 3 if not night.brings else [home(OCTOBER)]
    night.found = [Found("W1", {"a1": "山田 花子"}, whole=False), Found("W2", {"a1": "別人"}, whole=False), Absent()]
    night.run()
    return night.items()


def _teach_to_look_up(night: Night) -> None:
    lesson = night.rehearsing.lesson
    typed = {"design": str(lesson.design_id), "purpose": "looking_up"}
    lesson.client.post("/bots", typed, files={"file": ("recording.json", RAW, "application/json")})
    with night.city.look() as work:
        version_id = work.session.scalar(select(func.max(BotVersion.id)))

    def seen() -> int:
        with night.city.look() as work:
            return work.session.get_one(BotVersion, version_id).version

    page = f"/bots/versions/{version_id}"
    about = {"put_1": "{{a1}}", "looks": "on", "nothing": NOBODY, "list": "", "dialogs": "", "proof": ""}
    lesson.client.post(page, {"version": seen(), **about})
    refused = lesson.client.post(f"{page}/submit", {"version": seen(), **RELEASE}, 422)
    assert "比べる値" in refused.text
    said = {"take": "text", "name": "氏名", "key": "a1", "label": "受給する人", "to": "a1"}
    lesson.client.post(f"{page}/steps/4", {"version": seen(), **said})
    assert lesson.client.get(f"{page}/steps/5").field("label") == "受給する人"
    lesson.client.post(f"{page}/submit", {"version": seen(), **RELEASE})
    with night.city.look() as work:
        case_id = work.session.get_one(BotVersion, version_id).case_id
    for person, step in ((lesson.bureau.head, "head_review"), (lesson.bureau.operator, "rehearsal")):
        lesson.bureau.decide(person, case_id, step)
    lesson.bureau.decide(lesson.bureau.dx, case_id, "dx_approval")
    lesson.take_effect()
