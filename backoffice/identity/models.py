"""Departments as a tree, staff, the roles they hold, and who is signed in."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.db import Base, CreatedAt, Id, Versioned

STANDARD_SIZE = "standard"


class Department(Base):
    """局, 部 or 課. `path` holds the ids from the root, `/1/4/9/`, so that "in and below" is a prefix."""

    __tablename__ = "department"

    id: Mapped[Id]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    name: Mapped[str]
    short_name: Mapped[str]
    """Stands in the numbers of documents: `R8-就援伺-0001`."""
    path: Mapped[str] = mapped_column(String(200), unique=True)
    depth: Mapped[int]
    code: Mapped[str | None] = mapped_column(String(16), index=True, unique=True)
    """所属コード of the city's personnel system: what stays when a department is renamed. None: made by hand."""
    closed: Mapped[bool] = mapped_column(default=False)
    """Nobody is placed there any more; its records stay."""

    parent: Mapped["Department | None"] = relationship(lazy="raise", remote_side="Department.id")


class Staff(Versioned, Base):
    __tablename__ = "staff"

    id: Mapped[Id]
    account: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str]
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    password_hash: Mapped[str]
    language: Mapped[str] = mapped_column(String(2), default="ja")
    text_size: Mapped[str] = mapped_column(String(8), default=STANDARD_SIZE)
    mail: Mapped[str | None] = mapped_column(String(254))
    """Where the morning mail goes."""
    morning_mail: Mapped[bool] = mapped_column(default=True)
    """Whether the person wants it."""
    active: Mapped[bool] = mapped_column(default=True)
    break_glass: Mapped[bool] = mapped_column(default=False)
    """May use a local password although the city's identity provider is asked otherwise."""
    must_change: Mapped[bool] = mapped_column(default=False)
    """An administrator knows the password: whoever signs in with it chooses another one first."""
    created_at: Mapped[CreatedAt]

    department: Mapped[Department] = relationship(lazy="raise")
    grants: Mapped[list["RoleGrant"]] = relationship(
        lazy="raise", back_populates="staff", foreign_keys="RoleGrant.staff_id"
    )


class RoleGrant(Base):
    """A role, held in a department from `starts` to `ends`, both days included."""

    __tablename__ = "role_grant"

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    role: Mapped[str] = mapped_column(String(32))
    starts: Mapped[date]
    ends: Mapped[date | None]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    staff: Mapped[Staff] = relationship(lazy="raise", back_populates="grants", foreign_keys=[staff_id])
    department: Mapped[Department] = relationship(lazy="raise")


class StaffSession(Base):
    """A sign-in. Only the SHA-256 of the cookie's token is kept, so that a copy of the database opens no door.

    Until the second factor is proved (`factor_at`) it stands on the threshold: backoffice/identity/sessions.py.
    """

    __tablename__ = "staff_session"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(64), default="")
    asks_factor: Mapped[bool] = mapped_column(default=False)
    """The person had a second factor when they signed in: it is asked for, whatever their roles."""
    factor_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]
    """When the person last showed their password again, being inside."""
    must_change: Mapped[bool] = mapped_column(default=False)
    """Begun with a password that is to be changed first."""
    challenge: Mapped[bytes | None]
    """What a security key is asked to sign; taken away by the first answer."""
    challenge_until: Mapped[datetime | None]

    staff: Mapped[Staff] = relationship(lazy="raise")
