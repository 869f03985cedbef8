"""how registrants were proven, where they are written to, what they like"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "registrant_channel",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("registrant_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["staff.id"], name=op.f("fk_registrant_channel_changed_by_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["registrant_id"], ["registrant.id"], name=op.f("fk_registrant_channel_registrant_id_registrant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrant_channel")),
        sa.UniqueConstraint("registrant_id", "kind", name=op.f("uq_registrant_channel_registrant_id_kind")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_registrant_channel_mark", "registrant_channel", ["mark"], unique=False)
    op.add_column("registrant", sa.Column("proven_by", sa.String(length=24), nullable=True))
    op.add_column("registrant", sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("registrant", sa.Column("interests", JSON, nullable=True))
    # Until now the counter alone proved people. When it did was not kept of each: `proven_at` stays empty.
    op.execute("UPDATE registrant SET proven_by = 'counter' WHERE assurance = 'card_verified'")
