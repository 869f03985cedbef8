"""How does a route name its permission, and how does it get its unit of work?

Every route of staff names one permission; a test walks all routes and finds those that do not.
"""

from collections.abc import Callable, Iterator
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import NewPasswordNeeded, NotPermitted, SecondFactorNeeded, SignInNeeded
from backoffice.identity import Actor, Origin, Permission
from backoffice.identity.sessions import SEEN_EVERY, enter, must_be_inside, touch_session
from backoffice.web.bodies import FILES, Handler, LimitedRoute, body_of
from backoffice.web.translations import speak
from backoffice.work import Office, Work

SESSION_COOKIE = "__Host-gijo"
PERMISSION = "permission"
"""Stands in `openapi_extra`: which one the route asks for."""
THRESHOLD = "threshold"
"""Stands in `openapi_extra`: whether the route is open to whoever has still to prove their second factor."""

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


def signed_in(request: Request) -> Actor:
    """Give the person behind the request's cookie, on the threshold still or inside. Raises SignInNeeded."""
    office: Office = request.app.state.office
    house = Actor.house(Origin.PAGE)
    token = request.cookies.get(SESSION_COOKIE, "")
    with office.look(house) as work:
        found, actor = enter(work.session, token, office.settings, work.now, address_of(request))
        stale = work.now - found.seen_at > SEEN_EVERY
    if stale:
        with office.unit(house) as work:
            touch_session(work.session, found.id, work.now)
    request.state.actor = actor
    return actor


async def known(request: Request) -> Actor:
    """Give the person whom the route has found already."""
    actor: Actor = request.state.actor
    return actor


async def office_of(request: Request) -> Office:
    """Give the office, for a route that opens its unit itself or asks nobody who they are."""
    office: Office = request.app.state.office
    return office


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def reading_unit(request: Request, actor: Annotated[Actor, Depends(known)]) -> Iterator[Work]:
    with request.app.state.office.look(actor) as work:
        yield work


def writing_unit(request: Request, actor: Annotated[Actor, Depends(known)]) -> Iterator[Work]:
    with request.app.state.office.unit(actor) as work:
        yield work


TheOffice = Annotated[Office, Depends(office_of)]
SignedIn = Annotated[Actor, Depends(known)]
# scope="function": the unit is over before the answer leaves. With the default a failed commit answered 303.
Reading = Annotated[Work, Depends(reading_unit, scope="function")]
Writing = Annotated[Work, Depends(writing_unit, scope="function")]


class StaffRoute(LimitedRoute):
    """A route that knows who asks, and whether they may, before it reads what they send."""

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()
        extra = self.openapi_extra or {}
        permission = Permission(extra[PERMISSION])

        async def handle(request: Request) -> Response:
            try:
                actor = await run_in_threadpool(signed_in, request)
                if not extra[THRESHOLD]:
                    must_be_inside(actor)
                _must_hold(actor, permission)
            except (SignInNeeded, NewPasswordNeeded, SecondFactorNeeded, NotPermitted):
                await body_of(request).let_pass()
                raise
            speak(actor.language)  # also for what the route itself says, before its page is drawn
            return await handler(request)

        return handle


def _must_hold(actor: Actor, permission: Permission) -> None:
    if not actor.may(permission):
        raise NotPermitted("この画面を使う権限がありません。必要な場合は所属長に相談してください。")


class StaffRouter:
    """Routes for staff: `page` answers GET and changes nothing, `action` answers POST, with so many files at most."""

    def __init__(self) -> None:
        self.api = APIRouter(route_class=StaffRoute)

    def page(self, path: str, permission: Permission, *, threshold: bool = False) -> Callable[[Endpoint], Endpoint]:
        return self._route("GET", path, permission, threshold=threshold)

    def action(
        self, path: str, permission: Permission, *, files: int = 0, threshold: bool = False
    ) -> Callable[[Endpoint], Endpoint]:
        return self._route("POST", path, permission, files, threshold=threshold)

    def _route(
        self, method: str, path: str, permission: Permission, files: int = 0, *, threshold: bool
    ) -> Callable[[Endpoint], Endpoint]:
        """`threshold`: open also to whoever has still to prove their second factor, or to choose a password."""

        def add(endpoint: Endpoint) -> Endpoint:
            self.api.add_api_route(
                path,
                endpoint,
                methods=[method],
                response_class=HTMLResponse,
                response_model=None,
                openapi_extra={PERMISSION: str(permission), FILES: files, THRESHOLD: threshold},
            )
            return endpoint

        return add
