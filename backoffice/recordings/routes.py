"""The pages of recorded bots: the list, bringing a recording in, mending its steps, sending it on its route."""

import json
from collections.abc import Mapping
from typing import Annotated

from fastapi import File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.inbox.kinds import KINDS
from backoffice.recordings import comparing, marks_in, pages, proposing, queries, service
from backoffice.recordings.models import BotVersion
from backoffice.recordings.sampling import sample_of
from backoffice.recordings.workflow import CHIPS, MAY_BE_REHEARSED, PURPOSES, BotState, Purpose
from backoffice.web import Crumb, MenuItem, Reading, SignedIn, StaffRouter, Writing, go_to, render
from backoffice.web.answers_in import check_answers, sentence
from backoffice.web.forms_in import FormData, whole_number
from backoffice.web.lists import Paging
from backoffice.web.translations import _, translate
from backoffice.work import Office, Work
from forms import catalogue
from forms.field_types import Value
from rpa_bots.recording.tape.mending import Wish, proof_in
from rpa_bots.recording.tape.reading import BYTES_AT_MOST
from rpa_bots.recording.tape.steps import Recording
from workflows.routes import RouteKind

MENU = (MenuItem(_("録画ロボット"), "/bots", Permission.BOT_VIEW),)
BOTS = Crumb(_("録画ロボット"), "/bots")
ANSWERS = ("target", "work", "items", "test_result")
NAME_LIMIT = 100
NOTHING: Mapping[str, str] = {}

staff = StaffRouter()


@staff.page("/bots", Permission.BOT_VIEW)
def bots(request: Request, work: Reading, page: int = 1) -> HTMLResponse:
    paging = Paging("/bots", queries.count_bots(work.session), page)
    found = queries.list_bots(work.session, paging.offset)
    proposals = proposing.count_open(work.session, [bot.id for bot in found])
    shown = pages.BotsPage(
        title=_("録画ロボット"),
        rows=[pages.BotRow.of(bot, proposals.get(bot.id, 0)) for bot in found],
        paging=paging,
        may_teach=work.actor.may(Permission.BOT_TEACH),
    )
    return render(request, "recordings/bots.html", shown)


@staff.page("/bots/new", Permission.BOT_TEACH)
def new_bot(request: Request, work: Reading, design: str = "") -> HTMLResponse:
    return _new(request, work, {"design": design, "sample": "", "purpose": Purpose.KEYING})


@staff.action("/bots", Permission.BOT_TEACH, files=1)
def bring(
    request: Request,
    actor: SignedIn,
    file: Annotated[UploadFile, File()],
    design: Annotated[str, Form()] = "",
    sample: Annotated[str, Form()] = "",
    purpose: Annotated[Purpose, Form()] = Purpose.KEYING,
) -> Response:
    """The file itself is kept nowhere: it holds what was typed while recording."""
    office: Office = request.app.state.office
    try:
        with office.unit(actor) as work:
            form, definition, written = sample_of(work, whole_number(design) or 0, sample.strip())
        recording = service.read(file.file.read(BYTES_AT_MOST + 1), service.known_by(definition, written))
        with office.unit(actor) as work:
            version = service.bring(work, form, recording, purpose)
    except Invalid as refusal:
        with office.look(actor) as work:
            typed = {"design": design, "sample": sample, "purpose": purpose}
            return _new(request, work, typed, translate(refusal.message, **refusal.params))
    return go_to(f"/bots/versions/{version.id}", _("録画を取り込み、入力した値は捨てました。手順を確かめてください。"))


@staff.page("/bots/versions/{bot_version_id}", Permission.BOT_VIEW)
def one_version(request: Request, work: Reading, bot_version_id: int) -> HTMLResponse:
    return _version(request, work, queries.find_version(work.session, bot_version_id))


@staff.action("/bots/versions/{bot_version_id}", Permission.BOT_TEACH)
def mend(request: Request, work: Writing, bot_version_id: int, form: FormData) -> Response:
    version = queries.find_version(work.session, bot_version_id)
    try:
        service.mend(work, version, whole_number(form.get("version", "")) or 0, _wish(form))
    except Invalid as refusal:
        work.refused = True
        return _version(request, work, version, form, refusal)
    return go_to(f"/bots/versions/{version.id}", _("手順を保存しました。"))


@staff.action("/bots/versions/{bot_version_id}/submit", Permission.BOT_TEACH)
def submit(request: Request, work: Writing, bot_version_id: int, form: FormData) -> Response:
    version = queries.find_version(work.session, bot_version_id)
    typed = {name: form.get(name, "").strip() for name in ANSWERS}
    try:
        case = service.submit(work, version, whole_number(form.get("version", "")) or 0, _answered(version, typed))
    except Invalid as refusal:
        work.refused = True
        return _version(request, work, version, typed, refusal)
    return go_to(f"/cases/{case.id}", _("公開を起案しました。"))


@staff.action("/bots/versions/{bot_version_id}/discard", Permission.BOT_TEACH)
def discard(work: Writing, bot_version_id: int, form: FormData) -> Response:
    version = queries.find_version(work.session, bot_version_id)
    service.discard(work, version, whole_number(form.get("version", "")) or 0)
    return go_to("/bots", _("下書きを取りやめました。"))


@staff.action("/bots/versions/{bot_version_id}/again", Permission.BOT_TEACH)
def take_up(work: Writing, bot_version_id: int) -> Response:
    version = service.take_up(work, queries.find_version(work.session, bot_version_id))
    return go_to(f"/bots/versions/{version.id}", _("この版から新しい下書きを作りました。"))


@staff.action("/bots/versions/{bot_version_id}/proposals", Permission.BOT_TEACH)
def take_in(work: Writing, bot_version_id: int, form: FormData) -> Response:
    """A version that is being mended takes proposals in; from any other one a draft is begun that has them."""
    version = queries.find_version(work.session, bot_version_id)
    chosen = _chosen_proposals(form)
    if service.may_mend(work, version):
        proposing.take_in(work, version, whole_number(form.get("version", "")) or 0, chosen)
        return go_to(f"/bots/versions/{version.id}", _("提案を取り入れました。"))
    draft = proposing.take_up_with(work, version, chosen)
    return go_to(f"/bots/versions/{draft.id}", _("提案を取り入れた下書きを作りました。確かめて起案してください。"))


@staff.action("/bots/versions/{bot_version_id}/proposals/dismiss", Permission.BOT_TEACH)
def dismiss(work: Writing, bot_version_id: int, form: FormData) -> Response:
    version = queries.find_version(work.session, bot_version_id)
    proposing.dismiss(work, version, _chosen_proposals(form))
    return go_to(f"/bots/versions/{version.id}", _("提案を見送りました。見つけた回数は数え続けます。"))


@staff.action("/bots/versions/{bot_version_id}/proposals/{bot_proposal_id}/again", Permission.BOT_TEACH)
def want_again(work: Writing, bot_version_id: int, bot_proposal_id: int) -> Response:
    version = queries.find_version(work.session, bot_version_id)
    proposing.want_again(work, version, bot_proposal_id)
    return go_to(f"/bots/versions/{version.id}", _("提案に戻しました。"))


def _chosen_proposals(form: FormData) -> set[int]:
    return {whole_number(name.removeprefix("proposal_")) or 0 for name in form if name.startswith("proposal_")}


@staff.action("/bots/versions/{bot_version_id}/proposals/{bot_proposal_id}/back", Permission.BOT_TEACH)
def put_back(work: Writing, bot_version_id: int, bot_proposal_id: int, form: FormData) -> Response:
    version = queries.find_version(work.session, bot_version_id)
    proposing.put_back(work, version, whole_number(form.get("version", "")) or 0, bot_proposal_id)
    return go_to(f"/bots/versions/{version.id}", _("元の見つけ方に戻しました。"))


@staff.page("/bots/versions/{bot_version_id}/export.json", Permission.BOT_VIEW)
def take_out(work: Reading, bot_version_id: int) -> Response:
    """Hand the recording out as the browser's Recorder takes it in again: without a value of anybody."""
    version = queries.find_version(work.session, bot_version_id)
    content = json.dumps(version.recording["recording"], ensure_ascii=False, indent=2)
    name = f"recording-{version.bot_id}-{version.number}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/json", headers=headers)


def _answered(version: BotVersion, typed: Mapping[str, str]) -> Mapping[str, Value]:
    """Read what is said of a release, by the form that the route's case has. Raises Invalid."""
    definition = catalogue.definition(KINDS[RouteKind.BOT_RELEASE].form_code)
    checked = check_answers(definition, {"bot": version.bot.design.title[:NAME_LIMIT], **typed})
    if checked.refusing:
        wrong = {key: sentence(problem) for key, problem in checked.refusing.items()}
        raise Invalid(_("入力を確認してください"), wrong)
    return checked.values


def _wish(form: Mapping[str, str]) -> Wish:
    values: dict[int, str] = {}
    for name, put in form.items():
        place = whole_number(name.removeprefix("put_")) if name.startswith("put_") else None
        if place is not None:
            values[place] = form.get(f"text_{place}", "") if put == pages.CONSTANT else put
    places = (whole_number(name.removeprefix("drop_")) for name in form if name.startswith("drop_"))
    return Wish(
        values,
        frozenset(place for place in places if place is not None),
        whole_number(form.get("register", "")),
        tuple(line.strip() for line in form.get("dialogs", "").splitlines() if line.strip()),
        form.get("proof", "").strip(),
        marks_in.looking_of(form),
    )


def _new(request: Request, work: Work, typed: Mapping[str, str], wrong: str = "") -> HTMLResponse:
    shown = pages.NewBotPage(
        title=_("録画を取り込む"),
        crumbs=(BOTS,),
        purposes=[(str(each), translate(name)) for each, name in PURPOSES.items()],
        forms=pages.forms_of(queries.forms_to_teach(work.session, work.actor)),
        typed=typed,
        wrong=wrong,
    )
    return render(request, "recordings/new_bot.html", shown, status=422 if wrong else 200)


def _version(
    request: Request,
    work: Work,
    version: BotVersion,
    typed: Mapping[str, str] = NOTHING,
    refusal: Invalid | None = None,
) -> HTMLResponse:
    """`typed`: what was refused, of the steps (which then say `proof`) or of the release."""
    recording = service.recording_of(version)
    definition = service.definition_of(work, version)
    rows, mends = pages.StepRow.all_of(recording, definition), "proof" in typed
    looking = marks_in.looking_of(typed) if mends else marks_in.look_of(recording)
    mine = service.may_teach(work.actor, version.bot.department)
    others = [each for each in queries.versions_of(work.session, version.bot_id) if each.id != version.id]
    under_way = queries.draft_of(work.session, version.bot_id) is not None
    before = queries.compared_with(work.session, version)
    choices = pages.choices_of(definition)
    shown = pages.VersionPage(
        title=_("録画ロボット"),
        title_text=translate(
            _("%(form)s のロボット 第%(number)s版"), form=version.bot.design.title, number=version.number
        ),
        crumbs=(BOTS,),
        version=version,
        chip=CHIPS[BotState(version.state)],
        rows=[row.as_typed(typed) for row in rows] if mends else rows,
        columns=choices,
        dialogs=typed.get("dialogs", pages.dialogs_in(recording)),
        proof=typed.get("proof", proof_in(recording)),
        looks=looking is not None,
        nothing=looking.nothing if looking else "",
        list=looking.list if looking else "",
        lists=pages.lists_of(queries.forms_to_teach(work.session, work.actor)),
        purpose=PURPOSES[Purpose(version.bot.purpose)],
        problems=[translate(message, **about) for message, about in service.problems_in(work, version)],
        proposals=pages.ProposalRow.all_of(_proposals(work, version, recording), recording),
        may_rehearse=mine and version.state in MAY_BE_REHEARSED,
        versions=[(each, CHIPS[BotState(each.state)]) for each in others],
        before=before.number if before else None,
        differences=[
            *comparing.sentences(service.recording_of(before), recording, dict(choices)),
            *comparing.of_next_work(before, version),
        ]
        if before
        else [],
        next_title=version.next_bot.design.title if version.next_bot else "",
        may_let_take_over=mine,
        may_edit=service.may_mend(work, version),
        may_submit=mine and version.state == BotState.DRAFT,
        may_take_up=mine and not under_way,
        typed={name: typed.get(name, "") for name in ANSWERS},
        wrong=refusal.fields if refusal else {},
        error=translate(refusal.message, **refusal.params) if refusal else "",
    )
    return render(request, "recordings/bot_version.html", shown, status=422 if refusal else 200)


def _proposals(work: Work, version: BotVersion, recording: Recording) -> list[proposing.Shown]:
    """What a version that nobody can use any more might have been is of no interest."""
    if version.state not in MAY_BE_REHEARSED:
        return []
    return proposing.beside(proposing.list_of(work.session, version.bot_id), recording)
