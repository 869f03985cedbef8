"""programs, their versions and rules, thresholds, and who looked at which counts"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "program",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("predecessor_id", sa.Integer(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_program_changed_by_id_staff")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_program_department_id_department")),
        sa.ForeignKeyConstraint(["predecessor_id"], ["program.id"], name=op.f("fk_program_predecessor_id_program")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program")),
        sa.UniqueConstraint("number", name=op.f("uq_program_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_program_department_id"), "program", ["department_id"], unique=False)
    op.create_table(
        "program_threshold",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name_ja", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("is_table", sa.Boolean(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_program_threshold_changed_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_program_threshold_department_id_department")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_threshold")),
        sa.UniqueConstraint("code", name=op.f("uq_program_threshold_code")),
        sa.UniqueConstraint("name_en", name=op.f("uq_program_threshold_name_en")),
        sa.UniqueConstraint("name_ja", name=op.f("uq_program_threshold_name_ja")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "program_preview_look",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule_hash", sa.String(length=64), nullable=False),
        sa.Column("snapshot_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "shown",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_program_preview_look_program_id_program")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_program_preview_look_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_preview_look")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_program_preview_look_program_id_day",
        "program_preview_look",
        ["program_id", "day", "staff_id"],
        unique=False,
    )
    op.create_table(
        "program_reconfirmation",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("fiscal_year", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["staff.id"], name=op.f("fk_program_reconfirmation_confirmed_by_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_program_reconfirmation_program_id_program")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_reconfirmation")),
        sa.UniqueConstraint(
            "program_id", "fiscal_year", "item", name=op.f("uq_program_reconfirmation_program_id_fiscal_year_item")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "program_threshold_value",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("threshold_id", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column(
            "content",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("legal_reference", sa.String(length=200), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["staff.id"], name=op.f("fk_program_threshold_value_confirmed_by_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["staff.id"], name=op.f("fk_program_threshold_value_entered_by_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["threshold_id"],
            ["program_threshold.id"],
            name=op.f("fk_program_threshold_value_threshold_id_program_threshold"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_threshold_value")),
        sa.UniqueConstraint("threshold_id", "starts", name=op.f("uq_program_threshold_value_threshold_id_starts")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "program_version",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "sheet",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "rule",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("rule_place", sa.Integer(), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_program_version_changed_by_id_staff")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["staff.id"], name=op.f("fk_program_version_drafted_by_id_staff")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_program_version_program_id_program")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_version")),
        sa.UniqueConstraint("program_id", "number", name=op.f("uq_program_version_program_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_program_version_case_id"), "program_version", ["case_id"], unique=False)
    op.create_index("ix_program_version_state", "program_version", ["state", "effective_from"], unique=False)
    op.create_table(
        "program_example",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column(
            "facts",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["program_version.id"], name=op.f("fk_program_example_version_id_program_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_example")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_program_example_version_id"), "program_example", ["version_id"], unique=False)
    op.create_table(
        "program_rule_step",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column(
            "rule",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["program_version.id"], name=op.f("fk_program_rule_step_version_id_program_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_rule_step")),
        sa.UniqueConstraint("version_id", "place", name=op.f("uq_program_rule_step_version_id_place")),
        sqlite_autoincrement=True,
    )
