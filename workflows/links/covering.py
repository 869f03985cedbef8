"""How far does one person's consent go? What they agreed to of a link, where the facts behind it are open, too."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from workflows.links.attributes import ATTRIBUTES, told_by
from workflows.rules.vocabulary import ConsentClass

_OPENED_BY = {each.code: (each.consents, each.household_consents) for each in ATTRIBUTES.values()}


@dataclass(frozen=True, slots=True)
class LinkConsent:
    """What one person agreed to of this link, and which facts they have opened."""

    scope: int
    """The scope of the version that was shown."""
    purposes: frozenset[str]
    attributes: frozenset[str]
    given_on: date
    until: date
    """The last day."""
    withdrawn: bool = False
    classes: frozenset[ConsentClass] = frozenset()
    """Of facts, given by themselves and live now."""
    household_classes: frozenset[ConsentClass] = frozenset()
    """Given by every member of their household and live now."""


def covered(attributes: AbstractSet[str], consent: LinkConsent) -> frozenset[str]:
    """Give what of `attributes` the person agreed to, where the facts behind it are open, too."""
    return frozenset(
        code
        for code in attributes & told_by(consent.attributes)
        if code in _OPENED_BY
        and _OPENED_BY[code][0] <= consent.classes
        and _OPENED_BY[code][1] <= consent.household_classes
    )
