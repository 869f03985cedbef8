"""an item waits until another is done; what waits by day or behind another stands apart from what is ready"""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

_READY = sa.text("state = 'waiting' AND not_before IS NULL AND hold = ''")
_HELD = sa.text("state = 'waiting' AND not_before IS NULL AND hold <> ''")
_FOLLOWS = sa.text("before_id IS NOT NULL")
_TURN = ["target_id", "priority", "due_on", "id"]


def upgrade() -> None:
    op.drop_index("ix_work_item_ready", "work_item")
    with op.batch_alter_table("work_item") as batch_op:
        batch_op.add_column(sa.Column("before_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("hold", sa.String(length=8), nullable=False, server_default=""))
        batch_op.create_foreign_key(batch_op.f("fk_work_item_before_id_work_item"), "work_item", ["before_id"], ["id"])
    with op.batch_alter_table("work_item") as batch_op:
        batch_op.alter_column("hold", existing_type=sa.String(length=8), server_default=None)
    op.create_index("ix_work_item_ready", "work_item", _TURN, sqlite_where=_READY, postgresql_where=_READY)
    op.create_index("ix_work_item_held", "work_item", _TURN, sqlite_where=_HELD, postgresql_where=_HELD)
    op.create_index(
        "ix_work_item_before_id", "work_item", ["before_id"], sqlite_where=_FOLLOWS, postgresql_where=_FOLLOWS
    )
