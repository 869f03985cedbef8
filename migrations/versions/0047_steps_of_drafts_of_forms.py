"""steps of drafts of forms"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form_draft_step",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "draft",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["design_id"], ["form_design.id"], name=op.f("fk_form_draft_step_design_id_form_design")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_draft_step")),
        sa.UniqueConstraint("design_id", "number", name=op.f("uq_form_draft_step_design_id_number")),
        sqlite_autoincrement=True,
    )
