"""How does the gateway refuse? As RFC 9457 problems: what to mend, for the engineer; nothing about a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from starlette.exceptions import HTTPException

from backoffice.errors import (
    CardNeeded,
    Invalid,
    KeyUsedOtherwise,
    NotPermitted,
    NotThere,
    Overtaken,
    Refusal,
    SignInNeeded,
    StillOnItsWay,
    TooSoon,
    Unavailable,
)
from backoffice.log import place_of
from backoffice.web.translations import _, speaking, translate

MEDIA_TYPE = "application/problem+json"
TYPES = "/problems"
RETRY_SECONDS = 1
NOTHING: Mapping[str, str] = {}

log = structlog.get_logger("gijo.error")


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its name stands at the end of `type` and never changes its meaning."""

    name: str
    status: HTTPStatus
    title: str
    """A msgid: what the caller is to do about it."""


KINDS: Mapping[type[Exception], Kind] = {
    SignInNeeded: Kind("token-needed", HTTPStatus.UNAUTHORIZED, _("アクセストークンが要ります")),
    NotPermitted: Kind("scope-needed", HTTPStatus.FORBIDDEN, _("この呼び出しの範囲を持っていません")),
    CardNeeded: Kind("card-needed", HTTPStatus.FORBIDDEN, _("カードで本人を確かめてから呼び出してください")),
    NotThere: Kind("not-there", HTTPStatus.NOT_FOUND, _("お探しのものはありません")),
    StillOnItsWay: Kind("still-on-its-way", HTTPStatus.CONFLICT, _("同じ呼び出しを処理中です")),
    Overtaken: Kind("overtaken", HTTPStatus.CONFLICT, _("先に変わっています。読み直してください")),
    KeyUsedOtherwise: Kind("key-used-otherwise", HTTPStatus.UNPROCESSABLE_ENTITY, _("再送の値が使い回されています")),
    Invalid: Kind("invalid", HTTPStatus.UNPROCESSABLE_ENTITY, _("送られた値を直してください")),
    TooSoon: Kind("too-many-calls", HTTPStatus.TOO_MANY_REQUESTS, _("呼び出しが多すぎます")),
    Unavailable: Kind("unavailable", HTTPStatus.SERVICE_UNAVAILABLE, _("ただいま利用できません")),
}
HTTP_KINDS: Mapping[int, Kind] = {
    kind.status: kind
    for kind in (
        Kind("malformed", HTTPStatus.BAD_REQUEST, _("送られた内容を読み取れません")),
        Kind("no-such-address", HTTPStatus.NOT_FOUND, _("このアドレスはありません")),
        Kind("no-such-method", HTTPStatus.METHOD_NOT_ALLOWED, _("このアドレスでは使えないメソッドです")),
        Kind("too-large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("送られた内容が大きすぎます")),
    )
}
FAULT = Kind("fault", HTTPStatus.INTERNAL_SERVER_ERROR, _("こちらの不具合です。時刻を添えて知らせてください"))
EVERY_KIND: tuple[Kind, ...] = (*KINDS.values(), *HTTP_KINDS.values(), FAULT)


class Wrong(BaseModel):
    """One value that is to be mended. `pointer`: where it stands (RFC 6901), or which header or parameter."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """Why a call was refused (RFC 9457)."""

    type: str = Field(description="/problems/… — 変わらない種類の名 / the stable name of the kind")
    title: str
    status: int
    detail: str
    errors: list[Wrong] = Field(default_factory=list)


PROBLEMS_SAID: dict[int | str, dict[str, Any]] = {
    int(status): {"model": Problem, "description": status.phrase, "content": {MEDIA_TYPE: {}}}
    for status in sorted({kind.status for kind in EVERY_KIND})
}
"""For the description of every route: a problem's media type stands beside its shape."""


def install(app: FastAPI) -> None:
    """Let `app` answer refusals and faults with problems."""
    app.add_exception_handler(Refusal, _on_refusal)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_malformed)
    app.add_exception_handler(OperationalError, _on_database_trouble)
    app.add_exception_handler(NoConnectionError, _on_database_trouble)
    app.add_exception_handler(Exception, _on_fault)


def kind_of(refusal: Exception) -> Kind:
    """Give the kind of a refusal: its own, or that of what it is a special case of."""
    return next((KINDS[each] for each in type(refusal).mro() if each in KINDS), FAULT)


def answer_with(
    request: Request, kind: Kind, detail: str, errors: Sequence[Wrong] = (), headers: Mapping[str, str] = NOTHING
) -> Response:
    """Answer with a problem, in the language that the caller prefers."""
    with speaking(language_of(request)):
        problem = Problem(
            type=f"{TYPES}/{kind.name}",
            title=translate(kind.title),
            status=kind.status,
            detail=detail,
            errors=list(errors),
        )
    said = {"Cache-Control": "no-store", **headers}
    return Response(problem.model_dump_json(), int(kind.status), media_type=MEDIA_TYPE, headers=said)


def language_of(request: Request) -> str:
    """Give the language that a machine's engineer asked for: English where it comes first, else Japanese."""
    return "en" if request.headers.get("accept-language", "").strip().lower().startswith("en") else "ja"


def answer_refusal(request: Request, refusal: Refusal) -> Response:
    """Answer with a refusal as if it had been raised, where the unit is to keep what was noted of it."""
    kind = kind_of(refusal)
    with speaking(language_of(request)):
        detail = translate(refusal.message, **refusal.params)
        fields = refusal.fields if isinstance(refusal, Invalid) else {}
        errors = [Wrong(pointer=f"#/{name}", detail=translate(said)) for name, said in fields.items()]
    headers = {}
    if kind.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    if isinstance(refusal, TooSoon | StillOnItsWay):
        headers["Retry-After"] = str(refusal.params.get("seconds", RETRY_SECONDS))
    return answer_with(request, kind, detail, errors, headers)


def _on_refusal(request: Request, error: Exception) -> Response:
    return answer_refusal(request, error if isinstance(error, Refusal) else Refusal(str(error)))


def _on_http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.BAD_REQUEST
    kind = HTTP_KINDS.get(status, HTTP_KINDS[HTTPStatus.BAD_REQUEST])
    allowed = (error.headers or {}).get("Allow", "") if isinstance(error, HTTPException) else ""
    with speaking(language_of(request)):
        detail = translate(_("アドレスとメソッドを /openapi.json で確かめてください。"))
    return answer_with(request, kind, detail, headers={"Allow": allowed} if allowed else NOTHING)


def _on_malformed(request: Request, error: Exception) -> Response:
    """Name each value that is to be mended; what was sent is never repeated."""
    found = error.errors() if isinstance(error, RequestValidationError) else ()
    with speaking(language_of(request)):
        errors = [Wrong(pointer=_pointer(each["loc"]), detail=_mended(str(each["msg"]))) for each in found]
        detail = translate(_("errors にある値を直して、もう一度送ってください。"))
    return answer_with(request, KINDS[Invalid], detail, errors)


def _on_database_trouble(request: Request, error: Exception) -> Response:
    # The class only: the text of a database error quotes the statement's values.
    log.error("database trouble", trouble=type(error).__name__)
    with speaking(language_of(request)):
        detail = translate(_("しばらくしてから、同じ内容をもう一度送ってください。"))
    return answer_with(request, KINDS[Unavailable], detail, headers={"Retry-After": str(RETRY_SECONDS)})


def _on_fault(request: Request, error: Exception) -> Response:
    log.error("fault", trouble=type(error).__name__, where=place_of(error))
    with speaking(language_of(request)):
        detail = translate(_("何も保存していません。時刻を添えて市の担当に知らせてください。"))
    return answer_with(request, FAULT, detail)


def _mended(said: str) -> str:
    """Give what is wrong with a value: our own sentences come with the library's words before them."""
    return translate(said.removeprefix("Value error, "))


def _pointer(place: tuple[int | str, ...]) -> str:
    """Write where a value stands: in the body as a JSON pointer, else by the name of the header or parameter."""
    within, *rest = (str(part) for part in place)
    escaped = (part.replace("~", "~0").replace("/", "~1") for part in rest)
    return "#/" + "/".join(escaped) if within == "body" else f"{within}:{'/'.join(rest)}"
