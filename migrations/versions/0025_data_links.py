"""data links"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from backoffice.db.append_only import refuse_changes_of

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shut_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("client_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_link_changed_by_id_staff")),
        sa.ForeignKeyConstraint(["client_id"], ["machine_client.id"], name=op.f("fk_link_client_id_machine_client")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_link_department_id_department")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("client_id", name=op.f("uq_link_client_id")),
        sa.UniqueConstraint("code", name=op.f("uq_link_code")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_department_id"), ["department_id"], unique=False)

    op.create_table(
        "link_stop",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("is_drill", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_link_stop_link_id_link")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_link_stop_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_stop")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("link_stop", schema=None) as batch_op:
        batch_op.create_index("ix_link_stop_link_id", ["link_id"], unique=False)

    op.create_table(
        "link_version",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column(
            "terms",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("scope", sa.Integer(), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_force_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_link_version_changed_by_id_staff")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["staff.id"], name=op.f("fk_link_version_drafted_by_id_staff")),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_link_version_link_id_link")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_version")),
        sa.UniqueConstraint("link_id", "number", name=op.f("uq_link_version_link_id_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("link_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_version_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_link_version_state", ["state"], unique=False)

    op.create_table(
        "link_author",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_link_author_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["link_version.id"], name=op.f("fk_link_author_version_id_link_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_author")),
        sa.UniqueConstraint("version_id", "staff_id", name=op.f("uq_link_author_version_id_staff_id")),
        sqlite_autoincrement=True,
    )

    refuse_changes_of(op, "link_stop")
