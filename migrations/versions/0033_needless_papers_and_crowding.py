"""papers that linkage makes needless, and how crowded counters are"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from backoffice.db.append_only import refuse_changes_of

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "crowd_reading",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("ward", sa.String(length=16), nullable=False),
        sa.Column("counter", sa.String(length=16), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("picture", sa.String(length=64), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["machine_client.id"], name=op.f("fk_crowd_reading_client_id_machine_client")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crowd_reading")),
        sa.UniqueConstraint("ward", "counter", "counted_at", name=op.f("uq_crowd_reading_ward_counter_counted_at")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "needless_paper",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("area", sa.String(length=16), nullable=False),
        sa.Column("procedure", sa.String(length=100), nullable=False),
        sa.Column("document", sa.String(length=100), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=True),
        sa.Column("means", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("is_out", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_needless_paper_changed_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_needless_paper_department_id_department")
        ),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_needless_paper_link_id_link")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_needless_paper")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("needless_paper", schema=None) as batch_op:
        batch_op.create_index("ix_needless_paper_area_state", ["area", "state"], unique=False)
        batch_op.create_index("ix_needless_paper_department_id", ["department_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_needless_paper_link_id"), ["link_id"], unique=False)

    op.create_table(
        "paper_change",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column(
            "said",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["needless_paper.id"], name=op.f("fk_paper_change_paper_id_needless_paper")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_paper_change_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_change")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("paper_change", schema=None) as batch_op:
        batch_op.create_index("ix_paper_change_paper_id", ["paper_id"], unique=False)
    refuse_changes_of(op, "paper_change")
