"""momentary troubles are counted"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stuck_matter", sa.Column("shown", sa.Boolean(), nullable=False, server_default=sa.true()))
