"""What opens a claim, how long does a digital ID last, and what becomes of it?"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from enum import StrEnum

from workflows.credentials.claims import ClaimName, Known
from workflows.rules.vocabulary import ConsentClass

MONTHS = 12
"""A card that is lost and never reported is good for nothing after a year."""
CONSENT_BEHIND: Mapping[ClaimName, ConsentClass] = {
    ClaimName.AGE_OVER_18: ConsentClass.CORE,
    ClaimName.AGE_OVER_20: ConsentClass.CORE,
    ClaimName.AGE_OVER_65: ConsentClass.CORE,
    ClaimName.AGE_OVER_70: ConsentClass.CORE,
    ClaimName.CITY_RESIDENT: ConsentClass.CORE,
    ClaimName.DISABILITY_DISCOUNT_CLASS: ConsentClass.CARE,
}


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


BY_STAFF = (Cause.LOST, Cause.ASKED, Cause.WRONG, Cause.MISUSED)
"""The causes that staff may name; a withdrawn consent revokes by itself."""


def opened(known: Known, consents: AbstractSet[ConsentClass]) -> Known:
    """Give what may be looked at for a digital ID: what no consent opens is as if it were not known."""
    if ConsentClass.CORE not in consents:
        return Known()
    return known if ConsentClass.CARE in consents else replace(known, discount_class=None)
