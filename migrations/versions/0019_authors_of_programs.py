"""authors of programs"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "program_author",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_program_author_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["program_version.id"], name=op.f("fk_program_author_version_id_program_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_author")),
        sa.UniqueConstraint("version_id", "staff_id", name=op.f("uq_program_author_version_id_staff_id")),
        sqlite_autoincrement=True,
    )
