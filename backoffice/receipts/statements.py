"""What does a receipt say? The same of a consent to facts and of one to a link, for a machine and for a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from backoffice.consents import queries as consents
from backoffice.consents.models import Consent, Registrant
from backoffice.consents.names import CONSENTS
from backoffice.consents.notices import every_notice
from backoffice.consents.records import record_of
from backoffice.consents.workflow import Standing, standing_of
from backoffice.data_links import live
from backoffice.data_links.models import LinkConsent
from backoffice.data_links.records import link_record_of
from backoffice.data_links.weighing import terms_of
from backoffice.errors import NotThere
from backoffice.web.translations import language_now, translate
from backoffice.work import Work
from workflows.links import ATTRIBUTES
from workflows.rules.vocabulary import ConsentClass


@dataclass(frozen=True)
class Statement:
    """One consent, in the language that is spoken; `record` is for machines. `text` was read before consenting."""

    record: Mapping[str, Any]
    reference: str
    name: str
    purposes: Sequence[str]
    opened: Sequence[str]
    """What may be looked at or handed over."""
    recipient: str
    text: str
    giver: str
    way: str
    given_at: datetime
    expires_on: date
    standing: Standing


def statement_of(work: Work, registrant: Registrant, reference: str) -> Statement:
    """Give what a receipt says of a registrant's own consent of this reference. Raises NotThere."""
    consent = consents.consent_called(work.session, registrant.id, reference)
    if consent is not None:
        return _of_facts(work, registrant, consent)
    link_consent = live.consent_called(work.session, registrant.id, reference)
    if link_consent is None:
        raise NotThere("該当する同意がありません。受付番号を確かめてください。")
    return _of_link(work, registrant, link_consent)


def _of_facts(work: Work, registrant: Registrant, consent: Consent) -> Statement:
    notice, spoken = every_notice()[ConsentClass(consent.kind), consent.notice_version], language_now()
    return Statement(
        record=record_of(consent, notice, registrant.mark),
        reference=consent.reference,
        name=translate(CONSENTS[ConsentClass(consent.kind)]),
        purposes=[notice.purpose[spoken]],
        opened=[fact.en if spoken == "en" else fact.ja for fact in notice.facts],
        recipient=notice.recipients[spoken],
        text=notice.texts[consent.language],
        giver=consent.giver,
        way=consent.way,
        given_at=consent.given_at,
        expires_on=consent.expires_on,
        standing=standing_of((each.kind for each in consent.events), consent.expires_on, work.today),
    )


def _of_link(work: Work, registrant: Registrant, consent: LinkConsent) -> Statement:
    work.session.refresh(consent, ["version"])
    terms, spoken = terms_of(consent.version), language_now()
    known = [ATTRIBUTES[code] for code in consent.attributes]
    return Statement(
        record=link_record_of(consent, registrant.mark),
        reference=consent.reference,
        name=consent.link.name,
        purposes=[each.en if spoken == "en" else each.ja for each in terms.purposes],
        opened=[each.en if spoken == "en" else each.ja for each in known],
        recipient=terms.recipient.en if spoken == "en" else terms.recipient.ja,
        text=getattr(terms.shown, consent.language),
        giver=consent.giver,
        way=consent.way,
        given_at=consent.given_at,
        expires_on=consent.expires_on,
        standing=standing_of((each.kind for each in consent.events), consent.expires_on, work.today),
    )
