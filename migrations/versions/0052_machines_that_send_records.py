"""machines of other systems that send records"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form_sender",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("allowed_by_id", sa.Integer(), nullable=True),
        sa.Column("allowed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["allowed_by_id"], ["staff.id"], name=op.f("fk_form_sender_allowed_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["client_id"], ["machine_client.id"], name=op.f("fk_form_sender_client_id_machine_client")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_form_sender_department_id_department")
        ),
        sa.ForeignKeyConstraint(["design_id"], ["form_design.id"], name=op.f("fk_form_sender_design_id_form_design")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_sender")),
        sa.UniqueConstraint("design_id", "client_id", name=op.f("uq_form_sender_design_id_client_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("record") as batch_op:
        batch_op.add_column(sa.Column("client_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_record_client_id_machine_client"), "machine_client", ["client_id"], ["id"]
        )
