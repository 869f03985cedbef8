"""What does the portal ask of notices? What came to a person, why, and what was used: read after sign-in.

A notice whose reason is veiled tells it here alone, to whom the portal has proven.
"""

from fastapi import Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from backoffice.audiences.events import OwnNoticesShown
from backoffice.audiences.of_person import Told, told_to
from backoffice.audiences.workflow import REACHED, RecipientState
from backoffice.clients.gate import Changing, MachineRouter, answer
from backoffice.clients.scopes import Scope
from backoffice.consents.events import RegistrantSoughtInVain
from backoffice.consents.models import Registrant
from backoffice.consents.portal import NOBODY, Visitor, registrant_of
from backoffice.consents.portal_said import Language, Model, Person
from backoffice.consents.workflow import ChannelKind
from backoffice.errors import NotThere
from backoffice.web.problem_json import answer_refusal
from backoffice.work import Work

machines = MachineRouter()


class OwnNoticesIn(Model):
    person: Person
    language: Language = "ja"


class OwnNotice(BaseModel):
    reference: str = Field(description="受付番号。問い合わせの窓口が、この番号で答えます")
    run: str = Field(description="配信番号")
    program: str
    channel: ChannelKind
    at: AwareDatetime = Field(description="送った日時")
    arrived: bool = Field(description="false は、送れなかったもの。true でも、届いたかどうか分からないことがあります")
    why: list[str] = Field(description="なぜこのお知らせが届いたか。サインインした本人だけに見せてください")
    used: list[str] = Field(description="使った情報")


class OwnNoticesOut(BaseModel):
    notices: list[OwnNotice] = Field(description="この1年に送ったもの。新しい順")


@machines.look("/portal/notices/received", Scope.PORTAL, OwnNoticesOut, posted=True)
def received(request: Request, work: Changing, body: OwnNoticesIn) -> Response:
    """本人に届いたお知らせと、その理由、使った情報 / what came to a person, why, and what was used."""
    registrant = _shown_to(work, body.person.visitor)
    if registrant is None:
        return answer_refusal(request, NotThere(NOBODY))
    told = told_to(work.session, registrant.id, work.now, body.language)
    return answer(OwnNoticesOut(notices=[_said(each) for each in told]))


def _shown_to(work: Work, visitor: Visitor) -> Registrant | None:
    """Give the visitor's registration; that it was looked at, or sought in vain, is on the trail either way."""
    try:
        registrant = registrant_of(work, visitor)
    except NotThere:
        work.record(RegistrantSoughtInVain())
        return None
    work.record(OwnNoticesShown(registrant.id))
    return registrant


def _said(told: Told) -> OwnNotice:
    return OwnNotice(
        reference=told.reference,
        run=told.run,
        program=told.program,
        channel=ChannelKind(told.kind),
        at=told.at,
        arrived=RecipientState(told.state) in REACHED,
        why=list(told.why),
        used=list(told.used),
    )
