"""registrants and consents"""

import sqlalchemy as sa
from alembic import op

from backoffice.db.append_only import refuse_changes_of

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "registrant",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("sealed_pseudonym", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(length=4), nullable=False),
        sa.Column("assurance", sa.String(length=16), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_registrant_changed_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrant")),
        sa.UniqueConstraint("mark", name=op.f("uq_registrant_mark")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.Column("registrant_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("notice_version", sa.Integer(), nullable=False),
        sa.Column("notice_sha256", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=4), nullable=False),
        sa.Column("giver", sa.String(length=16), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("evidence_kind", sa.String(length=24), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["registrant_id"], ["registrant.id"], name=op.f("fk_consent_registrant_id_registrant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("reference", name=op.f("uq_consent_reference")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index("ix_consent_registrant_id_kind", ["registrant_id", "kind"], unique=False)

    op.create_table(
        "registrant_look",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("registrant_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registrant_id"], ["registrant.id"], name=op.f("fk_registrant_look_registrant_id_registrant")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_registrant_look_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrant_look")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("registrant_look", schema=None) as batch_op:
        batch_op.create_index(
            "ix_registrant_look_registrant_id_opened_at", ["registrant_id", "opened_at"], unique=False
        )

    op.create_table(
        "consent_event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["consent_id"], ["consent.id"], name=op.f("fk_consent_event_consent_id_consent")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_consent_event_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_event")),
        sa.UniqueConstraint("consent_id", "kind", name=op.f("uq_consent_event_consent_id_kind")),
        sqlite_autoincrement=True,
    )

    for table in ("consent", "consent_event"):
        refuse_changes_of(op, table)
