"""Signing in and out."""

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from backoffice.accounts import pages, service, signing_in
from backoffice.accounts.cookies import device_of, hand_over
from backoffice.accounts.inputs import FirstPasswordInput, SignInInput, safe_next
from backoffice.errors import Invalid, Refusal, SignInNeeded, TooSoon
from backoffice.identity import Permission
from backoffice.web import SignedIn, StaffRouter, Writing, go_to, render
from backoffice.web.bodies import LimitedRoute
from backoffice.web.rendering import FLASH_COOKIE
from backoffice.web.routing import SESSION_COOKIE, address_of
from backoffice.web.translations import _
from backoffice.work import Office

WRONG, TOO_SOON = 422, 429

public = APIRouter(route_class=LimitedRoute)
staff = StaffRouter()


@public.get("/sign-in")
def sign_in_page(request: Request, next: str = "/", ended: str = "") -> HTMLResponse:  # noqa: A002 -- the query parameter's name
    return render(request, "accounts/sign_in.html", _sign_in_page(request, next, ended=bool(ended)))


@public.post("/sign-in")
def sign_in(request: Request, form: SignInInput) -> Response:
    office: Office = request.app.state.office
    knock = signing_in.Knock(form.account.strip(), form.password, address_of(request), device_of(request))
    try:
        signed = signing_in.sign_in(office, knock)
    except SignInNeeded as refusal:
        return _once_more(request, form, refusal, WRONG)
    except TooSoon as refusal:
        return _once_more(request, form, refusal, TOO_SOON)
    return hand_over(RedirectResponse(safe_next(form.next), 303), signed.token, signed.device)


@staff.page("/first-password", Permission.HOME_VIEW, threshold=True)
def first_password(request: Request, actor: SignedIn, next: str = "/") -> Response:  # noqa: A002 -- the query parameter's name
    """Ask whoever came in with a password that they were given for one of their own."""
    if not actor.must_change_password:
        return RedirectResponse(safe_next(next), 303)
    return _first_password(request, next)


@staff.action("/first-password", Permission.HOME_VIEW, threshold=True)
def choose_first_password(request: Request, actor: SignedIn, form: FirstPasswordInput) -> Response:
    office: Office = request.app.state.office
    try:
        service.choose_first_password(office, actor, form.new)
    except Invalid as refusal:
        return _first_password(request, form.next, refusal.fields)
    following = quote(safe_next(form.next), safe="")
    return go_to(f"/sign-in?next={following}", _("パスワードを変えました。もう一度サインインしてください。"))


@staff.action("/sign-out", Permission.HOME_VIEW, threshold=True)
def sign_out(request: Request, work: Writing) -> Response:
    signing_in.sign_out(work, request.cookies.get(SESSION_COOKIE, ""))
    response = RedirectResponse("/sign-in?ended=yes", 303)
    for cookie in (SESSION_COOKIE, FLASH_COOKIE):
        response.delete_cookie(cookie, secure=True, httponly=True, samesite="lax")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def sign_in_refused(request: Request, refusal: Refusal) -> HTMLResponse:
    """Show the sign-in page with the reason why a sign-in elsewhere was not believed."""
    return render(request, "accounts/sign_in.html", _sign_in_page(request, "/", refusal=refusal), status=WRONG)


def _first_password(request: Request, following: str, wrong: dict[str, str] | None = None) -> HTMLResponse:
    page = pages.FirstPasswordPage(title=_("パスワードを決める"), next=safe_next(following), wrong=wrong or {})
    return render(request, "accounts/first_password.html", page, status=WRONG if wrong else 200)


def _once_more(request: Request, form: SignInInput, refusal: Refusal, status: int) -> HTMLResponse:
    page = _sign_in_page(request, form.next, form.account, refusal=refusal)
    response = render(request, "accounts/sign_in.html", page, status=status)
    if "seconds" in refusal.params:
        response.headers["Retry-After"] = str(refusal.params["seconds"])
    return response


def _sign_in_page(
    request: Request, following: str, account: str = "", *, refusal: Refusal | None = None, ended: bool = False
) -> pages.SignInPage:
    office: Office = request.app.state.office
    return pages.SignInPage(
        title=_("サインイン"),
        next=safe_next(following),
        account=account,
        refused=refusal.message if refusal else "",
        refused_params=refusal.params if refusal else {},
        samples=request.app.state.sample_accounts,
        sample_password=request.app.state.sample_password,
        single_sign_on=bool(office.settings.oidc_issuer),
        ended_here=ended,
    )
