"""What do the pages of accounts show?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from backoffice.accounts.queries import is_held
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
    samples: tuple[tuple[str, str], ...] = ()
    """In a demonstration: accounts to sign in with, and what each is for."""
    sample_password: str = ""


@dataclass(frozen=True, kw_only=True)
class MePage(Page):
    staff: Staff
    roles: tuple[str, ...]
    languages: tuple[tuple[str, str], ...] = tuple(LANGUAGES.items())
    wrong: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class HeldRole:
    id: int
    role: str
    """A msgid."""
    department: str
    starts: date
    ends: date | None
    now: bool

    @classmethod
    def of(cls, grant: RoleGrant, today: date) -> "HeldRole":
        return cls(
            grant.id,
            ROLE_NAMES[Role(grant.role)],
            grant.department.name,
            grant.starts,
            grant.ends,
            is_held(grant, today),
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
