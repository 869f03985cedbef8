"""media types of office files"""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("stored_file") as batch_op:
        batch_op.alter_column("media_type", existing_type=sa.String(64), type_=sa.String(120), existing_nullable=False)
