"""What does a resident do with a link through the portal? Consent to it, withdraw, ask that it be used for them."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from backoffice.consents import queries as people
from backoffice.consents.models import Registrant
from backoffice.consents.portal import NOBODY, Visitor, registrant_of
from backoffice.consents.service import Proof, ends_on
from backoffice.consents.workflow import Assurance, Giver, Happened, Way
from backoffice.data_links import live
from backoffice.data_links.endings import is_live, settle
from backoffice.data_links.events import LinkConsented, LinkRequested, LinkWithdrawn
from backoffice.data_links.models import LinkConsent, LinkConsentEvent, LinkRequest, LinkVersion
from backoffice.data_links.weighing import sha256_of, terms_of
from backoffice.data_links.workflow import DeletionCause, RequestState, link_state
from backoffice.errors import CardNeeded, Invalid, NotThere, Overtaken
from backoffice.web.free_text import NO_MY_NUMBER
from backoffice.web.translations import _
from backoffice.work import Work
from forms.my_number import holds_my_number
from workflows.links import ATTRIBUTES, LinkState, Necessity, Source, Terms, told_by

EVIDENCE, VALUES, ANSWER = "link_consent.evidence", "link_request.values", "link_request.answer"
"""What marks and sealed texts are bound to."""
MONTHS = 24
"""So long a consent holds at most, as those to facts do."""
REQUEST_LASTS = timedelta(days=7)
MOST_WAITING = 5
"""Requests of one person at one link: the other system reads the oldest first, and nobody is to fill its list."""
CARD_FIRST = "同意は、カードで本人を確かめてから受け付けます。"
NO_LINK = _("この記号の連携はないか、今は使えません。GET /portal/links で確かめてください。")
WRONG = _("送られた値を直してください")


@dataclass(frozen=True)
class Agreed:
    """What somebody agreed to. `version`: the number of the one they were shown."""

    version: int
    optional: frozenset[str]
    language: str
    giver: Giver = Giver.ONESELF
    power_ends: date | None = None
    """Of a legal representative."""


def link_open(work: Work, code: str) -> LinkVersion:
    """Give the version that counts of a link that is open now. Raises NotThere."""
    version = live.version_of_link(work.session, code)
    if version is None or not is_open(work, version):
        raise NotThere(NO_LINK)
    return version


def links_open(work: Work) -> list[LinkVersion]:
    """Give the version that counts of every link that is open now."""
    return [each for each in live.links_in_force(work.session) if is_open(work, each)]


def is_open(work: Work, version: LinkVersion) -> bool:
    """Say whether a link is open by the version that counts; a wider one on its way changes nothing for residents."""
    return link_state(terms_of(version), version.link.shut_at, work.today, wider_waits=False) is LinkState.LIVE


def give(work: Work, visitor: Visitor, code: str, agreed: Agreed, evidence: str) -> LinkConsent:
    """Take a consent to a link at the portal. Raises CardNeeded, NotThere, Overtaken, Invalid."""
    if not visitor.is_proven:
        raise CardNeeded(CARD_FIRST)
    version = link_open(work, code)
    registrant = registrant_of(work, visitor)
    if registrant.assurance != Assurance.CARD_VERIFIED:
        raise NotThere(NOBODY)
    return keep(work, registrant, version, agreed, Proof(Way.PORTAL, "portal_message", evidence))


def take(
    work: Work, registrant: Registrant, version: LinkVersion, agreed: Agreed, evidence: str, seen: int
) -> LinkConsent:
    """Take a consent at the counter. Raises CardNeeded, Invalid, and Overtaken also for a form sent twice.

    `seen`: the last thing that had happened when the terms were opened: else a form that is sent again would open what
    was withdrawn in between.
    """
    people.lock_registrant(work.session, registrant.id)
    if live.last_event(work.session, registrant.id) != seen:
        raise Overtaken("この人の同意は、そのあと変わっています。最新の内容を確認してください。")
    return keep(work, registrant, version, agreed, Proof(Way.COUNTER, "application_number", evidence))


def keep(work: Work, registrant: Registrant, version: LinkVersion, agreed: Agreed, proof: Proof) -> LinkConsent:
    """Keep a consent to the link of a version that counts; an older one to it is replaced.

    Raises CardNeeded for somebody who was not proven, Overtaken where another version is shown by now, Invalid.
    """
    if registrant.assurance != Assurance.CARD_VERIFIED:
        raise CardNeeded(CARD_FIRST)
    if version.number != agreed.version:
        raise Overtaken("内容が新しくなっています。読み直してもらってください。")
    terms = terms_of(version)
    attributes = _agreed_to(terms, agreed.optional)
    people.lock_registrant(work.session, registrant.id)
    before = live.latest_consent(work.session, registrant.id, version.link_id)
    consent = LinkConsent(
        reference=work.office.services.random_bytes(8).hex(),
        registrant_id=registrant.id,
        link_id=version.link_id,
        version_id=version.id,
        scope=version.scope,
        terms_sha256=sha256_of(version),
        attributes=sorted(attributes),
        language=agreed.language,
        giver=agreed.giver,
        way=proof.way,
        evidence_sha256=work.office.cipher.mark(proof.text, EVIDENCE),
        given_at=work.now,
        expires_on=min(ends_on(work.today, MONTHS, agreed.giver, agreed.power_ends), terms.valid_until),
    )
    work.session.add(consent)
    work.session.flush()
    _happened(work, consent, Happened.GIVEN)
    work.record(LinkConsented(version.link_id, consent.id))
    if before is not None and is_live(work, before):
        _happened(work, before, Happened.REPLACED)
        settle(work, registrant.id, version.link_id, DeletionCause.NARROWED)
    return consent


def withdraw(work: Work, visitor: Visitor, reference: str) -> LinkConsent:
    """End a visitor's consent to a link from this moment; one that has ended stays as it is. Raises NotThere.

    What was asked for with it is closed, and whoever got data is asked to delete it.
    """
    return withdraw_for(work, registrant_of(work, visitor), reference)


def withdraw_for(work: Work, registrant: Registrant, reference: str) -> LinkConsent:
    """End a consent of somebody who is at the portal or the counter. Raises NotThere."""
    people.lock_registrant(work.session, registrant.id)
    consent = live.consent_called(work.session, registrant.id, reference)
    if consent is None:
        raise NotThere("該当する同意がありません。受付番号を確かめてください。")
    if is_live(work, consent):
        _happened(work, consent, Happened.WITHDRAWN)
        work.record(LinkWithdrawn(consent.link_id, consent.id))
        settle(work, registrant.id, consent.link_id, DeletionCause.WITHDRAWN)
        work.session.refresh(consent, ["events"])
    return consent


def ask_use(work: Work, visitor: Visitor, code: str, purpose: str, values: Mapping[str, str]) -> LinkRequest:
    """Let the other system use a link for a visitor. Raises NotThere, CardNeeded, Invalid, Overtaken.

    `values`: what only the portal holds, by attribute; of it, what was agreed to is kept sealed till the answer.
    """
    if not visitor.is_proven:
        raise CardNeeded("連携の申込みは、カードで本人を確かめてから受け付けます。")
    version = link_open(work, code)
    terms = terms_of(version)
    if purpose not in terms.allowed:
        raise Invalid(WRONG, {"purpose": _("この連携にない目的です。")})
    _must_fit(values, terms.allowed[purpose])
    registrant = registrant_of(work, visitor)
    if registrant.assurance != Assurance.CARD_VERIFIED:
        raise NotThere(NO_LINK)
    people.lock_registrant(work.session, registrant.id)
    consent = live.latest_consent(work.session, registrant.id, version.link_id)
    if consent is None or not is_live(work, consent) or consent.scope < version.scope:
        raise Invalid(WRONG, {"link": _("この連携への同意がありません。先に同意を受け付けてください。")})
    if live.count_waiting(work.session, registrant.id, version.link_id, work.now) >= MOST_WAITING:
        raise Overtaken("この連携への申込みが、もう5件待っています。答えを待つか、同意を取り消してください。")
    reference = work.office.services.random_bytes(16).hex()
    agreed = told_by(consent.attributes)  # nothing is kept that the person chose not to give
    sealed = json.dumps({code: text for code, text in values.items() if code in agreed}, ensure_ascii=False).encode()
    request = LinkRequest(
        reference=reference,
        link_id=version.link_id,
        registrant_id=registrant.id,
        purpose=purpose,
        state=RequestState.OPEN,
        sealed_values=work.office.cipher.seal(sealed, f"{VALUES}:{reference}"),
        opened_at=work.now,
        closes_at=work.now + REQUEST_LASTS,
    )
    work.session.add(request)
    work.session.flush()
    work.record(LinkRequested(version.link_id, request.id))
    return request


def request_of(work: Work, visitor: Visitor, reference: str) -> LinkRequest:
    """Give a visitor's own request. Raises NotThere, the same for another's."""
    registrant = registrant_of(work, visitor)
    found = live.own_request(work.session, registrant.id, reference)
    if found is None:
        raise NotThere("該当する申込みがありません。")
    return found


def _agreed_to(terms: Terms, optional: Collection[str]) -> frozenset[str]:
    """Give what is required, and the optional that was chosen. Raises Invalid for anything else."""
    offered = {use.attribute for use in terms.uses if use.necessity is Necessity.OPTIONAL}
    if not offered.issuperset(optional):
        raise Invalid(WRONG, {"optional": _("選べない項目があります。")})
    return frozenset(use.attribute for use in terms.uses if use.necessity is Necessity.REQUIRED) | frozenset(optional)


def _must_fit(values: Mapping[str, str], allowed: Collection[str]) -> None:
    for code, value in values.items():
        known = ATTRIBUTES.get(code)
        if known is None or known.source is not Source.PORTAL or code not in allowed:
            raise Invalid(WRONG, {f"values/{code}": _("この連携で預かる項目ではありません。")})
        if holds_my_number(value):
            raise Invalid(NO_MY_NUMBER, {f"values/{code}": NO_MY_NUMBER})


def _happened(work: Work, consent: LinkConsent, kind: Happened) -> None:
    work.session.add(LinkConsentEvent(consent=consent, kind=kind, at=work.now))
    work.session.flush()
