"""paper of others"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    op.create_table(
        "form_blank",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.Column("proposals", json, nullable=False),
        sa.ForeignKeyConstraint(["design_id"], ["form_design.id"], name=op.f("fk_form_blank_design_id_form_design")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_blank")),
        sa.UniqueConstraint("design_id", "sha256", name=op.f("uq_form_blank_design_id_sha256")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("form_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("paper", json, nullable=True))
