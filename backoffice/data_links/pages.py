"""What do the pages of agreements on data links show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from backoffice.data_links.models import Link, LinkReview, LinkStop, LinkVersion
from backoffice.identity import Permission
from backoffice.web import Crumb, Page
from backoffice.web.chips import Chip
from backoffice.web.lists import Paging
from backoffice.web.translations import _

LINKS = Crumb(_("データ連携"), "/links")
BESIDE = (
    (_("漏えい等への対応"), "/breaches", Permission.LINK_SHUT),
    (_("添付書類の削減"), "/paperless", Permission.PAPER_VIEW),
    (_("窓口の混雑"), "/crowding", Permission.CROWDING_VIEW),
)
"""What stands beside links and is found from their list: it needs no room in the menu."""


@dataclass(frozen=True)
class LinkRow:
    """A link in the list. `waits`: what happens to a version that does not count yet; empty for none."""

    link: Link
    chip: Chip
    recipient: str
    until: str
    near: Sequence[str]
    """Which of its days come near."""
    waits: Chip | None


@dataclass(frozen=True)
class NearLine:
    """A link one of whose days comes near."""

    link: Link
    said: str
    day: date


@dataclass(frozen=True, kw_only=True)
class LinksPage(Page):
    near: Sequence[NearLine]
    rows: Sequence[LinkRow]
    keyword: str
    paging: Paging
    may_begin: bool
    beside: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class NewLinkPage(Page):
    typed: Mapping[str, str]
    wrong: Mapping[str, str]


@dataclass(frozen=True)
class VersionLine:
    version: LinkVersion
    chip: Chip
    since: datetime | None


@dataclass(frozen=True)
class Said:
    """A field of terms and what it says, one thing a line."""

    label: str
    text: str


@dataclass(frozen=True)
class ReviewLine:
    review: LinkReview
    chip: Chip


@dataclass(frozen=True, kw_only=True)
class LinkPage(Page):
    title_text: str
    link: Link
    chip: Chip
    in_force: LinkVersion | None
    says: Sequence[Said]
    versions: Sequence[VersionLine]
    stops: Sequence[LinkStop]
    reviews: Sequence[ReviewLine]
    review_on: date | None
    """When it is looked at again; None while nothing is in force."""
    may_review: bool
    people: int
    """Who consents to it: whom shutting it cuts off."""
    may_draft: bool
    may_connect: bool
    """May propose the machine, or confirm what a colleague has proposed."""
    may_confirm_machine: bool
    partners: Sequence[tuple[str, str]]
    may_shut: bool
    may_drill: bool
    typed: Mapping[str, str]
    wrong: Mapping[str, str]


@dataclass(frozen=True)
class FieldRow:
    """A field of a version beside the one that counts; `chip` says which way it changed."""

    label: str
    before: str
    after: str
    chip: Chip | None
    asks_anew: bool


@dataclass(frozen=True)
class Assessment:
    """What a version may do to people, and how it stands with the signature. `doubt`: it needs somebody's eye."""

    chip: Chip
    signature: str
    doubt: bool


@dataclass(frozen=True, kw_only=True)
class VersionPage(Page):
    title_text: str
    version: LinkVersion
    chip: Chip
    rows: Sequence[FieldRow]
    assessment: Assessment
    compared: bool
    """There is another version that counts, to compare with."""
    troubles: Sequence[str]
    narrows: bool
    asks_anew: bool
    nothing_new: bool
    people: int
    is_draft: bool
    may_write: bool
    shown: int
    """So many points of the contract the partner has shown in the sandbox."""
    to_show: int
    departments: Sequence[tuple[str, str]]
    typed: Mapping[str, str]
    wrong: Mapping[str, str]


@dataclass(frozen=True)
class ConcernRow:
    """Something to fear: asked, or told by the terms. `heavy`: alone enough for a high risk."""

    code: str
    text: str
    heavy: bool


@dataclass(frozen=True, kw_only=True)
class ImpactPage(Page):
    title_text: str
    version: LinkVersion
    chip: Chip
    told: Sequence[ConcernRow]
    asked: Sequence[ConcernRow]
    typed: Mapping[str, str]
    wrong: Mapping[str, str]


@dataclass(frozen=True)
class AttributeRow:
    """An attribute that may be handed over, as the vocabulary says it."""

    code: str
    name: str
    says: str
    is_sensitive: bool
    is_claim: bool


@dataclass(frozen=True, kw_only=True)
class TermsPage(Page):
    title_text: str
    version: LinkVersion
    attributes: Sequence[AttributeRow]
    necessities: Sequence[tuple[str, str]]
    directions: Sequence[tuple[str, str]]
    grounds: Sequence[tuple[str, str]]
    classes: Sequence[tuple[str, str]]
    languages: Sequence[tuple[str, str]]
    wards: Sequence[tuple[str, str]]
    purposes: range
    only_purpose: int | None
    """Its row where there is but one: every attribute is for it."""
    groups: range
    contacts: range
    typed: Mapping[str, str]
    wrong: Mapping[str, str]
