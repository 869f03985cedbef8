"""leaks, and what was counted of them"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from backoffice.db.append_only import refuse_changes_of

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "breach",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("harm_suspected", sa.Boolean(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_breach_changed_by_id_staff")),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_breach_link_id_link")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach")),
        sa.UniqueConstraint("case_id", name=op.f("uq_breach_case_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("breach", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_breach_link_id"), ["link_id"], unique=False)

    op.create_table(
        "breach_count",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("breach_id", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("releases", sa.Integer(), nullable=False),
        sa.Column(
            "attributes",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["breach_id"], ["breach.id"], name=op.f("fk_breach_count_breach_id_breach")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_breach_count_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach_count")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("breach_count", schema=None) as batch_op:
        batch_op.create_index("ix_breach_count_breach_id", ["breach_id"], unique=False)
    refuse_changes_of(op, "breach_count")
