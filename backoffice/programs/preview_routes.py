"""The pages on which a rule meets the city: whom it reaches, in counts, and why it says what it says of one person."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid, NotThere
from backoffice.identity import Permission
from backoffice.programs import asking, conditions, pages, previewing, queries
from backoffice.programs.answer_page import AnswerShown
from backoffice.programs.answering import Answer
from backoffice.programs.models import PreviewLook
from backoffice.programs.rule_pages import VERDICT_CHIPS
from backoffice.programs.version_page import crumbs_to, title_of
from backoffice.web import Reading, SignedIn, StaffRouter, go_to, render
from backoffice.web.forms_in import FormData
from backoffice.web.showing import age_band
from backoffice.web.translations import _, translate
from backoffice.work import Office, Work
from workflows.rules import Verdict
from workflows.rules.facts import WARDS

CHANNELS = {"mail": _("メール"), "line": "LINE", "none": _("登録なし"), "unknown": _("分からない")}

staff = StaffRouter()


@staff.page("/programs/versions/{version_id}/preview", Permission.PROGRAM_PREVIEW)
def preview(request: Request, work: Reading, version_id: int) -> HTMLResponse:
    """Show the look that was made today at the rule as it stands, or offer one."""
    version = queries.find_version(work.session, version_id)
    previewing.must_reach(work, version)
    trouble = ""
    look = None
    try:
        snapshot = previewing.snapshot_for(work)
        look = previewing.look_made(work, version, snapshot)
    except Invalid as missing:
        trouble = missing.message
    shown = pages.PreviewPage(
        title=_("だれに届くかを試算する"),
        title_text=title_of(version),
        crumbs=crumbs_to(version),
        version=version,
        look=look,
        tables=() if look is None else _tables(look),
        left=previewing.looks_left(work, version),
        limit=previewing.LOOKS_AT_A_PROGRAM,
        trouble=trouble,
    )
    return render(request, "programs/preview.html", shown)


@staff.action("/programs/versions/{version_id}/preview", Permission.PROGRAM_PREVIEW)
def look_at_counts(request: Request, actor: SignedIn, version_id: int) -> Response:
    office: Office = request.app.state.office
    previewing.look_at_counts(office, actor, version_id)
    return go_to(f"/programs/versions/{version_id}/preview", _("試算しました。"))


@staff.page("/programs/versions/{version_id}/why", Permission.PROGRAM_WHY)
def ask_why(request: Request, work: Reading, version_id: int) -> HTMLResponse:
    return _why_page(request, work, version_id, {}, None)


@staff.action("/programs/versions/{version_id}/why", Permission.PROGRAM_WHY)
def why(request: Request, actor: SignedIn, version_id: int, form: FormData) -> HTMLResponse:
    """Answer on this page only: an answer about a resident has no address that could be kept or sent."""
    office: Office = request.app.state.office
    wrong: Mapping[str, str] = {}
    answer = None
    try:
        answer = asking.ask_why(office, actor, version_id, form.get("pseudonym", ""), form.get("reason", ""))
    except NotThere as nobody:
        wrong = {"pseudonym": nobody.message}
    except Invalid as refusal:
        wrong = refusal.fields or {"pseudonym": refusal.message}
    with office.look(actor) as work:
        return _why_page(request, work, version_id, form, answer, wrong)


def _why_page(
    request: Request,
    work: Work,
    version_id: int,
    typed: Mapping[str, str],
    answer: Answer | None,
    wrong: Mapping[str, str] | None = None,
) -> HTMLResponse:
    version = queries.find_version(work.session, version_id)
    shown = pages.WhyPage(
        title=_("判定の理由を見る"),
        title_text=title_of(version),
        crumbs=crumbs_to(version),
        version=version,
        answer=None if answer is None else AnswerShown.of(answer),
        left=asking.inquiries_left(work, version.program_id),
        limit=asking.INQUIRIES_AT_A_PROGRAM,
        typed=typed,
        wrong=wrong or {},
    )
    return render(request, "programs/why.html", shown, status=422 if wrong else 200)


def _tables(look: PreviewLook) -> Sequence[pages.CountTable]:
    """Give what a look showed, table by table, in the words of the office."""
    counts: dict[str, Any] = look.shown["counts"]
    wards = {ward.code: conditions.choice_name(ward) for ward in WARDS}
    tables = [
        _table(_("判定ごとの人数"), counts["verdicts"], {str(v): translate(VERDICT_CHIPS[v].text) for v in Verdict}),
        _table(_("該当する人の区"), counts["wards"], wards | {"unknown": translate(_("分からない"))}),
        _table(_("該当する人の年齢"), counts["ages"], {band: _band(band) for band in counts["ages"]}),
        _table(
            _("該当する人への届け方"), counts["channels"], {code: translate(name) for code, name in CHANNELS.items()}
        ),
    ]
    if counts["counted"]:
        ways = {str(way): translate(name) for way, name in conditions.COUNTED.items()}
        tables.append(_table(_("年齢の数え方を変えたときの該当者"), counts["counted"], ways))
    if counts["added"] is not None or counts["dropped"] is not None:
        moved = {"added": translate(_("加わる人")), "dropped": translate(_("外れる人"))}
        tables.append(_table(_("有効な版との違い"), {name: counts[name] for name in moved}, moved))
    return tables


def _table(title: str, cells: Mapping[str, int | None], names: Mapping[str, str]) -> pages.CountTable:
    return pages.CountTable(title, [(names.get(code, code), count) for code, count in cells.items()])


def _band(band: str) -> str:
    return translate(_("分からない")) if band == "unknown" else age_band(band)
