"""The pages of thresholds: dated amounts and tables that rules name, each with its law and who confirmed it."""

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.programs import conditions, pages, queries, thresholds
from backoffice.programs.models import Threshold, ThresholdValue
from backoffice.programs.version_page import PROGRAMS
from backoffice.web import Crumb, MenuItem, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, number_typed, read_day
from backoffice.web.translations import _, language_now, translate
from backoffice.work import Work

MENU = (MenuItem(_("基準額"), "/thresholds", Permission.PROGRAM_VIEW, in_menu=False),)
THRESHOLDS = Crumb(_("基準額"), "/thresholds")

staff = StaffRouter()


@staff.page("/thresholds", Permission.PROGRAM_VIEW)
def all_thresholds(request: Request, work: Reading) -> HTMLResponse:
    return _list(request, work, {}, {})


@staff.action("/thresholds", Permission.THRESHOLD_EDIT)
def begin_threshold(request: Request, work: Writing, form: FormData) -> Response:
    names = form.get("name_ja", ""), form.get("name_en", "")
    is_table = form.get("is_table") == "on"
    try:
        threshold = thresholds.begin_threshold(
            work, form.get("code", ""), names, form.get("unit", ""), is_table=is_table
        )
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        return _list(request, work, form, refusal.fields or {"code": refusal.message})
    return go_to(f"/thresholds/{threshold.id}", _("基準額を起こしました。値を入れてください。"))


@staff.page("/thresholds/{threshold_id}", Permission.PROGRAM_VIEW)
def one_threshold(request: Request, work: Reading, threshold_id: int) -> HTMLResponse:
    return _one(request, work, threshold_id, {}, {})


@staff.action("/thresholds/{threshold_id}/values", Permission.THRESHOLD_EDIT)
def enter_value(request: Request, work: Writing, threshold_id: int, form: FormData) -> Response:
    threshold = queries.find_threshold(work.session, threshold_id)
    try:
        thresholds.enter_value(work, threshold, _read_dated(form, is_table=threshold.is_table))
    except Invalid as refusal:
        work.refused = True
        work.session.rollback()
        return _one(request, work, threshold_id, form, refusal.fields or {"starts": refusal.message})
    return go_to(f"/thresholds/{threshold_id}", _("値を入れました。同じ部署のほかの職員が確かめると使えます。"))


@staff.action("/thresholds/{threshold_id}/values/{value_id}/confirm", Permission.THRESHOLD_EDIT)
def confirm_value(work: Writing, threshold_id: int, value_id: int, form: FormData) -> Response:
    seen = form.get("seen", "")
    thresholds.confirm_value(work, queries.find_threshold(work.session, threshold_id), value_id, seen)
    return go_to(f"/thresholds/{threshold_id}", _("値を確かめました。"))


def _read_dated(form: Mapping[str, str], *, is_table: bool) -> thresholds.Dated:
    starts = read_day(form, "starts")
    ends = read_day(form, "ends") if form.get("ends", "").strip() else None
    content = {"rows": _read_rows(form)} if is_table else {"value": _read_amount(form.get("value", ""), "value")}
    return thresholds.Dated(starts, ends, {"schema": 1, **content}, form.get("legal_reference", ""))


def _read_rows(form: Mapping[str, str]) -> list[list[int]]:
    """Read a table written as lines, 「2 2,100,000」; numbers rise by one. Raises Invalid."""
    lines = [line.replace(":", " ").replace("\t", " ").split() for line in form.get("rows", "").splitlines()]
    read = [[_read_amount(cell, "rows") for cell in line] for line in lines if line]
    first = read[0][0] if read and read[0] else 0
    in_order = all(len(row) == 2 and row[0] == first + place for place, row in enumerate(read))  # noqa: PLR2004 -- number and bound
    if not read or not in_order or len(read) > thresholds.MOST_ROWS:
        raise Invalid(
            _("入力を確認してください"),
            {"rows": _("1行に「人数 金額」を、人数が1つずつ増えるように入れてください。")},
        )
    return read


def _read_amount(text: str, field: str) -> int:
    number = number_typed(text.replace("円", ""))
    if number is None or number > thresholds.LARGEST:
        raise Invalid(_("入力を確認してください"), {field: _("数字だけで入れてください。")})
    return number


def _list(request: Request, work: Work, typed: Mapping[str, str], wrong: Mapping[str, str]) -> HTMLResponse:
    found = queries.list_thresholds(work.session)
    rows = [
        pages.ThresholdRow(
            each, _row(work, each, now) if (now := thresholds.holding(each, work.today)) else None, _name(each)
        )
        for each in found
    ]
    shown = pages.ThresholdsPage(
        title=_("基準額"),
        crumbs=(PROGRAMS,),
        rows=rows,
        may_edit=work.actor.may(Permission.THRESHOLD_EDIT),
        typed=typed,
        wrong=wrong,
    )
    return render(request, "programs/thresholds.html", shown, status=422 if wrong else 200)


def _one(
    request: Request, work: Work, threshold_id: int, typed: Mapping[str, str], wrong: Mapping[str, str]
) -> HTMLResponse:
    threshold = queries.find_threshold(work.session, threshold_id)
    shown = pages.ThresholdPage(
        title=_("基準額"),
        title_text=_name(threshold),
        crumbs=(PROGRAMS, THRESHOLDS),
        threshold=threshold,
        rows=[_row(work, threshold, value) for value in reversed(threshold.values)],
        may_edit=thresholds.may_edit(work, threshold),
        typed=typed,
        wrong=wrong,
    )
    return render(request, "programs/threshold.html", shown, status=422 if wrong else 200)


def _row(work: Work, threshold: Threshold, value: ThresholdValue) -> pages.ValueRow:
    return pages.ValueRow(
        id=value.id,
        starts=value.starts,
        ends=value.ends,
        text=_in_words(threshold, value),
        legal_reference=value.legal_reference,
        is_confirmed=value.confirmed_by_id is not None,
        may_confirm=thresholds.may_confirm(work, threshold, value),
        fingerprint=thresholds.fingerprint_of(value),
    )


def _in_words(threshold: Threshold, value: ThresholdValue) -> str:
    if not threshold.is_table:
        return conditions.amount(value.content["value"], threshold.unit)
    rows = [
        translate(_("%(key)s人 %(bound)s"), key=key, bound=conditions.amount(bound, threshold.unit))
        for key, bound in value.content["rows"]
    ]
    return (", " if language_now() == "en" else "、").join(rows)


def _name(threshold: Threshold) -> str:
    return threshold.name_en if language_now() == "en" else threshold.name_ja
