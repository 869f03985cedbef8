"""snapshots of residents facts, and the desk of those only people handle"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "protected_resident",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("sealed_pseudonym", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("sealed_lifting_reason", sa.LargeBinary(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["staff.id"], name=op.f("fk_protected_resident_added_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["staff.id"], name=op.f("fk_protected_resident_changed_by_id_staff")
        ),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["staff.id"], name=op.f("fk_protected_resident_lifted_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["staff.id"], name=op.f("fk_protected_resident_proposed_by_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protected_resident")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("protected_resident", schema=None) as batch_op:
        batch_op.create_index(
            "uq_protected_resident_mark_in_force",
            ["mark"],
            unique=True,
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )

    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("protected_file_id", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("least_known", sa.String(length=64), nullable=False),
        sa.Column(
            "manifest",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "layout",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("before_id", sa.Integer(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["before_id"], ["snapshot.id"], name=op.f("fk_snapshot_before_id_snapshot")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_snapshot_file_id_stored_file")),
        sa.ForeignKeyConstraint(["imported_by_id"], ["staff.id"], name=op.f("fk_snapshot_imported_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["protected_file_id"], ["stored_file.id"], name=op.f("fk_snapshot_protected_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.create_index("ix_snapshot_as_of_id", ["as_of", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_snapshot_source"), ["source"], unique=False)
