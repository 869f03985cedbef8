"""machine clients of the gateway"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "machine_client",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("handle", sa.String(length=40), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("outside_body", sa.String(length=100), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("scopes", sa.String(length=200), nullable=False),
        sa.Column("switched_off", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_machine_client_changed_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_machine_client_department_id_department")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine_client")),
        sa.UniqueConstraint("handle", name=op.f("uq_machine_client_handle")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "client_key",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("thumbprint", sa.String(length=64), nullable=False),
        sa.Column("public_jwk", JSON, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["staff.id"], name=op.f("fk_client_key_added_by_id_staff")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["staff.id"], name=op.f("fk_client_key_confirmed_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["machine_client.id"], name=op.f("fk_client_key_client_id_machine_client")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_key")),
        sa.UniqueConstraint("client_id", "thumbprint", name=op.f("uq_client_key_client_id_thumbprint")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "client_switch",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("switched_on", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"], ["machine_client.id"], name=op.f("fk_client_switch_client_id_machine_client")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_client_switch_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_switch")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("client_switch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_client_switch_client_id"), ["client_id"], unique=False)

    op.create_table(
        "kept_answer",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("call_mark", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("sealed_body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["machine_client.id"], name=op.f("fk_kept_answer_client_id_machine_client")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_answer")),
        sa.UniqueConstraint("client_id", "key_hash", name=op.f("uq_kept_answer_client_id_key_hash")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("kept_answer", schema=None) as batch_op:
        batch_op.create_index("ix_kept_answer_at", ["at"], unique=False)

    op.create_table(
        "spent_assertion",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("jti_hash", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["machine_client.id"], name=op.f("fk_spent_assertion_client_id_machine_client")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spent_assertion")),
        sa.UniqueConstraint("client_id", "jti_hash", name=op.f("uq_spent_assertion_client_id_jti_hash")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("spent_assertion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spent_assertion_until"), ["until"], unique=False)

    op.create_table(
        "client_token",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("scopes", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["machine_client.id"], name=op.f("fk_client_token_client_id_machine_client")
        ),
        sa.ForeignKeyConstraint(["key_id"], ["client_key.id"], name=op.f("fk_client_token_key_id_client_key")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_client_token_token_hash")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("client_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_client_token_expires_at"), ["expires_at"], unique=False)

    # Not in a batch: the table of the trail is never made anew, it would lose its triggers.
    op.add_column("audit_event", sa.Column("client_id", sa.Integer(), nullable=True))
