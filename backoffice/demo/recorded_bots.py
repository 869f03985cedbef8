"""How does a department of the demonstration teach a bot? A form, a recording, its release, then papers that wait."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from types import MappingProxyType

from sqlalchemy import select

from backoffice.automation import queries
from backoffice.automation.models import TargetSystem
from backoffice.automation.queue import feeding
from backoffice.automation.systems import credentials, targets
from backoffice.demo import cases
from backoffice.demo.built_forms import build_one
from backoffice.demo.city import HOUSE, actor_of
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.paper import copies_of, pages_to_print
from backoffice.form_designs.queries import newest_of
from backoffice.form_designs.shelf import newest_definitions
from backoffice.recordings import queries as bots
from backoffice.recordings import service
from backoffice.recordings.models import BotVersion
from backoffice.recordings.sampling import sample_of
from backoffice.records import queries as records
from backoffice.records import service as lists
from backoffice.records.models import Record, RecordFile
from backoffice.records.workflow import RecordState, Source
from backoffice.vault import StoredFile
from backoffice.web.answers_in import check_answers
from backoffice.work import Office, Work
from forms.building.draft import FormDraft
from forms.definition import FormDefinition
from forms.field_types import Value
from forms.paper.filling import filled
from forms.paper.printing import pdf_of
from rpa_bots.fake_base.recorded import Row
from rpa_bots.recording.tape.marks import Download, Looking, Reading, marked
from rpa_bots.recording.tape.mending import Wish
from rpa_bots.recording.tape.reading import read_recording
from rpa_bots.recording.tape.steps import Change, Click, Step
from rpa_bots.recording.tape.submit_step import submit_step

OPERATOR, DX_OFFICE = "kimura", "inoue"
REHEARSED = cases.Step(
    OPERATOR,
    "rehearsal",
    answers={"rehearsed": True, "target_told": True, "rehearsed_items": 12, "stop_known": True},
)


@dataclass(frozen=True)
class Home:
    """What a bot takes home: readings in the order in which the clerk pointed at them, and the file of one press.

    `nothing`: what the screen says where there is nobody; "" for a bot that registers. `list_form`: the form whose list
    takes what is read; the readings' `to` are labels of its questions.
    """

    nothing: str = ""
    list_form: FormDraft | None = None
    series: str = ""
    readings: Sequence[Reading] = ()
    press: str = ""
    file: Download | None = None


@dataclass(frozen=True)
class Proof:
    """A paper that comes with each application: a form of the house, filled in with print, behind a file question."""

    question: str
    """The label of the question for the file."""
    draft: FormDraft
    series: str
    says: Callable[[Row], Mapping[str, Value]]
    """Give what stands on the paper of an application, by the labels of the paper."""
    compared: Mapping[str, str]
    """Labels: of the application, of the paper that says the same."""


@dataclass(frozen=True)
class Taught:
    """A bot and the work that it does. Rows are what is keyed into the old system, by the columns of the recording."""

    draft: FormDraft
    series: str
    department: str
    clerk: str
    head: str
    system: str
    """What the department calls the old system."""
    account: str
    password: str
    reference: str
    """The column that holds the number of the record; "" where the old system has never heard of it."""
    raw: bytes
    """The recording, with the columns' names where something was keyed."""
    exported: Callable[[Row], bytes]
    """Give the recording as the Recorder exports it, with these values."""
    sample: Row
    typed: Callable[[Row], Row]
    """Give the answers to the form's questions, by label; of a choice its label."""
    meant: Mapping[str, str]
    """What goes into a step whose value nobody can guess: a column, and the label of a question with a way to write."""
    dialogs: Sequence[str]
    proof: str
    waiting: Callable[[date], Sequence[Row]]
    """Give the papers that wait for the first night."""
    release: Mapping[str, Value]
    """What is said of the bot on its way to be released."""
    home: Home = Home()
    proofs: Sequence[Proof] = ()

    @property
    def title(self) -> str:
        return self.draft.title


def teach(office: Office, bot: Taught) -> None:
    """Let the clerk build the form and record the bot, and the persons of the route release it.

    It is released once its minute of grace is over, as everything.
    """
    build(office, bot)
    version_id = bring(office, bot)
    with office.unit(actor_of(office, bot.clerk)) as work:
        _mend(work, bots.find_version(work.session, version_id), bot)
    with office.unit(actor_of(office, bot.clerk)) as work:
        version = bots.find_version(work.session, version_id)
        case_id = service.submit(work, version, version.version, bot.release).id
    for step in (cases.Step(bot.head, "head_review"), REHEARSED, cases.Step(DX_OFFICE, "dx_approval")):
        cases.decide_step(office, case_id, step)


def build(office: Office, bot: Taught) -> None:
    for proof in bot.proofs:
        build_one(office, bot.clerk, bot.department, proof.series, proof.draft, in_print=True)
    build_one(office, bot.clerk, bot.department, bot.series, bot.draft)
    if bot.home.list_form:
        build_one(office, bot.clerk, bot.department, bot.home.series, bot.home.list_form)


def bring(office: Office, bot: Taught) -> int:
    """Key an invented paper while the Recorder looks, and bring in what it exported; gives the version's id."""
    clerk = actor_of(office, bot.clerk)
    files = attached(office, bot, bot.sample)
    with office.unit(clerk) as work:
        number = enter(work, bot, bot.sample, files).number
    with office.unit(clerk) as work:
        design, definition, written = sample_of(work, design_of(work, bot).id, number)
    row = bot.sample | ({bot.reference: number} if bot.reference else {})
    recording = service.read(bot.exported(row), service.known_by(definition, written))
    with office.unit(clerk) as work:
        return service.bring(work, design, recording).id


def connect(office: Office, bot: Taught, address: str) -> None:
    """Register the old system on first use, with what waits for it; afterwards note where it answers."""
    with office.unit(HOUSE) as work:
        design = work.session.scalars(select(FormDesign).where(FormDesign.title == bot.title)).one_or_none()
        if design is None:  # a city that was founded before it had this bot
            return
        target = queries.target_of_procedure(work.session, design.code)
        if target is not None and target.url == address:
            return
        first_time = target is None
        if target is None:
            target = targets.add_target(work, design.code, _settings(bot, address), design.department_id)
        else:
            targets.change_target(work, target, replace(targets.settings_of(target), url=address))
        credentials.set_credential(work, target, bot.account, bot.password)
    if first_time:
        _feed(office, bot, target)


def _feed(office: Office, bot: Taught, target: TargetSystem) -> None:
    """Let the clerk's list feed the system, and settle what waits in it."""
    with office.unit(actor_of(office, bot.clerk)) as work:
        design, definition = _form(work, bot)
        feeding.name_target(work, design, definition, target.id, {each.key: each.key for each in definition.questions})
    for row in bot.waiting(office.services.today()):
        files = attached(office, bot, row)
        with office.unit(actor_of(office, bot.clerk)) as work:
            record_id = enter(work, bot, row, files).id
        with office.unit(actor_of(office, bot.clerk)) as work:
            record = records.find_record(work.session, work.actor, record_id)
            lists.move(work, record, record.version, RecordState.DONE)


def _mend(work: Work, version: BotVersion, bot: Taught) -> None:
    keys = _keys(service.definition_of(work, version))
    values: dict[int, str] = {}
    for place, step in enumerate(read_recording(bot.raw).steps):
        if isinstance(step, Change) and step.value.strip("{}") in bot.meant:
            label, dot, way = bot.meant[step.value.strip("{}")].partition(".")
            values[place] = f"{{{{{keys[label]}{dot}{way}}}}}"
    register = None if bot.home.nothing else submit_step(service.recording_of(version))
    taking = _list_of(work, bot)
    looks = Looking(nothing=bot.home.nothing, list=taking.code if taking else "") if bot.home.nothing else None
    uploads = frozenset(each.place for each in marked(service.recording_of(version)) if each.uploads)
    wish = Wish(values, frozenset(), register, bot.dialogs, bot.proof, looks, uploads)
    service.mend(work, version, version.version, wish)
    _say_what_is_taken(work, version, bot)


def _say_what_is_taken(work: Work, version: BotVersion, bot: Taught) -> None:
    """Say of each cell that was pointed at what it is, and of the press that makes a file fall."""
    taking = _list_of(work, bot)
    own = _keys(service.definition_of(work, version))
    keys = _keys(newest_definitions(work.session, [taking.code])[taking.code]) if taking else {}
    for place, reading in enumerate(bot.home.readings):
        cell = [each for each in marked(service.recording_of(version)) if _is_a_cell(each.step)][place]
        told = {"to": keys.get(reading.to, ""), "key": _column(reading.key, own)}
        said = replace(cell, reading=reading.model_copy(update=told))
        service.say_of_step(work, version, version.version, said)
    if bot.home.file:
        steps = marked(service.recording_of(version))
        pressed = next(each for each in steps if isinstance(each.step, Click) and _reads(each.step, bot.home.press))
        file = bot.home.file.model_copy(update={"key": _column(bot.home.file.key, own)})
        service.say_of_step(work, version, version.version, replace(pressed, download=file))


def _keys(definition: FormDefinition) -> dict[str, str]:
    return {question.label: question.key for question in definition.questions}


def _column(place: str, keys: Mapping[str, str]) -> str:
    name = place.strip("{}")
    return f"{{{{{keys.get(name, name)}}}}}"


def _is_a_cell(step: Step) -> bool:
    return isinstance(step, Click) and any(way[-1].endswith("td") for way in step.selectors)


def _reads(step: Click, words: str) -> bool:
    return any(way[-1].partition("/")[2] == words for way in step.selectors)


def _list_of(work: Work, bot: Taught) -> FormDesign | None:
    if bot.home.list_form is None:
        return None
    return work.session.scalars(select(FormDesign).where(FormDesign.title == bot.home.list_form.title)).one()


def attached(office: Office, bot: Taught, row: Row) -> Mapping[str, StoredFile]:
    """Print and seal the papers of an application, by the label of the question for each; no unit is open."""
    files: dict[str, StoredFile] = {}
    for proof in bot.proofs:
        with office.look(actor_of(office, bot.clerk)) as work:
            paper = work.session.scalars(select(FormDesign).where(FormDesign.title == proof.draft.title)).one()
            pages = pages_to_print(work.session, newest_of(work.session, [paper.id])[paper.id])
            asked = newest_definitions(work.session, [paper.code])[paper.code].questions
        says = proof.says(row)
        values = {question.key: says.get(question.label) for question in asked}
        printed = [filled(page, values) for page in copies_of(pages, 1, office.services)]
        content = pdf_of(paper.title, office.services.today(), printed)
        files[proof.question] = office.files.put(content, "application/pdf", office.services.now())
    return files


def enter(work: Work, bot: Taught, row: Row, files: Mapping[str, StoredFile] = MappingProxyType({})) -> Record:
    """Enter a paper as the clerk types it, with its files. Raises ValueError where the form does not take it."""
    design, definition = _form(work, bot)
    typed = bot.typed(row)
    codes = {each.key: {option.label: option.code for option in each.options} for each in definition.questions}
    answers = {
        each.key: codes[each.key].get(typed.get(each.label, ""), typed.get(each.label, ""))
        for each in definition.questions
    }
    answers |= _kept(work, design, definition, files)
    checked = check_answers(definition, answers)
    if checked.refusing:
        raise ValueError(checked.refusing)
    return lists.enter(work, design, definition, checked.values, Source.SCREEN)


def _kept(
    work: Work, design: FormDesign, definition: FormDefinition, files: Mapping[str, StoredFile]
) -> dict[str, str]:
    rows = {
        each.key: RecordFile(
            design_id=design.id,
            department_id=work.actor.department_id,
            key=each.key,
            file=files[each.label],
            name=f"{each.label}.pdf",
            added_by_id=work.actor.staff_id,
            added_at=work.now,
        )
        for each in definition.questions
        if each.label in files
    }
    work.session.add_all(rows.values())
    work.session.flush()
    return {key: str(row.id) for key, row in rows.items()}


def design_of(work: Work, bot: Taught) -> FormDesign:
    return work.session.scalars(select(FormDesign).where(FormDesign.title == bot.title)).one()


def _form(work: Work, bot: Taught) -> tuple[FormDesign, FormDefinition]:
    return records.find_form(work.session, work.actor, design_of(work, bot).id)


def _settings(bot: Taught, address: str) -> targets.TargetSettings:
    """Open the whole day and for clerks too: a newcomer comes when they come."""
    return targets.TargetSettings(
        name=bot.system,
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
