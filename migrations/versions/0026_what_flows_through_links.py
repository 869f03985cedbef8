"""what flows through links"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from backoffice.db.append_only import refuse_changes_of

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link_holding",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("registrant_id", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("good_until", sa.Date(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registrant_id"], ["registrant.id"], name=op.f("fk_link_holding_registrant_id_registrant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_holding")),
        sa.UniqueConstraint("registrant_id", name=op.f("uq_link_holding_registrant_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "link_deletion",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("registrant_id", sa.Integer(), nullable=False),
        sa.Column(
            "requests",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_link_deletion_link_id_link")),
        sa.ForeignKeyConstraint(
            ["registrant_id"], ["registrant.id"], name=op.f("fk_link_deletion_registrant_id_registrant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_deletion")),
        sa.UniqueConstraint("reference", name=op.f("uq_link_deletion_reference")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("link_deletion", schema=None) as batch_op:
        batch_op.create_index("ix_link_deletion_link_id_done_at", ["link_id", "done_at"], unique=False)

    op.create_table(
        "link_minute",
        sa.Column("link_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_link_minute_link_id_link")),
        sa.PrimaryKeyConstraint("link_id", "minute", name=op.f("pk_link_minute")),
    )
    op.create_table(
        "link_request",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("registrant_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("sealed_values", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_answer", sa.LargeBinary(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_link_request_link_id_link")),
        sa.ForeignKeyConstraint(
            ["registrant_id"], ["registrant.id"], name=op.f("fk_link_request_registrant_id_registrant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_request")),
        sa.UniqueConstraint("reference", name=op.f("uq_link_request_reference")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("link_request", schema=None) as batch_op:
        batch_op.create_index("ix_link_request_link_id_state", ["link_id", "state"], unique=False)
        batch_op.create_index("ix_link_request_registrant_id_link_id", ["registrant_id", "link_id"], unique=False)

    op.create_table(
        "link_consent",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("reference", sa.String(length=32), nullable=False),
        sa.Column("registrant_id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Integer(), nullable=False),
        sa.Column("terms_sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "attributes",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=4), nullable=False),
        sa.Column("giver", sa.String(length=16), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_link_consent_link_id_link")),
        sa.ForeignKeyConstraint(
            ["registrant_id"], ["registrant.id"], name=op.f("fk_link_consent_registrant_id_registrant")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["link_version.id"], name=op.f("fk_link_consent_version_id_link_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_consent")),
        sa.UniqueConstraint("reference", name=op.f("uq_link_consent_reference")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("link_consent", schema=None) as batch_op:
        batch_op.create_index("ix_link_consent_link_id_expires_on", ["link_id", "expires_on"], unique=False)
        batch_op.create_index("ix_link_consent_registrant_id_link_id", ["registrant_id", "link_id"], unique=False)

    op.create_table(
        "link_use",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("client_id", sa.Integer(), nullable=False),
        sa.Column("registrant_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=80), nullable=False),
        sa.Column(
            "asked",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "released",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["machine_client.id"], name=op.f("fk_link_use_client_id_machine_client")
        ),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_link_use_link_id_link")),
        sa.ForeignKeyConstraint(["request_id"], ["link_request.id"], name=op.f("fk_link_use_request_id_link_request")),
        sa.ForeignKeyConstraint(
            ["registrant_id"], ["registrant.id"], name=op.f("fk_link_use_registrant_id_registrant")
        ),
        sa.ForeignKeyConstraint(["version_id"], ["link_version.id"], name=op.f("fk_link_use_version_id_link_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_use")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("link_use", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_use_request_id"), ["request_id"], unique=False)
        batch_op.create_index("ix_link_use_client_id_key_hash", ["client_id", "key_hash"], unique=False)
        batch_op.create_index("ix_link_use_link_id_registrant_id_at", ["link_id", "registrant_id", "at"], unique=False)
        batch_op.create_index("ix_link_use_registrant_id_at", ["registrant_id", "at"], unique=False)

    op.create_table(
        "link_consent_event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["link_consent.id"], name=op.f("fk_link_consent_event_consent_id_link_consent")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_consent_event")),
        sa.UniqueConstraint("consent_id", "kind", name=op.f("uq_link_consent_event_consent_id_kind")),
        sqlite_autoincrement=True,
    )
    for table in ("link_consent", "link_consent_event", "link_use"):
        refuse_changes_of(op, table)
