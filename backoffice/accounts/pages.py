"""What do the pages of accounts show?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from backoffice.accounts.inputs import TEXT_SIZES
from backoffice.accounts.queries import is_held
from backoffice.accounts.second_factor.queries import Held
from backoffice.identity import Department, Role, RoleGrant, Staff
from backoffice.identity.permissions import ROLE_NAMES
from backoffice.web import Page
from backoffice.web.lists import Paging
from backoffice.web.translations import LANGUAGES


@dataclass(frozen=True, kw_only=True)
class SignInPage(Page):
    next: str
    account: str = ""
    refused: str = ""
    refused_params: dict[str, object] = field(default_factory=dict)
    samples: tuple[tuple[str, str], ...] = ()
    """In a demonstration: accounts to sign in with, and what each is for."""
    sample_password: str = ""
    single_sign_on: bool = False
    """The city's identity provider is asked; the form is for accounts of the day it fails."""
    ended_here: bool = False
    """The person has just signed out of this house, and is still signed in at the provider."""


@dataclass(frozen=True)
class OwnSession:
    id: int
    started_at: datetime
    seen_at: datetime
    address: str
    here: bool


@dataclass(frozen=True)
class Happened:
    """One line of what happened to the person's own account."""

    at: datetime
    sentence: str
    params: Mapping[str, object]
    who: str
    """Empty: the house itself."""
    address: str


@dataclass(frozen=True, kw_only=True)
class MePage(Page):
    staff: Staff
    roles: tuple[str, ...]
    factors: Held
    sessions: Sequence[OwnSession]
    entries: Sequence[Happened]
    may_use_password: bool
    keys_work: bool
    languages: tuple[tuple[str, str], ...] = tuple(LANGUAGES.items())
    sizes: tuple[tuple[str, str], ...] = tuple(TEXT_SIZES.items())
    typed: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FirstPasswordPage(Page):
    next: str
    wrong: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ProofPage(Page):
    next: str
    may_use_password: bool
    wrong: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class HistoryPage(Page):
    entries: Sequence[Happened]
    paging: Paging


@dataclass(frozen=True)
class HeldRole:
    id: int
    role: str
    """A msgid."""
    department: str
    starts: date
    ends: date | None
    now: bool
    over: bool
    """Its last day has passed: there is nothing left to end."""

    @classmethod
    def of(cls, grant: RoleGrant, today: date) -> "HeldRole":
        return cls(
            grant.id,
            ROLE_NAMES[Role(grant.role)],
            grant.department.name,
            grant.starts,
            grant.ends,
            is_held(grant, today),
            grant.ends is not None and grant.ends < today,
        )


@dataclass(frozen=True)
class StaffRow:
    staff: Staff
    roles: tuple[HeldRole, ...]

    @classmethod
    def of(cls, staff: Staff, today: date) -> "StaffRow":
        return cls(staff, tuple(HeldRole.of(grant, today) for grant in staff.grants))


@dataclass(frozen=True, kw_only=True)
class StaffListPage(Page):
    rows: Sequence[StaffRow]
    keyword: str
    paging: Paging
    may_edit: bool


@dataclass(frozen=True, kw_only=True)
class StaffPage(Page):
    title_text: str
    row: StaffRow
    departments: Sequence[tuple[int, str]]
    may_edit: bool
    factors: Held
    is_me: bool
    single_sign_on: bool
    typed: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    roles: tuple[tuple[str, str], ...] = tuple((str(role), name) for role, name in ROLE_NAMES.items())


@dataclass(frozen=True, kw_only=True)
class NewStaffPage(Page):
    departments: Sequence[tuple[int, str]]
    typed: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


def as_choices(departments: Sequence[Department]) -> list[tuple[int, str]]:
    """Give the tree as choices, each level indented."""
    return [(department.id, "　" * department.depth + department.name) for department in departments]
