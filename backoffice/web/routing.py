"""How does a route name its permission, and how does it get its unit of work?

Every route of staff names one permission; a test walks all routes and finds those that do not.
"""

from collections.abc import Awaitable, Callable, Iterator
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from backoffice.errors import NotPermitted, SignInNeeded
from backoffice.identity import Actor, Origin, Permission
from backoffice.identity.sessions import SEEN_EVERY, actor_for, find_session, touch_session
from backoffice.web.translations import speak
from backoffice.work import Office, Work

SESSION_COOKIE = "__Host-gijo"

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


def signed_in(request: Request) -> Actor:
    """Give the person behind the request's cookie. Raises SignInNeeded."""
    known: Actor | None = getattr(request.state, "actor", None)
    if known is not None:
        return known
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


def reading_unit(request: Request, actor: Annotated[Actor, Depends(signed_in)]) -> Iterator[Work]:
    with request.app.state.office.look(actor) as work:
        yield work


def writing_unit(request: Request, actor: Annotated[Actor, Depends(signed_in)]) -> Iterator[Work]:
    with request.app.state.office.unit(actor) as work:
        yield work


SignedIn = Annotated[Actor, Depends(signed_in)]
# scope="function": the unit is over before the answer leaves. With the default a failed commit answered 303.
Reading = Annotated[Work, Depends(reading_unit, scope="function")]
Writing = Annotated[Work, Depends(writing_unit, scope="function")]


def require(permission: Permission) -> Callable[[Actor], Awaitable[None]]:
    """Give the dependency that refuses (403) whoever does not hold `permission` anywhere.

    Async on purpose: it waits for nothing, and a thread of its own cost more than the question.
    """

    async def check(actor: SignedIn) -> None:
        if not actor.may(permission):
            raise NotPermitted("この画面を使う権限がありません。必要な場合は所属長に相談してください。")

    return check


async def speak_to(actor: SignedIn) -> None:
    """Speak the person's language in what the route itself says, before its page is drawn.

    Async on purpose: what a dependency in a thread of its own sets is not seen by the route.
    """
    speak(actor.language)


class StaffRouter:
    """Routes for staff: `page` answers GET and changes nothing, `action` answers POST."""

    def __init__(self) -> None:
        self.api = APIRouter()

    def page(self, path: str, permission: Permission) -> Callable[[Endpoint], Endpoint]:
        return self._route("GET", path, permission)

    def action(self, path: str, permission: Permission) -> Callable[[Endpoint], Endpoint]:
        return self._route("POST", path, permission)

    def _route(self, method: str, path: str, permission: Permission) -> Callable[[Endpoint], Endpoint]:
        def add(endpoint: Endpoint) -> Endpoint:
            self.api.add_api_route(
                path,
                endpoint,
                methods=[method],
                dependencies=[Depends(require(permission)), Depends(speak_to)],
                response_class=HTMLResponse,
                response_model=None,
                openapi_extra={"permission": str(permission)},
            )
            return endpoint

        return add
