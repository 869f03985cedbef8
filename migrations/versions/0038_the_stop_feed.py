"""the stop feed"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refused_feed",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("why", sa.String(length=24), nullable=False),
        sa.Column("place", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_feed")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "stop_feed",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("covers_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("covers_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("complete_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column(
            "counts",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["received_by_id"], ["staff.id"], name=op.f("fk_stop_feed_received_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop_feed")),
        sa.UniqueConstraint("sha256", name=op.f("uq_stop_feed_sha256")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("stop_feed", schema=None) as batch_op:
        batch_op.create_index("ix_stop_feed_complete_until", ["complete_until"], unique=False)

    op.create_table(
        "resident_stop",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("sealed_pseudonym", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_feed_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ended_by_feed_id"], ["stop_feed.id"], name=op.f("fk_resident_stop_ended_by_feed_id_stop_feed")
        ),
        sa.ForeignKeyConstraint(["feed_id"], ["stop_feed.id"], name=op.f("fk_resident_stop_feed_id_stop_feed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_stop")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("resident_stop", schema=None) as batch_op:
        batch_op.create_index("ix_resident_stop_feed_id", ["feed_id"], unique=False)
        batch_op.create_index(
            "uq_resident_stop_mark_kind_on_in_force",
            ["mark", "kind", "on"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
