"""matters that cannot move on, the morning mail"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

UNATTENDED = sa.text("unattended_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "stuck_matter",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("duty", sa.String(length=16), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trouble", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["approval_case.id"], name=op.f("fk_stuck_matter_case_id_approval_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stuck_matter")),
        sa.UniqueConstraint("duty", "record_id", name=op.f("uq_stuck_matter_duty_record_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("stuck_matter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stuck_matter_case_id"), ["case_id"], unique=False)
    op.add_column("staff", sa.Column("morning_mail", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("digest", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("digest", sa.Column("next_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_digest_day_mailed_at", "digest", ["day", "mailed_at"])
    op.drop_index("ix_approval_case_responsible_id", "approval_case")
    op.create_index("ix_approval_case_responsible_id_state", "approval_case", ["responsible_id", "state"])
    op.add_column("approval_case", sa.Column("unattended_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_approval_case_unattended",
        "approval_case",
        ["unattended_at"],
        sqlite_where=UNATTENDED,
        postgresql_where=UNATTENDED,
    )
    op.create_index("ix_task_state_done_at", "task", ["state", "done_at"])
