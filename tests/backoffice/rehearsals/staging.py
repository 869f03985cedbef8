"""A bureau whose clerk rehearses a bot: a system with its account, records that wait, a stage that a test directs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from backoffice.automation import service as nights
from backoffice.automation.models import Lease, WorkItem
from backoffice.automation.queue import feeding
from backoffice.form_designs.models import FormDesign
from backoffice.records import queries as records
from backoffice.records import service as lists
from backoffice.records.workflow import RecordState, Source
from backoffice.rehearsals.jobs import rehearse
from backoffice.rehearsals.models import Rehearsal, RehearsedRow
from rpa_bots.recording.page.endings import Ended, Ending
from rpa_bots.recording.rehearsing import Seen, Tell, Verdict
from rpa_bots.recording.tape.binding import Row
from tests.backoffice.automation.nights import SETTINGS, StepsAtOnce
from tests.backoffice.recordings.teaching import Lesson, lesson_at

SAMPLE = {"a1": "山田 花子", "a2": "ヤマダ ハナコ", "a4": "2026-11-28"}
INVENTED = "Invented-pass-8"
PNG = b"\x89PNG masked"
WELL = Ended(Ending.DONE, 6, "リハーサル: 登録の手前まで終わりました(登録はしていません)")
Act = Callable[[Row, Tell], Ended]


def goes_well(row: Row, tell: Tell) -> Ended:
    for place in range(6):
        tell(Seen(place, Verdict.OK, 0.1, picture=PNG if place == 5 else None))
    return WELL


@dataclass
class ScriptedStage:
    """Does what the test says for each row, and remembers what was put in."""

    act: Act = goes_well
    rows: list[Row] = field(default_factory=list)
    opened: int = 0

    @contextmanager
    def open(self, *_: object) -> Iterator[ScriptedStage]:
        self.opened += 1
        yield self

    def rehearse(self, row: Row, tell: Tell) -> Ended:
        self.rows.append(row)
        return self.act(row, tell)


@dataclass
class Rehearsing:
    lesson: Lesson
    target_id: int

    def enter(self, *, done: bool = False, **values: object) -> str:
        """Enter a record as the clerk does; `done`: it waits for the night."""
        city, drafter = self.lesson.bureau.city, self.lesson.bureau.drafter
        with city.unit(city.actor(drafter)) as work:
            design, definition = records.find_form(work.session, work.actor, self.lesson.design_id)
            choice = definition.questions[2].options[1].code
            record = lists.enter(work, design, definition, {**SAMPLE, "a3": choice, **values}, Source.SCREEN)
            number, record_id = record.number, record.id
        if done:
            with city.unit(city.actor(drafter)) as work:
                record = records.find_record(work.session, work.actor, record_id)
                lists.move(work, record, record.version, RecordState.DONE)
        return number

    def feed(self) -> None:
        city = self.lesson.bureau.city
        with city.unit(city.actor(self.lesson.bureau.drafter)) as work:
            design, definition = records.find_form(work.session, work.actor, self.lesson.design_id)
            same = {each.key: each.key for each in definition.questions}
            feeding.name_target(work, design, definition, self.target_id, same)

    def ask(self, *numbers: str, status: int = 200, version_id: int = 1):
        typed = {f"record_{number}": "on" for number in numbers}
        return self.lesson.client.post(f"/bots/versions/{version_id}/rehearsals", typed, status)

    def run(self, stage: ScriptedStage | None = None, rehearsal_id: int = 1, open_stage=None) -> ScriptedStage:
        """As the worker does."""
        stage = stage or ScriptedStage()
        rehearse(self.lesson.bureau.city.office, open_stage or stage.open, rehearsal_id, StepsAtOnce())
        return stage

    def found(self, rehearsal_id: int = 1) -> Rehearsal:
        with self.lesson.bureau.city.look() as work:
            wanted = select(Rehearsal).where(Rehearsal.id == rehearsal_id)
            steps = selectinload(Rehearsal.rows).selectinload(RehearsedRow.steps)
            return work.session.scalars(wanted.options(steps)).one()

    def items(self) -> list[str]:
        with self.lesson.bureau.city.look() as work:
            return list(work.session.scalars(select(WorkItem.state).order_by(WorkItem.id)))

    def lease(self) -> Lease | None:
        with self.lesson.bureau.city.look() as work:
            return work.session.scalars(select(Lease)).one_or_none()

    def page(self, rehearsal_id: int = 1):
        return self.lesson.client.get(f"/rehearsals/{rehearsal_id}")


def rehearsing_at(bureau, url: str = SETTINGS.url, *, mended: bool = True) -> Rehearsing:
    """The clerk's draft is mended; the operator has set the system up with its account."""
    lesson = lesson_at(bureau)
    lesson.bring()
    if mended:
        lesson.mend()
    return set_up(lesson, url)


def set_up(lesson: Lesson, url: str, secret: str = INVENTED) -> Rehearsing:
    """Let the operator set the system up, with its account, before there is a bot."""
    bureau = lesson.bureau
    with bureau.city.unit() as work:
        code = work.session.get_one(FormDesign, lesson.design_id).code
        settings = replace(SETTINGS, name="転入システム", url=url)
        target = nights.add_target(work, code, settings, bureau.department.id)
        nights.set_credential(work, target, "suido01", secret)
    return Rehearsing(lesson, target.id)
