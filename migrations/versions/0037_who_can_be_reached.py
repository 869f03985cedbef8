"""who can be reached"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "doubtful_mail",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubtful_mail")),
        sa.UniqueConstraint("name", name=op.f("uq_doubtful_mail_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "line_event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_event")),
        sa.UniqueConstraint("event", name=op.f("uq_line_event_event")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("line_event", schema=None) as batch_op:
        batch_op.create_index("ix_line_event_heard_at", ["heard_at"], unique=False)

    op.create_table(
        "soft_failure",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("recipient", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_soft_failure")),
        sa.UniqueConstraint("mark", "recipient", name=op.f("uq_soft_failure_mark_recipient")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("soft_failure", schema=None) as batch_op:
        batch_op.create_index("ix_soft_failure_at", ["at"], unique=False)

    op.create_table(
        "address_standing",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("registrant_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["registrant_id"], ["registrant.id"], name=op.f("fk_address_standing_registrant_id_registrant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_standing")),
        sa.UniqueConstraint("mark", "kind", name=op.f("uq_address_standing_mark_kind")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("address_standing", schema=None) as batch_op:
        batch_op.create_index("ix_address_standing_kind_state", ["kind", "state"], unique=False)

    op.create_table(
        "notice_stop",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("registrant_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=16), nullable=False),
        sa.Column("way", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_way", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(
            ["registrant_id"], ["registrant.id"], name=op.f("fk_notice_stop_registrant_id_registrant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_stop")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("notice_stop", schema=None) as batch_op:
        batch_op.create_index("ix_notice_stop_registrant_id", ["registrant_id"], unique=False)
        batch_op.create_index(
            "uq_notice_stop_registrant_id_topic_in_force",
            ["registrant_id", "topic"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
