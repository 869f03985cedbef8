"""Is this request answered, and with what? Only with what the version in force, the person and the purpose all allow.

Whoever asks learns what they can mend about their own request, and nothing about the person: someone protected,
unknown, gone or unwilling gives one and the same refusal. The true reason is for the use log alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from forms.ages import fiscal_year_end
from workflows.calendar import TOKYO
from workflows.links.attributes import Claim
from workflows.links.covering import LinkConsent, covered
from workflows.links.terms import Direction, Necessity, Terms


class LinkState(StrEnum):
    LIVE = "live"
    FROZEN = "frozen"
    """A wider version awaits its approval: the earlier one, whose terms are handed in, goes on as it was."""
    KILLED = "killed"
    ENDED = "ended"
    NOT_BEGUN = "not_begun"


class PersonState(StrEnum):
    KNOWN = "known"
    """Registered, proven with their card, alive, living here."""
    UNKNOWN = "unknown"
    PROTECTED = "protected"
    """支援措置: nobody outside may learn that this office knows them."""
    SELF_DECLARED = "self_declared"
    DEAD = "dead"
    MOVED_OUT = "moved_out"


class Outward(StrEnum):
    """What whoever asks is told: the type of the problem."""

    LINK_SHUT = "link_shut"
    NOT_IN_AGREEMENT = "not_in_agreement"
    """With what of the request is not in it."""
    NOTHING_ASKED = "nothing_asked"
    TOO_MANY_REQUESTS = "too_many_requests"
    """With the seconds after which it is worth asking again."""
    NOT_AVAILABLE = "not_available"
    """Whatever the reason is about the person."""


class Reason(StrEnum):
    """Why a request was refused, exactly: for the use log, never for whoever asked."""

    LINK_KILLED = "link_killed"
    LINK_ENDED = "link_ended"
    LINK_NOT_BEGUN = "link_not_begun"
    LINK_GIVES_NOTHING = "link_gives_nothing"
    """The agreement is for taking alone."""
    PURPOSE_OUTSIDE = "purpose_outside"
    ATTRIBUTE_OUTSIDE = "attribute_outside"
    NOTHING_ASKED = "nothing_asked"
    RATE_REACHED = "rate_reached"
    PERSON_UNKNOWN = "person_unknown"
    PERSON_PROTECTED = "person_protected"
    PERSON_SELF_DECLARED = "person_self_declared"
    PERSON_DEAD = "person_dead"
    PERSON_MOVED_OUT = "person_moved_out"
    NOT_A_SUBJECT = "not_a_subject"
    NO_CONSENT = "no_consent"
    CONSENT_NOT_YET = "consent_not_yet"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    CONSENT_EXPIRED = "consent_expired"
    RECONSENT_NEEDED = "reconsent_needed"
    PURPOSE_NOT_CONSENTED = "purpose_not_consented"
    REQUIRED_NOT_CONSENTED = "required_not_consented"
    NOTHING_CONSENTED = "nothing_consented"
    NOTHING_KNOWN = "nothing_known"
    """An empty answer would say that the person is known here."""
    PERSON_DAY_REACHED = "person_day_reached"
    PERSON_YEAR_REACHED = "person_year_reached"

    @property
    def outward(self) -> Outward:
        return _TOLD.get(self, Outward.NOT_AVAILABLE)


_TOLD = {
    Reason.LINK_KILLED: Outward.LINK_SHUT,
    Reason.LINK_ENDED: Outward.LINK_SHUT,
    Reason.LINK_NOT_BEGUN: Outward.LINK_SHUT,
    Reason.LINK_GIVES_NOTHING: Outward.LINK_SHUT,
    Reason.PURPOSE_OUTSIDE: Outward.NOT_IN_AGREEMENT,
    Reason.ATTRIBUTE_OUTSIDE: Outward.NOT_IN_AGREEMENT,
    Reason.NOTHING_ASKED: Outward.NOTHING_ASKED,
    Reason.RATE_REACHED: Outward.TOO_MANY_REQUESTS,
    Reason.PERSON_DAY_REACHED: Outward.TOO_MANY_REQUESTS,
    Reason.PERSON_YEAR_REACHED: Outward.TOO_MANY_REQUESTS,
}
"""What is not here is about the person. The ceiling of one person is told only to whoever was just told their data."""
_OF_STATES = {
    PersonState.UNKNOWN: Reason.PERSON_UNKNOWN,
    PersonState.PROTECTED: Reason.PERSON_PROTECTED,
    PersonState.SELF_DECLARED: Reason.PERSON_SELF_DECLARED,
    PersonState.DEAD: Reason.PERSON_DEAD,
    PersonState.MOVED_OUT: Reason.PERSON_MOVED_OUT,
}
_OF_LINKS = {
    LinkState.KILLED: Reason.LINK_KILLED,
    LinkState.ENDED: Reason.LINK_ENDED,
    LinkState.NOT_BEGUN: Reason.LINK_NOT_BEGUN,
}


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for, and to what end."""

    purpose: str
    attributes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the link stands. `version` is the one in force; `scope` rises with each version that needs new consents."""

    state: LinkState
    version: int
    scope: int


@dataclass(frozen=True, slots=True)
class Person:
    """Whom it is about. `claims` are those known; `ward` and `age` are needed only where the agreement has groups."""

    state: PersonState
    claims: Mapping[str, Claim] = field(default_factory=dict)
    ward: str | None = None
    age: int | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What was already asked and released, this request not counted. Days and fiscal years are those of Tokyo."""

    of_client_this_minute: int = 0
    """Requests, also refused ones."""
    of_person_today: int = 0
    """Releases of this person through this link."""
    of_person_this_year: int = 0


@dataclass(frozen=True, slots=True)
class Released:
    """What is handed over; what is not known of the person, and what they need not give and did not, is left out."""

    claims: Mapping[str, Claim]
    version: int


@dataclass(frozen=True, slots=True)
class Refused:
    """`about` names what of the request is outside the agreement; like `retry_after` it says nothing of the person."""

    reason: Reason
    about: tuple[str, ...] = ()
    retry_after: int | None = None
    """Seconds."""

    @property
    def outward(self) -> Outward:
        return self.reason.outward


def decide(
    request: Request,
    terms: Terms,
    standing: Standing,
    consent: LinkConsent | None,
    person: Person,
    usage: Usage,
    now: datetime,
) -> Released | Refused:
    """Release or refuse. What is wrong with the request itself comes first and does not depend on the person."""
    here = now.astimezone(TOKYO)
    refused = (
        _by_the_link(terms, standing, here.date())
        or _by_the_request(request, terms)
        or _by_the_rate(terms, usage, here)
        or _by_the_person(terms, person)
    )
    if refused is not None:
        return refused
    if consent is None:
        return Refused(Reason.NO_CONSENT)
    agreed = covered(request.attributes, consent)
    claims = {code: person.claims[code] for code in sorted(agreed) if code in person.claims}
    refused = (
        _by_the_consent(request, standing, consent, here.date())
        or _by_what_was_agreed(request, terms, agreed)
        or (None if claims else Refused(Reason.NOTHING_KNOWN))
        or _by_the_ceilings(terms, usage, here)
    )
    return refused or Released(claims, standing.version)


def _by_the_link(terms: Terms, standing: Standing, today: date) -> Refused | None:
    if standing.state in _OF_LINKS:
        return Refused(_OF_LINKS[standing.state])
    if today < terms.valid_from:
        return Refused(Reason.LINK_NOT_BEGUN)
    if today > terms.valid_until:
        return Refused(Reason.LINK_ENDED)
    return Refused(Reason.LINK_GIVES_NOTHING) if terms.direction is Direction.TAKES else None


def _by_the_request(request: Request, terms: Terms) -> Refused | None:
    allowed = terms.allowed.get(request.purpose)
    if allowed is None:
        return Refused(Reason.PURPOSE_OUTSIDE, (request.purpose,))
    if not request.attributes:
        return Refused(Reason.NOTHING_ASKED)
    outside = request.attributes - allowed
    return Refused(Reason.ATTRIBUTE_OUTSIDE, tuple(sorted(outside))) if outside else None


def _by_the_rate(terms: Terms, usage: Usage, here: datetime) -> Refused | None:
    if usage.of_client_this_minute < terms.per_minute:
        return None
    return Refused(Reason.RATE_REACHED, retry_after=60 - here.second)


def _by_the_person(terms: Terms, person: Person) -> Refused | None:
    if person.state is not PersonState.KNOWN:
        return Refused(_OF_STATES[person.state])
    return None if terms.covers(person.ward, person.age) else Refused(Reason.NOT_A_SUBJECT)


def _by_the_consent(request: Request, standing: Standing, consent: LinkConsent, today: date) -> Refused | None:
    if consent.withdrawn:
        return Refused(Reason.CONSENT_WITHDRAWN)
    if today < consent.given_on:
        return Refused(Reason.CONSENT_NOT_YET)
    if today > consent.until:
        return Refused(Reason.CONSENT_EXPIRED)
    if consent.scope < standing.scope:
        return Refused(Reason.RECONSENT_NEEDED)
    return None if request.purpose in consent.purposes else Refused(Reason.PURPOSE_NOT_CONSENTED)


def _by_what_was_agreed(request: Request, terms: Terms, agreed: frozenset[str]) -> Refused | None:
    if not _required(request, terms) <= agreed:
        return Refused(Reason.REQUIRED_NOT_CONSENTED)
    return None if agreed else Refused(Reason.NOTHING_CONSENTED)


def _required(request: Request, terms: Terms) -> frozenset[str]:
    """Give what of the request everybody must give: as the agreement names it, or else what tells it."""
    named = {use.attribute: use.necessity for use in terms.uses_for(request.purpose)}
    of_required = request.attributes & terms.required[request.purpose]
    return frozenset(code for code in of_required if named.get(code) is not Necessity.OPTIONAL)


def _by_the_ceilings(terms: Terms, usage: Usage, here: datetime) -> Refused | None:
    if usage.of_person_this_year >= terms.per_person_year:
        turn = fiscal_year_end(here.date()) + timedelta(days=1)
        return Refused(Reason.PERSON_YEAR_REACHED, retry_after=_seconds_to(turn, here))
    if usage.of_person_today >= terms.per_person_day:
        return Refused(Reason.PERSON_DAY_REACHED, retry_after=_seconds_to(here.date() + timedelta(days=1), here))
    return None


def _seconds_to(day: date, here: datetime) -> int:
    return int((datetime(day.year, day.month, day.day, tzinfo=TOKYO) - here).total_seconds()) + 1
