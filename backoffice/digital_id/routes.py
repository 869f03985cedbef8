"""The counter of a facility, where a digital ID is checked, and the DX office's page about all of them."""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import File, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, Response

from backoffice.digital_id import checking, pages, queries, service
from backoffice.digital_id.checking import Answer
from backoffice.digital_id.keys import believed_keys, newest_key, waiting_key
from backoffice.digital_id.names import CAUSES
from backoffice.digital_id.workflow import BY_STAFF, Cause
from backoffice.errors import Invalid, NotThere
from backoffice.identity import Permission
from backoffice.web import MenuItem, Reading, SignedIn, StaffRouter, Writing, go_to, render
from backoffice.web.forms_in import FormData, whole_number
from backoffice.web.lists import Tab
from backoffice.web.qr import Qr
from backoffice.web.translations import _, language_now, translate
from backoffice.work import Office, Work
from forms.widths import plain
from ocr.decode import decode
from ocr.markers import codes_on
from ocr.refusal import PageRefusedError
from workflows.credentials.rules import RULES, CheckRule

MENU = (
    MenuItem(_("デジタルIDの確認"), "/digital-id/check", Permission.DIGITAL_ID_CHECK),
    MenuItem(_("デジタルID"), "/digital-id", Permission.DIGITAL_ID_MANAGE),
)
FIRST_RULE = next(iter(RULES))
NOTHING: Mapping[str, str] = {}
NO_CODE = _("写真にデジタルIDの2次元コードが見つかりません。")

staff = StaffRouter()


@staff.page("/digital-id/check", Permission.DIGITAL_ID_CHECK)
def checker(request: Request, work: Reading, rule: str = FIRST_RULE) -> HTMLResponse:
    block = "question" if request.headers.get("HX-Request") else ""
    return _checker_page(request, work, _rule(rule), block=block)


@staff.action("/digital-id/check", Permission.DIGITAL_ID_CHECK)
def check(request: Request, work: Writing, form: FormData) -> HTMLResponse:
    """Answer on the page itself: nothing is kept that an address could show again."""
    rule = _rule(form.get("rule", ""))
    return _checker_page(request, work, rule, checking.check(work, rule, form.get("shown", "")))


@staff.action("/digital-id/check/picture", Permission.DIGITAL_ID_CHECK, files=1)
def check_picture(
    request: Request, actor: SignedIn, picture: Annotated[UploadFile, File()], rule: Annotated[str, Form()] = ""
) -> HTMLResponse:
    """The picture is read before the unit opens, and is not kept."""
    office: Office = request.app.state.office
    asked = _rule(rule)
    try:
        shown = _code_on(picture.file.read(office.settings.upload_limit_bytes + 1))
    except Invalid as refusal:
        with office.look(actor) as work:
            return _checker_page(request, work, asked, Answer.ONCE_MORE, refusal.message)
    with office.unit(actor) as work:
        return _checker_page(request, work, asked, checking.check(work, asked, shown))


@staff.page("/digital-id", Permission.DIGITAL_ID_MANAGE)
def office_page(request: Request, work: Reading) -> HTMLResponse:
    return _office_page(request, work, NOTHING, NOTHING)


@staff.action("/digital-id/revoke", Permission.DIGITAL_ID_MANAGE)
def revoke(request: Request, work: Writing, form: FormData) -> Response:
    cause = form.get("cause", "")
    if cause not in BY_STAFF:
        work.refused = True
        return _office_page(request, work, form, {"cause": _("理由を選んでください。")})
    try:
        row = service.revoke(work, plain(form.get("number", "")).strip().lower(), Cause(cause))
    except NotThere:
        work.refused = True
        return _office_page(request, work, form, {"number": _("この番号のデジタルIDはありません。")})
    return go_to(
        "/digital-id",
        _("デジタルID %(number)s を失効させました。1分以内にどこでも使えなくなります。"),
        number=row.number,
    )


@staff.action("/digital-id/key", Permission.DIGITAL_ID_MANAGE)
def propose_key(work: Writing) -> Response:
    service.propose_key(work)
    return go_to("/digital-id", _("鍵を作りました。別の職員が確かめると、署名に使われます。"))


@staff.action("/digital-id/key/confirm", Permission.DIGITAL_ID_MANAGE)
def confirm_key(work: Writing, form: FormData) -> Response:
    service.confirm_key(work, whole_number(form.get("key", "")) or 0)
    return go_to("/digital-id", _("署名の鍵を新しくしました。前の鍵で署名したものは、期限まで使えます。"))


@staff.action("/digital-id/stop", Permission.DIGITAL_ID_MANAGE)
def stop_signing(work: Writing) -> Response:
    service.stop_signing(work)
    return go_to("/digital-id", _("すべてのデジタルIDを使えなくしました。ほかの担当の全員に知らせました。"))


def _rule(code: str) -> CheckRule:
    if code not in RULES:
        raise NotThere("お探しの記録は見つかりませんでした。")
    return RULES[code]


def _code_on(content: bytes) -> str:
    """Give what the first code of a presentation's form on a picture says. Raises Invalid."""
    try:
        found = codes_on(decode(content))
    except PageRefusedError as refusal:
        raise Invalid(refusal.reason) from refusal
    shown = next((each for each in found if "~" in each), None)
    if shown is None:
        raise Invalid(NO_CODE)
    return shown


def _checker_page(
    request: Request,
    work: Work,
    rule: CheckRule,
    answer: Answer | None = None,
    picture_wrong: str = "",
    block: str = "",
) -> HTMLResponse:
    asked = checking.question(work, rule)
    shown = pages.CheckerPage(
        title=_("デジタルIDの確認"),
        rules=[Tab(_name(each), _address(each), current=each is rule) for each in RULES.values()],
        rule_code=rule.code,
        rule_name=_name(rule),
        drawn=Qr.of(asked.address),
        address=asked.address,
        nonce=asked.nonce,
        refresh_address=_address(rule),
        verdict=pages.VERDICTS[answer] if answer else None,
        picture_wrong=picture_wrong,
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if answer is Answer.ONCE_MORE else HTTPStatus.OK
    return render(request, "digital_id/checker.html", shown, block=block, status=status)


def _office_page(request: Request, work: Work, typed: Mapping[str, str], wrong: Mapping[str, str]) -> HTMLResponse:
    today: date = work.today
    live, expired, revoked = queries.standing(work.session, today)
    counts = queries.checks_by_rule(work.session)
    key, waiting = newest_key(work), waiting_key(work)
    shown = pages.OfficePage(
        title=_("デジタルID"),
        live=live,
        expired=expired,
        revoked=revoked,
        checks=[pages.CheckCount(_name(rule), *counts.get(code, (0, 0))) for code, rule in RULES.items()],
        key_id=key.id if key else 0,
        key_name=key.name if key else "",
        key_made_at=key.made_at if key else None,
        waiting_id=waiting.id if waiting else 0,
        waiting_name=waiting.name if waiting else "",
        may_confirm=waiting is not None and waiting.made_by_id != work.actor.staff_id,
        stopped=key is None and queries.stopped_at(work.session) is not None,
        older_keys=max(0, len(believed_keys(work, today)) - 1),
        causes=[("", translate(_("選んでください"))), *((str(each), translate(CAUSES[each])) for each in BY_STAFF)],
        typed=typed,
        wrong=wrong,
    )
    return render(request, "digital_id/office.html", shown, status=422 if wrong else 200)


def _name(rule: CheckRule) -> str:
    return rule.en if language_now() == "en" else rule.ja


def _address(rule: CheckRule) -> str:
    return f"/digital-id/check?rule={rule.code}"
