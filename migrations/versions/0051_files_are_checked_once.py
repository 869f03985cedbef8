"""files are checked once, lists open as quickly with any number of records

A file that was being matched when this came has no findings yet: version 0 asks whoever takes it in to check it again.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.add_column("record_import", sa.Column("checked_version", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("record_import", sa.Column("fine", _JSON, nullable=False, server_default="[]"))
    op.add_column("record_import", sa.Column("waiting", _JSON, nullable=False, server_default="[]"))
    op.add_column("quarantined_row", sa.Column("findings", _JSON, nullable=False, server_default="[]"))
    op.create_index("ix_record_design_id_id", "record", ["design_id", "id"])
