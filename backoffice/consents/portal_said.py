"""In which shapes do the portal and the city speak? One model a request or answer; nothing beyond is taken."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from backoffice.consents.portal import Said, Visitor
from backoffice.consents.service import Given
from backoffice.consents.workflow import Assurance, ChannelKind, Giver, ProvenBy, Standing
from backoffice.errors import Invalid
from backoffice.web.free_text import pseudonym_given
from backoffice.web.translations import _
from workflows.rules.vocabulary import ConsentClass

Language = Literal["ja", "easy", "en"]
AtPortal = Literal[ProvenBy.USER_CERTIFICATE, ProvenBy.SIGNATURE_CERTIFICATE]
MOST_INTERESTS = 20
PSEUDONYM = r"^[A-Za-z0-9][A-Za-z0-9._-]{5,63}$"
"""As `pseudonym_given` takes them; stated here for whoever reads the description."""


def _pseudonym(text: str) -> str:
    try:
        return pseudonym_given(text)
    except Invalid as refusal:
        raise ValueError(refusal.fields["pseudonym"]) from None


def _free_of_zero(text: str) -> str:
    if "\0" in text:
        raise ValueError(_("文字として扱えないものが入っています。"))
    return text


Text = Annotated[str, AfterValidator(_free_of_zero)]


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Person(Model):
    """Who is at the portal, and how the portal proved it in this very visit."""

    pseudonym: Annotated[str, Field(pattern=PSEUDONYM, description="わたしの番号(仮名)"), AfterValidator(_pseudonym)]
    assurance: Assurance
    proven_by: AtPortal | None = Field(
        default=None, description="card_verified のとき必須: カードのどの電子証明書で確かめたか"
    )

    @model_validator(mode="after")
    def _says_how(self) -> Self:
        if (self.assurance is Assurance.CARD_VERIFIED) != (self.proven_by is not None):
            raise ValueError(_("proven_by は、assurance が card_verified のときだけ、必ず入れてください。"))
        return self

    @property
    def visitor(self) -> Visitor:
        return Visitor(self.pseudonym, self.proven_by)


class RegistrantIn(Model):
    person: Person
    language: Language = Field(description="お知らせのことば。easy はやさしい日本語")


class ChannelIn(Model):
    person: Person
    kind: ChannelKind
    address: Annotated[Text, Field(min_length=1, max_length=254)]


class ChannelOut(Model):
    person: Person
    kind: ChannelKind


class InterestsIn(Model):
    person: Person
    interests: list[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]] = Field(max_length=MOST_INTERESTS)


class RepresentativeIn(Model):
    """法定代理人: what shows their power, and its last day."""

    document: Annotated[Text, Field(min_length=1, max_length=80, description="証明書の番号。照合の値だけを残します")]
    power_ends: date


class ConsentIn(Model):
    person: Person
    kind: ConsentClass
    notice_version: int = Field(ge=1, le=1_000_000)
    language: Language = Field(description="説明文を読んだことば")
    message_id: UUID = Field(description="ポータルが残す「同意を押した」記録の番号。照合の値だけを残します")
    representative: RepresentativeIn | None = None

    @property
    def said(self) -> Said:
        """The consent as the services take it."""
        by = self.representative
        given = Given(
            self.kind,
            self.notice_version,
            self.language,
            Giver.ONESELF if by is None else Giver.REPRESENTATIVE,
            evidence="",
            power_ends=by.power_ends if by else None,
        )
        return Said(given, self.message_id, by.document if by else "")


class WithdrawalIn(Model):
    person: Person
    reference: str = Field(pattern=r"^[0-9a-f]{16}$")


class RecordIn(Model):
    person: Person
    language: Language = "ja"


class Received(Model):
    """The same for everybody: how a registration stands is read from the person's own record."""

    received: Literal[True] = True


class ConsentOut(Model):
    reference: str = Field(description="受付番号。取り消すときに使います")
    kind: ConsentClass
    notice_version: int
    notice_sha256: str
    given_at: AwareDatetime
    expires_on: date = Field(description="この日まで有効")
    renewable_from: date = Field(description="この日から、更新をすすめてください / from then on, offer to renew")


class WithdrawalOut(Model):
    reference: str
    standing: Standing
    ended_at: AwareDatetime | None = Field(description="期限で終わったときは null")


class NoticeOut(Model):
    kind: ConsentClass
    version: int
    language: Language
    text: str
    purpose: str
    recipients: str
    facts: list[str] = Field(description="この同意で市が見る情報")
    months: int = Field(description="有効な月数")
    sha256: str = Field(description="全ことばの説明文の値。同意の記録に同じ値が残ります")


class NoticesOut(Model):
    notices: list[NoticeOut]


class OwnChannel(Model):
    kind: ChannelKind
    address: str
    since: datetime


class OwnConsent(ConsentOut):
    standing: Standing
    ended_at: datetime | None
    way: str = Field(description="counter=窓口、portal=ポータル")
    giver: Giver
    purpose: str
    recipients: str
    facts: list[str]


class Look(Model):
    """A member of staff opened the person's page: which office, when. Names and reasons are told at the counter."""

    office: str
    at: datetime


class RecordOut(Model):
    """What is held of a person, what for, and who looked at it when."""

    registered_at: datetime
    language: str
    assurance: Assurance
    proven_by: ProvenBy | None
    proven_at: datetime | None
    interests: list[str]
    channels: list[OwnChannel]
    consents: list[OwnConsent]
    looks: list[Look]
