"""The pages of the second factor: the only ones that are open between the password and the proof."""

from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from backoffice.accounts.cookies import device_of, hand_over
from backoffice.accounts.inputs import safe_next
from backoffice.accounts.second_factor import codes, keys, pages, service
from backoffice.accounts.second_factor.inputs import CodeInput, KeyInput
from backoffice.accounts.second_factor.queries import held_by
from backoffice.errors import Invalid, Refusal, TooSoon
from backoffice.identity import Permission
from backoffice.web import Crumb, Reading, StaffRouter, Writing, render
from backoffice.web.qr import Qr
from backoffice.web.translations import _
from backoffice.work import Work

WRONG, TOO_SOON = 422, 429
WRONG_CODE = _("コードが違うか、もう使われています。次に表示されるコードを入れてください。")
WRONG_KEY = _("セキュリティキーを確かめられませんでした。もう一度やり直してください。")
NO_NEW_KEY = _("セキュリティキーを登録できませんでした。もう一度やり直してください。")
JSON = "application/json"

staff = StaffRouter()


@staff.page("/second-factor", Permission.HOME_VIEW, threshold=True)
def second_factor(request: Request, work: Reading, next: str = "/", again: str = "") -> Response:  # noqa: A002 -- the query parameter's name
    """Ask for the person's factor, or let them set up their first one. `again`: also whoever is inside."""
    if not work.actor.on_threshold and not (again and held_by(work.session, work.actor.staff_id).any):
        return RedirectResponse(safe_next(next), 303)
    if held_by(work.session, work.actor.staff_id).any:
        return _ask(request, work, next)
    return _set_up(request, work, next)


@staff.action("/second-factor/code", Permission.HOME_VIEW, threshold=True)
def prove_code(request: Request, work: Writing, form: CodeInput) -> Response:
    try:
        let_in = service.prove_code(work, form.code, device_of(request))
    except TooSoon as refusal:
        work.refused = True
        return _ask(request, work, form.next, refusal, TOO_SOON)
    if let_in is None:
        return _ask(request, work, form.next, Invalid(WRONG_CODE), WRONG)
    return _inside(let_in, form.next)


@staff.action("/second-factor/key/ask", Permission.HOME_VIEW, threshold=True)
def ask_keys(work: Writing) -> Response:
    return Response(service.ask_keys(work), media_type=JSON)


@staff.action("/second-factor/key", Permission.HOME_VIEW, threshold=True)
def prove_key(request: Request, work: Writing, form: KeyInput) -> Response:
    let_in = service.prove_key(work, form.answer, device_of(request))
    if let_in is None:
        return _ask(request, work, form.next, Invalid(WRONG_KEY), WRONG)
    return _inside(let_in, form.next)


@staff.page("/second-factor/add", Permission.HOME_VIEW, threshold=True)
def add(request: Request, work: Reading, next: str = "/me") -> Response:  # noqa: A002 -- the query parameter's name
    return _set_up(request, work, next)


@staff.action("/second-factor/new-code/begin", Permission.HOME_VIEW, threshold=True)
def begin_code(work: Writing, form: CodeInput) -> Response:
    service.begin_code(work)
    return RedirectResponse(f"/second-factor/new-code?next={quote(safe_next(form.next), safe='')}", 303)


@staff.page("/second-factor/new-code", Permission.HOME_VIEW, threshold=True)
def new_code(request: Request, work: Reading, next: str = "/") -> Response:  # noqa: A002 -- the query parameter's name
    return _new_code(request, work, next)


@staff.action("/second-factor/new-code", Permission.HOME_VIEW, threshold=True)
def confirm_code(request: Request, work: Writing, form: CodeInput) -> Response:
    try:
        let_in = service.confirm_code(work, form.code, device_of(request))
    except Invalid as refusal:
        work.refused = True
        return _new_code(request, work, form.next, refusal)
    return _inside(let_in, form.next)


@staff.action("/second-factor/new-key/ask", Permission.HOME_VIEW, threshold=True)
def ask_new_key(work: Writing) -> Response:
    return Response(service.ask_new_key(work), media_type=JSON)


@staff.action("/second-factor/new-key", Permission.HOME_VIEW, threshold=True)
def add_key(request: Request, work: Writing, form: KeyInput) -> Response:
    let_in = service.add_key(work, form.name, form.answer, device_of(request))
    if let_in is None:
        return _set_up(request, work, form.next, NO_NEW_KEY)
    return _inside(let_in, form.next)


def _inside(let_in: service.LetIn, following: str) -> Response:
    return hand_over(RedirectResponse(safe_next(following), 303), let_in.token, let_in.device)


def _ask(
    request: Request, work: Work, following: str, refusal: Refusal | None = None, status: int = 200
) -> HTMLResponse:
    held = held_by(work.session, work.actor.staff_id)
    page = pages.ProvePage(
        title=_("2つめの確認"),
        next=safe_next(following),
        has_code=held.has_code,
        has_key=bool(held.keys) and keys.site_of(work.office.settings.public_address) is not None,
        ready_code=service.ready_code(work),
        refused=refusal.message if refusal else "",
        refused_params=refusal.params if refusal else {},
    )
    response = render(request, "accounts/second_factor.html", page, status=status)
    if refusal and "seconds" in refusal.params:
        response.headers["Retry-After"] = str(refusal.params["seconds"])
    return response


def _set_up(request: Request, work: Work, following: str, refused: str = "") -> HTMLResponse:
    service.may_add(work)
    page = pages.SetUpPage(
        title=_("2つめの確認の登録"),
        crumbs=() if work.actor.on_threshold else (Crumb(_("自分の設定"), "/me"),),
        next=safe_next(following),
        must=work.actor.on_threshold,
        keys_work=keys.site_of(work.office.settings.public_address) is not None,
        refused=refused,
    )
    return render(request, "accounts/second_factor_add.html", page, status=WRONG if refused else 200)


def _new_code(request: Request, work: Work, following: str, refusal: Invalid | None = None) -> Response:
    secret = service.pending_secret(work)
    if secret is None:
        return RedirectResponse(f"/second-factor/add?next={quote(safe_next(following), safe='')}", 303)
    page = pages.NewCodePage(
        title=_("認証アプリの登録"),
        crumbs=() if work.actor.on_threshold else (Crumb(_("自分の設定"), "/me"),),
        next=safe_next(following),
        secret=secret,
        drawn=Qr.of(codes.enrolment_address(secret, service.own_account_name(work))),
        ready_code=service.ready_code(work),
        wrong=refusal.fields if refusal else {},
    )
    return render(request, "accounts/second_factor_code.html", page, status=WRONG if refusal else 200)
