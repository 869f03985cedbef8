"""How great is the risk of an agreement for the people whose data flows, and why?

What terms tell is computed and never asked: no drafter can answer it away.
"""

from collections.abc import Callable, Mapping

from workflows.links.attributes import ATTRIBUTES
from workflows.links.impact import CONCERNS, Concern, Risk
from workflows.links.terms import Ground, SubjectGroup, Terms

MANY = 5
"""So many concerns together make a high risk, though none of them would alone."""
GROWN_UP = 18
A_YEAR = 366


def concerns_of(terms: Terms) -> tuple[Concern, ...]:
    """Give what makes an agreement risky: by what its terms tell, and by what was answered with yes."""
    said = {answer.concern for answer in terms.impact.said_yes}
    return tuple(each for each in CONCERNS if (each in _TOLD and _TOLD[each](terms)) or each in said)


def risk_of(terms: Terms) -> Risk:
    """Give the risk: high for one heavy concern or for many, low for none."""
    found = concerns_of(terms)
    if any(CONCERNS[each].heavy for each in found) or len(found) >= MANY:
        return Risk.HIGH
    return Risk.MIDDLE if found else Risk.LOW


def concerns_without_measure(terms: Terms) -> tuple[Concern, ...]:
    """Give for what a measure is still to be named: for each concern where the risk is high."""
    if risk_of(terms) is not Risk.HIGH:
        return ()
    return tuple(each for each in concerns_of(terms) if not terms.impact.measure_against(each).strip())


def _is_sensitive(terms: Terms) -> bool:
    return any(ATTRIBUTES[use.attribute].is_sensitive for use in terms.uses if use.attribute in ATTRIBUTES)


def _identifies(terms: Terms) -> bool:
    return any(not ATTRIBUTES[use.attribute].is_claim for use in terms.uses if use.attribute in ATTRIBUTES)


def _reaches_children(group: SubjectGroup) -> bool:
    return (group.from_age or 0) < GROWN_UP


_TOLD: Mapping[Concern, Callable[[Terms], bool]] = {
    Concern.SENSITIVE: _is_sensitive,
    Concern.PRIVATE: lambda terms: terms.private_partner,
    Concern.WITHOUT_CONSENT: lambda terms: terms.ground is not Ground.CONSENT,
    Concern.CHILDREN: lambda terms: any(map(_reaches_children, terms.subjects)),
    Concern.IDENTIFIES: _identifies,
    Concern.LONG_KEPT: lambda terms: terms.retention_days > A_YEAR,
}
