"""How does a route of the gateway name its scope, and how does it know who calls before it reads what they send?"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel

from backoffice.clients.certificates import HEADER, thumbprint_in
from backoffice.clients.pace import Pace
from backoffice.clients.scopes import Scope
from backoffice.clients.tokens import Caller, Place, caller_with
from backoffice.errors import NotPermitted, SignInNeeded, TooSoon
from backoffice.web.bodies import Handler, LimitedRoute, body_of
from backoffice.web.problem_json import PROBLEMS_SAID
from backoffice.web.routing import address_of
from backoffice.work import Office, Work

SCOPE = "x-gijo-scope"
"""Stands in `openapi_extra`: which scope the route asks for."""
SCHEME = "gateway"
"""How the OpenAPI document calls the way to prove who one is."""
LARGEST_BODY = 64 * 1024
BEARER = "bearer"

UnitOfWork = AbstractContextManager[Work]
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


class MachineRoute(LimitedRoute):
    """A route that knows which client calls, and whether it may, before it reads what it sends."""

    ordinary = LARGEST_BODY

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()
        scope = Scope((self.openapi_extra or {})[SCOPE])

        async def handle(request: Request) -> Response:
            try:
                await run_in_threadpool(_let_in, request, scope)
            except (SignInNeeded, NotPermitted, TooSoon):
                await body_of(request).let_pass()
                raise
            answer = await handler(request)
            answer.headers.setdefault("Cache-Control", "no-store")
            return answer

        return handle


class MachineRouter:
    """Routes for machines: `look` answers GET, `put` and `act` change something; each names one scope."""

    def __init__(self) -> None:
        self.api = APIRouter(route_class=MachineRoute)

    def look(
        self, path: str, scope: Scope, answer: type[BaseModel], *, posted: bool = False
    ) -> Callable[[Endpoint], Endpoint]:
        """`posted`: whom it is about stands in the body, so that no log of addresses holds it."""
        return self._route("POST" if posted else "GET", path, scope, answer, 200)

    def put(self, path: str, scope: Scope, answer: type[BaseModel]) -> Callable[[Endpoint], Endpoint]:
        return self._route("PUT", path, scope, answer, 200)

    def act(
        self, path: str, scope: Scope, answer: type[BaseModel], *, status: int = 200
    ) -> Callable[[Endpoint], Endpoint]:
        """What an act answers goes through `once.Once`: it asks for an idempotency key."""
        return self._route("POST", path, scope, answer, status)

    def _route(
        self, method: str, path: str, scope: Scope, answer: type[BaseModel], status: int
    ) -> Callable[[Endpoint], Endpoint]:
        def add(endpoint: Endpoint) -> Endpoint:
            self.api.add_api_route(
                path,
                endpoint,
                methods=[method],
                response_model=answer,
                status_code=status,
                responses=PROBLEMS_SAID,
                openapi_extra={SCOPE: str(scope), "security": [{SCHEME: [str(scope)]}]},
            )
            return endpoint

        return add


async def calling(request: Request) -> Caller:
    """Give the client whom the route has found already."""
    caller: Caller = request.state.caller
    return caller


def reading_unit(request: Request, caller: Annotated[Caller, Depends(calling)]) -> Iterator[Work]:
    with request.app.state.office.look(caller.actor) as work:
        yield work


def writing_unit(request: Request, caller: Annotated[Caller, Depends(calling)]) -> Iterator[Work]:
    with request.app.state.office.unit(caller.actor) as work:
        yield work


async def opening_unit(request: Request, caller: Annotated[Caller, Depends(calling)]) -> Callable[[], UnitOfWork]:
    office: Office = request.app.state.office
    return partial(office.unit, caller.actor)


Calling = Annotated[Caller, Depends(calling)]
# scope="function": the unit is over before the answer leaves, as on the pages of staff.
Looking = Annotated[Work, Depends(reading_unit, scope="function")]
Changing = Annotated[Work, Depends(writing_unit, scope="function")]
Opening = Annotated[Callable[[], UnitOfWork], Depends(opening_unit)]
"""For a route that opens its unit itself, in one thread from beginning to end: what it holds, others wait for."""


def answer(said: BaseModel) -> Response:
    """Answer with a model. A route with a unit writes its answer itself: the framework would do so in another thread.

    Where forty calls wait for the database, that thread would wait for them, and they for the unit of this one.
    """
    return Response(said.model_dump_json(), media_type="application/json")


def place_of(request: Request) -> Place:
    """Give from where a call comes, and with which certificate where the city's proxy says so."""
    office: Office = request.app.state.office
    said = request.headers.getlist(HEADER) if office.settings.gateway_certificates else []
    return Place(address_of(request), thumbprint_in(said))


def _let_in(request: Request, scope: Scope) -> None:
    office: Office = request.app.state.office
    pace: Pace = request.app.state.pace
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    caller = caller_with(office, token.strip(), place_of(request)) if kind.lower() == BEARER and token else None
    if caller is None:
        raise SignInNeeded("アクセストークンがないか、終わっています。POST /oauth/token で新しく取ってください。")
    pace.take(caller.client_id, office.services.now())
    if scope not in caller.scopes:
        raise NotPermitted("この呼び出しには範囲(scope)%(scope)s が要ります。市の担当に相談してください。", scope=scope)
    request.state.caller = caller
