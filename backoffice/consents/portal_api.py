"""What does the residents' portal ask of the city?"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from backoffice.clients.gate import Looking, MachineRouter
from backoffice.clients.scopes import Scope
from backoffice.consents.notices import shown_on
from backoffice.services import TOKYO
from workflows.rules.vocabulary import ConsentClass

Language = Literal["ja", "easy", "en"]

machines = MachineRouter()


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NoticeSaid(Model):
    kind: ConsentClass
    version: int
    language: Language
    text: str
    sha256: str


class Notices(Model):
    notices: list[NoticeSaid]


@machines.look("/portal/notices", Scope.PORTAL, Notices)
def notices(work: Looking, language: Language = "ja") -> Notices:
    """同意の前に見せる説明文 / the notices to show before consent is asked."""
    today = work.now.astimezone(TOKYO).date()
    shown = [shown_on(kind, today) for kind in ConsentClass]
    return Notices(
        notices=[
            NoticeSaid(
                kind=each.code, version=each.version, language=language, text=each.texts[language], sha256=each.sha256
            )
            for each in shown
        ]
    )
