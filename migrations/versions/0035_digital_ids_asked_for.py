"""digital ids asked for"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

LIVES_ON_A_KEY = "state = 'live' AND holder_thumbprint <> ''"


def upgrade() -> None:
    op.create_table(
        "wallet_nonce",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("registrant_id", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registrant_id"], ["registrant.id"], name=op.f("fk_wallet_nonce_registrant_id_registrant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wallet_nonce")),
        sa.UniqueConstraint("mark", name=op.f("uq_wallet_nonce_mark")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("wallet_nonce", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wallet_nonce_registrant_id"), ["registrant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_wallet_nonce_until"), ["until"], unique=False)

    with op.batch_alter_table("digital_id", schema=None) as batch_op:
        batch_op.add_column(sa.Column("said_mark", sa.String(length=64), nullable=False, server_default=""))
        batch_op.alter_column("registrant_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_index(
            "uq_digital_id_live_holder",
            ["holder_thumbprint"],
            unique=True,
            sqlite_where=sa.text(LIVES_ON_A_KEY),
            postgresql_where=sa.text(LIVES_ON_A_KEY),
        )
