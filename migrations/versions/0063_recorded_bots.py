"""recorded bots"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "recorded_bot",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_recorded_bot_changed_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_recorded_bot_department_id_department")
        ),
        sa.ForeignKeyConstraint(["design_id"], ["form_design.id"], name=op.f("fk_recorded_bot_design_id_form_design")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recorded_bot")),
        sa.UniqueConstraint("design_id", name=op.f("uq_recorded_bot_design_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("recorded_bot") as batch_op:
        batch_op.create_index(batch_op.f("ix_recorded_bot_department_id"), ["department_id"], unique=False)

    op.create_table(
        "bot_version",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("bot_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("recording", _JSON, nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["bot_id"], ["recorded_bot.id"], name=op.f("fk_bot_version_bot_id_recorded_bot")),
        sa.ForeignKeyConstraint(["case_id"], ["approval_case.id"], name=op.f("fk_bot_version_case_id_approval_case")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_bot_version_changed_by_id_staff")),
        sa.ForeignKeyConstraint(["made_by_id"], ["staff.id"], name=op.f("fk_bot_version_made_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bot_version")),
        sa.UniqueConstraint("bot_id", "number", name=op.f("uq_bot_version_bot_id_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("bot_version") as batch_op:
        batch_op.create_index("ix_bot_version_state", ["state"], unique=False)
