"""How is a consent to a link written down for others? As those to facts are: ISO/IEC TS 27560, in the terms of DPV."""

from typing import Any

from backoffice.consents.records import CONTEXT, CONTROLLER, SCHEMA, event_said
from backoffice.data_links.models import LinkConsent
from backoffice.data_links.weighing import terms_of
from workflows.links import ATTRIBUTES, Terms


def link_record_of(consent: LinkConsent, mark: str) -> dict[str, Any]:
    """Write a consent, loaded with its link, version and events; `mark` stands for whose it is."""
    terms = terms_of(consent.version)
    return {
        "@context": CONTEXT,
        "@type": "dpv:ConsentRecord",
        "dct:conformsTo": SCHEMA,
        "dct:identifier": consent.reference,
        "dpv:hasDataSubject": {"@type": "dpv:DataSubject", "dct:identifier": mark},
        "dpv:hasNotice": {
            "@type": "dpv:ConsentNotice",
            "dct:identifier": f"{consent.link.code}/{consent.version.number}",
            "dct:language": consent.language,
            "dct:description": getattr(terms.shown, consent.language),
            "dct:hasFormat": f"sha256:{consent.terms_sha256}",
        },
        "dpv:hasProcess": [_process(terms, consent)],
        "dpv:hasConsentStatus": [event_said(each.kind, each.at, consent.giver) for each in consent.events],
    }


def _process(terms: Terms, consent: LinkConsent) -> dict[str, Any]:
    return {
        "@type": "dpv:Process",
        "dpv:hasPurpose": [
            {"@type": "dpv:ServiceProvision", "dct:identifier": each.code, "dct:description": each.ja}
            for each in terms.purposes
        ],
        "dpv:hasPersonalData": [_data(code) for code in consent.attributes],
        "dpv:hasLegalBasis": {"@type": "dpv:ExplicitlyExpressedConsent"},
        "dpv:hasDataController": {"@type": "dpv:DataController", "dct:title": CONTROLLER},
        "dpv:hasRecipient": {
            "@type": "dpv:ThirdParty" if terms.private_partner else "dpv:Recipient",
            "dct:title": terms.recipient.ja,
            "dct:description": terms.controller,
        },
        "dpv:hasStorageCondition": {
            "@type": "dpv:StorageDuration",
            "dpv:hasDuration": {"@type": "dpv:TemporalDuration", "dct:extent": f"P{terms.retention_days}D"},
        },
        "dpv:hasDuration": {"@type": "dpv:UntilTimeDuration", "dct:valid": consent.expires_on.isoformat()},
        "dpv:hasConsentControl": {"@type": "dpv:WithdrawConsent"},
    }


def _data(code: str) -> dict[str, Any]:
    known = ATTRIBUTES[code]
    kind = "dpv:SensitivePersonalData" if known.is_sensitive else "dpv:PersonalData"
    return {"@type": kind, "dct:identifier": code, "dct:title": known.ja}
