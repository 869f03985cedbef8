"""The page of one step: what is read there, received, left out or repeated."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid, NotThere
from backoffice.form_designs.shelf import newest_definitions
from backoffice.identity import Permission
from backoffice.recordings import marks_in, queries, service
from backoffice.recordings.marks_in import Choice, Given
from backoffice.recordings.models import BotVersion
from backoffice.recordings.routes import BOTS
from backoffice.recordings.words import said_of, said_of_reading
from backoffice.recordings.workflow import Purpose
from backoffice.web import Crumb, Page, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, whole_number
from backoffice.web.translations import _, translate
from backoffice.work import Work
from rpa_bots.recording.tape.marks import Marked
from rpa_bots.recording.tape.mending import numbers_of

NOTHING: Mapping[str, str] = {}

staff = StaffRouter()


@dataclass(frozen=True, kw_only=True)
class StepPage(Page):
    title_text: str
    step: str
    version: BotVersion
    place: int
    typed: Mapping[str, str]
    takes: list[Choice]
    columns: list[Choice]
    takers: list[Choice]
    tables: list[Choice]
    kinds: list[Choice]
    compares: bool
    """What is read is compared with the record, and goes into no list."""
    may_edit: bool
    wrong: Mapping[str, str]
    error: str


@staff.page("/bots/versions/{bot_version_id}/steps/{bot_step}", Permission.BOT_VIEW)
def one_step(request: Request, work: Reading, bot_version_id: int, bot_step: int) -> HTMLResponse:
    version = queries.find_version(work.session, bot_version_id)
    return _step(request, work, version, _at(version, bot_step))


@staff.action("/bots/versions/{bot_version_id}/steps/{bot_step}", Permission.BOT_TEACH)
def say(request: Request, work: Writing, bot_version_id: int, bot_step: int, form: FormData) -> Response:
    version = queries.find_version(work.session, bot_version_id)
    before = _at(version, bot_step)
    try:
        said = marks_in.said_in(form, before, _given(work, version))
        service.say_of_step(work, version, whole_number(form.get("version", "")) or 0, said)
    except Invalid as refusal:
        work.refused = True
        return _step(request, work, version, before, form, refusal)
    return go_to(f"/bots/versions/{version.id}", _("手順を保存しました。"))


def _at(version: BotVersion, place: int) -> Marked:
    """Give what is said of a step that people see. Raises NotThere."""
    recording = service.recording_of(version)
    steps = {each.place: each for each in marks_in.marks_of(recording) if each.place in numbers_of(recording)}
    if place not in steps:
        raise NotThere(_("この手順はありません。"))
    return steps[place]


def _given(work: Work, version: BotVersion) -> Given:
    looking = marks_in.look_of(service.recording_of(version))
    taking = newest_definitions(work.session, [looking.list]).get(looking.list) if looking and looking.list else None
    return Given.of(version, service.definition_of(work, version), taking)


def _step(
    request: Request,
    work: Work,
    version: BotVersion,
    said: Marked,
    typed: Mapping[str, str] = NOTHING,
    refusal: Invalid | None = None,
) -> HTMLResponse:
    given, number = _given(work, version), numbers_of(service.recording_of(version))[said.place]
    none = [("", translate(_("選んでください")))]
    shown = StepPage(
        title=_("手順の読み取り・条件"),
        title_text=translate(_("手順%(n)sの読み取り・条件"), n=number),
        crumbs=(BOTS, Crumb(version.bot.design.title, f"/bots/versions/{version.id}")),
        step=(said_of_reading(said.reading) if said.reading else said_of(said.step)).text,
        version=version,
        place=said.place,
        typed={**marks_in.UNSAID, **typed} if typed else marks_in.typed_of(said, given),
        takes=[(value, translate(label)) for value, label in marks_in.takes_of(said)],
        columns=[*none, *given.columns],
        takers=[("", translate(_("どこにも入れない"))), *given.takers],
        tables=[("", translate(_("くり返さない"))), *given.tables],
        kinds=[(value, translate(label)) for value, label in marks_in.KINDS],
        compares=version.bot.purpose == Purpose.LOOKING_UP,
        may_edit=service.may_mend(work, version),
        wrong=refusal.fields if refusal else {},
        error=translate(refusal.message, **refusal.params) if refusal else "",
    )
    return render(request, "recordings/bot_step.html", shown, status=422 if refusal else 200)
