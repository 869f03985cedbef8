"""sheets of paper"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "number_series",
        sa.Column("series", sa.String(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "fiscal_year", name=op.f("pk_number_series")),
    )
    op.create_table(
        "sheet",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("form_code", sa.String(length=40), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("original_name", sa.String(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("page_file_id", sa.Integer(), nullable=True),
        sa.Column("page_width", sa.Integer(), nullable=True),
        sa.Column("page_height", sa.Integer(), nullable=True),
        sa.Column("refusal", sa.String(length=40), nullable=False),
        sa.Column("registered_by", sa.String(length=16), nullable=False),
        sa.Column("residual_px", sa.Double(), nullable=True),
        sa.Column("readings", sa.Integer(), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by_id", sa.Integer(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verify_seconds", sa.Double(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_sheet_changed_by_id_staff")),
        sa.ForeignKeyConstraint(["claimed_by_id"], ["staff.id"], name=op.f("fk_sheet_claimed_by_id_staff")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_sheet_department_id_department")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_sheet_file_id_stored_file")),
        sa.ForeignKeyConstraint(["page_file_id"], ["stored_file.id"], name=op.f("fk_sheet_page_file_id_stored_file")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["staff.id"], name=op.f("fk_sheet_settled_by_id_staff")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["staff.id"], name=op.f("fk_sheet_uploaded_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet")),
        sa.UniqueConstraint("number", name=op.f("uq_sheet_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("sheet", schema=None) as batch_op:
        batch_op.create_index("ix_sheet_department_id_state", ["department_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_sheet_file_id"), ["file_id"], unique=False)

    op.create_table(
        "sheet_field",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("read_text", sa.String(), nullable=False),
        sa.Column(
            "read_value",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("passes", sa.Boolean(), nullable=False),
        sa.Column(
            "why_not",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "candidates",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "box",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "value",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("corrected", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheet.id"], name=op.f("fk_sheet_field_sheet_id_sheet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_field")),
        sa.UniqueConstraint("sheet_id", "key", name=op.f("uq_sheet_field_sheet_id_key")),
        sqlite_autoincrement=True,
    )
