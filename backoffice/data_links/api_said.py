"""In which shapes do portal, partner and city speak of links? One model a request or answer; no more is taken."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from backoffice.consents.portal import evidence_text
from backoffice.consents.portal_said import Language, Model, Person, RepresentativeIn, Text
from backoffice.consents.workflow import Giver, Standing
from backoffice.data_links.consenting import Agreed
from backoffice.data_links.workflow import RequestState

CODE = r"^[a-z][a-z0-9-]{2,39}$"
REFERENCE = r"^[0-9a-f]{32}$"
Code = Annotated[str, Field(pattern=CODE, description="連携の記号 / the link's code")]
Reference = Annotated[str, Field(pattern=REFERENCE, description="申込みの番号 / names the person's request")]
AttributeCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
PurposeCode = Annotated[Text, Field(min_length=1, max_length=80)]
Value = Annotated[Text, Field(min_length=1, max_length=200)]


class OfferedAttribute(Model):
    """What would be handed over. `required`: nobody has the service without it."""

    code: str
    name: str
    says: str
    required: bool


class OfferedLink(Model):
    """A link to which a resident may consent, as it is to be shown."""

    code: Code
    name: str
    version: int
    text: str
    recipient: str
    controller: str
    purposes: dict[str, str]
    attributes: list[OfferedAttribute]
    retention_days: int
    valid_until: date
    sha256: str


class LinksOut(Model):
    links: list[OfferedLink]


class LinkConsentIn(Model):
    person: Person
    link: Code
    version: int = Field(ge=1, le=1_000_000, description="見せた版 / the version that was shown")
    optional: list[AttributeCode] = Field(max_length=50, description="本人が選んだ任意の項目 / what the person chose")
    language: Language
    message_id: UUID = Field(description="ポータルが残す「同意を押した」記録の番号。照合の値だけを残します")
    representative: RepresentativeIn | None = None

    @property
    def agreed(self) -> Agreed:
        by = self.representative
        giver = Giver.ONESELF if by is None else Giver.REPRESENTATIVE
        return Agreed(self.version, frozenset(self.optional), self.language, giver, by.power_ends if by else None)

    @property
    def evidence(self) -> str:
        """What the consent is known by again. Raises Invalid for a 個人番号."""
        by = self.representative
        return evidence_text(self.agreed.giver, self.message_id, by.document if by else "")


class LinkConsentOut(Model):
    reference: str
    link: str
    attributes: list[str]
    standing: Standing
    giver: Giver
    given_at: datetime
    expires_on: date
    renewable_from: date = Field(description="この日から、更新をすすめてください / from then on, offer to renew")


class LinkWithdrawalIn(Model):
    person: Person
    reference: str = Field(pattern=r"^[0-9a-f]{16}$")


class UseIn(Model):
    person: Person
    link: Code
    purpose: PurposeCode
    values: dict[AttributeCode, Value] = Field(
        max_length=10, description="ポータルだけが持つ項目(氏名など) / what only the portal holds"
    )


class RequestOut(Model):
    request: Reference
    state: RequestState
    closes_at: datetime


class RequestLookIn(Model):
    person: Person
    request: Reference


class RequestSeen(Model):
    """`barcode`: the card's number as NW-7 bars, an SVG to show as it is."""

    request: Reference
    state: RequestState
    card_number: str | None
    barcode: str | None


class OwnUsesIn(Model):
    person: Person


class OwnUse(Model):
    link: str
    name: str
    purpose: str
    released: list[str]
    at: datetime


class OwnUsesOut(Model):
    consents: list[LinkConsentOut]
    uses: list[OwnUse]


class Waiting(Model):
    request: Reference
    purpose: str
    opened_at: datetime


class WaitingOut(Model):
    requests: list[Waiting]


class ReleaseIn(Model):
    request: Reference
    purpose: PurposeCode
    attributes: list[AttributeCode] = Field(max_length=50)


class ReleaseOut(Model):
    """What is not known of the person, and what they need not give and did not, is left out."""

    claims: dict[str, bool | int | str]
    version: int


class AnswerIn(Model):
    request: Reference
    card_number: Annotated[
        str, Field(pattern=r"^[A-D][0-9\-$:/.+]{1,40}[A-D]$", description="NW-7、チェックデジット付き")
    ]


class Done(Model):
    done: bool = True


class ToDelete(Model):
    """`attributes`: what of the data got with `requests` is to go; the rest may stay."""

    deletion: Reference
    requests: list[Reference]
    attributes: list[AttributeCode]
    due_on: date


class DeletionsOut(Model):
    deletions: list[ToDelete]


class DeletedIn(Model):
    deletion: Reference
