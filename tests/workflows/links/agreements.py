"""An invented agreement, for the library card, with who asks under it, who agreed to it and whom it is about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from workflows.links import (
    QUESTIONS,
    Answer,
    Concern,
    Contact,
    Direction,
    Ground,
    Impact,
    LinkConsent,
    LinkState,
    Measure,
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

HARMLESS = Impact(tuple(Answer(concern, yes=False) for concern in QUESTIONS))
"""Every question answered with no."""


def answering(*concerns: Concern, words: str = "契約で決めた", measures: bool = True) -> Impact:
    """A questionnaire that says yes to these questions, with something done about each of these concerns."""
    answers = tuple(Answer(each, each in concerns, words if each in concerns else "") for each in QUESTIONS)
    return Impact(answers, tuple(Measure(each, "手順を決めて年に1度確かめる") for each in concerns if measures))


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
    impact=HARMLESS,
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
