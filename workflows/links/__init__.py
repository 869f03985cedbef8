"""What may flow to another system, of whom, and no further? Terms of an agreement, what widens them, what is released.

Pure: who asks, what was agreed, consented and counted is handed in; nothing is read or kept here.
"""

from workflows.links.attributes import ATTRIBUTES, Attribute, Claim, Source, attribute, told_by
from workflows.links.claims import claims_hold_until, claims_of
from workflows.links.contract import Check, Finding, Result, Tried, findings, is_green
from workflows.links.covering import LinkConsent, covered
from workflows.links.impact import CONCERNS, NOT_ASSESSED, QUESTIONS, Answer, Concern, ConcernRow, Impact, Measure, Risk
from workflows.links.invented import Invented, Persona, invented
from workflows.links.problems import PRIVATE_LIMITS, PUBLIC_LIMITS, Limits, TermsProblem, Wrong, limits_of, problems_of
from workflows.links.release import (
    LinkState,
    Outward,
    Person,
    PersonState,
    Reason,
    Refused,
    Released,
    Request,
    Standing,
    Usage,
    decide,
)
from workflows.links.reviewing import Unused, unused_in, without_unused
from workflows.links.risk import concerns_of, concerns_without_measure, risk_of
from workflows.links.storing import TermsRefused, read_terms, terms_from, written_terms
from workflows.links.terms import (
    Contact,
    Direction,
    Ground,
    Necessity,
    Purpose,
    SecurityClass,
    Shown,
    SubjectGroup,
    System,
    Terms,
    Use,
)
from workflows.links.widening import ROWS, Change, Row, Width, compare, needs_full_approval, needs_reconsent

__all__ = [
    "ATTRIBUTES",
    "CONCERNS",
    "NOT_ASSESSED",
    "PRIVATE_LIMITS",
    "PUBLIC_LIMITS",
    "QUESTIONS",
    "ROWS",
    "Answer",
    "Attribute",
    "Change",
    "Check",
    "Claim",
    "Concern",
    "ConcernRow",
    "Contact",
    "Direction",
    "Finding",
    "Ground",
    "Impact",
    "Invented",
    "Limits",
    "LinkConsent",
    "LinkState",
    "Measure",
    "Necessity",
    "Outward",
    "Person",
    "PersonState",
    "Persona",
    "Purpose",
    "Reason",
    "Refused",
    "Released",
    "Request",
    "Result",
    "Risk",
    "Row",
    "SecurityClass",
    "Shown",
    "Source",
    "Standing",
    "SubjectGroup",
    "System",
    "Terms",
    "TermsProblem",
    "TermsRefused",
    "Tried",
    "Unused",
    "Usage",
    "Use",
    "Width",
    "Wrong",
    "attribute",
    "claims_hold_until",
    "claims_of",
    "compare",
    "concerns_of",
    "concerns_without_measure",
    "covered",
    "decide",
    "findings",
    "invented",
    "is_green",
    "limits_of",
    "needs_full_approval",
    "needs_reconsent",
    "problems_of",
    "read_terms",
    "risk_of",
    "terms_from",
    "told_by",
    "unused_in",
    "without_unused",
    "written_terms",
]
