"""The pages of thresholds: the list, the curve of one type of field that a person moves, setting and putting back."""

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import Invalid
from backoffice.form_designs.shelf import newest_definitions
from backoffice.form_designs.words import TYPES
from backoffice.identity import Permission
from backoffice.intake.handwriting import Seen, by_hand_among, told_of
from backoffice.intake.thresholds import Key, history_of, lines_of
from backoffice.verification import setting, threshold_pages, threshold_queries
from backoffice.verification.threshold_pages import Chart, CurvePage, Known, ThresholdRow, ThresholdsPage
from backoffice.web import Crumb, Reading, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, whole_number
from backoffice.web.lists import address
from backoffice.web.translations import _, translate
from backoffice.work import Work
from forms.field_types import FieldType
from ocr.strata import lowest_kept

SHEETS = Crumb(_("用紙"), "/sheets")
THRESHOLDS = Crumb(_("読取の基準"), "/verify/thresholds")
CURVE = "/verify/thresholds/curve"
USUAL_ERRORS = 20

staff = StaffRouter()


@staff.page("/verify/thresholds", Permission.SHEET_READ)
def thresholds(request: Request, work: Reading) -> HTMLResponse:
    lines = threshold_queries.lines_by_key(work.session, work.actor)
    kept = threshold_queries.settings_by_key(work.session, work.actor)
    codes, departments = {code for _, code, _ in lines}, {department for department, _, _ in lines}
    titles = {code: each.title for code, each in newest_definitions(work.session, codes).items()}
    names = threshold_queries.names_of(work.session, departments)
    by_hand, told = by_hand_among(work.session, codes), told_of(work.session, codes)
    rows = [
        ThresholdRow(
            names[key[0]],
            titles.get(key[1], key[1]),
            _type_name(key),
            _address(key),
            now,
            key in kept and kept[key].threshold is not None,
            told.get(key[1:], Seen()) if key[1] in by_hand else None,
        )
        for key, own in lines.items()
        if (now := threshold_pages.step_now(own, kept.get(key))) is not None
    ]
    shown = ThresholdsPage(title=_("読取の基準"), crumbs=(SHEETS,), rows=rows, several_departments=len(departments) > 1)
    return render(request, "verification/thresholds.html", shown)


@staff.page("/verify/thresholds/curve", Permission.SHEET_READ)
def curve(
    request: Request, work: Reading, department: int = 0, form: str = "", kind: str = "", errors: int = USUAL_ERRORS
) -> Response:
    key = (department, form, kind)
    if not department:
        return go_to("/verify/thresholds")
    threshold_queries.find_department(work.session, work.actor, department)
    page = _curve_page(work, key, errors)
    if page is None:
        return go_to("/verify/thresholds", _("この欄の種類は、台帳にまだありません。"), tone="warning")
    return render(request, "verification/curve.html", page, block="live" if request.headers.get("HX-Request") else "")


@staff.action("/verify/thresholds/curve", Permission.FORM_BUILD)
def set_threshold(request: Request, work: Writing, form: FormData) -> Response:
    key = _own_key(work, form)
    errors, typed = _errors(whole_number(form.get("errors", ""))), form.get("threshold", "")
    try:
        kept = setting.set_threshold(work, key, typed, errors, whole_number(form.get("seen", "")) or 0)
    except Invalid as refusal:
        work.refused = True
        page = _curve_page(work, key, errors, typed, refusal.fields.get("threshold", refusal.message))
        if page is None:
            raise
        return render(request, "verification/curve.html", page, status=422)
    return go_to(_address(key, errors), _("確度%(n)s%%以上を通すことにしました。"), n=kept.threshold)


@staff.action("/verify/thresholds/put-back", Permission.FORM_BUILD)
def put_back(work: Writing, form: FormData) -> Response:
    key = _own_key(work, form)
    setting.put_back(work, key, whole_number(form.get("seen", "")) or 0)
    return go_to(_address(key), _("もとの基準に戻しました。"))


def _own_key(work: Work, form: Mapping[str, str]) -> Key:
    """Give what a posted form is about. Raises NotThere for a department whose forms the person does not build."""
    department = whole_number(form.get("department", "")) or 0
    threshold_queries.find_department(work.session, work.actor, department, Permission.FORM_BUILD)
    return department, form.get("form", ""), form.get("kind", "")


def _curve_page(work: Work, key: Key, errors: int, typed: str = "", problem: str = "") -> CurvePage | None:
    """Give the page of one type of field, None where the ledger has nothing of it."""
    history = history_of(work.session, key)
    known = Known.of(lines_of(work.session, key), history[0] if history else None)
    if known is None:
        return None
    department, code, kind = key
    errors = _errors(errors)
    found = lowest_kept(known.steps, setting.allowed(errors))
    wanted = next((step for step in known.steps if step.threshold == found), None)
    place = threshold_queries.find_department(work.session, work.actor, department, Permission.SHEET_READ)
    definitions = newest_definitions(work.session, {code})
    title = definitions[code].title if code in definitions else code
    by_hand = told_of(work.session, {code}).get((code, kind), Seen()) if by_hand_among(work.session, {code}) else None
    return CurvePage(
        title=_("読取の基準"),
        title_text=translate(_("%(form)sの%(type)s"), form=title, type=translate(_type_name(key))),
        crumbs=(SHEETS, THRESHOLDS),
        department=place.name,
        place={"department": str(department), "form": code, "kind": kind},
        address=_address(key),
        errors=errors,
        most_errors=setting.MOST_ERRORS,
        known=known,
        wanted=wanted,
        chart=Chart.of(known, setting.allowed(errors), wanted),
        rows=threshold_pages.table_of(known, wanted),
        history=history,
        may_set=work.actor.reaches(Permission.FORM_BUILD, place.path),
        typed=typed if problem else str((wanted or known.now).threshold),
        problem=problem,
        by_hand=by_hand,
    )


def _errors(wanted: int | None) -> int:
    return min(max(wanted or USUAL_ERRORS, 1), setting.MOST_ERRORS)


def _type_name(key: Key) -> str:
    return TYPES[FieldType(key[2])][0] if key[2] in set(FieldType) else key[2]


def _address(key: Key, errors: int = 0) -> str:
    params = {"department": str(key[0]), "form": key[1], "kind": key[2], "errors": str(errors or "")}
    return address(CURVE, params)
