"""The page on which a clerk chooses what follows a bot's work, and what the next form is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid
from backoffice.form_designs.shelf import newest_definitions
from backoffice.identity import Permission
from backoffice.recordings import linking, next_work, queries, service
from backoffice.recordings.linking import NextWork
from backoffice.recordings.models import BotVersion
from backoffice.recordings.routes import BOTS
from backoffice.web import Crumb, Page, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.answers_in import label_of
from backoffice.web.forms_in import FormData, whole_number
from backoffice.web.translations import _, translate
from backoffice.work import Work

PREFIX = "to_"
NOTHING: Mapping[str, str] = {}

staff = StaffRouter()


@dataclass(frozen=True, kw_only=True)
class NextWorkPage(Page):
    title_text: str
    version: BotVersion
    bots: Sequence[tuple[str, str]]
    bot: str
    asked: Sequence[tuple[str, str, bool]]
    """Of the next form: key, label, whether it must be told."""
    sources: Sequence[tuple[str, str]]
    mapping: Mapping[str, str]
    may_edit: bool
    wrong: Mapping[str, str]
    error: str


@staff.page("/bots/versions/{bot_version_id}/next", Permission.BOT_VIEW)
def next_of(request: Request, work: Reading, bot_version_id: int, bot: int | None = None) -> HTMLResponse:
    """Show the bot that is named, or the one that is being chosen, and what its form is told."""
    version = queries.find_version(work.session, bot_version_id)
    bot_id = version.next_bot_id or 0 if bot is None else bot
    kept = version.next_mapping or NOTHING if bot_id == version.next_bot_id else None
    return _page(request, work, version, bot_id, kept)


@staff.action("/bots/versions/{bot_version_id}/next", Permission.BOT_TEACH)
def choose(request: Request, work: Writing, bot_version_id: int, form: FormData) -> Response:
    version = queries.find_version(work.session, bot_version_id)
    bot_id = whole_number(form.get("bot", "")) or 0
    mapping = {name.removeprefix(PREFIX): source for name, source in form.items() if name.startswith(PREFIX)}
    following = NextWork(bot_id, mapping) if bot_id else None
    try:
        next_work.choose(work, version, whole_number(form.get("version", "")) or 0, following)
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        again = queries.find_version(work.session, bot_version_id)
        return _page(request, work, again, bot_id, mapping, refusal)
    return go_to(f"/bots/versions/{version.id}", _("次の仕事を保存しました。"))


@staff.action("/bots/versions/{bot_version_id}/taking-over", Permission.BOT_TEACH)
def let_take_over(work: Writing, bot_version_id: int, form: FormData) -> Response:
    version = queries.find_version(work.session, bot_version_id)
    next_work.let_take_over(work, version.bot, takes_over=form.get("takes_over") == "on")
    return go_to(f"/bots/versions/{version.id}", _("仕事の受け継ぎを保存しました。"))


def _page(
    request: Request,
    work: Work,
    version: BotVersion,
    bot_id: int,
    mapping: Mapping[str, str] | None,
    refusal: Invalid | None = None,
) -> HTMLResponse:
    """`mapping` None: of a bot that is only being chosen, what is called the same is proposed."""
    bots = linking.candidates(work.session, version)
    code = next((each.design.code for each in bots if each.id == bot_id), "")
    after = newest_definitions(work.session, [code]).get(code) if code else None
    sources = linking.sources_of(service.definition_of(work, version), service.recording_of(version))
    if mapping is None:
        mapping = linking.matched_by_label(sources, after) if after else NOTHING
    shown = NextWorkPage(
        title=_("次の仕事"),
        title_text=translate(_("%(form)s のロボットの次の仕事"), form=version.bot.design.title),
        crumbs=(BOTS, Crumb(version.bot.design.title, f"/bots/versions/{version.id}")),
        version=version,
        bots=[
            ("0", translate(_("次の仕事はない"))),
            *((str(each.id), f"{each.design.title} ({each.department.name})") for each in bots),
        ],
        bot=str(bot_id) if after else "0",
        asked=[(each.key, label_of(each), each.required) for each in linking.told_of(after)] if after else (),
        sources=[("", translate(_("(入力しない)"))), *sources],
        mapping=dict(mapping),
        may_edit=service.may_mend(work, version),
        wrong=refusal.fields if refusal else {},
        error=translate(refusal.message, **refusal.params) if refusal else "",
    )
    return render(request, "recordings/next_work.html", shown, status=422 if refusal else 200)
