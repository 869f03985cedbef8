"""Who is acting, in which department, and what may they do?"""

from backoffice.identity.actor import Actor, Grant, Origin
from backoffice.identity.models import Department, RoleGrant, Staff, StaffSession
from backoffice.identity.permissions import ROLE_PERMISSIONS, Permission, Role
from backoffice.identity.scope import within

__all__ = [
    "ROLE_PERMISSIONS",
    "Actor",
    "Department",
    "Grant",
    "Origin",
    "Permission",
    "Role",
    "RoleGrant",
    "Staff",
    "StaffSession",
    "within",
]
