"""The start page, with what awaits the person and the hours saved; and the head's page of confirmed minutes."""

from decimal import Decimal, InvalidOperation

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.automation import queries as automation
from backoffice.automation.workflow import ItemState
from backoffice.errors import Invalid
from backoffice.identity import Actor, Permission
from backoffice.indicators import pages, queries, service
from backoffice.indicators.rules import CITY_FIGURES, HoursSaved
from backoffice.intake import queries as intake
from backoffice.web import Crumb, MenuItem, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData
from backoffice.web.translations import _, translate
from backoffice.work import Work
from forms import catalogue
from forms.problems import NotNormalError
from forms.wareki import parse_date
from forms.widths import plain

MENU = (MenuItem(_("削減時間"), "/indicators/minutes", Permission.INDICATOR_VIEW),)

staff = StaffRouter()


@staff.page("/", Permission.HOME_VIEW)
def home(request: Request, work: Reading) -> HTMLResponse:
    saved = None
    if work.actor.may(Permission.INDICATOR_VIEW):
        saved = queries.saved(work.session, work.actor, queries.figures_of(work.session, work.actor))
    page = pages.HomePage(title=_("はじめの画面"), waiting=_waiting(work), saved=saved, bars=_bars(saved))
    return render(request, "indicators/home.html", page)


@staff.page("/indicators/minutes", Permission.INDICATOR_VIEW)
def minutes(request: Request, work: Reading) -> HTMLResponse:
    return render(request, "indicators/minutes.html", _minutes_page(work))


@staff.action("/indicators/minutes", Permission.INDICATOR_CONFIRM)
def confirm_minutes(request: Request, work: Writing, form: FormData) -> Response:
    try:
        _confirm(work, form)
    except Invalid as refusal:
        work.refused = True
        page = _minutes_page(work, dict(form), refusal.fields)
        return render(request, "indicators/minutes.html", page, status=422)
    return go_to("/indicators/minutes", _("1件あたりの分数を確認しました。"))


def _confirm(work: Work, form: FormData) -> None:
    wrong: dict[str, str] = {}
    try:
        per_item = Decimal(plain(form.get("minutes", "")))
    except InvalidOperation:
        wrong["minutes"] = _("数字で入れてください。例 12.5")
    try:
        valid_from = parse_date(form.get("valid_from", ""))
    except NotNormalError:
        wrong["valid_from"] = _("日付を「令和8年4月1日」や「2026/4/1」の形で入れてください。")
    if wrong:
        raise Invalid(_("入力を確認してください"), wrong)
    department_id = int(form.get("department", "0")) if form.get("department", "0").isdecimal() else 0
    procedure = catalogue.find(form.get("procedure", "")).definition.code
    service.confirm_minutes(work, department_id, procedure, per_item, valid_from, form.get("basis", ""))


def _waiting(work: Work) -> list[pages.Waiting]:
    actor: Actor = work.actor
    found: list[pages.Waiting] = []
    if actor.may(Permission.SHEET_VERIFY):
        count = intake.count_waiting(work.session, actor)
        found.append(pages.Waiting(_("確認を待つ用紙"), count, _("枚"), "/verify"))
    if actor.may(Permission.ITEM_SETTLE):
        awaiting = automation.count_for_people(work.session, actor, Permission.ITEM_SETTLE)
        unknown = awaiting.pop(ItemState.UNKNOWN)
        exceptions = sum(awaiting.values())
        found.append(pages.Waiting(_("人の判断を待つ入力"), exceptions, _("件"), "/exceptions", urgent=exceptions > 0))
        found.append(pages.Waiting(_("結果不明の入力"), unknown, _("件"), "/exceptions", urgent=unknown > 0))
    if actor.may(Permission.NIGHT_VIEW):
        count = automation.count_waiting(work.session, actor)
        found.append(pages.Waiting(_("今夜の入力を待つ件"), count, _("件"), "/nights"))
    return found


def _bars(saved: HoursSaved | None) -> list[pages.Bar]:
    bars = [pages.Bar(translate(figure.label), figure.hours, figure.planned) for figure in CITY_FIGURES]
    if saved is not None:
        bars.append(pages.Bar(translate(_("技助の実績")), max(0.0, float(saved.hours)), planned=False))
    return bars


def _minutes_page(
    work: Work, typed: dict[str, str] | None = None, wrong: dict[str, str] | None = None
) -> pages.MinutesPage:
    headed = queries.headed_departments(work.session, work.actor)
    return pages.MinutesPage(
        title=_("削減時間"),
        crumbs=(Crumb(_("はじめの画面"), "/"),),
        figures=queries.figures_of(work.session, work.actor),
        departments=[(department.id, department.name) for department in headed],
        procedures=[(form.definition.code, form.definition.title) for form in catalogue.every_form()],
        typed=typed or {},
        wrong=wrong or {},
    )
