"""What does whoever checks digital IDs without us read? Keys and the list of those revoked; nothing about a person.

Open addresses of the gateway: who asks for them tells nothing about whom they check.
"""

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from backoffice.digital_id.addresses import STATUS_PATH, issuer_of
from backoffice.digital_id.statuses import listed_keys, status_list_now
from backoffice.identity import Actor, Origin
from backoffice.web.bodies import LimitedRoute
from backoffice.web.problem_json import PROBLEMS_SAID
from backoffice.web.routing import TheOffice
from backoffice.work import Office

KEYS_KEPT = {"Cache-Control": "public, max-age=300"}
LIST_KEPT = {"Cache-Control": "public, max-age=15"}
"""With the thirty seconds that a list says it is good for, less than a minute."""

public = APIRouter(route_class=LimitedRoute)


class Jwk(BaseModel):
    kty: str
    crv: str
    x: str
    y: str
    kid: str
    use: str = "sig"
    alg: str = "ES256"


class JwkSet(BaseModel):
    keys: list[Jwk]


class Issuer(BaseModel):
    """SD-JWT VC, section 4."""

    issuer: str
    jwks: JwkSet


class StatusListResponse(Response):
    media_type = "application/statuslist+jwt"


@public.get("/.well-known/jwt-vc-issuer", responses=PROBLEMS_SAID)
def issuer(office: TheOffice, response: Response) -> Issuer:
    """デジタルIDの発行者とその公開鍵 / the issuer of digital IDs and its public keys."""
    response.headers.update(KEYS_KEPT)
    return Issuer(issuer=issuer_of(office.settings), jwks=_keys(office))


@public.get("/digital-id/keys", responses=PROBLEMS_SAID)
def keys(office: TheOffice, response: Response) -> JwkSet:
    """公開鍵(JWK Set) / the public keys."""
    response.headers.update(KEYS_KEPT)
    return _keys(office)


@public.get(STATUS_PATH, response_class=StatusListResponse, responses=PROBLEMS_SAID)
def status(office: TheOffice) -> StatusListResponse:
    """失効リスト(Token Status List)。30秒間有効 / the list of those revoked, good for 30 seconds."""
    with office.look(Actor.house(Origin.GATEWAY)) as work:
        return StatusListResponse(status_list_now(work), headers=LIST_KEPT)


def _keys(office: Office) -> JwkSet:
    with office.look(Actor.house(Origin.GATEWAY)) as work:
        return JwkSet(keys=[Jwk(**row.public, kid=row.name) for row in listed_keys(work)])
