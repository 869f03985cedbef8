"""Where does a machine fetch its token, and where does it read how? Open addresses: whoever comes has no token yet."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Literal
from urllib.parse import parse_qsl

import structlog
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from backoffice.clients.gate import LARGEST_BODY, place_of
from backoffice.clients.scopes import Scope, written
from backoffice.clients.tokens import TOKEN_LASTS, TOKEN_PATH, TokenRefusedError, give_token
from backoffice.errors import NotThere
from backoffice.web.bodies import LimitedRoute
from backoffice.web.problem_json import EVERY_KIND, PROBLEMS_SAID, TYPES, language_of
from backoffice.web.translations import speaking, translate
from backoffice.work import Office

MOST_FIELDS = 20
FORM = "application/x-www-form-urlencoded"
NO_STORE = {"Cache-Control": "no-store"}

log = structlog.get_logger("gijo.gateway")


class OpenRoute(LimitedRoute):
    ordinary = LARGEST_BODY


class Token(BaseModel):
    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 -- the word of RFC 6749
    expires_in: int
    scope: str


class TokenError(BaseModel):
    """RFC 6749 5.2."""

    error: str
    error_description: str


class Metadata(BaseModel):
    """RFC 8414: where everything lies and what is taken."""

    issuer: str
    token_endpoint: str
    grant_types_supported: list[str] = ["client_credentials"]
    token_endpoint_auth_methods_supported: list[str] = ["private_key_jwt"]
    token_endpoint_auth_signing_alg_values_supported: list[str] = ["ES256"]
    tls_client_certificate_bound_access_tokens: bool
    """RFC 8705: whether a token is good only with the certificate with which it was fetched."""
    response_types_supported: list[str] = []
    scopes_supported: list[str] = [str(each) for each in Scope]


class ProblemKind(BaseModel):
    type: str
    status: int
    title: str


public = APIRouter(route_class=OpenRoute)

_TOKEN_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["grant_type", "client_assertion_type", "client_assertion"],
                    "properties": {
                        "grant_type": {"const": "client_credentials"},
                        "client_assertion_type": {"type": "string"},
                        "client_assertion": {"type": "string", "description": "ES256, RFC 7523"},
                        "scope": {"type": "string"},
                    },
                }
            }
        },
    }
}


@public.post(
    TOKEN_PATH,
    response_model=Token,
    responses={**PROBLEMS_SAID, 400: {"model": TokenError}, 401: {"model": TokenError}},
    openapi_extra=_TOKEN_BODY,
)
async def token(request: Request) -> Response:
    """アクセストークンを渡す(10分) / give an access token for a signed client assertion."""
    try:
        form = _form_in(request, await request.body())
        office: Office = request.app.state.office
        given = await run_in_threadpool(give_token, office, request.app.state.pace, form, place_of(request))
    except TokenRefusedError as refused:
        return _refused(refused)
    said = Token(access_token=given.token, expires_in=int(TOKEN_LASTS.total_seconds()), scope=written(given.scopes))
    return JSONResponse(said.model_dump(), headers=NO_STORE)


@public.get("/.well-known/oauth-authorization-server", responses=PROBLEMS_SAID)
def metadata(request: Request) -> Metadata:
    """トークンの取り方(RFC 8414) / how to get a token."""
    office: Office = request.app.state.office
    issuer = office.settings.gateway_issuer
    return Metadata(
        issuer=issuer,
        token_endpoint=issuer + TOKEN_PATH,
        tls_client_certificate_bound_access_tokens=office.settings.gateway_certificates,
    )


@public.get(TYPES + "/{name}", responses=PROBLEMS_SAID)
def problem_kind(request: Request, name: str) -> ProblemKind:
    """断りの種類を1つ説明する / what a kind of problem means."""
    kind = next((each for each in EVERY_KIND if each.name == name), None)
    if kind is None:
        raise NotThere("この種類の断りはありません。")
    with speaking(language_of(request)):
        return ProblemKind(type=f"{TYPES}/{name}", status=kind.status, title=translate(kind.title))


def _form_in(request: Request, body: bytes) -> Mapping[str, str]:
    """Give the parameters. Raises TokenRefusedError for what is no form, or where one stands twice (RFC 6749 3.2)."""
    is_form = request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=bool(body), max_num_fields=MOST_FIELDS
        )
    except ValueError:
        pairs, is_form = [], False
    if not is_form or len(dict(pairs)) != len(pairs):
        raise TokenRefusedError("invalid_request", f"Send {FORM}, each parameter once.")
    return dict(pairs)


def _refused(refused: TokenRefusedError) -> Response:
    log.warning("token refused", trouble=refused.error)
    said = TokenError(error=refused.error, error_description=refused.said)
    headers = dict(NO_STORE)
    if refused.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(said.model_dump(), int(refused.status), headers=headers)
