"""a bot's released version names what follows its work; what became of that; quarantined rows keep their source"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
_WAITS = sa.text("record_id IS NULL AND import_id IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("recorded_bot") as batch_op:
        batch_op.add_column(sa.Column("takes_over", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("recorded_bot") as batch_op:
        batch_op.alter_column("takes_over", existing_type=sa.Boolean(), server_default=None)
    with op.batch_alter_table("bot_version") as batch_op:
        batch_op.add_column(sa.Column("next_bot_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("next_mapping", _JSON, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_bot_version_next_bot_id_recorded_bot"), "recorded_bot", ["next_bot_id"], ["id"]
        )
    _imports()
    op.create_table(
        "hand_on",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("bot_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["work_item.id"], name=op.f("fk_hand_on_item_id_work_item")),
        sa.ForeignKeyConstraint(["bot_id"], ["recorded_bot.id"], name=op.f("fk_hand_on_bot_id_recorded_bot")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_hand_on_record_id_record")),
        sa.ForeignKeyConstraint(["import_id"], ["record_import.id"], name=op.f("fk_hand_on_import_id_record_import")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_on")),
        sa.UniqueConstraint("item_id", name=op.f("uq_hand_on_item_id")),
        sa.UniqueConstraint("record_id", name=op.f("uq_hand_on_record_id")),
        sa.UniqueConstraint("import_id", name=op.f("uq_hand_on_import_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_hand_on_bot_id", "hand_on", ["bot_id"])
    op.create_index("ix_hand_on_waits", "hand_on", ["id"], sqlite_where=_WAITS, postgresql_where=_WAITS)


def _imports() -> None:
    """What nobody brought came from a bot."""
    with op.batch_alter_table("record_import") as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(length=16), nullable=False, server_default="file"))
    with op.batch_alter_table("record_import") as batch_op:
        batch_op.alter_column("source", existing_type=sa.String(length=16), server_default=None)
    op.execute(
        "UPDATE record_import SET source = 'bot'"
        " WHERE id IN (SELECT import_id FROM read_row WHERE import_id IS NOT NULL)"
    )
