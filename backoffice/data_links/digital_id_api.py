"""What does the portal ask about digital IDs? A number for the wallet, one to be issued, one's own, an end."""

from datetime import date, datetime
from typing import Annotated

from fastapi import Request, Response
from pydantic import Field

from backoffice.clients.gate import Changing, Looking, MachineRouter, answer
from backoffice.clients.once import Answer, OnlyOnce
from backoffice.clients.scopes import Scope
from backoffice.consents.portal_said import Model, Person
from backoffice.data_links import own_id
from backoffice.digital_id.models import DigitalId
from backoffice.digital_id.workflow import State
from backoffice.errors import NotThere
from backoffice.web.problem_json import answer_refusal
from backoffice.work import Work
from workflows.credentials.possession import LARGEST

machines = MachineRouter()

Number = Annotated[str, Field(pattern=r"^[0-9a-f]{10}$", description="デジタルIDの番号 / by which its holder names it")]


class NonceIn(Model):
    person: Person


class NonceOut(Model):
    """`nonce` and `audience` are what the wallet's proof names."""

    nonce: str
    audience: str
    expires_at: datetime


class DigitalIdIn(Model):
    person: Person
    proof: str = Field(
        max_length=LARGEST,
        pattern=r"^[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]+$",
        description="スマホの鍵で署名した JWT(openid4vci-proof+jwt) / signed by the wallet's key",
    )


class DigitalIdOut(Model):
    """`credential`: an SD-JWT VC for the wallet alone. `claims`: what it says something about."""

    credential: str
    number: Number
    claims: list[str]
    expires_on: date


class OwnDigitalId(Model):
    number: Number
    claims: list[str]
    issued_at: datetime
    expires_on: date
    state: State


class OwnDigitalIdsIn(Model):
    person: Person


class OwnDigitalIdsOut(Model):
    digital_ids: list[OwnDigitalId]


class EndIn(Model):
    person: Person
    number: Number


@machines.look("/portal/digital-ids/nonce", Scope.PORTAL, NonceOut, posted=True)
def nonce(work: Changing, body: NonceIn) -> Response:
    """スマホの鍵で署名する nonce。1回だけ、5分間使える / a number for the wallet to sign, once, within five minutes."""
    drawn = own_id.draw(work, body.person.visitor)
    return answer(NonceOut(nonce=drawn.nonce, audience=drawn.audience, expires_at=drawn.until))


@machines.put("/portal/digital-ids", Scope.PORTAL, DigitalIdOut)
def issue(request: Request, work: Changing, body: DigitalIdIn) -> Response:
    """デジタルIDを受け取る。同じ鍵の前のものに替わる / get a digital ID; it replaces the one on the same key.

    答えは控えません。届かなかったら、新しい nonce でもう一度求めてください / the answer is kept nowhere: ask anew.
    """
    issued = own_id.ask(work, body.person.visitor, body.proof)
    if issued is None:
        return answer_refusal(request, NotThere("デジタルIDを発行できません。理由はお伝えできません。"))
    row = issued.row
    return answer(DigitalIdOut(credential=issued.text, number=row.number, claims=row.claims, expires_on=row.expires_on))


@machines.look("/portal/digital-ids/look", Scope.PORTAL, OwnDigitalIdsOut, posted=True)
def own(work: Looking, body: OwnDigitalIdsIn) -> Response:
    """本人のデジタルID / a person's own digital IDs."""
    return answer(OwnDigitalIdsOut(digital_ids=[_own(each) for each in own_id.own(work, body.person.visitor)]))


@machines.act("/portal/digital-ids/end", Scope.PORTAL, OwnDigitalId)
def end(once: OnlyOnce, body: EndIn) -> Response:
    """本人のデジタルIDを使えなくする / end one's own digital ID."""

    def act(work: Work) -> Answer:
        return Answer(_own(own_id.give_up(work, body.person.visitor, body.number)))

    return once.do(act)


def _own(row: DigitalId) -> OwnDigitalId:
    return OwnDigitalId(
        number=row.number,
        claims=row.claims,
        issued_at=row.issued_at,
        expires_on=row.expires_on,
        state=State(row.state),
    )
