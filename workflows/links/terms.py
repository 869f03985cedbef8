"""What does one version of a link agreement allow? Everything that was approved, as values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import chain

from workflows.links.attributes import told_by
from workflows.links.impact import NOT_ASSESSED, Impact
from workflows.rules.facts import WARDS

OLDEST = 150
"""Nobody is older; beyond, no age band reaches."""


@dataclass(frozen=True)
class System:
    """One end of a link."""

    code: str
    ja: str
    en: str


class Direction(StrEnum):
    """Which way personal data flows, as seen from this office."""

    GIVES = "gives"
    TAKES = "takes"
    BOTH = "both"


class Ground(StrEnum):
    """On what ground data is used outside its purpose (個人情報保護法69条2項), one for each item."""

    CONSENT = "consent"
    """1号: the person consents, or it is given to the person."""
    OWN_DUTIES = "own_duties"
    """2号: within the same body, for its duties under law, with good reason."""
    OTHER_BODY = "other_body"
    """3号: to another administrative body for its duties under law, with good reason."""
    SPECIAL_REASON = "special_reason"
    """4号: for statistics or research, plainly in the person's interest, or for another special reason."""


class Necessity(StrEnum):
    REQUIRED = "required"
    """Nobody has the service without it."""
    OPTIONAL = "optional"
    """Each person decides."""


class SecurityClass(StrEnum):
    """How confidential the data is to be kept at the recipient (機密性1 to 3), from the least up."""

    CONFIDENTIALITY_1 = "confidentiality_1"
    CONFIDENTIALITY_2 = "confidentiality_2"
    CONFIDENTIALITY_3 = "confidentiality_3"

    @property
    def rank(self) -> int:
        return tuple(SecurityClass).index(self)


@dataclass(frozen=True)
class Purpose:
    """What the recipient does with what it gets. `code` is what a request names."""

    code: str
    ja: str
    en: str


@dataclass(frozen=True)
class Use:
    """One attribute in an agreement: for which purposes, whether everybody must give it, and why."""

    attribute: str
    necessity: Necessity
    purposes: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True)
class Shown:
    """What the resident reads before consenting."""

    ja: str
    easy: str
    en: str


@dataclass(frozen=True)
class SubjectGroup:
    """Of whom data may flow: no ward named is every ward, no age is every age. Ages are those attained."""

    wards: tuple[str, ...] = ()
    from_age: int | None = None
    to_age: int | None = None

    @property
    def has_ages(self) -> bool:
        return self.from_age is not None or self.to_age is not None

    def holds(self, ward: str | None, age: int | None) -> bool:
        """Say whether somebody is of this group; what is unknown of them is in no named ward and in no age band."""
        if self.wards and ward not in self.wards:
            return False
        if not self.has_ages:
            return True
        return age is not None and (self.from_age or 0) <= age <= (OLDEST if self.to_age is None else self.to_age)


@dataclass(frozen=True)
class Contact:
    name: str
    telephone: str
    mail: str


@dataclass(frozen=True)
class Terms:
    """One version of an agreement. Every field stands in the table of what widens (`widening.ROWS`)."""

    giver: System
    recipient: System
    direction: Direction
    controller: str
    """Who answers for the data at the recipient."""
    private_partner: bool
    """The recipient is no public body: stricter limits, claims alone."""
    purposes: tuple[Purpose, ...]
    ground: Ground
    uses: tuple[Use, ...]
    shown: Shown
    retention_days: int
    """So long the recipient keeps what it got; then it is deleted."""
    per_person_day: int
    """So often one person's data may be fetched in a day."""
    per_person_year: int
    """The same in a fiscal year."""
    per_minute: int
    """So many fetches the recipient's client may try in a minute."""
    subjects: tuple[SubjectGroup, ...]
    security: SecurityClass
    valid_from: date
    valid_until: date
    """The last day."""
    review_on: date
    contacts: tuple[Contact, ...]
    emergency_contact: Contact
    impact: Impact = NOT_ASSESSED
    """What it may do to the people behind the data, as the drafter answered (影響評価)."""

    @cached_property
    def allowed(self) -> Mapping[str, frozenset[str]]:
        """By purpose, all that may be asked for: whoever may have something may ask for less, and be told that."""
        return {each.code: told_by(use.attribute for use in self.uses_for(each.code)) for each in self.purposes}

    @cached_property
    def required(self) -> Mapping[str, frozenset[str]]:
        """By purpose, all that everybody gives with what is required of them."""
        return {
            each.code: told_by(use.attribute for use in self.uses_for(each.code) if use.necessity is Necessity.REQUIRED)
            for each in self.purposes
        }

    def uses_for(self, purpose: str) -> Iterator[Use]:
        return (use for use in self.uses if purpose in use.purposes)

    def covers(self, ward: str | None, age: int | None) -> bool:
        """Say whether somebody is among those of whom data may flow."""
        return any(group.holds(ward, age) for group in self.subjects)

    @cached_property
    def people(self) -> frozenset[tuple[str | None, int | None]]:
        """Everyone of whom data may flow, as wards and ages; each is unknown of some people."""
        return frozenset(chain.from_iterable(map(_everyone_of, self.subjects)))


@lru_cache(maxsize=256)
def _everyone_of(group: SubjectGroup) -> frozenset[tuple[str | None, int | None]]:
    wards: tuple[str | None, ...] = (None, *(ward.code for ward in WARDS), *group.wards)
    ages: tuple[int | None, ...] = (None, *range(OLDEST + 1))
    return frozenset((ward, age) for ward in wards for age in ages if group.holds(ward, age))
