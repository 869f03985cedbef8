"""trying links out"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from backoffice.db.append_only import refuse_changes_of

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link_sandbox",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["machine_client.id"], name=op.f("fk_link_sandbox_client_id_machine_client")
        ),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_link_sandbox_link_id_link")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_sandbox")),
        sa.UniqueConstraint("client_id", name=op.f("uq_link_sandbox_client_id")),
        sa.UniqueConstraint("link_id", name=op.f("uq_link_sandbox_link_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "contract_report",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("terms_mark", sa.String(length=64), nullable=False),
        sa.Column(
            "findings",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["link_version.id"], name=op.f("fk_contract_report_version_id_link_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_report")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("contract_report", schema=None) as batch_op:
        batch_op.create_index("ix_contract_report_version_id", ["version_id"], unique=False)

    op.create_table(
        "sandbox_deletion",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column(
            "requests",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "attributes",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["version_id"], ["link_version.id"], name=op.f("fk_sandbox_deletion_version_id_link_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sandbox_deletion")),
        sa.UniqueConstraint("reference", name=op.f("uq_sandbox_deletion_reference")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("sandbox_deletion", schema=None) as batch_op:
        batch_op.create_index("ix_sandbox_deletion_version_id", ["version_id"], unique=False)

    op.create_table(
        "sandbox_request",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("persona", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.String(length=64), nullable=True),
        sa.Column("has_left", sa.Boolean(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["link_version.id"], name=op.f("fk_sandbox_request_version_id_link_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sandbox_request")),
        sa.UniqueConstraint("reference", name=op.f("uq_sandbox_request_reference")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("sandbox_request", schema=None) as batch_op:
        batch_op.create_index("ix_sandbox_request_version_id_state", ["version_id", "state"], unique=False)

    op.create_table(
        "sandbox_call",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("terms_mark", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("persona", sa.String(length=16), nullable=True),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=80), nullable=False),
        sa.Column(
            "asked",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "released",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("retry_after", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["sandbox_request.id"], name=op.f("fk_sandbox_call_request_id_sandbox_request")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["link_version.id"], name=op.f("fk_sandbox_call_version_id_link_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sandbox_call")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("sandbox_call", schema=None) as batch_op:
        batch_op.create_index("ix_sandbox_call_at", ["at"], unique=False)
        batch_op.create_index("ix_sandbox_call_version_id_terms_mark", ["version_id", "terms_mark"], unique=False)

    op.add_column("machine_client", sa.Column("is_sandbox", sa.Boolean(), nullable=False, server_default=sa.false()))
    refuse_changes_of(op, "contract_report")
