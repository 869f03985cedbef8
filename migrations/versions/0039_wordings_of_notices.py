"""wordings of notices"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "notice_template",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_notice_template_program_id_program")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_template")),
        sa.UniqueConstraint("program_id", name=op.f("uq_notice_template_program_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "notice_template_version",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column(
            "content",
            JSON,
            nullable=False,
        ),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returned_because", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["staff.id"], name=op.f("fk_notice_template_version_changed_by_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["staff.id"], name=op.f("fk_notice_template_version_decided_by_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["staff.id"], name=op.f("fk_notice_template_version_drafted_by_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["notice_template.id"], name=op.f("fk_notice_template_version_template_id_notice_template")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_template_version")),
        sa.UniqueConstraint("template_id", "number", name=op.f("uq_notice_template_version_template_id_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("notice_template_version", schema=None) as batch_op:
        batch_op.create_index("ix_notice_template_version_state", ["state"], unique=False)

    op.create_table(
        "notice_author",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_notice_author_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["notice_template_version.id"],
            name=op.f("fk_notice_author_version_id_notice_template_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_author")),
        sa.UniqueConstraint("version_id", "staff_id", name=op.f("uq_notice_author_version_id_staff_id")),
        sqlite_autoincrement=True,
    )
