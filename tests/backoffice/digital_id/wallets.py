"""Residents with a digital ID on their telephone, and a facility that asks them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from backoffice.consents.models import RegistrantLook
from backoffice.consents.service import look_of
from backoffice.digital_id import service
from backoffice.digital_id.models import Check
from backoffice.digital_id.workflow import Cause
from backoffice.identity import Staff
from backoffice.work import Work
from tests.backoffice.consents.counter import WHO, consented, entered
from tests.backoffice.office import City
from workflows.credentials.signing import new_key, public_part
from workflows.credentials.wallet_simulator import WalletSimulator
from workflows.links.claims import Facts
from workflows.rules.vocabulary import ConsentClass

HANAKO: Facts = {
    "birth_date": date(1955, 4, 1),
    "ward": "hakata",
    "disability_physical": "grade_4",
    "disability_intellectual": "none",
    "disability_mental": "none",
}
"""Seventy-one on the day on which the clock of the tests stands: none of her ages will change any more."""
NUMBER_NOBODY_HAS = "0000000000"


@dataclass
class Resident:
    """Somebody who registered: the look that the clerk has at them, and their consents."""

    look_id: int
    registrant_id: int
    consents: dict[ConsentClass, int]


def registered(
    city: City, clerk: Staff, *kinds: ConsentClass, pseudonym: str = WHO, card_seen: bool = True
) -> Resident:
    look = entered(city, clerk, pseudonym, card_seen=card_seen)
    consents = {kind: consented(city, clerk, look, kind) for kind in kinds}
    with city.look(city.actor(clerk)) as work:
        return Resident(look, look_of(work, look).registrant_id, consents)


def issued(city: City, resident: Resident, facts: Facts = HANAKO) -> tuple[WalletSimulator, str]:
    """Give the wallet that now holds a digital ID, and its number."""
    key = new_key()
    with city.unit() as work:
        found = service.issue(work, resident.registrant_id, facts, public_part(key))
        return WalletSimulator(key, found.text), found.row.number


def add_digital_ids(work: Work, look_id: object, rows: int) -> None:
    """So many digital IDs of one registrant, every third revoked, and as many checks, for pages to count."""
    look = work.session.get(RegistrantLook, look_id)
    for number in range(rows if look else 0):
        found = service.issue(work, look.registrant_id, HANAKO, public_part(new_key()))
        work.session.add(Check(rule="resident", allowed=number % 2 == 0, in_hour=work.now))
        if number % 3 == 0:
            service.revoke(work, found.row.number, Cause.LOST)
