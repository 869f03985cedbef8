"""confirmed minutes"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "confirmed_minutes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("procedure", sa.String(length=40), nullable=False),
        sa.Column("minutes", sa.Numeric(precision=6, scale=1), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["staff.id"], name=op.f("fk_confirmed_minutes_confirmed_by_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_confirmed_minutes_department_id_department")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmed_minutes")),
        sa.UniqueConstraint(
            "department_id",
            "procedure",
            "valid_from",
            name=op.f("uq_confirmed_minutes_department_id_procedure_valid_from"),
        ),
        sqlite_autoincrement=True,
    )
