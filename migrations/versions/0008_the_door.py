"""second factors, waits, known devices, what happened to an account"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_tally",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_tally")),
        sa.UniqueConstraint("mark", name=op.f("uq_sign_in_tally_mark")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("sign_in_tally", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_tally_last_at"), ["last_at"], unique=False)

    op.create_table(
        "account_entry",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column(
            "data",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_account_entry_by_id_staff")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_account_entry_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_entry")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("account_entry", schema=None) as batch_op:
        batch_op.create_index("ix_account_entry_staff_id_id", ["staff_id", "id"], unique=False)

    op.create_table(
        "known_device",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_known_device_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_device")),
        sa.UniqueConstraint("token_hash", "staff_id", name=op.f("uq_known_device_token_hash_staff_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("known_device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_known_device_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "security_key",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_security_key_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_key")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_security_key_credential_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("security_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_security_key_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "totp_factor",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_pending", sa.LargeBinary(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_totp_factor_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_totp_factor")),
        sa.UniqueConstraint("staff_id", name=op.f("uq_totp_factor_staff_id")),
        sqlite_autoincrement=True,
    )
    # Native columns, no copies of tables: a batch would drop AUTOINCREMENT from keys that the trail names.
    op.add_column("department", sa.Column("code", sa.String(length=16), nullable=True))
    op.add_column("department", sa.Column("closed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_department_code", "department", ["code"], unique=True)
    op.add_column("staff", sa.Column("text_size", sa.String(length=8), nullable=False, server_default="standard"))
    op.add_column("staff", sa.Column("mail", sa.String(length=254), nullable=True))
    op.add_column("staff", sa.Column("break_glass", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.drop_column("staff", "wrong_sign_ins")
    op.drop_column("staff", "locked_until")
    op.add_column("staff_session", sa.Column("address", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("staff_session", sa.Column("asks_factor", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("staff_session", sa.Column("factor_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("staff_session", sa.Column("challenge", sa.LargeBinary(), nullable=True))
    op.add_column("staff_session", sa.Column("challenge_until", sa.DateTime(timezone=True), nullable=True))
