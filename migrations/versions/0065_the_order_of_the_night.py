"""the order of the night: priorities, deadlines, what is deferred, changes to many at once"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

_READY = sa.text("state = 'waiting' AND not_before IS NULL")
_DEFERRED = sa.text("state = 'waiting' AND not_before IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("target_system") as batch_op:
        batch_op.add_column(sa.Column("due_days", sa.Integer(), nullable=True))
    with op.batch_alter_table("list_target") as batch_op:
        batch_op.add_column(sa.Column("due_days", sa.Integer(), nullable=True))
    with op.batch_alter_table("work_item") as batch_op:
        batch_op.add_column(sa.Column("priority", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("due_on", sa.Date(), nullable=False, server_default="9999-12-31"))
        batch_op.add_column(sa.Column("not_before", sa.Date(), nullable=True))
    with op.batch_alter_table("work_item") as batch_op:
        batch_op.alter_column("priority", existing_type=sa.Integer(), server_default=None)
        batch_op.alter_column("due_on", existing_type=sa.Date(), server_default=None)
        batch_op.drop_index("ix_work_item_target_id_state_tries_id")
        batch_op.create_index("ix_work_item_target_id_state_id", ["target_id", "state", "id"])
    op.create_index(
        "ix_work_item_ready",
        "work_item",
        ["target_id", "priority", "due_on", "id"],
        sqlite_where=_READY,
        postgresql_where=_READY,
    )
    op.create_index(
        "ix_work_item_deferred",
        "work_item",
        ["target_id", "not_before", "id"],
        sqlite_where=_DEFERRED,
        postgresql_where=_DEFERRED,
    )
    _count_what_is_there()
    _remember_changes()


def _remember_changes() -> None:
    op.create_table(
        "queue_change",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["target_id"], ["target_system.id"], name=op.f("fk_queue_change_target_id_target_system")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["staff.id"], name=op.f("fk_queue_change_made_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_change")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_queue_change_target_id_id", "queue_change", ["target_id", "id"])
    op.create_table(
        "queue_change_item",
        sa.Column("change_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "before",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("version_after", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["queue_change.id"], name=op.f("fk_queue_change_item_change_id_queue_change")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["work_item.id"], name=op.f("fk_queue_change_item_item_id_work_item")),
        sa.PrimaryKeyConstraint("change_id", "item_id", name=op.f("pk_queue_change_item")),
    )


def _count_what_is_there() -> None:
    """A day is text on SQLite, and PostgreSQL casts it to the same text."""
    op.execute(
        "INSERT INTO tally (name, about_id, department_id, mark, amount) "
        "SELECT 'items_queued', target_id, department_id, mark, count(*) FROM ("
        "SELECT target_id, department_id, CASE WHEN not_before IS NULL "
        "THEN CAST(priority AS VARCHAR) || ':' || CAST(due_on AS VARCHAR) "
        "ELSE 'later:' || CAST(not_before AS VARCHAR) END AS mark "
        "FROM work_item WHERE state = 'waiting') AS queued GROUP BY target_id, department_id, mark"
    )
