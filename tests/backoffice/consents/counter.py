"""A consent counter at work: a registrant, a clerk who has opened a look at them, and consents."""

from __future__ import annotations

from backoffice.consents import queries, service
from backoffice.consents.service import Given, give, open_look
from backoffice.consents.workflow import Giver
from backoffice.identity import Staff
from backoffice.work import Work
from tests.backoffice.office import City
from workflows.rules.vocabulary import ConsentClass

WHO = "hikari-0815"
WHY = "窓口の受付 R8-31"
NOBODY = 2_000_000_000


def given(kind: ConsentClass = ConsentClass.CORE, **said) -> Given:
    """A consent as the clerk typed it in; in one's own name unless the test says otherwise."""
    usual = {"notice_version": 1, "language": "ja", "giver": Giver.ONESELF, "evidence": "申込書 R8-102"}
    return Given(kind, **{**usual, **said})


def entered(city: City, clerk: Staff, pseudonym: str = WHO, *, card_seen: bool = True) -> int:
    """Enter a registrant and give the look that the clerk has at them."""
    with city.unit(city.actor(clerk)) as work:
        return service.enter(work, pseudonym, "ja", WHY, card_seen=card_seen).id


def consented(city: City, clerk: Staff, look_id: int, kind: ConsentClass = ConsentClass.CORE, **said) -> int:
    with city.unit(city.actor(clerk)) as work:
        registrant = service.look_of(work, look_id).registrant
        seen = queries.last_event(work.session, registrant.id)
        return give(work, registrant, given(kind, **{"seen": seen, **said})).id


def withdrawn(city: City, clerk: Staff, look_id: int, consent_id: int) -> None:
    with city.unit(city.actor(clerk)) as work:
        service.withdraw(work, service.look_of(work, look_id).registrant, consent_id)


def add_registrants(work: Work, person: Staff, rows: int) -> dict[str, object]:
    """One registrant at whom `person` looks, who consented to something twice; and so many others."""
    if work.actor.staff_id is None:
        raise AssertionError("a registrant is entered by somebody who signed in")
    for number in range(1, rows):
        service.enter(work, f"{WHO}-{number}", "ja", WHY, card_seen=number % 2 == 0)
    if not rows:
        return {"look_id": NOBODY, "consent_id": NOBODY}
    look = service.enter(work, WHO, "en", WHY, card_seen=True)
    for kind in (ConsentClass.CORE, ConsentClass.TAX, ConsentClass.CORE):
        seen = queries.last_event(work.session, look.registrant_id)
        consent = give(work, look.registrant, given(kind, seen=seen))
    again = open_look(work, WHO, WHY)
    return {"look_id": NOBODY if again is None else again.id, "consent_id": consent.id, "consent_kind": "health"}
