"""What opens a claim, how long does a digital ID last, and what becomes of it?"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from enum import StrEnum

from workflows.credentials.claims import ClaimName, ClaimValue, ages_hold_until
from workflows.links.attributes import ATTRIBUTES, Claim
from workflows.links.claims import Facts, claims_of
from workflows.rules.facts import CITY_FACTS
from workflows.rules.vocabulary import ConsentClass

MOST_LIVE = 3
"""Of one person: a telephone, a tablet, a new one before the old is laid aside."""
MONTHS = 12
"""A card that is lost and never reported is good for nothing after a year."""
CONSENTS_BEHIND: Mapping[ClaimName, AbstractSet[ConsentClass]] = {name: ATTRIBUTES[name].consents for name in ClaimName}
"""The classes of consent that open the facts behind a claim."""
CONSENTS = frozenset[ConsentClass]().union(*CONSENTS_BEHIND.values())


class State(StrEnum):
    LIVE = "live"
    REVOKED = "revoked"


class Happened(StrEnum):
    ISSUED = "issued"
    REVOKED = "revoked"


class Cause(StrEnum):
    """Why a digital ID was revoked."""

    ASKED = "asked"
    """Its holder asked for it."""
    LOST = "lost"
    MISUSED = "misused"
    WRONG = "wrong"
    """What it says is not so, or no more."""
    CONSENT_WITHDRAWN = "withdrawn"
    CONSENT_EXPIRED = "expired"
    REPLACED = "replaced"
    """Another took its place: on the same telephone, or as one too many."""
    REGISTER = "register"
    """The registers say something else by now, or nothing any more; of what kind, stands nowhere."""


BY_STAFF = (Cause.LOST, Cause.ASKED, Cause.WRONG, Cause.MISUSED)
"""The causes that staff may name; a withdrawn consent revokes by itself."""


def said_of(facts: Facts, consents: AbstractSet[ConsentClass], today: date) -> dict[str, ClaimValue]:
    """Give what a digital ID says of somebody. A fact that no live consent opens is as if it were not known."""
    looked_at = {code: value for code, value in facts.items() if _is_open(code, consents)}
    return opened(claims_of(looked_at, today), consents)


def opened(found: Mapping[str, Claim], consents: AbstractSet[ConsentClass]) -> dict[str, ClaimValue]:
    """Give of all that can be said of somebody what a digital ID says: the claims that live consents open."""
    if ConsentClass.CORE not in consents:
        return {}
    said = ((name, found.get(name)) for name in ClaimName if CONSENTS_BEHIND[name] <= consents)
    return {name: value for name, value in said if isinstance(value, bool | str)}


def right_until(facts: Facts, today: date) -> date | None:
    """Give the last day on which what is said of ages stays right; None where it always does."""
    birth = facts.get("birth_date")
    return ages_hold_until(birth, today) if isinstance(birth, date) else None


def _is_open(code: str, consents: AbstractSet[ConsentClass]) -> bool:
    fact = CITY_FACTS.get(code)
    return fact is not None and (fact.consent is None or fact.consent in consents)
