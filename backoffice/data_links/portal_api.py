"""What does the residents' portal ask about links? Which there are, consents to them, using one, what has left."""

from http import HTTPStatus

from fastapi import Response

from backoffice.clients.gate import Looking, MachineRouter, answer
from backoffice.clients.once import Answer, OnlyOnce
from backoffice.clients.scopes import Scope
from backoffice.consents.portal import registrant_of
from backoffice.consents.portal_said import Language
from backoffice.consents.workflow import RENEWED_BEFORE, Giver, standing_of
from backoffice.data_links import consenting, live
from backoffice.data_links.api_said import (
    LinkConsentIn,
    LinkConsentOut,
    LinksOut,
    LinkWithdrawalIn,
    OfferedAttribute,
    OfferedLink,
    OwnUse,
    OwnUsesIn,
    OwnUsesOut,
    RequestLookIn,
    RequestOut,
    RequestSeen,
    UseIn,
)
from backoffice.data_links.consenting import ANSWER
from backoffice.data_links.models import LinkConsent, LinkRequest, LinkUse, LinkVersion
from backoffice.data_links.weighing import sha256_of, terms_of
from backoffice.work import Work
from forms import codabar
from workflows.links import ATTRIBUTES, Necessity, Use

machines = MachineRouter()


@machines.look("/portal/links", Scope.PORTAL, LinksOut)
def links(work: Looking, language: Language = "ja") -> Response:
    """同意できる連携と、本人に見せる内容 / the links that are open, and what the resident is to be shown."""
    return answer(LinksOut(links=[_offered(each, language) for each in consenting.links_open(work)]))


@machines.act("/portal/links/consents", Scope.PORTAL, LinkConsentOut, status=HTTPStatus.CREATED)
def give(once: OnlyOnce, body: LinkConsentIn) -> Response:
    """連携への同意を受け付ける。前の同意に替わる / take a consent to a link; it replaces an older one."""

    def act(work: Work) -> Answer:
        consent = consenting.give(work, body.person.visitor, body.link, body.agreed, body.evidence)
        work.session.refresh(consent, ["events", "link"])
        return Answer(_consent(work, consent), HTTPStatus.CREATED)

    return once.do(act)


@machines.act("/portal/links/consents/withdraw", Scope.PORTAL, LinkConsentOut)
def withdraw(once: OnlyOnce, body: LinkWithdrawalIn) -> Response:
    """連携への同意を取り消す。今この時から何も渡らない / withdraw a consent, from this very moment."""

    def act(work: Work) -> Answer:
        return Answer(_consent(work, consenting.withdraw(work, body.person.visitor, body.reference)))

    return once.do(act)


@machines.act("/portal/links/requests", Scope.PORTAL, RequestOut, status=HTTPStatus.CREATED)
def ask_use(once: OnlyOnce, body: UseIn) -> Response:
    """連携を使う申込み。相手のシステムが受け取りに来る / ask that a link be used for this person."""

    def act(work: Work) -> Answer:
        request = consenting.ask_use(work, body.person.visitor, body.link, body.purpose, body.values)
        said = RequestOut(request=request.reference, state=request.state, closes_at=request.closes_at)
        return Answer(said, HTTPStatus.CREATED)

    return once.do(act)


@machines.look("/portal/links/requests/look", Scope.PORTAL, RequestSeen, posted=True)
def look_at_request(work: Looking, body: RequestLookIn) -> Response:
    """申込みの今。カードの番号とバーコード / how a request stands; the card's number and its bars."""
    return answer(_seen(work, consenting.request_of(work, body.person.visitor, body.request)))


@machines.look("/portal/links/uses", Scope.PORTAL, OwnUsesOut, posted=True)
def own_uses(work: Looking, body: OwnUsesIn) -> Response:
    """本人に見せる記録: どの連携に同意し、いつ何が渡ったか / what a person consented to, and what left when."""
    registrant = registrant_of(work, body.person.visitor)
    said = OwnUsesOut(
        consents=[_consent(work, each) for each in live.consents_of(work.session, registrant.id)],
        uses=[_use(each) for each in live.uses_of(work.session, registrant.id)],
    )
    return answer(said)


def _offered(version: LinkVersion, language: Language) -> OfferedLink:
    terms = terms_of(version)
    is_english = language == "en"
    return OfferedLink(
        code=version.link.code,
        name=version.link.name,
        version=version.number,
        text=getattr(terms.shown, language),
        recipient=terms.recipient.en if is_english else terms.recipient.ja,
        controller=terms.controller,
        purposes={each.code: each.en if is_english else each.ja for each in terms.purposes},
        attributes=[_attribute(each, is_english=is_english) for each in terms.uses],
        retention_days=terms.retention_days,
        valid_until=terms.valid_until,
        sha256=sha256_of(version),
    )


def _attribute(use: Use, *, is_english: bool) -> OfferedAttribute:
    known = ATTRIBUTES[use.attribute]
    return OfferedAttribute(
        code=known.code,
        name=known.en if is_english else known.ja,
        says=known.says_en if is_english else known.says,
        required=use.necessity is Necessity.REQUIRED,
    )


def _consent(work: Work, consent: LinkConsent) -> LinkConsentOut:
    return LinkConsentOut(
        reference=consent.reference,
        link=consent.link.code,
        attributes=consent.attributes,
        standing=standing_of((each.kind for each in consent.events), consent.expires_on, work.today),
        giver=Giver(consent.giver),
        given_at=consent.given_at,
        expires_on=consent.expires_on,
        renewable_from=consent.expires_on - RENEWED_BEFORE,
    )


def _seen(work: Work, request: LinkRequest) -> RequestSeen:
    number = None
    if request.sealed_answer is not None:
        number = work.office.cipher.open(request.sealed_answer, f"{ANSWER}:{request.reference}").decode()
    return RequestSeen(
        request=request.reference,
        state=request.state,
        card_number=number,
        barcode=None if number is None else codabar.svg(number, number),
    )


def _use(use: LinkUse) -> OwnUse:
    return OwnUse(link=use.link.code, name=use.link.name, purpose=use.purpose, released=use.released, at=use.at)
