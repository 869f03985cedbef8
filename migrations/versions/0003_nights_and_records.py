"""nights and records"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "target_system",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("procedure", sa.String(length=40), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.Column("margin_seconds", sa.Integer(), nullable=False),
        sa.Column("late_commit_seconds", sa.Integer(), nullable=False),
        sa.Column("pictures", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_target_system_changed_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_target_system_department_id_department")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_system")),
        sa.UniqueConstraint("procedure", name=op.f("uq_target_system_procedure")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "credential",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("sealed_password", sa.LargeBinary(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("locked_cause", sa.String(length=32), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_credential_changed_by_id_staff")),
        sa.ForeignKeyConstraint(["set_by_id"], ["staff.id"], name=op.f("fk_credential_set_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["target_id"], ["target_system.id"], name=op.f("fk_credential_target_id_target_system")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential")),
        sa.UniqueConstraint("target_id", name=op.f("uq_credential_target_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "night",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stop_asked_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why_ended", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_night_changed_by_id_staff")),
        sa.ForeignKeyConstraint(["started_by_id"], ["staff.id"], name=op.f("fk_night_started_by_id_staff")),
        sa.ForeignKeyConstraint(["stop_asked_by_id"], ["staff.id"], name=op.f("fk_night_stop_asked_by_id_staff")),
        sa.ForeignKeyConstraint(["target_id"], ["target_system.id"], name=op.f("fk_night_target_id_target_system")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_night")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("night", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_night_target_id"), ["target_id"], unique=False)
        batch_op.create_index(
            "uq_night_not_ended",
            ["target_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'ended'"),
            postgresql_where=sa.text("state <> 'ended'"),
        )

    op.create_table(
        "work_item",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("sheet_id", sa.Integer(), nullable=True),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column(
            "record",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("night_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unknown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column(
            "read_back",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("exception_seconds", sa.Double(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_work_item_changed_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_work_item_department_id_department")
        ),
        sa.ForeignKeyConstraint(["night_id"], ["night.id"], name=op.f("fk_work_item_night_id_night")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["staff.id"], name=op.f("fk_work_item_settled_by_id_staff")),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheet.id"], name=op.f("fk_work_item_sheet_id_sheet")),
        sa.ForeignKeyConstraint(["target_id"], ["target_system.id"], name=op.f("fk_work_item_target_id_target_system")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_item")),
        sa.UniqueConstraint("reference", name=op.f("uq_work_item_reference")),
        sa.UniqueConstraint("sheet_id", name=op.f("uq_work_item_sheet_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("work_item", schema=None) as batch_op:
        batch_op.create_index("ix_work_item_department_id_state", ["department_id", "state"], unique=False)
        batch_op.create_index("ix_work_item_night_id_state", ["night_id", "state"], unique=False)
        batch_op.create_index("ix_work_item_target_id_finished_at", ["target_id", "finished_at"], unique=False)
        batch_op.create_index(
            "ix_work_item_target_id_state_tries_id", ["target_id", "state", "tries", "id"], unique=False
        )

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_evidence_file_id_stored_file")),
        sa.ForeignKeyConstraint(["item_id"], ["work_item.id"], name=op.f("fk_evidence_item_id_work_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_item_id"), ["item_id"], unique=False)

    op.create_table(
        "item_move",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("night_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["work_item.id"], name=op.f("fk_item_move_item_id_work_item")),
        sa.ForeignKeyConstraint(["night_id"], ["night.id"], name=op.f("fk_item_move_night_id_night")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_item_move_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_move")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("item_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_move_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_move_night_id"), ["night_id"], unique=False)

    op.create_table(
        "lease",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("night_id", sa.Integer(), nullable=True),
        sa.Column("worker", sa.String(length=64), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("item_since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["work_item.id"], name=op.f("fk_lease_item_id_work_item")),
        sa.ForeignKeyConstraint(["night_id"], ["night.id"], name=op.f("fk_lease_night_id_night")),
        sa.ForeignKeyConstraint(["target_id"], ["target_system.id"], name=op.f("fk_lease_target_id_target_system")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lease")),
        sa.UniqueConstraint("target_id", "account", name=op.f("uq_lease_target_id_account")),
        sqlite_autoincrement=True,
    )
