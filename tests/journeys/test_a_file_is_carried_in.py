"""A record with a document is keyed at night: the document goes into the old system with it, whole and once."""

from __future__ import annotations

import pytest

from backoffice.automation.bots import bots_of_this_machine
from backoffice.automation.jobs import Hands, run_night
from backoffice.automation.service import start_night
from backoffice.automation.workflow import ItemState
from backoffice.records import queries as records
from backoffice.records import service as lists
from backoffice.records.workflow import RecordState
from forms.building import acts
from forms.building.draft import FormDraft
from forms.building.kinds import Sketch
from forms.field_types import FieldType
from tests.backoffice.automation.nights import StepsAtOnce, Waiting
from tests.backoffice.form_designs.furniture import add_form
from tests.backoffice.inbox.cases import found_bureau
from tests.backoffice.office import City
from tests.backoffice.recordings.teaching import Lesson
from tests.backoffice.rehearsals.staging import Rehearsing, set_up
from tests.backoffice.staff_client import StaffClient
from tests.journeys.a_bot_is_taught import in_a_worker
from tests.rpa_bots.recording.old_search import OldSearch, searching
from tests.rpa_bots.recording.taped import clicks, fills, goes, tape

pytestmark = pytest.mark.journey
PDF = b"%PDF-1.4\n1 0 obj\n%%EOF\n"
RAW = tape(
    goes("/attach"),
    fills("道路の件", "aria/件名"),
    clicks("aria/資料: 選択されていません", "label:nth-of-type(2) > input"),
    fills("C:\\fakepath\\youbou.pdf", "aria/資料: youbou.pdf", "label:nth-of-type(2) > input"),
    clicks("aria/登録する", title="登録完了"),
)


def taught(city: City, url: str) -> Rehearsing:
    """A clerk's form asks for a document; its recording puts one in, and nothing where a record has none."""
    bureau = found_bureau(city)
    asked = (Sketch("件名", FieldType.TEXT, required=True, max_length=40), Sketch("資料", FieldType.FILE))
    with city.unit(city.actor(bureau.drafter)) as work:
        form = acts.add(FormDraft(title="要望の受付"), asked)[0]
        design_id = add_form(work, bureau.department, "要望の受付", form).id
    lesson = Lesson(bureau, StaffClient(city).sign_in(bureau.drafter), design_id)
    lesson.bring(RAW)
    steps = lesson.version().recording["recording"]["steps"]
    title, box, submit = (place for place, step in enumerate(steps) if step["type"] == "change" or "登録" in str(step))
    puts = {f"put_{title}": "{{a1}}", f"put_{box}": "{{a2}}"}
    lesson.save(**puts, register=str(submit), proof="登録しました", dialogs="")
    skipped = {"take": "", "if_column": "a2", "if_value": ""}
    place = next(place for place, step in enumerate(stored(lesson)) if step.get("value") == "{{a2}}")
    lesson.client.post(f"/bots/versions/1/steps/{place}", {"version": lesson.version().version, **skipped})
    lesson.submit()
    lesson.release()
    rehearsing = set_up(lesson, url)
    rehearsing.feed()
    return rehearsing


def stored(lesson: Lesson) -> list[dict[str, object]]:
    return lesson.version().recording["recording"]["steps"]


def test_a_records_document_goes_into_the_old_system_with_it_and_one_without_is_keyed_all_the_same(city: City):
    with searching(OldSearch()) as old:
        rehearsing = taught(city, old.url)
        clerk, form = rehearsing.lesson.client, f"/records/{rehearsing.lesson.design_id}/new"
        clerk.post(form, {"f_a1": "道路の件"}, files={"file_a2": ("要望書.pdf", PDF, "application/pdf")})
        clerk.post(form, {"f_a1": "街灯の件"}, files={"file_a2": ("", b"")})
        for record_id in (1, 2):
            with city.unit(city.actor(rehearsing.lesson.bureau.drafter)) as work:
                record = records.find_record(work.session, work.actor, record_id)
                lists.move(work, record, record.version, RecordState.DONE)
        with city.unit() as work:
            night_id = start_night(work, rehearsing.target_id).id
        waiting = Waiting(city)
        hands = Hands(bots_of_this_machine(None), waiting.seconds, waiting.pause, waiting.stopping)

        in_a_worker(lambda: run_night(city.office, hands, night_id, StepsAtOnce()))

        assert rehearsing.items() == [ItemState.DONE, ItemState.DONE]
        with_paper, without = old.stored
        assert "道路の件".encode() in with_paper
        assert with_paper.count(PDF) == 1
        assert "街灯の件".encode() in without
        assert PDF not in without
