"""a trial keeps which recording it was asked of: what is mended afterwards is not run"""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("night") as batch_op:
        batch_op.add_column(sa.Column("tried", sa.String(length=64), nullable=False, server_default=""))
    with op.batch_alter_table("night") as batch_op:
        batch_op.alter_column("tried", existing_type=sa.String(length=64), server_default=None)
