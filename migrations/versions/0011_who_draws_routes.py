"""who draws routes, and how many cases are on each version"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "route_author",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_route_author_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["route_version.id"], name=op.f("fk_route_author_version_id_route_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route_author")),
        sa.UniqueConstraint("version_id", "staff_id", name=op.f("uq_route_author_version_id_staff_id")),
        sqlite_autoincrement=True,
    )
    _count_what_is_there()


def _count_what_is_there() -> None:
    op.execute(
        "INSERT INTO tally (name, about_id, department_id, mark, amount) "
        "SELECT 'cases_on_version', route_version_id, 0, '', count(*) FROM approval_case "
        "WHERE state = 'running' AND route_version_id IS NOT NULL GROUP BY route_version_id"
    )
