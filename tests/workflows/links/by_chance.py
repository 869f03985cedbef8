"""Agreements, requests and people as chance draws them, each from one seed.

Every case would be answered but for one to three things that are left to chance: where everything is, nearly all is
refused, and a leak would hardly ever show. The chances are drawn apart, so that any two of them meet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.workflows.links.agreements import (
    CARD,
    DESK,
    GIJO,
    HARMLESS,
    LIBRARY,
    LIBRARY_CARD,
    NOW,
    REMINDER,
    TODAY,
    Asked,
    answering,
)
from workflows.links import (
    ATTRIBUTES,
    Concern,
    Direction,
    Ground,
    LinkConsent,
    LinkState,
    Necessity,
    Person,
    PersonState,
    Purpose,
    Request,
    SecurityClass,
    Standing,
    SubjectGroup,
    System,
    Terms,
    Usage,
    Use,
)
from workflows.rules.vocabulary import ConsentClass

PURPOSES = (CARD, REMINDER, Purpose("discount", "割引", "discount"))
PURPOSE_CODES = tuple(each.code for each in PURPOSES)
CODES = tuple(ATTRIBUTES)
TAX = "tax_exempt_household"
POOL = System("pool", "市民プール", "city pool")

Draw = Callable[[Random], Any]
seeds = st.integers(0, 2**64 - 1)


def one_of(*values: object) -> Draw:
    return lambda chance: chance.choice(values)


def number(low: int, high: int) -> Draw:
    return lambda chance: chance.randint(low, high)


def some_of(values: Sequence[Any], most: int, least: int = 0) -> Draw:
    return lambda chance: tuple(chance.sample(values, chance.randint(min(least, len(values)), min(most, len(values)))))


def set_of(values: Sequence[Any], most: int, least: int = 0) -> Draw:
    return lambda chance: frozenset(some_of(values, most, least)(chance))


def day(chance: Random) -> date:
    return TODAY + timedelta(days=chance.choice([-400, -30, -1, 0, 1, 30, 400]))


def use(chance: Random) -> Use:
    # Of 25 attributes one is opened by the whole household; it comes oftener.
    code = chance.choice([*CODES, *[TAX] * 5])
    return Use(code, chance.choice(list(Necessity)), some_of(PURPOSE_CODES, 3)(chance))


def group(chance: Random) -> SubjectGroup:
    wards = chance.choice([(), (), ("chuo",), ("chuo", "nishi")])
    return SubjectGroup(wards, chance.choice([None, 0, 18, 65]), chance.choice([None, 40, 64, 110]))


def several(draw: Draw, least: int, most: int) -> Draw:
    return lambda chance: tuple(draw(chance) for _ in range(chance.randint(least, most)))


OF_TERMS: dict[str, Draw] = {
    "giver": one_of(GIJO),
    "recipient": one_of(LIBRARY, POOL),
    "direction": one_of(*Direction),
    "controller": one_of("総合図書館"),
    "private_partner": one_of(False, True),
    "purposes": some_of(PURPOSES, 3, 1),
    "ground": one_of(*Ground),
    "uses": several(use, 0, 6),
    "shown": one_of(LIBRARY_CARD.shown),
    "retention_days": number(0, 3),
    "per_person_day": number(1, 3),
    "per_person_year": number(1, 4),
    "per_minute": number(1, 4),
    "subjects": several(group, 1, 3),
    "security": one_of(*SecurityClass),
    "valid_from": day,
    "valid_until": day,
    "review_on": day,
    "contacts": one_of((DESK,)),
    "emergency_contact": one_of(DESK),
    "impact": one_of(HARMLESS, answering(Concern.CLOUD), answering(Concern.CLOUD, Concern.HARM)),
}
OF_CONSENT: dict[str, Draw] = {
    "scope": number(1, 3),
    "purposes": set_of(PURPOSE_CODES, 3),
    "attributes": set_of(CODES, 12),
    "given_on": day,
    "until": day,
    "withdrawn": one_of(False, True),
    "classes": set_of(tuple(ConsentClass), 8),
    "household_classes": set_of(tuple(ConsentClass), 8),
}
OF_PERSON: dict[str, Draw] = {
    "state": one_of(*PersonState),
    "claims": lambda chance: {code: f"value of {code}" for code in set_of(CODES, 20)(chance)},
    "ward": one_of(None, "chuo", "nishi", "higashi"),
    "age": lambda chance: chance.choice([None, chance.randint(0, 105)]),
}
OF_USAGE: dict[str, Draw] = {
    "of_client_this_minute": number(0, 4),
    "of_person_today": number(0, 3),
    "of_person_this_year": number(0, 4),
}
LETS_THROUGH = {
    "direction": Direction.GIVES,
    "subjects": (SubjectGroup(),),
    "valid_from": date(2026, 4, 1),
    "valid_until": date(2027, 3, 31),
}
OPEN = ("purposes", "uses", "per_person_day", "per_person_year", "per_minute")
"""Of terms, what is left to chance in every case."""
AGREES = LinkConsent(
    scope=3,
    purposes=frozenset(PURPOSE_CODES),
    attributes=frozenset(CODES),
    given_on=date(2026, 4, 1),
    until=date(2028, 4, 1),
    classes=frozenset(ConsentClass),
    household_classes=frozenset(ConsentClass),
)
KNOWN = Person(PersonState.KNOWN, {code: f"value of {code}" for code in CODES}, "chuo", 40)
CHANCES: list[tuple[str, str, Draw]] = [
    *(("terms", field, OF_TERMS[field]) for field in LETS_THROUGH),
    ("request", "purpose", one_of(*PURPOSE_CODES)),
    ("request", "attributes", set_of(CODES, 8)),
    ("standing", "state", one_of(*LinkState)),
    ("standing", "scope", number(1, 4)),
    *(("consent", field, draw) for field, draw in OF_CONSENT.items()),
    *(("person", field, draw) for field, draw in OF_PERSON.items()),
    *(("usage", field, draw) for field, draw in OF_USAGE.items()),
]
NO_CONSENT_ONE_IN = 12


def asked_by(chance: Random) -> Asked:
    whole = replace(LIBRARY_CARD, **LETS_THROUGH, **{field: OF_TERMS[field](chance) for field in OPEN})
    purpose = chance.choice(whole.purposes).code
    whole = replace(whole, uses=(*whole.uses, replace(use(chance), purposes=(purpose,))))
    wanted = set_of(sorted(whole.allowed[purpose]), 5, 1)(chance)
    standing = Standing(chance.choice([LinkState.LIVE, LinkState.FROZEN]), chance.randint(1, 9), 2)
    now = NOW + timedelta(seconds=chance.randrange(86_400))
    case = Asked(Request(purpose, wanted), whole, standing, AGREES, KNOWN, Usage(), now)
    for part, field, draw in chance.sample(CHANCES, chance.randint(1, 3)):
        case = case.with_(**{part: replace(getattr(case, part), **{field: draw(chance)})})
    return case if chance.randrange(NO_CONSENT_ONE_IN) else case.with_(consent=None)


def terms_by(chance: Random) -> Terms:
    return Terms(**{field: draw(chance) for field, draw in OF_TERMS.items()})


def versions_by(chance: Random, fields: Sequence[str] = tuple(OF_TERMS)) -> tuple[Asked, Terms]:
    """Give a request under a new version, and an earlier one that differs from it in one or two of some fields."""
    case = asked_by(chance)
    names = chance.sample(fields, min(len(fields), chance.randint(1, 2)))
    old = replace(case.terms, **{name: _other(name, case.terms, chance) for name in names})
    return case.with_(usage=Usage(**{field: draw(chance) for field, draw in OF_USAGE.items()})), old


def _other(name: str, terms: Terms, chance: Random) -> object:
    """Draw another value for a field; of uses also some that tell as much as those of the terms, or more."""
    if name != "uses" or chance.randrange(3) == 0:
        return OF_TERMS[name](chance)
    wider = {"age_over_65": "birth_date", "ward": "address", "city_resident": "ward", "age": "birth_date"}
    told_more = tuple(replace(use, attribute=wider.get(use.attribute, use.attribute)) for use in terms.uses)
    return chance.choice([told_more, (*told_more, use(chance)), tuple(reversed(terms.uses))])


asked = seeds.map(lambda seed: asked_by(Random(seed)))  # noqa: S311 - cases of a test
terms = seeds.map(lambda seed: terms_by(Random(seed)))  # noqa: S311 - as above


def versions(*fields: str) -> st.SearchStrategy[tuple[Asked, Terms]]:
    return seeds.map(lambda seed: versions_by(Random(seed), fields or tuple(OF_TERMS)))  # noqa: S311 - as above
