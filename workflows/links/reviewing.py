"""What of an agreement was never used, and what is left of it without that?"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from workflows.links.attributes import ATTRIBUTES
from workflows.links.terms import Terms, Use


@dataclass(frozen=True, slots=True)
class Unused:
    """An attribute that never left as it is. `less`: what left in its place, which told less."""

    attribute: str
    less: tuple[str, ...]


def unused_in(terms: Terms, released: AbstractSet[str]) -> tuple[Unused, ...]:
    """Give the attributes of an agreement that never left, of all that did in the time that is looked at."""
    return tuple(
        Unused(use.attribute, _less_than(use.attribute, released))
        for use in terms.uses
        if use.attribute not in released
    )


def without_unused(terms: Terms, released: AbstractSet[str]) -> Terms:
    """Give terms that allow no more than what left: where only less of an attribute was asked, that stands there."""
    uses: dict[str, Use] = {use.attribute: use for use in terms.uses if use.attribute in released}
    told = frozenset[str]().union(*(ATTRIBUTES[code].tells for code in uses if code in ATTRIBUTES))
    for use in terms.uses:
        if use.attribute not in uses:
            for code in _less_than(use.attribute, released - told):
                uses.setdefault(code, replace(use, attribute=code))
    kept = tuple(uses.values())
    purposes = tuple(each for each in terms.purposes if any(each.code in use.purposes for use in kept))
    return replace(terms, uses=kept, purposes=purposes)


def _less_than(attribute: str, released: AbstractSet[str]) -> tuple[str, ...]:
    """Give what left of what an attribute tells; nothing that another of these tells already."""
    tells = ATTRIBUTES[attribute].tells & released if attribute in ATTRIBUTES else frozenset[str]()
    told = frozenset[str]().union(*(ATTRIBUTES[code].tells for code in tells))
    return tuple(code for code in ATTRIBUTES if code in tells - told)
