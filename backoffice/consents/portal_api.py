"""What does the residents' portal ask of the city? Registering, channels, consents, withdrawal, a person's own record.

Whom a call is about stands in its body, never in an address: addresses end in logs.
"""

from datetime import datetime
from http import HTTPStatus

from fastapi import Request, Response

from backoffice.clients.gate import Changing, Looking, MachineRouter, answer
from backoffice.clients.once import Answer, OnlyOnce
from backoffice.clients.scopes import Scope
from backoffice.consents import portal
from backoffice.consents.models import Consent, RegistrantChannel
from backoffice.consents.notices import Notice, every_notice, shown_on
from backoffice.consents.portal import OwnRecord
from backoffice.consents.portal_said import (
    ChannelIn,
    ChannelOut,
    ConsentIn,
    ConsentOut,
    InterestsIn,
    Language,
    Look,
    NoticeOut,
    NoticesOut,
    OwnChannel,
    OwnConsent,
    Received,
    RecordIn,
    RecordOut,
    RegistrantIn,
    WithdrawalIn,
    WithdrawalOut,
)
from backoffice.consents.workflow import RENEWED_BEFORE, Assurance, Giver, Happened, ProvenBy, standing_of
from backoffice.errors import NotThere
from backoffice.web.problem_json import answer_refusal
from backoffice.work import Work
from workflows.rules.vocabulary import ConsentClass

machines = MachineRouter()


@machines.look("/portal/notices", Scope.PORTAL, NoticesOut)
def notices(work: Looking, language: Language = "ja") -> Response:
    """同意の前に見せる説明文。今日の版 / the notices to show before a consent is asked, as of today."""
    shown = (shown_on(kind, work.today) for kind in ConsentClass)
    return answer(NoticesOut(notices=[_notice(each, language) for each in shown]))


@machines.put("/portal/registrant", Scope.PORTAL, Received)
def register(work: Changing, body: RegistrantIn) -> Response:
    """登録する、または確かめ方とことばを更新する / register a person, or renew how they were proven."""
    portal.register(work, body.person.visitor, body.language)
    return answer(Received())


@machines.put("/portal/channel", Scope.PORTAL, Received)
def set_channel(work: Changing, body: ChannelIn) -> Response:
    """お知らせの届け先を1つ登録する(種類ごとに1つ) / keep where a person is written to, one of a kind."""
    portal.set_channel(work, body.person.visitor, body.kind, body.address)
    return answer(Received())


@machines.act("/portal/channel/remove", Scope.PORTAL, Received)
def remove_channel(once: OnlyOnce, body: ChannelOut) -> Response:
    """お知らせの届け先を消す / forget where a person is written to."""

    def act(work: Work) -> Answer:
        portal.remove_channel(work, body.person.visitor, body.kind)
        return Answer(Received())

    return once.do(act)


@machines.put("/portal/interests", Scope.PORTAL, Received)
def say_interests(work: Changing, body: InterestsIn) -> Response:
    """関心のある分野。ポータルの並べ方だけに使う / interests: they only order what the portal shows."""
    portal.say_interests(work, body.person.visitor, body.interests)
    return answer(Received())


@machines.act("/portal/consents", Scope.PORTAL, ConsentOut, status=HTTPStatus.CREATED)
def give(once: OnlyOnce, body: ConsentIn) -> Response:
    """同意を受け付ける。同じ種類の前の同意に替わる / take a consent; it replaces an older one of its kind."""

    def act(work: Work) -> Answer:
        consent = portal.give(work, body.person.visitor, body.said)
        return Answer(_consent(consent), HTTPStatus.CREATED)

    return once.do(act)


@machines.act("/portal/consents/withdraw", Scope.PORTAL, WithdrawalOut)
def withdraw(once: OnlyOnce, body: WithdrawalIn) -> Response:
    """同意を取り消す。今この時から使われない / withdraw a consent, from this very moment."""

    def act(work: Work) -> Answer:
        consent = portal.withdraw(work, body.person.visitor, body.reference)
        standing = standing_of((each.kind for each in consent.events), consent.expires_on, work.today)
        said = WithdrawalOut(reference=consent.reference, standing=standing, ended_at=_ended(consent))
        return Answer(said)

    return once.do(act)


@machines.look("/portal/record", Scope.PORTAL, RecordOut, posted=True)
def own_record(request: Request, work: Changing, body: RecordIn) -> Response:
    """本人に見せる記録: 何を持ち、何のためで、だれがいつ見たか / a person's own record, for them to read."""
    held = portal.own_record(work, body.person.visitor)
    if held is None:
        return answer_refusal(request, NotThere(portal.NOBODY))
    return answer(record_said(work, held, body.language))


def _notice(notice: Notice, language: Language) -> NoticeOut:
    spoken = _spoken(language)
    return NoticeOut(
        kind=notice.code,
        version=notice.version,
        language=language,
        text=notice.texts[language],
        purpose=notice.purpose[spoken],
        recipients=notice.recipients[spoken],
        facts=_facts(notice, spoken),
        months=notice.months,
        sha256=notice.sha256,
    )


def _consent(consent: Consent) -> ConsentOut:
    return ConsentOut(
        reference=consent.reference,
        kind=ConsentClass(consent.kind),
        notice_version=consent.notice_version,
        notice_sha256=consent.notice_sha256,
        given_at=consent.given_at,
        expires_on=consent.expires_on,
        renewable_from=consent.expires_on - RENEWED_BEFORE,
    )


def _own_consent(work: Work, consent: Consent, language: Language) -> OwnConsent:
    notice, spoken = every_notice()[ConsentClass(consent.kind), consent.notice_version], _spoken(language)
    return OwnConsent(
        **_consent(consent).model_dump(),
        standing=standing_of((each.kind for each in consent.events), consent.expires_on, work.today),
        ended_at=_ended(consent),
        way=consent.way,
        giver=Giver(consent.giver),
        purpose=notice.purpose[spoken],
        recipients=notice.recipients[spoken],
        facts=_facts(notice, spoken),
    )


def record_said(work: Work, held: OwnRecord, language: Language) -> RecordOut:
    """Say what is held of a person, for them to read: at the portal, and in what is handed over at the counter."""
    person = held.registrant
    return RecordOut(
        registered_at=person.registered_at,
        language=person.language,
        assurance=Assurance(person.assurance),
        proven_by=ProvenBy(person.proven_by) if person.proven_by else None,
        proven_at=person.proven_at,
        interests=person.interests or [],
        channels=[_channel(work, each) for each in held.channels],
        consents=[_own_consent(work, each, language) for each in held.consents],
        looks=[Look(office=each.staff.department.name, at=each.opened_at) for each in held.looks],
    )


def _channel(work: Work, channel: RegistrantChannel) -> OwnChannel:
    address = portal.address_of(work.office.cipher, channel)
    return OwnChannel.model_validate({"kind": channel.kind, "address": address, "since": channel.set_at})


def _ended(consent: Consent) -> datetime | None:
    return max((each.at for each in consent.events if each.kind != Happened.GIVEN), default=None)


def _facts(notice: Notice, spoken: str) -> list[str]:
    return [fact.en if spoken == "en" else fact.ja for fact in notice.facts]


def _spoken(language: Language) -> str:
    """Give the language of what is not written in やさしい日本語."""
    return "en" if language == "en" else "ja"
