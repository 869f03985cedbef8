"""checking in volume"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ledger_line",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("form_code", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("seen_by", sa.String(length=8), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_ledger_line_department_id_department")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_line")),
        sa.UniqueConstraint(
            "department_id",
            "form_code",
            "key",
            "seen_by",
            "confidence",
            name=op.f("uq_ledger_line_department_id_form_code_key_seen_by_confidence"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "field_sample",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "keyed",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_field_sample_changed_by_id_staff")),
        sa.ForeignKeyConstraint(["checked_by_id"], ["staff.id"], name=op.f("fk_field_sample_checked_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_field_sample_department_id_department")
        ),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheet.id"], name=op.f("fk_field_sample_sheet_id_sheet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_sample")),
        sa.UniqueConstraint("sheet_id", "key", name=op.f("uq_field_sample_sheet_id_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("field_sample", schema=None) as batch_op:
        batch_op.create_index("ix_field_sample_department_id_state", ["department_id", "state"], unique=False)

    with op.batch_alter_table("sheet_field", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("confirmed_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("counted", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("desk_only", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_foreign_key(batch_op.f("fk_sheet_field_held_by_id_staff"), "staff", ["held_by_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_sheet_field_confirmed_by_id_staff"), "staff", ["confirmed_by_id"], ["id"]
        )

    with op.batch_alter_table("sheet_field", schema=None) as batch_op:
        batch_op.alter_column("counted", existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column("desk_only", existing_type=sa.Boolean(), server_default=None)
