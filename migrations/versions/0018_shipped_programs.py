"""which programs were taken in from the catalogue"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("program", sa.Column("shipped_as", sa.String(length=40), nullable=True))
    op.create_index(op.f("ix_program_shipped_as"), "program", ["shipped_as"], unique=True)
