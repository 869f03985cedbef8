"""how often LINE was asked for a batch, and how often it turned that away"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notice_batch", sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("notice_batch", sa.Column("turned_away", sa.Integer(), nullable=False, server_default="0"))
    # Of what was asked before nobody noted what LINE said: it stays doubted.
    op.execute("UPDATE notice_batch SET attempts = tries + 1")
