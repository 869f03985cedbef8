"""What does whoever checks digital IDs without us read? Keys and the list of those revoked; nothing about a person.

A plain router without staff session, for an application on the internet side to mount.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from backoffice.digital_id.addresses import STATUS_PATH
from backoffice.digital_id.statuses import issuer_metadata, key_set, status_list_now
from backoffice.identity import Actor, Origin
from backoffice.web.bodies import LimitedRoute
from backoffice.work import Office

KEYS_KEPT_SECONDS = 300
LIST_KEPT_SECONDS = 15
"""With the thirty seconds that a list says it is good for, less than a minute."""

public = APIRouter(route_class=LimitedRoute, tags=["digital-id"])


def office_of(request: Request) -> Office:
    office: Office = request.app.state.office
    return office


TheOffice = Annotated[Office, Depends(office_of)]


@public.get("/.well-known/jwt-vc-issuer", operation_id="getIssuer")
def issuer(office: TheOffice) -> JSONResponse:
    """発行者とその公開鍵(SD-JWT VC) / the issuer and its public keys."""
    with office.look(Actor.house(Origin.PAGE)) as work:
        return _kept(issuer_metadata(work))


@public.get("/digital-id/keys", operation_id="getKeys")
def keys(office: TheOffice) -> JSONResponse:
    """公開鍵(JWK Set) / the public keys."""
    with office.look(Actor.house(Origin.PAGE)) as work:
        return _kept(key_set(work))


@public.get(STATUS_PATH, operation_id="getStatusList")
def status(office: TheOffice) -> Response:
    """失効リスト(Token Status List)。30秒間有効 / the list of those revoked, good for 30 seconds."""
    with office.look(Actor.house(Origin.PAGE)) as work:
        content = status_list_now(work)
    headers = {"Cache-Control": f"public, max-age={LIST_KEPT_SECONDS}"}
    return Response(content, media_type="application/statuslist+jwt", headers=headers)


def _kept(content: dict[str, Any]) -> JSONResponse:
    return JSONResponse(content, headers={"Cache-Control": f"public, max-age={KEYS_KEPT_SECONDS}"})
