"""How does a route name its permission, and how does it get its unit of work?

Every route of staff names one permission; a test walks all routes and finds those that do not.
"""

from collections.abc import Callable, Iterator
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from backoffice.errors import NotPermitted, SignInNeeded
from backoffice.identity import Actor, Origin, Permission
from backoffice.identity.sessions import SEEN_EVERY, actor_for, find_session, touch_session
from backoffice.web.bodies import FILES, Handler, LimitedRoute, body_of
from backoffice.web.translations import speak
from backoffice.work import Office, Work

SESSION_COOKIE = "__Host-gijo"
PERMISSION = "permission"
"""Stands in `openapi_extra`: which one the route asks for."""

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


def signed_in(request: Request) -> Actor:
    """Find the person behind the request's cookie. Raises SignInNeeded."""
    office: Office = request.app.state.office
    house = Actor.house(Origin.PAGE)
    token = request.cookies.get(SESSION_COOKIE, "")
    with office.look(house) as work:
        found = find_session(work.session, token, office.settings, work.now) if token else None
        if found is None:
            raise SignInNeeded("サインインしてください。")
        actor = actor_for(work.session, found.staff, work.now, request.client.host if request.client else "")
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


def reading_unit(request: Request, actor: Annotated[Actor, Depends(known)]) -> Iterator[Work]:
    with request.app.state.office.look(actor) as work:
        yield work


def writing_unit(request: Request, actor: Annotated[Actor, Depends(known)]) -> Iterator[Work]:
    with request.app.state.office.unit(actor) as work:
        yield work


SignedIn = Annotated[Actor, Depends(known)]
# scope="function": the unit is over before the answer leaves. With the default a failed commit answered 303.
Reading = Annotated[Work, Depends(reading_unit, scope="function")]
Writing = Annotated[Work, Depends(writing_unit, scope="function")]


class StaffRoute(LimitedRoute):
    """A route that knows who asks, and whether they may, before it reads what they send."""

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()
        permission = Permission((self.openapi_extra or {})[PERMISSION])

        async def handle(request: Request) -> Response:
            try:
                actor = await run_in_threadpool(signed_in, request)
                _must_hold(actor, permission)
            except (SignInNeeded, NotPermitted):
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

    def page(self, path: str, permission: Permission) -> Callable[[Endpoint], Endpoint]:
        return self._route("GET", path, permission)

    def action(self, path: str, permission: Permission, *, files: int = 0) -> Callable[[Endpoint], Endpoint]:
        return self._route("POST", path, permission, files)

    def _route(self, method: str, path: str, permission: Permission, files: int = 0) -> Callable[[Endpoint], Endpoint]:
        def add(endpoint: Endpoint) -> Endpoint:
            self.api.add_api_route(
                path,
                endpoint,
                methods=[method],
                response_class=HTMLResponse,
                response_model=None,
                openapi_extra={PERMISSION: str(permission), FILES: files},
            )
            return endpoint

        return add
