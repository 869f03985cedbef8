"""records on approval routes"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "list_route",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_list_route_department_id_department")
        ),
        sa.ForeignKeyConstraint(["design_id"], ["form_design.id"], name=op.f("fk_list_route_design_id_form_design")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_route")),
        sa.UniqueConstraint("design_id", "department_id", name=op.f("uq_list_route_design_id_department_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("record") as batch_op:
        batch_op.add_column(sa.Column("case_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_record_case_id_approval_case"), "approval_case", ["case_id"], ["id"])
        batch_op.create_index("ix_record_case_id", ["case_id"], unique=True)
