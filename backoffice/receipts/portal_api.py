"""What does the portal get for a person who wants a receipt? The signed record and the page; anyone gets the keys."""

import base64

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import Base64Bytes, BaseModel, Field

from backoffice.clients.gate import MachineRouter, Opening, answer
from backoffice.clients.scopes import Scope
from backoffice.consents.portal import registrant_of
from backoffice.consents.portal_said import Language, Model, Person
from backoffice.identity import Actor, Origin
from backoffice.receipts import giving
from backoffice.receipts.keys import every_key
from backoffice.web.bodies import LimitedRoute
from backoffice.web.problem_json import PROBLEMS_SAID
from backoffice.web.routing import TheOffice

KEYS_KEPT = {"Cache-Control": "public, max-age=3600"}

machines = MachineRouter()
public = APIRouter(route_class=LimitedRoute)


class ReceiptIn(Model):
    person: Person
    reference: str = Field(pattern=r"^[0-9a-f]{16}$", description="同意の受付番号")
    language: Language = "ja"


class Signed(Model):
    """JWS, flattened JSON (RFC 7515): a record after ISO/IEC TS 27560; the keys are at /receipts/keys."""

    payload: str
    protected: str
    signature: str


class ReceiptOut(Model):
    receipt: Signed
    pdf: Base64Bytes = Field(description="PDF/A-3。receipt と同じものが添付されています")


class KeyOut(BaseModel):
    kty: str
    crv: str
    x: str
    y: str
    kid: str
    use: str = "sig"
    alg: str = "ES256"


class KeysOut(BaseModel):
    keys: list[KeyOut]


@machines.look("/portal/receipts", Scope.PORTAL, ReceiptOut, posted=True)
def receipt(unit: Opening, body: ReceiptIn) -> Response:
    """同意の控え。今の状態で署名する / a receipt of a consent, signed as it stands now."""
    with unit() as work:
        registrant = registrant_of(work, body.person.visitor)
        given = giving.give(work, registrant, body.reference, body.language)
    page = base64.b64encode(giving.page_of(given))
    return answer(ReceiptOut(receipt=Signed(**vars(given.record)), pdf=page))


@public.get("/receipts/keys", responses=PROBLEMS_SAID)
def keys(office: TheOffice, response: Response) -> KeysOut:
    """控えの署名を確かめる公開鍵(JWK Set) / the public keys by which receipts are believed."""
    response.headers.update(KEYS_KEPT)
    with office.look(Actor.house(Origin.GATEWAY)) as work:
        return KeysOut(keys=[KeyOut(**row.public, kid=row.name) for row in every_key(work)])
