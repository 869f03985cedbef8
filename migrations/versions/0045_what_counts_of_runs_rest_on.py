"""what the counts of a run rest on, sealed"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notice_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("counted_file_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_notice_run_counted_file_id_stored_file"), "stored_file", ["counted_file_id"], ["id"]
        )
