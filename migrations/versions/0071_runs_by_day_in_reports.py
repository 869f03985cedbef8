"""what was keyed by day is told apart in the morning; proof that left for audits"""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("night_report_mail") as batch_op:
        batch_op.add_column(sa.Column("done_by_day", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("night_report_mail") as batch_op:
        batch_op.alter_column("done_by_day", existing_type=sa.Integer(), server_default=None)
    op.create_table(
        "proof_export",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("night_id", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("pictures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["night_id"], ["night.id"], name=op.f("fk_proof_export_night_id_night")),
        sa.ForeignKeyConstraint(["item_id"], ["work_item.id"], name=op.f("fk_proof_export_item_id_work_item")),
        sa.ForeignKeyConstraint(["made_by_id"], ["staff.id"], name=op.f("fk_proof_export_made_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof_export")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_proof_export_night_id", "proof_export", ["night_id"])
    op.create_index("ix_proof_export_item_id", "proof_export", ["item_id"])
