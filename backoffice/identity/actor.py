"""Who is doing this, and where do their permissions reach?"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backoffice.identity.permissions import ANYONE_SIGNED_IN, NEEDS_SECOND_FACTOR, ROLE_PERMISSIONS, Permission, Role


class Origin(StrEnum):
    """Through which door an act came."""

    PAGE = "page"
    WORKER = "worker"
    COMMAND_LINE = "command_line"
    DEMONSTRATION = "demonstration"
    GATEWAY = "gateway"
    """A machine of another system, through the gateway."""


@dataclass(frozen=True)
class Grant:
    """A role held in a department; it reaches that department and all below it."""

    role: Role
    department_path: str


@dataclass(frozen=True)
class Actor:
    """A member of staff, the house itself at work on what staff asked for, or a machine of another system."""

    staff_id: int | None
    name: str
    department_id: int | None
    department_name: str
    grants: tuple[Grant, ...]
    language: str
    origin: Origin
    address: str = ""
    text_size: str = "standard"
    session_id: int | None = None
    """The sign-in through which a person acts on pages."""
    proved_at: datetime | None = None
    """When the person last showed their password or a second factor in this sign-in."""
    on_threshold: bool = False
    """The password was right, the second factor is still to come: no roles yet, only the pages of the second factor."""
    must_change_password: bool = False
    """On the threshold since their password is one that an administrator gave them."""
    client_id: int | None = None
    """The machine that acts through the gateway: it holds scopes, for which its routes ask, and no permission."""

    @property
    def is_house(self) -> bool:
        return self.staff_id is None and self.client_id is None

    @property
    def needs_second_factor(self) -> bool:
        return any(ROLE_PERMISSIONS[grant.role] & NEEDS_SECOND_FACTOR for grant in self.grants)

    def may(self, permission: Permission) -> bool:
        """Say whether the actor holds `permission` anywhere."""
        if self.is_house:
            return True
        if self.staff_id is None:
            return False
        if permission in ANYONE_SIGNED_IN:
            return True
        return any(permission in ROLE_PERMISSIONS[grant.role] for grant in self.grants)

    def reach(self, permission: Permission) -> tuple[str, ...]:
        """Give the paths of the departments in and below which the actor holds `permission`."""
        return tuple(sorted({g.department_path for g in self.grants if permission in ROLE_PERMISSIONS[g.role]}))

    def reaches(self, permission: Permission, department_path: str) -> bool:
        """Say whether the actor holds `permission` in a department: the question `within` asks of rows, for one."""
        return self.is_house or department_path.startswith(self.reach(permission))

    @classmethod
    def house(cls, origin: Origin) -> "Actor":
        """Give the actor for what the house does by itself (jobs, set-up)."""
        return cls(None, "技助", None, "", (), "ja", origin)

    @classmethod
    def machine(cls, client_id: int, name: str, address: str) -> "Actor":
        """Give the actor for a machine client at the gateway."""
        return cls(None, name, None, "", (), "ja", Origin.GATEWAY, address, client_id=client_id)
