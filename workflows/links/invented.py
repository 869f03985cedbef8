"""Whom does a partner meet when it tries a link out? Invented people, one for each way in which a request can go.

Nobody of them is in any register. What is decided about them is decided as about anybody: `release.decide` is told of
a person, a consent and what was used, and knows no difference.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from forms.ages import birthday_in
from workflows.links.attributes import Claim
from workflows.links.claims import Facts, claims_of
from workflows.links.covering import LinkConsent
from workflows.links.release import LinkState, Person, PersonState, Standing, Usage
from workflows.links.terms import OLDEST, Necessity, SubjectGroup, Terms
from workflows.rules.vocabulary import ConsentClass

SCOPE = 1
ADULT, CHILD = 42, 12
WARD = "hakata"
EVERY_CLASS = frozenset(ConsentClass)
FROM_THE_PORTAL: Mapping[str, Claim] = {
    "full_name": "架空 花子",
    "name_kana": "かくう はなこ",
    "address": "福岡市架空区架空1丁目1番1号",
    "postal_code": "810-0000",
    "telephone": "092-000-0000",
    "mail": "hanako@mail.example",
}


class Persona(StrEnum):
    """What is so about an invented person."""

    CONSENTS = "consents"
    """To all that is asked."""
    DECLINES = "declines"
    """To what is required alone."""
    WITHDRAWS = "withdraws"
    """As soon as the other system has handed its answer back: what it got is then to be deleted."""
    CHILD = "child"
    CEILING = "ceiling"
    """As often fetched as the agreement allows in a day."""
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ASKED_ANEW = "asked_anew"
    """The agreement has opened further, and they have not consented anew."""
    PROTECTED = "protected"
    UNKNOWN = "unknown"
    DEAD = "dead"
    MOVED_OUT = "moved_out"
    SELF_DECLARED = "self_declared"


_STATES = {
    Persona.PROTECTED: PersonState.PROTECTED,
    Persona.UNKNOWN: PersonState.UNKNOWN,
    Persona.DEAD: PersonState.DEAD,
    Persona.MOVED_OUT: PersonState.MOVED_OUT,
    Persona.SELF_DECLARED: PersonState.SELF_DECLARED,
}


@dataclass(frozen=True)
class Invented:
    """All that decides on a call about one of them, but the call itself."""

    terms: Terms
    standing: Standing
    consent: LinkConsent
    person: Person
    usage: Usage


def invented(
    persona: Persona, terms: Terms, number: int, usage: Usage, today: date, *, has_left: bool = False
) -> Invented:
    """Give somebody invented as version `number` of an agreement meets them today, which is tried before it begins.

    `usage`: what was really asked of the sandbox; `has_left`: who withdraws after the answer has done so.
    """
    tried = replace(terms, valid_from=min(terms.valid_from, today), valid_until=max(terms.valid_until, today))
    if persona is Persona.CEILING:
        usage = replace(usage, of_person_today=terms.per_person_day)
    scope = SCOPE + 1 if persona is Persona.ASKED_ANEW else SCOPE
    return Invented(
        tried,
        Standing(LinkState.LIVE, number, scope),
        _consent(persona, terms, today, withdrawn=has_left or persona is Persona.WITHDRAWN),
        _person(persona, terms, today),
        usage,
    )


def _consent(persona: Persona, terms: Terms, today: date, *, withdrawn: bool) -> LinkConsent:
    agreed = (each for each in terms.uses if persona is not Persona.DECLINES or each.necessity is Necessity.REQUIRED)
    return LinkConsent(
        scope=SCOPE,
        purposes=frozenset(terms.allowed),
        attributes=frozenset(each.attribute for each in agreed),
        given_on=today - timedelta(days=30),
        until=today + timedelta(days=-1 if persona is Persona.EXPIRED else 300),
        withdrawn=withdrawn,
        classes=EVERY_CLASS,
        household_classes=EVERY_CLASS,
    )


def _person(persona: Persona, terms: Terms, today: date) -> Person:
    state = _STATES.get(persona, PersonState.KNOWN)
    group = terms.subjects[0] if terms.subjects else SubjectGroup()
    age = CHILD if persona is Persona.CHILD else _age_in(group)
    claims = claims_of(_facts(age, group, today), today)
    ward, known_age = claims.get("ward"), claims.get("age")
    return Person(
        state,
        {**claims, **FROM_THE_PORTAL},
        ward if isinstance(ward, str) else None,
        known_age if isinstance(known_age, int) else None,
    )


def _age_in(group: SubjectGroup) -> int:
    least, most = group.from_age or 0, OLDEST if group.to_age is None else group.to_age
    return min(max(ADULT, least), most)


def _facts(age: int, group: SubjectGroup, today: date) -> Facts:
    birthday = today - timedelta(days=100)
    return {
        "birth_date": birthday_in(birthday, birthday.year - age),
        "sex": "female",
        "ward": group.wards[0] if group.wards else WARD,
        "resident_since": date(2015, 4, 1),
        "household_size": 2,
        "disability_physical": "grade_4",
        "disability_intellectual": "none",
        "disability_mental": "none",
        "municipal_tax": "exempt",
    }
