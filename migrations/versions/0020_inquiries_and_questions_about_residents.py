"""inquiries and questions about residents"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "protected_question",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("sealed_pseudonym", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("sealed_declining_reason", sa.LargeBinary(), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["staff.id"], name=op.f("fk_protected_question_asked_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["staff.id"], name=op.f("fk_protected_question_changed_by_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["staff.id"], name=op.f("fk_protected_question_decided_by_id_staff")
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_protected_question_program_id_program")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protected_question")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("protected_question", schema=None) as batch_op:
        batch_op.create_index(
            "uq_protected_question_waiting",
            ["program_id", "mark", "asked_by_id"],
            unique=True,
            sqlite_where=sa.text("state = 'asked'"),
            postgresql_where=sa.text("state = 'asked'"),
        )

    op.create_table(
        "program_inquiry",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("sealed_pseudonym", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_program_inquiry_program_id_program")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_program_inquiry_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["program_version.id"], name=op.f("fk_program_inquiry_version_id_program_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_inquiry")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("program_inquiry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_program_inquiry_mark"), ["mark"], unique=False)
        batch_op.create_index("ix_program_inquiry_staff_id_day", ["staff_id", "day", "program_id"], unique=False)
