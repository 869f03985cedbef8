"""What is missing in the terms of an agreement, or contradicts itself? Codes, which the pages put into words."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date
from enum import StrEnum

from forms.ages import birthday_in
from workflows.links.attributes import ATTRIBUTES, Attribute
from workflows.links.risk import concerns_without_measure
from workflows.links.terms import (
    OLDEST,
    Contact,
    Ground,
    Necessity,
    SecurityClass,
    SubjectGroup,
    Terms,
    Use,
)
from workflows.rules.facts import WARDS
from workflows.rules.vocabulary import ConsentClass

_DAYS_OF_YEAR = 366
_CLAIM_WOULD_DO = frozenset(each.code for each in ATTRIBUTES.values() if each.is_claim)


class Wrong(StrEnum):
    SYSTEM_UNNAMED = "system_unnamed"
    SAME_SYSTEM = "same_system"
    CONTROLLER_MISSING = "controller_missing"
    NO_PURPOSE = "no_purpose"
    PURPOSE_UNNAMED = "purpose_unnamed"
    PURPOSE_TWICE = "purpose_twice"
    PURPOSE_IDLE = "purpose_idle"
    """No attribute is for it."""
    NO_ATTRIBUTE = "no_attribute"
    ATTRIBUTE_UNKNOWN = "attribute_unknown"
    ATTRIBUTE_TWICE = "attribute_twice"
    ATTRIBUTE_WITHOUT_PURPOSE = "attribute_without_purpose"
    ATTRIBUTE_FOR_UNKNOWN_PURPOSE = "attribute_for_unknown_purpose"
    ALREADY_TOLD = "already_told"
    """Another attribute for the same purposes tells this one."""
    SENSITIVE_WITHOUT_REASON = "sensitive_without_reason"
    OPTIONAL_WITHOUT_REASON = "optional_without_reason"
    CLAIM_WOULD_DO = "claim_would_do"
    """Required as the register has it, though it tells a claim that may be enough; no reason why not."""
    PRIVATE_SENSITIVE = "private_sensitive"
    PRIVATE_NO_CLAIM = "private_no_claim"
    PRIVATE_NEEDS_CONSENT = "private_needs_consent"
    TAX_NEEDS_CONSENT = "tax_needs_consent"
    """地方税法22条: no other ground lifts tax secrecy here."""
    SHOWN_MISSING = "shown_missing"
    RETENTION_WRONG = "retention_wrong"
    RETENTION_TOO_LONG = "retention_too_long"
    CEILING_WRONG = "ceiling_wrong"
    CEILING_TOO_HIGH = "ceiling_too_high"
    CEILINGS_CONTRADICT = "ceilings_contradict"
    """Fewer a year than a day, or more a year than all its days allow."""
    NO_SUBJECTS = "no_subjects"
    WARD_UNKNOWN = "ward_unknown"
    AGES_WRONG = "ages_wrong"
    SECURITY_TOO_LOW = "security_too_low"
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    VALID_TOO_LONG = "valid_too_long"
    REVIEW_AFTER_THE_END = "review_after_the_end"
    REVIEW_BEFORE_IT_BEGINS = "review_before_it_begins"
    REVIEW_TOO_LATE = "review_too_late"
    """More than a year after the link begins."""
    NO_CONTACT = "no_contact"
    CONTACT_INCOMPLETE = "contact_incomplete"
    EMERGENCY_CONTACT_INCOMPLETE = "emergency_contact_incomplete"
    IMPACT_UNANSWERED = "impact_unanswered"
    IMPACT_WITHOUT_WORDS = "impact_without_words"
    IMPACT_WITHOUT_MEASURE = "impact_without_measure"
    """The risk is high, and nothing is named against one of its reasons."""


@dataclass(frozen=True, slots=True)
class TermsProblem:
    """One thing to mend before anybody approves. `field` is one of Terms; `about` names the part, by its code."""

    field: str
    wrong: Wrong
    about: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far terms may go at most."""

    years: int
    retention_days: int
    per_person_day: int
    per_person_year: int
    per_minute: int


PUBLIC_LIMITS = Limits(years=3, retention_days=1_826, per_person_day=24, per_person_year=1_200, per_minute=6_000)
PRIVATE_LIMITS = Limits(years=1, retention_days=90, per_person_day=3, per_person_year=60, per_minute=600)


def limits_of(*, private_partner: bool) -> Limits:
    return PRIVATE_LIMITS if private_partner else PUBLIC_LIMITS


def problems_of(terms: Terms) -> tuple[TermsProblem, ...]:
    """Give what there is to mend in terms, in the order of their fields; nothing where they can be submitted."""
    return tuple(problem for look in _LOOKS for problem in look(terms))


def _of_the_ends(terms: Terms) -> Iterator[TermsProblem]:
    for field, system in (("giver", terms.giver), ("recipient", terms.recipient)):
        if _blank(system.code, system.ja, system.en):
            yield TermsProblem(field, Wrong.SYSTEM_UNNAMED)
    if terms.giver.code == terms.recipient.code:
        yield TermsProblem("recipient", Wrong.SAME_SYSTEM, terms.recipient.code)
    if _blank(terms.controller):
        yield TermsProblem("controller", Wrong.CONTROLLER_MISSING)


def _of_purposes(terms: Terms) -> Iterator[TermsProblem]:
    if not terms.purposes:
        yield TermsProblem("purposes", Wrong.NO_PURPOSE)
    for purpose in terms.purposes:
        if _blank(purpose.code, purpose.ja, purpose.en):
            yield TermsProblem("purposes", Wrong.PURPOSE_UNNAMED, purpose.code)
        if terms.uses and not any(terms.uses_for(purpose.code)):
            yield TermsProblem("purposes", Wrong.PURPOSE_IDLE, purpose.code)
    for code in _twice(purpose.code for purpose in terms.purposes):
        yield TermsProblem("purposes", Wrong.PURPOSE_TWICE, code)


def _of_the_ground(terms: Terms) -> Iterator[TermsProblem]:
    if terms.ground is Ground.CONSENT:
        return
    if terms.private_partner:
        yield TermsProblem("ground", Wrong.PRIVATE_NEEDS_CONSENT)
    for use in terms.uses:
        if use.attribute in ATTRIBUTES and ConsentClass.TAX in ATTRIBUTES[use.attribute].consents:
            yield TermsProblem("ground", Wrong.TAX_NEEDS_CONSENT, use.attribute)


def _of_attributes(terms: Terms) -> Iterator[TermsProblem]:
    if not terms.uses:
        yield TermsProblem("uses", Wrong.NO_ATTRIBUTE)
    for code in _twice(use.attribute for use in terms.uses):
        yield TermsProblem("uses", Wrong.ATTRIBUTE_TWICE, code)
    for use in terms.uses:
        for wrong in (*_of_its_purposes(use, terms), *_of_the_attribute(use, terms)):
            yield TermsProblem("uses", wrong, use.attribute)


def _of_its_purposes(use: Use, terms: Terms) -> Iterator[Wrong]:
    if not use.purposes:
        yield Wrong.ATTRIBUTE_WITHOUT_PURPOSE
    if not {purpose.code for purpose in terms.purposes}.issuperset(use.purposes):
        yield Wrong.ATTRIBUTE_FOR_UNKNOWN_PURPOSE


def _of_the_attribute(use: Use, terms: Terms) -> Iterator[Wrong]:
    known = ATTRIBUTES.get(use.attribute)
    if known is None:
        yield Wrong.ATTRIBUTE_UNKNOWN
        return
    if any(use.attribute in ATTRIBUTES[each].tells for each in _beside(use, terms)):
        yield Wrong.ALREADY_TOLD
    if _blank(use.reason):
        yield from _without_reason(use, known)
    if terms.private_partner:
        if known.is_sensitive:
            yield Wrong.PRIVATE_SENSITIVE
        if not known.is_claim:
            yield Wrong.PRIVATE_NO_CLAIM


def _without_reason(use: Use, known: Attribute) -> Iterator[Wrong]:
    if known.is_sensitive:
        yield Wrong.SENSITIVE_WITHOUT_REASON
    if use.necessity is Necessity.OPTIONAL:
        yield Wrong.OPTIONAL_WITHOUT_REASON
    elif not known.is_claim and known.tells & _CLAIM_WOULD_DO:
        yield Wrong.CLAIM_WOULD_DO


def _beside(use: Use, terms: Terms) -> Iterator[str]:
    """Give the known attributes that come along wherever this one does."""
    return (
        other.attribute
        for other in terms.uses
        if other.attribute in ATTRIBUTES
        and use.purposes
        and set(use.purposes) <= set(other.purposes)
        and (other.necessity is Necessity.REQUIRED or use.necessity is Necessity.OPTIONAL)
    )


def _of_what_is_shown(terms: Terms) -> Iterator[TermsProblem]:
    for language in ("ja", "easy", "en"):
        if _blank(getattr(terms.shown, language)):
            yield TermsProblem("shown", Wrong.SHOWN_MISSING, language)


def _of_retention(terms: Terms) -> Iterator[TermsProblem]:
    if terms.retention_days < 0:
        yield TermsProblem("retention_days", Wrong.RETENTION_WRONG)
    elif terms.retention_days > limits_of(private_partner=terms.private_partner).retention_days:
        yield TermsProblem("retention_days", Wrong.RETENTION_TOO_LONG)


def _of_ceilings(terms: Terms) -> Iterator[TermsProblem]:
    limits = limits_of(private_partner=terms.private_partner)
    for field in ("per_person_day", "per_person_year", "per_minute"):
        if getattr(terms, field) < 1:
            yield TermsProblem(field, Wrong.CEILING_WRONG)
        elif getattr(terms, field) > getattr(limits, field):
            yield TermsProblem(field, Wrong.CEILING_TOO_HIGH)
    if not terms.per_person_day <= terms.per_person_year <= terms.per_person_day * _DAYS_OF_YEAR:
        yield TermsProblem("per_person_year", Wrong.CEILINGS_CONTRADICT)


def _of_subjects(terms: Terms) -> Iterator[TermsProblem]:
    if not terms.subjects:
        yield TermsProblem("subjects", Wrong.NO_SUBJECTS)
    wards = {ward.code for ward in WARDS}
    for group in terms.subjects:
        yield from (TermsProblem("subjects", Wrong.WARD_UNKNOWN, ward) for ward in group.wards if ward not in wards)
        if not _ages_are_right(group):
            yield TermsProblem("subjects", Wrong.AGES_WRONG)


def _ages_are_right(group: SubjectGroup) -> bool:
    low = 0 if group.from_age is None else group.from_age
    high = OLDEST if group.to_age is None else group.to_age
    return 0 <= low <= high <= OLDEST


def _of_security(terms: Terms) -> Iterator[TermsProblem]:
    known = [ATTRIBUTES[use.attribute] for use in terms.uses if use.attribute in ATTRIBUTES]
    least = SecurityClass.CONFIDENTIALITY_2
    if any(each.is_sensitive for each in known):
        least = SecurityClass.CONFIDENTIALITY_3
    if known and terms.security.rank < least.rank:
        yield TermsProblem("security", Wrong.SECURITY_TOO_LOW, least)


def _of_time(terms: Terms) -> Iterator[TermsProblem]:
    begins, ends, review = terms.valid_from, terms.valid_until, terms.review_on
    if ends < begins:
        yield TermsProblem("valid_until", Wrong.ENDS_BEFORE_IT_BEGINS)
    elif ends >= _anniversary(begins, limits_of(private_partner=terms.private_partner).years):
        yield TermsProblem("valid_until", Wrong.VALID_TOO_LONG)
    if review > ends:
        yield TermsProblem("review_on", Wrong.REVIEW_AFTER_THE_END)
    if review < begins:
        yield TermsProblem("review_on", Wrong.REVIEW_BEFORE_IT_BEGINS)
    elif review > _anniversary(begins, 1):
        yield TermsProblem("review_on", Wrong.REVIEW_TOO_LATE)


def _of_contacts(terms: Terms) -> Iterator[TermsProblem]:
    if not terms.contacts:
        yield TermsProblem("contacts", Wrong.NO_CONTACT)
    for contact in terms.contacts:
        if not _can_be_reached(contact):
            yield TermsProblem("contacts", Wrong.CONTACT_INCOMPLETE, contact.name)
    if not _can_be_reached(terms.emergency_contact) or _blank(terms.emergency_contact.telephone):
        yield TermsProblem("emergency_contact", Wrong.EMERGENCY_CONTACT_INCOMPLETE)


def _of_impact(terms: Terms) -> Iterator[TermsProblem]:
    if terms.impact.unanswered:
        yield TermsProblem("impact", Wrong.IMPACT_UNANSWERED)
    for answer in terms.impact.answers:
        if answer.yes and _blank(answer.words):
            yield TermsProblem("impact", Wrong.IMPACT_WITHOUT_WORDS, answer.concern)
    for concern in concerns_without_measure(terms):
        yield TermsProblem("impact", Wrong.IMPACT_WITHOUT_MEASURE, concern)


def _can_be_reached(contact: Contact) -> bool:
    return not _blank(contact.name) and not (_blank(contact.telephone) and _blank(contact.mail))


def _blank(*texts: str) -> bool:
    return not all(text.strip() for text in texts)


def _twice(codes: Iterable[str]) -> list[str]:
    return [code for code, times in Counter(codes).items() if times > 1]


def _anniversary(day: date, years: int) -> date:
    return birthday_in(day, min(day.year + years, MAXYEAR))


_LOOKS: tuple[Callable[[Terms], Iterator[TermsProblem]], ...] = (
    _of_the_ends,
    _of_purposes,
    _of_the_ground,
    _of_attributes,
    _of_what_is_shown,
    _of_retention,
    _of_ceilings,
    _of_subjects,
    _of_security,
    _of_time,
    _of_contacts,
    _of_impact,
)
