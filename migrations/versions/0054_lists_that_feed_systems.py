"""lists that feed systems"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "list_target",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column(
            "mapping",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_list_target_department_id_department")
        ),
        sa.ForeignKeyConstraint(["design_id"], ["form_design.id"], name=op.f("fk_list_target_design_id_form_design")),
        sa.ForeignKeyConstraint(
            ["target_id"], ["target_system.id"], name=op.f("fk_list_target_target_id_target_system")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_target")),
        sa.UniqueConstraint("design_id", "department_id", name=op.f("uq_list_target_design_id_department_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("work_item") as batch_op:
        batch_op.add_column(sa.Column("record_id", sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_work_item_record_id"), ["record_id"])
        batch_op.create_foreign_key(batch_op.f("fk_work_item_record_id_record"), "record", ["record_id"], ["id"])
