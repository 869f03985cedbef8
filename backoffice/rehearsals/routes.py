"""The pages of rehearsals: choosing what is tried, the run step by step, which of tonight's records would not fit."""

from collections.abc import Mapping, Sequence

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.automation.pages import address_of
from backoffice.automation.queries import target_of_procedure
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.recordings import proposing
from backoffice.recordings.models import BotVersion
from backoffice.recordings.queries import find_version
from backoffice.recordings.routes import BOTS
from backoffice.recordings.service import definition_of, must_teach, recording_of
from backoffice.rehearsals import pages, queries, service, trials
from backoffice.rehearsals.events import QueueChecked, RehearsalPictureSeen, RehearsalSeen
from backoffice.rehearsals.models import Rehearsal
from backoffice.rehearsals.workflow import WHY_NAMES, RehearsalState, WhyEnded
from backoffice.web import Crumb, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData
from backoffice.web.translations import _, translate
from backoffice.work import Work
from rpa_bots.recording.rehearsing import Verdict
from rpa_bots.recording.tape.mending import numbers_of

DIFFERED = frozenset({Verdict.PROPOSED, Verdict.STOPPED})

staff = StaffRouter()


@staff.page("/bots/versions/{bot_version_id}/rehearsals", Permission.BOT_TEACH)
def rehearsals(request: Request, work: Reading, bot_version_id: int) -> HTMLResponse:
    version = find_version(work.session, bot_version_id)
    return _rehearsals(request, work, version)


@staff.action("/bots/versions/{bot_version_id}/rehearsals", Permission.BOT_TEACH)
def ask(request: Request, work: Writing, bot_version_id: int, form: FormData) -> Response:
    version = find_version(work.session, bot_version_id)
    chosen, typed = _numbers(form)
    try:
        rehearsal = service.ask(work, version, [*chosen, *_split(typed)])
    except Invalid as refusal:
        work.refused = True
        return _rehearsals(request, work, version, chosen, typed, refusal)
    return go_to(f"/rehearsals/{rehearsal.id}", _("練習を始めます。"))


@staff.action("/bots/versions/{bot_version_id}/trials", Permission.NIGHT_RUN)
def try_out(request: Request, work: Writing, bot_version_id: int, form: FormData) -> Response:
    """Have a version that waits for its release register a few real items, each confirmed by a person."""
    version = find_version(work.session, bot_version_id)
    chosen, typed = _numbers(form)
    try:
        night = trials.start(work, version, [*chosen, *_split(typed)])
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        version = find_version(work.session, bot_version_id)
        return _rehearsals(request, work, version, chosen, typed, refusal)
    return go_to(address_of(night), _("公開前の試しを始めました。1件ごとに確かめ、「次へ」で進みます。"))


def _numbers(form: Mapping[str, str]) -> tuple[list[str], str]:
    """Give the records that were ticked, and what else was typed."""
    return [name.removeprefix("record_") for name in form if name.startswith("record_")], form.get(
        "numbers", ""
    ).strip()


def _split(typed: str) -> list[str]:
    return typed.replace("、", " ").replace(",", " ").split()


@staff.page("/rehearsals/{rehearsal_id}", Permission.BOT_TEACH)
def one_rehearsal(request: Request, work: Reading, rehearsal_id: int) -> HTMLResponse:
    rehearsal = queries.find_rehearsal(work.session, work.actor, rehearsal_id)
    shown = _rehearsal_page(work, rehearsal)
    if any(row.letters for row in shown.rows) and not request.headers.get("HX-Request"):
        work.seen(RehearsalSeen(rehearsal.id))  # once a page, not every two seconds
    block = "live" if request.headers.get("HX-Request") else ""
    return render(request, "rehearsals/rehearsal.html", shown, block=block)


@staff.action("/rehearsals/{rehearsal_id}/stop", Permission.BOT_TEACH)
def stop(work: Writing, rehearsal_id: int) -> Response:
    rehearsal = queries.find_rehearsal(work.session, work.actor, rehearsal_id)
    service.stop(work, rehearsal)
    if rehearsal.state == RehearsalState.STOPPING:
        return go_to(f"/rehearsals/{rehearsal_id}", _("いまの手順が終わったところで止まります。"))
    return go_to(f"/rehearsals/{rehearsal_id}", _("練習を止めました。"))


@staff.page("/rehearsals/{rehearsal_id}/evidence/{rehearsed_step_id}", Permission.BOT_TEACH)
def picture(work: Reading, rehearsal_id: int, rehearsed_step_id: int) -> Response:
    rehearsal = queries.find_rehearsal(work.session, work.actor, rehearsal_id)
    step = queries.find_picture(work.session, rehearsal, rehearsed_step_id)
    work.seen(RehearsalPictureSeen(rehearsal.id, step.id))
    content = work.office.files.read(step.file) if step.file else b""
    return Response(content, media_type="image/png", headers={"Cache-Control": "private, no-store"})


@staff.page("/bots/versions/{bot_version_id}/queue", Permission.BOT_TEACH)
def queue(request: Request, work: Reading, bot_version_id: int) -> HTMLResponse:
    version = find_version(work.session, bot_version_id)
    checked = service.check_queue(work, version)
    if checked.unfit:
        work.seen(QueueChecked(version.id, checked.count, len(checked.unfit)))
    shown = pages.QueuePage(
        title=_("入力待ちの確かめ"),
        title_text=_title(version),
        crumbs=(BOTS, _crumb(version)),
        version=version,
        count=checked.count,
        unfit=len(checked.unfit),
        rows=pages.unfit_rows(checked.unfit[: service.SHOWN_AT_MOST], checked.definition),
        knows=checked.knows,
        left_off=checked.left_off,
    )
    return render(request, "rehearsals/queue.html", shown)


def _rehearsals(
    request: Request,
    work: Work,
    version: BotVersion,
    chosen: Sequence[str] = (),
    typed: str = "",
    refusal: Invalid | None = None,
) -> HTMLResponse:
    must_teach(work.actor, version.bot.department)
    target = target_of_procedure(work.session, version.bot.design.code)
    shown = pages.RehearsalsPage(
        title=_("ロボットの練習"),
        title_text=_title(version),
        crumbs=(BOTS, _crumb(version)),
        version=version,
        target=target,
        missing=service.why_not(work, version, target) or "",
        trials=trials.trials_of(work.session, version.id),
        may_try=trials.may_try(work.actor, version, target),
        candidates=queries.candidates(work.session, work.actor, target, version.bot.design_id),
        chosen=chosen,
        typed=typed,
        wrong=refusal.fields if refusal else {},
        error=translate(refusal.message, **refusal.params) if refusal else "",
        rows=[
            pages.RehearsalRow.of(each, silent=_is_silent(work, each))
            for each in queries.recent_of(work.session, version.id)
        ],
    )
    return render(request, "rehearsals/rehearsals.html", shown, status=422 if refusal else 200)


def _rehearsal_page(work: Work, rehearsal: Rehearsal) -> pages.RehearsalPage:
    version, silent = rehearsal.version_done, _is_silent(work, rehearsal)
    recording, definition = recording_of(version), definition_of(work, version)
    why = WhyEnded.BROKEN_OFF if silent else rehearsal.why_ended
    moving = rehearsal.state != RehearsalState.ENDED and not silent
    differed = any(step.verdict in DIFFERED for row in rehearsal.rows for step in row.steps)
    proposals = (
        [] if moving or not differed else proposing.beside(proposing.list_of(work.session, version.bot_id), recording)
    )
    return pages.RehearsalPage(
        title=_("ロボットの練習"),
        title_text=_title(version),
        crumbs=(BOTS, _crumb(version), Crumb(_("ロボットの練習"), f"/bots/versions/{version.id}/rehearsals")),
        rehearsal=rehearsal,
        version=version,
        chip=pages.chip_of(rehearsal, silent=silent),
        why=WHY_NAMES[WhyEnded(why)] if why else "",
        rows=[pages.SeenRow.of(row, recording, definition, moving=moving) for row in rehearsal.rows],
        steps=len(numbers_of(recording)),
        moving=moving,
        proposes=any(each.may_be_taken for each in proposals),
    )


def _is_silent(work: Work, rehearsal: Rehearsal) -> bool:
    return rehearsal.state != RehearsalState.ENDED and queries.is_silent(rehearsal, work.now)


def _title(version: BotVersion) -> str:
    return translate(_("%(form)s のロボット 第%(number)s版"), form=version.bot.design.title, number=version.number)


def _crumb(version: BotVersion) -> Crumb:
    return Crumb(_("この版"), f"/bots/versions/{version.id}")
