"""How does what anyone may read without signing in answer? As JSON, also where it refuses; and only where it is open.

The office's network is closed: unless an installation opens it (`GIJO_PUBLIC_API`), every such address is not there.
"""

import hashlib
from http import HTTPStatus

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel

from backoffice.errors import NotThere, Refusal
from backoffice.web.bodies import Handler, LimitedRoute
from backoffice.work import Office

SHARED_FOR_SECONDS = 300
"""What is in force changes at midnight: so long may a cache on the way tell yesterday's."""


class Problem(BaseModel):
    """Why there is no answer (RFC 9457)."""

    status: int
    title: str
    detail: str


class PublicRoute(LimitedRoute):
    """A route without sign-in that answers in JSON, or 404 where the installation keeps it shut."""

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                _must_be_open(request)
                return await handler(request)
            except Refusal as refusal:
                return _problem(refusal.status, refusal.message % refusal.params)
            except RequestValidationError as error:
                wrong = "、".join(str(each["loc"][-1]) for each in error.errors())
                return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"値を確かめてください: {wrong}")

        return handle


def shared(request: Request, said: BaseModel) -> Response:
    """Answer with `said`, or 304 to whoever has it already; caches on the way may keep it for a while."""
    content = said.model_dump_json().encode()
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={SHARED_FOR_SECONDS}"}
    known = [each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(content, media_type="application/json", headers=headers)


def _must_be_open(request: Request) -> None:
    office: Office = request.app.state.office
    if not office.settings.public_api_open:
        raise NotThere("お探しのものはありません。")


def _problem(status: HTTPStatus, detail: str) -> Response:
    problem = Problem(status=status, title=status.phrase, detail=detail)
    return Response(
        problem.model_dump_json(), status, media_type="application/problem+json", headers={"Cache-Control": "no-store"}
    )
