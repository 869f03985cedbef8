"""what came of notices"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "granted_list",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_granted_list_file_id_stored_file")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_granted_list_program_id_program")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["staff.id"], name=op.f("fk_granted_list_taken_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_granted_list")),
        sa.UniqueConstraint("program_id", "sha256", name=op.f("uq_granted_list_program_id_sha256")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "take_up",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("basis_id", sa.Integer(), nullable=True),
        sa.Column("trouble", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["basis_id"], ["stored_file.id"], name=op.f("fk_take_up_basis_id_stored_file")),
        sa.ForeignKeyConstraint(["run_id"], ["notice_run.id"], name=op.f("fk_take_up_run_id_notice_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_take_up")),
        sa.UniqueConstraint("run_id", name=op.f("uq_take_up_run_id")),
        sqlite_autoincrement=True,
    )
