"""Whatever people and machines do in whatever order: nothing leaves beyond agreement, consent, purpose and ceilings.

What may leave is worked out anew here, from what the walk itself did, never from what the office keeps or decides.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from backoffice.data_links import consenting, holdings, releasing
from tests.backoffice.consents.portal import consented, withdrawn
from tests.backoffice.data_links.agreements import LIBRARY, Agreements
from tests.backoffice.data_links.library import NAME, Library, found_library
from workflows.links import Necessity, Use, decide
from workflows.rules.vocabulary import ConsentClass

STEPS = 60
ASKED = ("full_name", "city_resident", "age_over_18", "age_over_65", "birth_date", "name_kana")
KANA = Use("name_kana", Necessity.OPTIONAL, ("issue_card",), "カードに読み方を書く")
PER_DAY = 8


@dataclass
class Walk:
    """What was done so far, and so what may leave."""

    library: Library
    dice: random.Random
    agreed_now: set[str] = field(default_factory=set)
    """Attributes of the version in force."""
    scope: int = 1
    shut: bool = False
    protected: bool = False
    facts: str = ""
    """The reference of the live consent to facts; empty: none."""
    consent: tuple[str, int, set[str]] | None = None
    """Reference, scope and attributes of the live consent to the link."""
    requests: list[str] = field(default_factory=list)
    released_today: int = 0
    calls: int = 0

    def consent_to_facts(self) -> None:
        if not self.facts:
            self.facts = consented(self.library.portal, "core", self.library.person)

    def withdraw_facts(self) -> None:
        if self.facts:
            withdrawn(self.library.portal, self.facts, self.library.person)
            self.facts = ""

    def consent_to_link(self) -> None:
        if self.shut:
            return
        optional = [
            each for each in ("age_over_18", "name_kana") if each in self.agreed_now and self.dice.random() < 0.5
        ]
        reference = self.library.consent(*optional)
        self.consent = (reference, self.scope, {"full_name", "city_resident", *optional})

    def withdraw_link(self) -> None:
        if self.consent is not None:
            self.library.withdraw(self.consent[0])
            self.consent, self.requests = None, []

    def ask(self) -> None:
        may_wait = len(self.requests) < consenting.MOST_WAITING
        if may_wait and self.consent is not None and self.consent[1] == self.scope and not self.shut:
            values = {"full_name": NAME} | ({"name_kana": "ふくおか はなこ"} if "name_kana" in self.agreed_now else {})
            self.requests.append(self.library.ask_for_card(values=values))

    def widen(self) -> None:
        if "name_kana" not in self.agreed_now:
            self._approve(uses=(*LIBRARY.uses[:1], KANA, *LIBRARY.uses[1:]))
            self.agreed_now.add("name_kana")
            self.scope += 1
            self.shut = False

    def narrow(self) -> None:
        if "name_kana" in self.agreed_now and not self.shut:
            desk = self.library.desk
            desk.put_in_force(desk.next(self.library.version_id, uses=LIBRARY.uses))
            self.agreed_now.discard("name_kana")

    def shut_it(self) -> None:
        if not self.shut:
            self.library.desk.shut(self.library.version_id)
            self.shut = True

    def reopen(self) -> None:
        if self.shut:
            self._approve()
            self.shut = False

    def protect(self) -> None:
        if not self.protected and self.calls > STEPS // 3:
            self.library.protect()
            self.protected = True

    def tomorrow(self) -> None:
        self.library.city.clock.pass_(days=1)
        holdings.tick(self.library.city.office)
        self.released_today = 0
        self._sign_in_again()

    def fetch(self) -> None:
        """Ask for something; whatever comes back must be within what may leave now, and stand in the log."""
        self.calls += 1
        among = sorted(self.agreed_now) if self.dice.random() < 0.8 else ASKED
        asked = self.dice.sample(among, self.dice.randint(1, len(among)))
        request = self.dice.choice([*self.requests * 4, "0" * 32])
        purpose = self.dice.choice(["issue_card"] * 9 + ["advertise"])
        before = self.library.count_uses()

        answer = self.library.fetch(request, said={"attributes": asked, "purpose": purpose})

        assert self.library.count_uses() == before + 1
        released = set(answer.json().get("claims", {})) if answer.status_code == 200 else set()
        assert released <= self._may_leave(asked, request, purpose), (released, self)
        if answer.status_code == 200:
            self.released_today += 1

    def _may_leave(self, asked: list[str], request: str, purpose: str) -> set[str]:
        known = request in self.requests and self.consent is not None and not self.protected and not self.shut
        if not known or purpose != "issue_card" or self.released_today >= PER_DAY:
            return set()
        _reference, scope, attributes = self.consent or ("", 0, set())
        if scope < self.scope or not set(asked) <= self.agreed_now:
            return set()
        of_facts = {"city_resident", "age_over_18"}
        return {each for each in asked if each in attributes and (self.facts or each not in of_facts)}

    def _approve(self, **changes: Any) -> None:
        desk = self.library.desk
        self.library.city.clock.pass_(minutes=1)
        desk.approve(desk.submit(desk.next(self.library.version_id, **changes)))
        self._sign_in_again()

    def _sign_in_again(self) -> None:
        self.library.system._tokens.clear()
        self.library.portal._tokens.clear()


ACTS = (
    *("fetch",) * 12,
    *("consent_to_link", "ask", "consent_to_facts") * 3,
    *("reopen",) * 3,
    *("withdraw_link", "withdraw_facts", "widen", "narrow", "shut_it", "protect", "tomorrow"),
)


def walked(desk: Agreements, seed: int) -> Walk:
    library = found_library(desk, replace(LIBRARY, per_person_day=PER_DAY, per_person_year=100))
    dice = random.Random(seed)  # noqa: S311 -- the same walk every time
    walk = Walk(library, dice, {use.attribute for use in LIBRARY.uses})
    walk.facts = consented(library.portal, "core", library.person)
    walk.consent_to_link()
    walk.ask()
    for _ in range(STEPS):
        getattr(walk, dice.choice(ACTS))()
    return walk


@pytest.mark.parametrize("seed", [0, 3, 10, 11])
def test_nothing_leaves_beyond_agreement_consent_purpose_and_ceilings(desk: Agreements, seed):
    walk = walked(desk, seed)

    outcomes = walk.library.outcomes()
    assert len(outcomes) == walk.calls > STEPS // 4
    assert "released" in outcomes
    assert len(set(outcomes)) >= 4


def whatever_was_chosen(agreed):
    return None if agreed is None else replace(agreed, attributes=frozenset(ASKED), classes=frozenset(ConsentClass))


def whichever_scope(agreed):
    return None if agreed is None else replace(agreed, scope=1_000)


@pytest.mark.parametrize(("leak", "seed"), [(whatever_was_chosen, 0), (whichever_scope, 3)])
def test_a_leak_that_was_planted_is_found(desk: Agreements, monkeypatch, leak, seed):
    """The only place where anything is patched: to see that the walk above can fail."""

    def leaking(request, terms, standing, consent, person, usage, now):
        return decide(request, terms, standing, leak(consent), person, usage, now)

    monkeypatch.setattr(releasing, "decide", leaking)

    with pytest.raises(AssertionError, match="Walk"):
        walked(desk, seed)
