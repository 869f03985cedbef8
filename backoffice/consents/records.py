"""How is a consent written down for others? As a record after ISO/IEC TS 27560, in the terms of W3C DPV 2.3.

Whose it is stands there by a mark of this city's alone, so that a record that goes astray names nobody.
"""

from datetime import datetime
from typing import Any

from backoffice.consents.models import Consent
from backoffice.consents.notices import Notice
from backoffice.consents.workflow import Giver, Happened
from workflows.rules.vocabulary import Fact

CONTEXT = {"dpv": "https://w3id.org/dpv#", "dct": "http://purl.org/dc/terms/"}
CONTROLLER = "福岡市"
SCHEMA = "ISO/IEC TS 27560:2023"
_STATUS = {
    Happened.GIVEN: "dpv:ConsentGiven",
    Happened.WITHDRAWN: "dpv:ConsentWithdrawn",
    Happened.REPLACED: "dpv:RenewedConsentGiven",
    Happened.EXPIRED: "dpv:ConsentExpired",
}


def record_of(consent: Consent, notice: Notice, mark: str) -> dict[str, Any]:
    """Write a consent, loaded with its events, with the notice that was read for it; `mark` stands for whose it is."""
    return {
        "@context": CONTEXT,
        "@type": "dpv:ConsentRecord",
        "dct:conformsTo": SCHEMA,
        "dct:identifier": consent.reference,
        "dpv:hasDataSubject": {"@type": "dpv:DataSubject", "dct:identifier": mark},
        "dpv:hasNotice": {
            "@type": "dpv:ConsentNotice",
            "dct:identifier": f"{notice.code}/{notice.version}",
            "dct:language": consent.language,
            "dct:description": notice.texts[consent.language],
            "dct:hasFormat": f"sha256:{consent.notice_sha256}",
        },
        "dpv:hasProcess": [_process(notice, consent)],
        "dpv:hasConsentStatus": [event_said(each.kind, each.at, consent.giver) for each in consent.events],
    }


def _process(notice: Notice, consent: Consent) -> dict[str, Any]:
    return {
        "@type": "dpv:Process",
        "dpv:hasPurpose": {"@type": "dpv:ServiceProvision", "dct:description": notice.purpose["ja"]},
        "dpv:hasPersonalData": [_data(fact) for fact in notice.facts],
        "dpv:hasLegalBasis": {
            "@type": "dpv:ExplicitlyExpressedConsent",
            "dct:source": sorted({fact.legal_basis for fact in notice.facts}),
        },
        "dpv:hasDataController": {"@type": "dpv:DataController", "dct:title": CONTROLLER},
        "dpv:hasRecipient": {"@type": "dpv:Recipient", "dct:description": notice.recipients["ja"]},
        "dpv:hasDuration": {"@type": "dpv:UntilTimeDuration", "dct:valid": consent.expires_on.isoformat()},
        "dpv:hasConsentControl": {"@type": "dpv:WithdrawConsent"},
    }


def _data(fact: Fact) -> dict[str, Any]:
    return {
        "@type": "dpv:SensitivePersonalData" if fact.sensitive else "dpv:PersonalData",
        "dct:identifier": fact.code,
        "dct:title": fact.ja,
        "dpv:hasDataSource": fact.source,
    }


def event_said(kind: str, at: datetime, giver: str) -> dict[str, Any]:
    """Write what became of a consent, and by whose word."""
    by = "dpv:GuardianOfDataSubject" if giver == Giver.REPRESENTATIVE else "dpv:DataSubject"
    return {"@type": _STATUS[Happened(kind)], "dct:date": at.isoformat(), "dpv:isIndicatedBy": {"@type": by}}
