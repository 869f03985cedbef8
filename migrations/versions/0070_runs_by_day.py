"""runs by day: what a system allows, what was chosen, who watches, what is handed to a person"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    _systems()
    _runs()
    op.create_table(
        "chosen_item",
        sa.Column("night_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["night_id"], ["night.id"], name=op.f("fk_chosen_item_night_id_night")),
        sa.ForeignKeyConstraint(["item_id"], ["work_item.id"], name=op.f("fk_chosen_item_item_id_work_item")),
        sa.PrimaryKeyConstraint("night_id", "item_id", name=op.f("pk_chosen_item")),
    )
    op.create_index("ix_chosen_item_item_id", "chosen_item", ["item_id"])
    op.create_table(
        "watcher",
        sa.Column("night_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("staff_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["night_id"], ["night.id"], name=op.f("fk_watcher_night_id_night")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_watcher_staff_id_staff")),
        sa.PrimaryKeyConstraint("night_id", "staff_id", name=op.f("pk_watcher")),
    )
    op.create_table(
        "live_screen",
        sa.Column("night_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed_picture", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["night_id"], ["night.id"], name=op.f("fk_live_screen_night_id_night")),
        sa.ForeignKeyConstraint(["item_id"], ["work_item.id"], name=op.f("fk_live_screen_item_id_work_item")),
        sa.PrimaryKeyConstraint("night_id", name=op.f("pk_live_screen")),
    )
    op.create_index("ix_live_screen_item_id", "live_screen", ["item_id"])


def _systems() -> None:
    with op.batch_alter_table("target_system") as batch_op:
        batch_op.add_column(sa.Column("by_day", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("day_opens", sa.Time(), nullable=False, server_default="09:00:00.000000"))
        batch_op.add_column(sa.Column("day_closes", sa.Time(), nullable=False, server_default="17:00:00.000000"))
        batch_op.add_column(sa.Column("pace_seconds", sa.Integer(), nullable=False, server_default="10"))
    with op.batch_alter_table("target_system") as batch_op:
        batch_op.alter_column("by_day", existing_type=sa.Boolean(), server_default=None)
        batch_op.alter_column("day_opens", existing_type=sa.Time(), server_default=None)
        batch_op.alter_column("day_closes", existing_type=sa.Time(), server_default=None)
        batch_op.alter_column("pace_seconds", existing_type=sa.Integer(), server_default=None)


def _runs() -> None:
    with op.batch_alter_table("night") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=16), nullable=False, server_default="night"))
        batch_op.add_column(sa.Column("version_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_night_version_id_bot_version"), "bot_version", ["version_id"], ["id"]
        )
        batch_op.create_index("ix_night_version_id", ["version_id"])
    with op.batch_alter_table("night") as batch_op:
        batch_op.alter_column("kind", existing_type=sa.String(length=16), server_default=None)
    with op.batch_alter_table("lease") as batch_op:
        batch_op.add_column(sa.Column("handed_over_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_lease_handed_over_by_id_staff"), "staff", ["handed_over_by_id"], ["id"]
        )
    with op.batch_alter_table("work_item") as batch_op:
        batch_op.add_column(sa.Column("entered", _JSON, nullable=True))
        batch_op.add_column(sa.Column("took_home", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("work_item") as batch_op:
        batch_op.alter_column("took_home", existing_type=sa.Boolean(), server_default=None)
