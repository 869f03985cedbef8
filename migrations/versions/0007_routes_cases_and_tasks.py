"""routes, cases and tasks"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=True),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["deputy_id"], ["staff.id"], name=op.f("fk_absence_deputy_id_staff")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["staff.id"], name=op.f("fk_absence_entered_by_id_staff")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_absence_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index("ix_absence_deputy_id_ends", ["deputy_id", "ends"], unique=False)
        batch_op.create_index("ix_absence_staff_id_ends", ["staff_id", "ends"], unique=False)

    op.create_table(
        "city_closure",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["staff.id"], name=op.f("fk_city_closure_added_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city_closure")),
        sa.UniqueConstraint("day", name=op.f("uq_city_closure_day")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "digest",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "counts",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_digest_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("staff_id", "day", name=op.f("uq_digest_staff_id_day")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "route_version",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("bpmn", sa.Text(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("activated_by_id", sa.Integer(), nullable=True),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["activated_by_id"], ["staff.id"], name=op.f("fk_route_version_activated_by_id_staff")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_route_version_changed_by_id_staff")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["staff.id"], name=op.f("fk_route_version_drafted_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_route_version")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_route_version_kind_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("route_version", schema=None) as batch_op:
        batch_op.create_index("ix_route_version_kind_state", ["kind", "state"], unique=False)

    op.create_table(
        "saved_filter",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("keyword", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("due", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_saved_filter_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint("staff_id", "name", name=op.f("uq_saved_filter_staff_id_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "approval_case",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("route_version_id", sa.Integer(), nullable=True),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("coordinating_department_id", sa.Integer(), nullable=True),
        sa.Column("drafter_id", sa.Integer(), nullable=False),
        sa.Column("responsible_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("form_code", sa.String(length=64), nullable=False),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column(
            "answers",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("subject_kind", sa.String(length=32), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column(
            "steps_now",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "engine",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("retention_years", sa.Integer(), nullable=False),
        sa.Column("decision_level", sa.String(length=16), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effect_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_approval_case_changed_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["coordinating_department_id"],
            ["department.id"],
            name=op.f("fk_approval_case_coordinating_department_id_department"),
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_approval_case_department_id_department")
        ),
        sa.ForeignKeyConstraint(["drafter_id"], ["staff.id"], name=op.f("fk_approval_case_drafter_id_staff")),
        sa.ForeignKeyConstraint(["responsible_id"], ["staff.id"], name=op.f("fk_approval_case_responsible_id_staff")),
        sa.ForeignKeyConstraint(
            ["route_version_id"], ["route_version.id"], name=op.f("fk_approval_case_route_version_id_route_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_case")),
        sa.UniqueConstraint("number", name=op.f("uq_approval_case_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("approval_case", schema=None) as batch_op:
        batch_op.create_index("ix_approval_case_department_id_state", ["department_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_approval_case_drafter_id"), ["drafter_id"], unique=False)
        batch_op.create_index("ix_approval_case_kind_state", ["kind", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_approval_case_responsible_id"), ["responsible_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_approval_case_route_version_id"), ["route_version_id"], unique=False)
        batch_op.create_index("ix_approval_case_state_effect_at", ["state", "effect_at"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["staff.id"], name=op.f("fk_attachment_added_by_id_staff")),
        sa.ForeignKeyConstraint(["case_id"], ["approval_case.id"], name=op.f("fk_attachment_case_id_approval_case")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_attachment_file_id_stored_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_case_id"), ["case_id"], unique=False)

    op.create_table(
        "case_entry",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("principal_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("step_name", sa.String(length=120), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["approval_case.id"], name=op.f("fk_case_entry_case_id_approval_case")),
        sa.ForeignKeyConstraint(["principal_id"], ["staff.id"], name=op.f("fk_case_entry_principal_id_staff")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_case_entry_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_entry")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("case_entry", schema=None) as batch_op:
        batch_op.create_index("ix_case_entry_case_id_at", ["case_id", "at"], unique=False)

    op.create_table(
        "case_timer",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("timer_id", sa.String(length=64), nullable=False),
        sa.Column("fires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_in_move", sa.Integer(), nullable=False),
        sa.Column("closed_in_move", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["approval_case.id"], name=op.f("fk_case_timer_case_id_approval_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_timer")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("case_timer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_timer_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_case_timer_fired_at_fires_at", ["fired_at", "fires_at"], unique=False)

    op.create_table(
        "involvement",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["approval_case.id"], name=op.f("fk_involvement_case_id_approval_case")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_involvement_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_involvement")),
        sa.UniqueConstraint("case_id", "staff_id", "cause", name=op.f("uq_involvement_case_id_staff_id_cause")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("involvement", schema=None) as batch_op:
        batch_op.create_index("ix_involvement_staff_id_cause_seen_at", ["staff_id", "cause", "seen_at"], unique=False)

    op.create_table(
        "opinion",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["staff.id"], name=op.f("fk_opinion_asked_by_id_staff")),
        sa.ForeignKeyConstraint(["asked_id"], ["staff.id"], name=op.f("fk_opinion_asked_id_staff")),
        sa.ForeignKeyConstraint(["case_id"], ["approval_case.id"], name=op.f("fk_opinion_case_id_approval_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("opinion", schema=None) as batch_op:
        batch_op.create_index("ix_opinion_asked_id_answered_at", ["asked_id", "answered_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_opinion_case_id"), ["case_id"], unique=False)

    op.create_table(
        "presence",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["approval_case.id"], name=op.f("fk_presence_case_id_approval_case")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_presence_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence")),
        sa.UniqueConstraint("case_id", "staff_id", name=op.f("uq_presence_case_id_staff_id")),
        sqlite_autoincrement=True,
    )
    _tasks_and_what_hangs_on_cases()


def _tasks_and_what_hangs_on_cases() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("step_id", sa.String(length=64), nullable=False),
        sa.Column("step_name", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_in_move", sa.Integer(), nullable=False),
        sa.Column("closed_in_move", sa.Integer(), nullable=True),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalate_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by_id", sa.Integer(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_note", sa.String(), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["approval_case.id"], name=op.f("fk_task_case_id_approval_case")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_task_changed_by_id_staff")),
        sa.ForeignKeyConstraint(["claimed_by_id"], ["staff.id"], name=op.f("fk_task_claimed_by_id_staff")),
        sa.ForeignKeyConstraint(["done_by_id"], ["staff.id"], name=op.f("fk_task_done_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index("ix_task_case_id_state", ["case_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_task_claimed_by_id"), ["claimed_by_id"], unique=False)
        batch_op.create_index("ix_task_state_escalate_at", ["state", "escalate_at"], unique=False)
        batch_op.create_index("ix_task_state_remind_at", ["state", "remind_at"], unique=False)

    op.create_table(
        "task_exclusion",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_task_exclusion_staff_id_staff")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_exclusion_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_exclusion")),
        sa.UniqueConstraint("task_id", "staff_id", "cause", name=op.f("uq_task_exclusion_task_id_staff_id_cause")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "tray_entry",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("desk", sa.String(length=48), nullable=False),
        sa.Column("sort_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("escalated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_tray_entry_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tray_entry")),
        sa.UniqueConstraint("task_id", "desk", name=op.f("uq_tray_entry_task_id_desk")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("tray_entry", schema=None) as batch_op:
        batch_op.create_index("ix_tray_entry_desk_sort_at", ["desk", "sort_at", "task_id"], unique=False)

    op.create_table(
        "vote",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("principal_id", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column(
            "answers",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch", sa.String(length=43), nullable=False),
        sa.Column("move", sa.Integer(), nullable=True),
        sa.Column(
            "engine_before",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["principal_id"], ["staff.id"], name=op.f("fk_vote_principal_id_staff")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_vote_staff_id_staff")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_vote_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vote_batch"), ["batch"], unique=False)
        batch_op.create_index("ix_vote_principal_id_reviewed_at", ["principal_id", "reviewed_at"], unique=False)
        batch_op.create_index("ix_vote_staff_id_at", ["staff_id", "at"], unique=False)
        batch_op.create_index(
            "uq_vote_task_id_staff_id_live",
            ["task_id", "staff_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )
