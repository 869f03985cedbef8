"""How did 水道局 of the demonstration teach a bot? Recorded, mended, released; a second one still asks something.

The old water system then waits for three move-ins: of one a letter is too rare for it, which the night will say.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import time

from sqlalchemy import select

from backoffice.automation import credentials, feeding, queries, targets
from backoffice.automation.models import TargetSystem
from backoffice.demo.built_forms import build_one
from backoffice.demo.cases import Step, decide_step
from backoffice.demo.city import HOUSE, actor_of
from backoffice.demo.processes import ready_line, running
from backoffice.form_designs.models import FormDesign
from backoffice.recordings import queries as bots
from backoffice.recordings import service
from backoffice.recordings.models import BotVersion
from backoffice.recordings.sampling import sample_of
from backoffice.records import queries as records
from backoffice.records import service as lists
from backoffice.records.models import Record
from backoffice.records.workflow import RecordState, Source
from backoffice.settings import Settings
from backoffice.web.answers_in import check_answers
from backoffice.work import Office, Work
from forms.building import acts
from forms.building.draft import FormDraft
from forms.building.kinds import Sketch
from forms.definition import FormDefinition
from forms.field_types import FieldType, Value
from rpa_bots.fake_water.__main__ import ACCOUNT, PASSWORD
from rpa_bots.fake_water.recorded import MOVE_IN, exported, sample
from rpa_bots.fake_water.records import REFERENCE, generate
from rpa_bots.fake_water.screens import CONFIRM
from rpa_bots.recording.mending import Wish
from rpa_bots.recording.reading import read_recording
from rpa_bots.recording.steps import Change
from rpa_bots.recording.submit_step import submit_step

CLERK, HEAD, OPERATOR, DX_OFFICE = "ono", "ito", "kimura", "inoue"
DEPARTMENT = "水道局"
HOMES, OFFICES = "水道の開栓の届け", "水道の開栓の届け(事業所)"
DAY, REMARKS = "開栓する日", "備考"
PROOF = "受け付けました"
MOVE_INS, SEED = 3, 8
RARE = {"使用者氏名": "𠮷田 恵", "フリガナ": "ヨシダ メグミ"}
"""Shift_JIS, in which the old system keeps everything, has no 𠮷."""
LEDGER = "water-system-ledger.jsonl"
TOO_SHORT = {"{{開栓月}}": f"{DAY}.month", "{{使用人数}}": "使用人数"}
"""One digit is nobody's: what these fields were for, the clerk says."""
RELEASE: Mapping[str, Value] = {
    "bot": HOMES,
    "target": "水道開閉栓受付システム(演習用)",
    "work": "届けを確かめた開栓を、夜間に1件ずつ入力する。",
    "items": 4800,
    "test_result": "見本12件を入力し、台帳と照合した。違いはなかった。",
}
REHEARSED = Step(
    OPERATOR,
    "rehearsal",
    answers={"rehearsed": True, "target_told": True, "rehearsed_items": 12, "stop_known": True},
)


def move_in(title: str) -> FormDraft:
    """Give the form of a move-in: what the old system's entry screen asks. 事業所 have no remarks."""
    asked = (
        Sketch(DAY, FieldType.DATE, required=True),
        Sketch("フリガナ", FieldType.KATAKANA, required=True, max_length=30),
        Sketch("使用者氏名", FieldType.PERSON_NAME, required=True, max_length=20),
        Sketch("郵便番号", FieldType.POSTAL_CODE, required=True),
        Sketch("番地", FieldType.TEXT, required=True, max_length=20),
        Sketch("建物・部屋", FieldType.TEXT, max_length=20),
        Sketch("電話番号", FieldType.PHONE),
        Sketch("水栓番号", FieldType.DIGITS, required=True, comb=10),
        Sketch("口径", FieldType.CHOICE, required=True, options=("13", "20", "25", "40"), help="ミリメートル"),
        Sketch("使用人数", FieldType.INTEGER, minimum=0, maximum=99),
        Sketch(REMARKS, FieldType.LINES, max_length=100),
    )
    return acts.add(FormDraft(title=title), [each for each in asked if title == HOMES or each.label != REMARKS])[0]


def teach(office: Office) -> None:
    """Let the clerk build the forms and record both bots, and the persons of the route release the first.

    It is released once its minute of grace is over, as everything.
    """
    for title, series in ((HOMES, "開栓"), (OFFICES, "開栓事")):
        build_one(office, CLERK, DEPARTMENT, series, move_in(title))
    _bring(office, OFFICES)
    version_id = _bring(office, HOMES)
    with office.unit(actor_of(office, CLERK)) as work:
        version = bots.find_version(work.session, version_id)
        _mend(work, version)
    with office.unit(actor_of(office, CLERK)) as work:
        version = bots.find_version(work.session, version_id)
        case_id = service.submit(work, version, version.version, RELEASE).id
    for step in (Step(HEAD, "head_review"), REHEARSED, Step(DX_OFFICE, "dx_approval")):
        decide_step(office, case_id, step)


@contextmanager
def water_system(settings: Settings, port: int) -> Iterator[str]:
    """Run the demonstration's old water system beside the office and give its address; `port` 0 takes any free one."""
    ledger = str(settings.data_dir / LEDGER)
    command = (sys.executable, "-m", "rpa_bots.fake_water", "--port", str(port), "--ledger", ledger)
    with running(command, settings, settings.data_dir / "logs" / "water-system.log") as child:
        yield ready_line(child, "水道のシステム").removeprefix("ready ")


def connect(office: Office, address: str) -> None:
    """Register the water system on first use, with what waits for it; afterwards note where it answers."""
    with office.unit(HOUSE) as work:
        design = work.session.scalars(select(FormDesign).where(FormDesign.title == HOMES)).one_or_none()
        if design is None:  # a city that was founded before it had this bot
            return
        target = queries.target_of_procedure(work.session, design.code)
        if target is not None and target.url == address:
            return
        first_time = target is None
        if target is None:
            target = targets.add_target(work, design.code, _settings(address), design.department_id)
        else:
            targets.change_target(work, target, replace(targets.settings_of(target), url=address))
        credentials.set_credential(work, target, ACCOUNT, PASSWORD)
    if first_time:
        _feed(office, target)


def _feed(office: Office, target: TargetSystem) -> None:
    """Let the clerk's list feed the system, and settle a few move-ins in it."""
    with office.unit(actor_of(office, CLERK)) as work:
        design, definition = _form(work, HOMES)
        feeding.name_target(work, design, definition, target.id, {each.key: each.key for each in definition.questions})
    *usual, last = generate(MOVE_INS, SEED, office.services.today())
    for row in (*usual, last | RARE):
        with office.unit(actor_of(office, CLERK)) as work:
            record_id = _enter(work, HOMES, row).id
        with office.unit(actor_of(office, CLERK)) as work:
            record = records.find_record(work.session, work.actor, record_id)
            lists.move(work, record, record.version, RecordState.DONE)


def _bring(office: Office, title: str) -> int:
    """Key an invented move-in while the Recorder looks, and bring in what it exported; gives the version's id."""
    clerk = actor_of(office, CLERK)
    with office.unit(clerk) as work:
        number = _enter(work, title, sample()).number
    with office.unit(clerk) as work:
        design, definition, written = sample_of(work, _design(work, title).id, number)
    content = exported(sample() | {REFERENCE: number})
    recording = service.read(content, service.known_by(definition, written))
    with office.unit(clerk) as work:
        return service.bring(work, design, recording).id


def _mend(work: Work, version: BotVersion) -> None:
    keys = {question.label: question.key for question in service.definition_of(work, version).questions}
    values: dict[int, str] = {}
    for place, step in enumerate(read_recording(MOVE_IN.read_bytes()).steps):
        if isinstance(step, Change) and step.value in TOO_SHORT:
            label, dot, way = TOO_SHORT[step.value].partition(".")
            values[place] = f"{{{{{keys[label]}{dot}{way}}}}}"
    register = submit_step(service.recording_of(version))
    service.mend(work, version, version.version, Wish(values, frozenset(), register, (CONFIRM,), PROOF))


def _enter(work: Work, title: str, row: Mapping[str, str]) -> Record:
    """Enter a move-in as the clerk types it. Raises ValueError where the form does not take it."""
    design, definition = _form(work, title)
    typed = {**row, DAY: "-".join(f"{int(row[part]):02}" for part in ("開栓年", "開栓月", "開栓日"))}
    bores = {option.label: option.code for question in definition.questions for option in question.options}
    typed["口径"] = bores[row["口径"]]
    checked = check_answers(definition, {each.key: typed[each.label] for each in definition.questions})
    if checked.refusing:
        raise ValueError(checked.refusing)
    return lists.enter(work, design, definition, checked.values, Source.SCREEN)


def _form(work: Work, title: str) -> tuple[FormDesign, FormDefinition]:
    return records.find_form(work.session, work.actor, _design(work, title).id)


def _design(work: Work, title: str) -> FormDesign:
    return work.session.scalars(select(FormDesign).where(FormDesign.title == title)).one()


def _settings(address: str) -> targets.TargetSettings:
    """Open the whole day: a newcomer comes when they come."""
    return targets.TargetSettings(
        name="水道開閉栓受付システム",
        url=address,
        opens=time(0, 0),
        closes=time(0, 0),
        margin_seconds=60,
        late_commit_seconds=5,
        pictures=True,
        by_day=True,
        day_opens=time(0, 0),
        day_closes=time(0, 0),
        pace_seconds=5,
    )
