"""What do people do with recorded bots? Bring a recording in, mend it, send it on its route, take an earlier one up."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import func, select

from backoffice.errors import Invalid, NotPermitted, Overtaken
from backoffice.form_designs.models import FormDesign
from backoffice.form_designs.shelf import newest_definitions
from backoffice.identity import Actor, Department, Permission
from backoffice.inbox import opening
from backoffice.inbox.events import CaseEnded
from backoffice.inbox.kinds import KINDS
from backoffice.inbox.models import Case
from backoffice.inbox.opening import Matter
from backoffice.recordings import queries
from backoffice.recordings.events import (
    BotDiscarded,
    BotReleased,
    BotReturned,
    BotSubmitted,
    RecordingBrought,
    RecordingMended,
)
from backoffice.recordings.linking import problems_of_link
from backoffice.recordings.models import RECORDING_SCHEMA, BotVersion, RecordedBot
from backoffice.recordings.workflow import BotState, Purpose, problems_of
from backoffice.recordings.writing import files_asked, names_of
from backoffice.web.translations import _, translate
from backoffice.work import Work
from forms.definition import FormDefinition
from forms.field_types import FieldType, Value
from rpa_bots.recording.tape.binding import ACCOUNT, PASSWORD, PLACE, columns_asked, is_about_a_secret
from rpa_bots.recording.tape.marks import Marked, marked
from rpa_bots.recording.tape.mending import (
    UNDECIDED,
    Known,
    Wish,
    as_kept,
    bare_label,
    mended,
    said_of_step,
    without_samples,
)
from rpa_bots.recording.tape.reading import UnusableRecordingError, read_recording
from rpa_bots.recording.tape.steps import Change, Recording
from workflows.routes import RouteKind

SUBJECT = "bot_version"
OWN_PLACES = frozenset({ACCOUNT, PASSWORD, UNDECIDED})


def read(content: bytes, known: Known) -> Recording:
    """Read an exported recording and take every sample out of it. Raises Invalid; no unit needs to be open."""
    try:
        return without_samples(read_recording(content), known)
    except UnusableRecordingError as unusable:
        raise Invalid(" ".join(unusable.sentences)) from unusable


def known_by(definition: FormDefinition, sample: Mapping[str, str]) -> Known:
    """Say what values can be known by: the form's labels, and how the sample record is written (by column)."""
    labels = {bare_label(question.label): question.key for question in definition.questions}
    boxes = {label: key for label, key in labels.items() if key in _keys(definition, FieldType.CHECKBOX)}
    choices = _keys(definition, FieldType.CHOICE)
    named = [(bare_label(option.label), each.key) for each in definition.questions for option in each.options]
    often = Counter(label for label, _key in named)
    options = {label: key for label, key in named if key in choices and often[label] == 1}
    by_value: dict[str, str] = {}
    for column, value in sample.items():
        by_value.setdefault(value.strip(), column)
    return Known(labels, {value: column for value, column in by_value.items() if len(value) > 1}, options, boxes)


def _keys(definition: FormDefinition, kind: FieldType) -> set[str]:
    return {question.key for question in definition.questions if question.type is kind}


def bring(work: Work, design: FormDesign, recording: Recording, purpose: Purpose = Purpose.KEYING) -> BotVersion:
    """Keep a recording as the next version of the form's bot. Raises NotPermitted, Overtaken beside another draft."""
    must_teach(work.actor, design.department)
    bot = queries.bot_of_design(work.session, design.id, purpose)
    if bot is None:
        bot = RecordedBot(design_id=design.id, purpose=purpose, department_id=design.department_id, created_at=work.now)
        work.session.add(bot)
        work.session.flush()
    version = _next_version(work, bot, as_kept(recording), queries.newest_released(work.session, bot.id))
    work.record(RecordingBrought(version.id, len(recording.steps)))
    return version


def take_up(work: Work, version: BotVersion) -> BotVersion:
    """Begin a new draft with an earlier recording: so a bot goes back, by the same route as it came."""
    must_teach(work.actor, version.bot.department)
    again = _next_version(work, version.bot, version.recording["recording"], version)
    work.record(RecordingBrought(again.id, len(again.recording["recording"]["steps"])))
    return again


def mend(work: Work, version: BotVersion, seen: int, wish: Wish) -> None:
    """Keep what a clerk says of a draft. Raises Overtaken, NotPermitted, Invalid for a column that the form lacks."""
    must_be_mendable(work, version, seen)
    definition = definition_of(work, version)
    known = set(names_of(definition))
    own = {place.strip("{}") for place in OWN_PLACES}
    if any(set(PLACE.findall(value)) - known - own for value in wish.values.values()):
        raise Invalid(_("様式にない欄が選ばれています。"))
    if wish.looks and wish.looks.list and wish.looks.list not in _lists_of(work):
        raise Invalid(_("読み取ったものを入れる台帳を選び直してください。"))
    _must_hold_no_secret(recording_of(version), wish)
    _keep(work, version, mended(recording_of(version), replace(wish, uploads=_file_boxes(definition, wish))))


def say_of_step(work: Work, version: BotVersion, seen: int, said: Marked) -> None:
    """Keep what a clerk says of one step of a draft. Raises Overtaken, NotPermitted, Invalid."""
    must_be_mendable(work, version, seen)
    changed = said_of_step(recording_of(version), said)
    _must_make_sense(changed)
    known = set(names_of(definition_of(work, version)))
    if set(columns_asked(changed)) - known - {place.strip("{}") for place in OWN_PLACES}:
        raise Invalid(_("様式にない欄が選ばれています。"))
    _keep(work, version, changed)


def _keep(work: Work, version: BotVersion, recording: Recording) -> None:
    """Keep a recording whose marks make sense. Raises Invalid."""
    _must_make_sense(recording)
    keep_recording(work, version, recording)
    work.record(RecordingMended(version.id))


def _must_make_sense(recording: Recording) -> None:
    try:
        marked(recording)
    except UnusableRecordingError as wrong:
        raise Invalid(" ".join(wrong.sentences)) from wrong


def _lists_of(work: Work) -> set[str]:
    return {design.code for design in queries.forms_to_teach(work.session, work.actor)}


def _file_boxes(definition: FormDefinition, wish: Wish) -> frozenset[int]:
    """A step into which a file's question goes is a file box."""
    files = {f"{{{{{key}}}}}" for key, _label in files_asked(definition)}
    return frozenset(place for place, value in wish.values.items() if value in files)


def keep_recording(work: Work, version: BotVersion, recording: Recording) -> None:
    """Keep a mended recording; the case of a version that was sent back says that it has changed."""
    version.recording = _stored(as_kept(recording))
    tell_case(work, version)


def tell_case(work: Work, version: BotVersion) -> None:
    """Let the case of a version that was sent back say that it has changed."""
    if version.state != BotState.SUBMITTED or version.case_id is None:
        return
    case = work.session.get_one(Case, version.case_id)
    said: Mapping[str, Value] = case.answers["values"]
    matter = Matter(case.title, said, case.retention_years, case.decision_level, subject=(SUBJECT, version.id))
    opening.mend(work, case, matter)


def submit(work: Work, version: BotVersion, seen: int, answers: Mapping[str, Value]) -> Case:
    """Send a draft on the route for bots. Raises Invalid, saying what is not whole, Overtaken, NotPermitted."""
    must_be_own_draft(work, version, seen)
    if problems := problems_in(work, version):
        raise Invalid(" ".join(translate(message, **about) for message, about in problems))
    kind = KINDS[RouteKind.BOT_RELEASE]
    title = f"{version.bot.design.title}のロボット(第{version.number}版)"
    matter = Matter(title, answers, kind.retention_years, kind.decision_level, subject=(SUBJECT, version.id))
    case = opening.draft(work, kind, matter)
    opening.begin(work, case, 1)
    version.state, version.case_id = BotState.SUBMITTED, case.id
    work.record(BotSubmitted(version.id, case.id))
    return case


def discard(work: Work, version: BotVersion, seen: int) -> None:
    """Give a draft up; its number stays used."""
    must_be_own_draft(work, version, seen)
    version.state = BotState.DISCARDED
    work.record(BotDiscarded(version.id))


def settle(work: Work, ended: CaseEnded) -> None:
    """Let the end of a case take effect on the version that it carried: released in the place of the one before."""
    version = queries.version_of_case(work.session, ended.case_id)
    if version is None or version.state != BotState.SUBMITTED:
        return
    # What was mended on the way may have become no whole recording any more: that never keys at night.
    version = queries.find_version(work.session, version.id)
    # Of two releases at once that would close a circle, the second sees the first.
    work.session.scalars(select(RecordedBot.id).order_by(RecordedBot.id).with_for_update()).all()
    if ended.outcome != "approved" or problems_in(work, version):
        version.state, version.case_id = BotState.DRAFT, None
        work.record(BotReturned(version.id, ended.case_id))
        return
    before = select(BotVersion).where(BotVersion.bot_id == version.bot_id, BotVersion.state == BotState.RELEASED)
    for each in work.session.scalars(before):
        each.state = BotState.RETIRED
    work.session.flush()
    version.state, version.released_at = BotState.RELEASED, work.now
    work.record(BotReleased(version.id, ended.case_id))


def problems_in(work: Work, version: BotVersion) -> list[tuple[str, dict[str, object]]]:
    """Say what keeps a version from being released."""
    definition, recording = definition_of(work, version), recording_of(version)
    problems = problems_of(recording, names_of(definition), Purpose(version.bot.purpose))
    return problems or problems_of_link(work.session, version, definition, recording)


def recording_of(version: BotVersion) -> Recording:
    """Read a stored recording."""
    return Recording.model_validate_json(json.dumps(version.recording["recording"]))


def digest_of(version: BotVersion) -> str:
    """Give what tells a recording from the same version as it was mended since."""
    return hashlib.sha256(json.dumps(version.recording["recording"], sort_keys=True).encode()).hexdigest()


def definition_of(work: Work, version: BotVersion) -> FormDefinition:
    """Give what the bot's form asks today."""
    code = version.bot.design.code
    return newest_definitions(work.session, [code])[code]


def may_teach(actor: Actor, department: Department) -> bool:
    return actor.reaches(Permission.BOT_TEACH, department.path)


def must_teach(actor: Actor, department: Department) -> None:
    if not may_teach(actor, department):
        raise NotPermitted(_("このロボットを教えられるのは、様式の部署の職員です。"))


def must_be_own_draft(work: Work, version: BotVersion, seen: int) -> None:
    """Raise NotPermitted, or Overtaken where it is no draft any more, or not the one that was seen."""
    must_teach(work.actor, version.bot.department)
    if version.state != BotState.DRAFT or version.version != seen:
        raise Overtaken(_("ほかの職員が先に変更しました。最新の内容を確認してください。"))


def may_mend(work: Work, version: BotVersion) -> bool:
    """Say whether the actor may change a version now: a draft, or one that was sent back to them to mend."""
    if not may_teach(work.actor, version.bot.department):
        return False
    if version.state == BotState.DRAFT:
        return True
    if version.state != BotState.SUBMITTED or version.case_id is None:
        return False
    case = work.session.get_one(Case, version.case_id)
    work.session.refresh(case, ["route_version"])
    return opening.may_mend(work, case)


def must_be_mendable(work: Work, version: BotVersion, seen: int) -> None:
    """Raise NotPermitted, or Overtaken where it may not be changed now, or is not the one that was seen."""
    must_teach(work.actor, version.bot.department)
    if version.version != seen or not may_mend(work, version):
        raise Overtaken(_("ほかの職員が先に変更しました。最新の内容を確認してください。"))


def _must_hold_no_secret(recording: Recording, wish: Wish) -> None:
    """A password has one place, the system's own; what is written here everybody may read."""
    for place, value in wish.values.items():
        step = recording.steps[place] if place < len(recording.steps) else None
        if isinstance(step, Change) and is_about_a_secret(step) and value not in OWN_PLACES:
            raise Invalid(_("パスワードの欄には、対象システムのパスワードだけを入れられます。"))


def _next_version(work: Work, bot: RecordedBot, recording: object, like: BotVersion | None) -> BotVersion:
    """Begin a draft; what follows its work is as it was in the version that it is like."""
    # On PostgreSQL two drafts at once wait here for one another.
    work.session.scalars(select(RecordedBot.id).where(RecordedBot.id == bot.id).with_for_update()).one()
    if queries.draft_of(work.session, bot.id) is not None:
        raise Overtaken(_("このロボットには、下書きか回議中の版があります。先にそれを終えてください。"))
    last = work.session.scalar(select(func.max(BotVersion.number)).where(BotVersion.bot_id == bot.id)) or 0
    version = BotVersion(
        bot_id=bot.id,
        number=last + 1,
        state=BotState.DRAFT,
        recording=_stored(recording),
        next_bot_id=like.next_bot_id if like else None,
        next_mapping=like.next_mapping if like else None,
        made_by_id=work.actor.staff_id,
        made_at=work.now,
    )
    work.session.add(version)
    work.session.flush()
    return version


def _stored(recording: object) -> dict[str, object]:
    return {"schema": RECORDING_SCHEMA, "recording": recording}
