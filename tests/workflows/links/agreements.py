"""Invented agreements: one for the library card, and such as chance draws, with who asks and whom it is about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from workflows.links import (
    ATTRIBUTES,
    Contact,
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
    Shown,
    Standing,
    SubjectGroup,
    System,
    Terms,
    Usage,
    Use,
)
from workflows.rules.vocabulary import ConsentClass

NOW = datetime(2026, 11, 27, 1, 0, 20, tzinfo=UTC)
"""Ten in the morning, and twenty seconds, in Fukuoka."""
TODAY = date(2026, 11, 27)
GIJO = System("gijo", "技助", "Gijo")
LIBRARY = System("library", "図書館システム", "library system")
CARD = Purpose("library_card", "図書館の利用者登録", "to register users of the library")
REMINDER = Purpose("reminder", "返却のお知らせ", "to remind of returning books")
DESK = Contact("図書館 利用者登録係", "000-0000-0001", "desk@library.example")
REQUIRED, OPTIONAL = Necessity.REQUIRED, Necessity.OPTIONAL

LIBRARY_CARD = Terms(
    giver=GIJO,
    recipient=LIBRARY,
    direction=Direction.GIVES,
    controller="総合図書館",
    private_partner=False,
    purposes=(CARD, REMINDER),
    ground=Ground.CONSENT,
    uses=(
        Use("full_name", REQUIRED, ("library_card",)),
        Use("address", REQUIRED, ("library_card",), "督促状を送るため"),
        Use("birth_date", REQUIRED, ("library_card",), "同じ名前の人を見分けるため"),
        Use("mail", OPTIONAL, ("library_card", "reminder"), "メールを望む人だけ"),
    ),
    shown=Shown("図書館カードのために渡します。", "としょかんカードのために わたします。", "For your library card."),
    retention_days=1_000,
    per_person_day=2,
    per_person_year=10,
    per_minute=60,
    subjects=(SubjectGroup(),),
    security=SecurityClass.CONFIDENTIALITY_2,
    valid_from=date(2026, 4, 1),
    valid_until=date(2029, 3, 31),
    review_on=date(2027, 3, 1),
    contacts=(DESK,),
    emergency_contact=Contact("図書館 当直", "000-0000-0002", ""),
)
LIVE = Standing(LinkState.LIVE, version=3, scope=2)
AGREED = LinkConsent(
    scope=2,
    purposes=frozenset({"library_card", "reminder"}),
    attributes=frozenset({"full_name", "address", "birth_date", "mail"}),
    given_on=date(2026, 5, 1),
    until=date(2028, 5, 1),
    classes=frozenset(ConsentClass),
    household_classes=frozenset(ConsentClass),
)
SOMEBODY = Person(
    PersonState.KNOWN,
    {
        "full_name": "博多 花子",
        "address": "福岡市中央区天神1-8-1",
        "birth_date": "1956-04-01",
        "age_over_65": True,
        "ward": "chuo",
        "mail": "hanako@example.com",
    },
    ward="chuo",
    age=70,
)
CARD_REQUEST = Request("library_card", frozenset({"full_name", "address", "birth_date"}))


@dataclass(frozen=True)
class Asked:
    """All that a decision is made from."""

    request: Request
    terms: Terms
    standing: Standing
    consent: LinkConsent | None
    person: Person
    usage: Usage
    now: datetime

    def answered_by(self, decide: Any) -> Any:
        return decide(self.request, self.terms, self.standing, self.consent, self.person, self.usage, self.now)

    def with_(self, **changes: Any) -> Asked:
        return replace(self, **changes)


ASKED = Asked(CARD_REQUEST, LIBRARY_CARD, LIVE, AGREED, SOMEBODY, Usage(), NOW)

PURPOSES = (CARD, REMINDER, Purpose("discount", "割引", "discount"))
PURPOSE_CODES = tuple(each.code for each in PURPOSES)
CODES = tuple(ATTRIBUTES)

some_codes = st.frozensets(st.sampled_from(CODES), max_size=8)
groups = st.builds(
    SubjectGroup,
    st.sampled_from([(), (), ("chuo",), ("chuo", "nishi")]),
    st.none() | st.integers(0, 80),
    st.none() | st.integers(20, 110),
)
days = st.sampled_from([-400, -30, -1, 0, 1, 30, 400]).map(lambda days: TODAY + timedelta(days=days))
uses = st.builds(
    Use,
    st.sampled_from([*CODES, *["tax_exempt_household"] * 5]),
    st.sampled_from(Necessity),
    st.lists(st.sampled_from(PURPOSE_CODES), max_size=3, unique=True).map(tuple),
)
FIELDS = {
    "giver": st.just(GIJO),
    "recipient": st.sampled_from([LIBRARY, System("pool", "市民プール", "city pool")]),
    "direction": st.sampled_from(Direction),
    "controller": st.just("総合図書館"),
    "private_partner": st.booleans(),
    "purposes": st.lists(st.sampled_from(PURPOSES), min_size=1, max_size=3, unique=True).map(tuple),
    "ground": st.sampled_from(Ground),
    "uses": st.lists(uses, max_size=6).map(tuple),
    "shown": st.just(LIBRARY_CARD.shown),
    "retention_days": st.integers(0, 3),
    "per_person_day": st.integers(1, 3),
    "per_person_year": st.integers(1, 4),
    "per_minute": st.integers(1, 4),
    "subjects": st.lists(groups, min_size=1, max_size=3).map(tuple),
    "security": st.sampled_from(SecurityClass),
    "valid_from": days,
    "valid_until": days,
    "review_on": days,
    "contacts": st.just((DESK,)),
    "emergency_contact": st.just(DESK),
}
terms = st.builds(Terms, **FIELDS)
OF_CONSENT = {
    "scope": st.integers(1, 3),
    "purposes": st.frozensets(st.sampled_from(PURPOSE_CODES)),
    "attributes": some_codes,
    "given_on": days,
    "until": days,
    "withdrawn": st.booleans(),
    "classes": st.frozensets(st.sampled_from(ConsentClass)),
    "household_classes": st.sampled_from([frozenset[ConsentClass](), frozenset(ConsentClass) - {ConsentClass.TAX}]),
}
OF_PERSON = {
    "state": st.sampled_from(PersonState),
    "claims": some_codes.map(lambda codes: {code: f"value of {code}" for code in codes}),
    "ward": st.sampled_from([None, "chuo", "nishi", "higashi"]),
    "age": st.none() | st.integers(0, 105),
}
OF_USAGE = {
    "of_client_this_minute": st.integers(0, 4),
    "of_person_today": st.integers(0, 3),
    "of_person_this_year": st.integers(0, 4),
}
usages = st.builds(Usage, **OF_USAGE)
moments = st.integers(0, 86_399).map(lambda seconds: NOW + timedelta(seconds=seconds))
LETS_THROUGH = {
    "direction": Direction.GIVES,
    "subjects": (SubjectGroup(),),
    "valid_from": date(2026, 4, 1),
    "valid_until": date(2027, 3, 31),
}
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


DRAWN = ("purposes", "uses", "per_person_day", "per_person_year", "per_minute")
CHANCES = (
    *(("terms", field, FIELDS[field]) for field in LETS_THROUGH),
    ("request", "purpose", st.sampled_from(PURPOSE_CODES)),
    ("request", "attributes", some_codes),
    ("standing", "state", st.sampled_from(LinkState)),
    ("standing", "scope", st.integers(1, 4)),
    *(("consent", field, values) for field, values in OF_CONSENT.items()),
    *(("person", field, values) for field, values in OF_PERSON.items()),
    *(("usage", field, values) for field, values in OF_USAGE.items()),
)


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    """Draw a request that would be answered, and let chance spoil it in one to three ways.

    Where everything is left to chance nearly all is refused, and a leak would hardly ever show.
    """
    whole = replace(LIBRARY_CARD, **LETS_THROUGH, **{field: draw(FIELDS[field]) for field in DRAWN})
    purpose = draw(st.sampled_from(whole.purposes)).code
    whole = replace(whole, uses=(*whole.uses, replace(draw(uses), purposes=(purpose,))))
    wanted = draw(st.frozensets(st.sampled_from(sorted(whole.allowed[purpose])), min_size=1, max_size=5))
    standing = Standing(draw(st.sampled_from([LinkState.LIVE, LinkState.FROZEN])), draw(st.integers(1, 9)), 2)
    case = Asked(Request(purpose, wanted), whole, standing, AGREES, KNOWN, Usage(), draw(moments))
    for part, field, values in draw(st.lists(st.sampled_from(CHANCES), min_size=1, max_size=3)):
        case = case.with_(**{part: replace(getattr(case, part), **{field: draw(values)})})
    return case


def without_consent(cases: st.SearchStrategy[Asked]) -> st.SearchStrategy[Asked]:
    return cases.map(lambda case: case.with_(consent=None))
