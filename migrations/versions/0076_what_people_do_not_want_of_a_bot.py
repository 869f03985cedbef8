"""a proposal of a bot may be dismissed"""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("bot_proposal") as batch_op:
        batch_op.add_column(sa.Column("dismissed_on", sa.Date(), nullable=True))
