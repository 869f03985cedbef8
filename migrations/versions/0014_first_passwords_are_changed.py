"""first passwords are changed"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("staff", "staff_session"):
        op.add_column(table, sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.false()))
