"""A bureau whose clerk teaches a bot: a form in use, what the Recorder exported, and the way to its release."""

from __future__ import annotations

import json
from dataclasses import dataclass

from backoffice.form_designs.models import FormDesign
from backoffice.inbox.ticking import tick
from backoffice.recordings import queries
from backoffice.recordings.models import BotVersion
from backoffice.work import Work
from forms.building import acts
from forms.building.draft import FormDraft
from forms.building.kinds import Sketch
from forms.field_types import FieldType
from tests.backoffice.form_designs.furniture import add_form
from tests.backoffice.inbox.cases import Bureau
from tests.backoffice.staff_client import Answer, StaffClient
from tests.rpa_bots.recording.taped import REGISTER, fills, goes, tape, window

ASKED = (
    Sketch("氏名", FieldType.TEXT, required=True, max_length=40),
    Sketch("フリガナ", FieldType.TEXT, max_length=40),
    Sketch("区", FieldType.CHOICE, options=("東区", "中央区")),
    Sketch("転入日", FieldType.DATE),
)
RAW = tape(
    window(),
    goes("/entry"),
    fills("山田 花子", "aria/氏名", "tr:nth-of-type(1) input"),
    fills("ヤマダ ハナコ", "tr:nth-of-type(2) input", "#k"),
    fills("02", "tr:nth-of-type(3) select"),
    REGISTER,
)
"""As a clerk recorded it with an invented person: one field has a label, one only a place, one an option's number."""
NOBODY = 2_000_000_000
RELEASE = {"target": "転入システム", "work": "転入の入力", "items": "1200", "test_result": "5件とも登録できた"}


def in_use(work: Work, bureau: Bureau) -> FormDesign:
    draft = acts.add(FormDraft(title="転入の届け"), ASKED)[0]
    return add_form(work, bureau.department, "転入の届け", draft)


@dataclass
class Lesson:
    """A clerk at the pages of recorded bots."""

    bureau: Bureau
    client: StaffClient
    design_id: int

    def bring(self, content: bytes = RAW, status: int = 200, sample: str = "") -> Answer:
        typed = {"design": str(self.design_id), "sample": sample}
        return self.client.post("/bots", typed, status, files={"file": ("recording.json", content, "application/json")})

    def version(self, number: int = 1) -> BotVersion:
        with self.bureau.city.look() as work:
            found = queries.versions_of(work.session, 1)
            return next(each for each in found if each.number == number)

    def save(self, status: int = 200, number: int = 1, **typed: str) -> Answer:
        version = self.version(number)
        return self.client.post(f"/bots/versions/{version.id}", {"version": version.version, **typed}, status)

    def mend(self, number: int = 1) -> None:
        """Decide what is open, as a clerk would: the second field by its question, the fourth by its label."""
        puts = {"put_2": "{{a1}}", "put_3": "{{a2}}", "put_4": "{{a3.label}}", "text_4": ""}
        self.save(number=number, register="5", proof="登録しました", dialogs="", **puts)

    def submit(self, status: int = 200, number: int = 1, **typed: str) -> Answer:
        version = self.version(number)
        said = {"version": version.version, **RELEASE, **typed}
        return self.client.post(f"/bots/versions/{version.id}/submit", said, status)

    def release(self, number: int = 1) -> None:
        """Head, operator and DX office approve; it takes effect a minute later."""
        bureau, case_id = self.bureau, self.version(number).case_id
        bureau.decide(bureau.head, case_id, "head_review")
        bureau.decide(bureau.operator, case_id, "rehearsal")
        bureau.decide(bureau.dx, case_id, "dx_approval")
        self.take_effect()

    def take_effect(self) -> None:
        self.bureau.city.clock.pass_(seconds=60)
        tick(self.bureau.city.office)

    def stored(self, number: int = 1) -> str:
        return json.dumps(self.version(number).recording, ensure_ascii=False)


def lesson_at(bureau: Bureau) -> Lesson:
    with bureau.city.unit(bureau.city.actor(bureau.drafter)) as work:
        design_id = in_use(work, bureau).id
    return Lesson(bureau, StaffClient(bureau.city).sign_in(bureau.drafter), design_id)
