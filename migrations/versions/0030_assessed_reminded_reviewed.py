"""agreements are assessed and signed, their days come near, they are reviewed"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from backoffice.db.append_only import refuse_changes_of

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link_signature",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("risk", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_link_signature_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["link_version.id"], name=op.f("fk_link_signature_version_id_link_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_signature")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("link_signature", schema=None) as batch_op:
        batch_op.create_index("ix_link_signature_version_id", ["version_id"], unique=False)

    op.create_table(
        "link_reminder",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("matter", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("days_before", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_link_reminder_link_id_link")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_reminder")),
        sa.UniqueConstraint(
            "link_id", "matter", "day", "days_before", name=op.f("uq_link_reminder_link_id_matter_day_days_before")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("link_reminder", schema=None) as batch_op:
        batch_op.create_index("ix_link_reminder_day", ["day"], unique=False)

    op.create_table(
        "link_review",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("by_house", sa.Boolean(), nullable=False),
        sa.Column(
            "released",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_link_review_changed_by_id_staff")),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_link_review_link_id_link")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_review")),
        sa.UniqueConstraint("case_id", name=op.f("uq_link_review_case_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("link_review", schema=None) as batch_op:
        batch_op.create_index("ix_link_review_link_id_outcome", ["link_id", "outcome"], unique=False)

    refuse_changes_of(op, "link_signature")
