"""the plan and the report of the night: days without service, who is on duty, alarms, morning reports"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("target_system") as batch_op:
        batch_op.add_column(sa.Column("duty_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_target_system_duty_id_staff"), "staff", ["duty_id"], ["id"])
    op.create_table(
        "service_stop",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["target_id"], ["target_system.id"], name=op.f("fk_service_stop_target_id_target_system")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["staff.id"], name=op.f("fk_service_stop_made_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_stop")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_service_stop_target_id_last_day", "service_stop", ["target_id", "last_day"])
    _alarms()
    _reports()


def _alarms() -> None:
    op.create_table(
        "night_alarm",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("night_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["night_id"], ["night.id"], name=op.f("fk_night_alarm_night_id_night")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_night_alarm")),
        sa.UniqueConstraint("night_id", "cause", name=op.f("uq_night_alarm_night_id_cause")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_night_alarm_called_at_next_at", "night_alarm", ["called_at", "next_at"])


def _reports() -> None:
    op.create_index("ix_night_ended_at", "night", ["ended_at"])
    op.create_table(
        "night_report",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_night_report")),
        sa.UniqueConstraint("day", name=op.f("uq_night_report_day")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "night_report_part",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("night_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("to_decide", sa.Integer(), nullable=False),
        sa.Column("left_waiting", sa.Integer(), nullable=False),
        sa.Column(
            "codes",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("saved_minutes", sa.Numeric(precision=10, scale=1), nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"], ["night_report.id"], name=op.f("fk_night_report_part_report_id_night_report")
        ),
        sa.ForeignKeyConstraint(["night_id"], ["night.id"], name=op.f("fk_night_report_part_night_id_night")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_night_report_part_department_id_department")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_night_report_part")),
        sa.UniqueConstraint("night_id", "department_id", name=op.f("uq_night_report_part_night_id_department_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_night_report_part_report_id", "night_report_part", ["report_id"])
    op.create_table(
        "night_report_mail",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("nights", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("to_decide", sa.Integer(), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"], ["night_report.id"], name=op.f("fk_night_report_mail_report_id_night_report")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_night_report_mail_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_night_report_mail")),
        sa.UniqueConstraint("report_id", "staff_id", name=op.f("uq_night_report_mail_report_id_staff_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_night_report_mail_mailed_at", "night_report_mail", ["mailed_at"])
