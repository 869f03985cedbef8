"""The way to the city's identity provider and back: links, since the policy lets forms go to our own pages only."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from backoffice.accounts.cookies import device_of, hand_over
from backoffice.accounts.inputs import safe_next
from backoffice.accounts.sign_in_routes import sign_in_refused
from backoffice.accounts.single_sign_on import service
from backoffice.accounts.single_sign_on.provider import BACK, IdentityProvider
from backoffice.errors import NotThere, SignInNeeded
from backoffice.web.bodies import LimitedRoute
from backoffice.web.routing import address_of
from backoffice.work import Office

JOURNEY_COOKIE = "__Host-city"

public = APIRouter(route_class=LimitedRoute)


@public.get("/sign-in/city")
def go(request: Request, next: str = "/") -> Response:  # noqa: A002 -- the query parameter's name
    office: Office = request.app.state.office
    address, sealed = service.begin(office, _provider(request), safe_next(next))
    response = RedirectResponse(address, 303)
    age = int(service.TIME_FOR_A_JOURNEY.total_seconds())
    response.set_cookie(JOURNEY_COOKIE, sealed, age, secure=True, httponly=True, samesite="lax", path="/")
    return response


@public.get(BACK)
def come_back(request: Request, state: str = "", code: str = "", error: str = "") -> Response:
    """The provider sends the browser here; the sign-in begins, which makes this the one GET that changes something."""
    office: Office = request.app.state.office
    provider = _provider(request)
    sealed = request.cookies.get(JOURNEY_COOKIE, "")
    back = service.Return(state, code, sealed, address_of(request), device_of(request), cancelled=bool(error))
    try:
        signed, following = service.finish(office, provider, back)
    except SignInNeeded as refusal:
        response: Response = sign_in_refused(request, refusal)
    else:
        response = hand_over(RedirectResponse(following, 303), signed.token, signed.device)
    response.delete_cookie(JOURNEY_COOKIE, secure=True, httponly=True, samesite="lax")
    return response


@public.get("/sign-in/city/end")
def end(request: Request) -> Response:
    """Lead on to the provider's own sign-out."""
    return RedirectResponse(_provider(request).sign_out_address() or "/sign-in", 303)


def _provider(request: Request) -> IdentityProvider:
    provider: IdentityProvider | None = request.app.state.identity_provider
    if provider is None:
        raise NotThere("アドレスを確認してください。")
    return provider
