"""passwords that follow: the last day of a system's password, and the one that takes over"""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("credential") as batch_op:
        batch_op.add_column(sa.Column("expires_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("next_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("next_begins_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("next_expires_on", sa.Date(), nullable=True))
