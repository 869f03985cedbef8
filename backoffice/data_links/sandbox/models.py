"""What was tried of a link before it was approved: invented people, requests, calls; no row of anybody real."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backoffice.clients.models import MachineClient
from backoffice.data_links.models import Link
from backoffice.db import Base, CreatedAt, Id, Json


class Sandbox(Base):
    """A link can be tried out with one client, which is for that alone. It serves the version that is being written."""

    __tablename__ = "link_sandbox"
    __table_args__ = (UniqueConstraint("link_id"), UniqueConstraint("client_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"))
    client_id: Mapped[int] = mapped_column(ForeignKey("machine_client.id"))
    opened_at: Mapped[CreatedAt]

    link: Mapped[Link] = relationship(lazy="raise")
    client: Mapped[MachineClient] = relationship(lazy="raise")


class SandboxRequest(Base):
    """An invented person asks that the link be used for them."""

    __tablename__ = "sandbox_request"
    __table_args__ = (
        UniqueConstraint("reference"),
        Index("ix_sandbox_request_version_id_state", "version_id", "state"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(32))
    version_id: Mapped[int] = mapped_column(ForeignKey("link_version.id"))
    persona: Mapped[str] = mapped_column(String(16))
    purpose: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(16))
    answer: Mapped[str | None] = mapped_column(String(64))
    """A number that the partner made up."""
    has_left: Mapped[bool] = mapped_column(default=False)
    """The invented person has withdrawn since."""
    opened_at: Mapped[CreatedAt]


class SandboxCall(Base):
    """One call of the partner and what came of it: what the report is made of."""

    __tablename__ = "sandbox_call"
    __table_args__ = (
        Index("ix_sandbox_call_version_id_terms_mark", "version_id", "terms_mark"),
        Index("ix_sandbox_call_at", "at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("link_version.id"))
    terms_mark: Mapped[str] = mapped_column(String(64))
    """Of what the version said then, as far as machines meet it: what was shown of other terms shows nothing."""
    act: Mapped[str] = mapped_column(String(16))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("sandbox_request.id"))
    persona: Mapped[str | None] = mapped_column(String(16))
    key_hash: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(80))
    asked: Mapped[list[str]] = mapped_column(Json)
    released: Mapped[list[str]] = mapped_column(Json)
    outcome: Mapped[str] = mapped_column(String(32))
    retry_after: Mapped[int]
    at: Mapped[CreatedAt]


class SandboxDeletion(Base):
    """The partner is to delete what it got of an invented person, and says when it has."""

    __tablename__ = "sandbox_deletion"
    __table_args__ = (
        UniqueConstraint("reference"),
        Index("ix_sandbox_deletion_version_id", "version_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[Id]
    reference: Mapped[str] = mapped_column(String(32))
    version_id: Mapped[int] = mapped_column(ForeignKey("link_version.id"))
    requests: Mapped[list[str]] = mapped_column(Json)
    attributes: Mapped[list[str]] = mapped_column(Json)
    due_on: Mapped[date]
    done_at: Mapped[datetime | None]


class ContractReport(Base):
    """What a partner had shown when its link was sent on its route; never changed."""

    __tablename__ = "contract_report"
    __table_args__ = (Index("ix_contract_report_version_id", "version_id"), {"sqlite_autoincrement": True})

    id: Mapped[Id]
    version_id: Mapped[int] = mapped_column(ForeignKey("link_version.id"))
    case_id: Mapped[int]
    """A record of another feature, hence no foreign key."""
    terms_mark: Mapped[str] = mapped_column(String(64))
    findings: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    why: Mapped[str] = mapped_column(String(500))
    """Why it was sent though not all was shown; empty where all was, or where it only closes."""
    at: Mapped[CreatedAt]
