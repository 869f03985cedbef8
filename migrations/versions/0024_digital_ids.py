"""digital ids"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from backoffice.db.append_only import refuse_changes_of

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "issuing_key",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("public", _json(), nullable=False),
        sa.Column("sealed_private", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("distrusted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuing_key")),
        sa.UniqueConstraint("name", name=op.f("uq_issuing_key_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "digital_id",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("registrant_id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("holder_thumbprint", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("claims", _json(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["registrant_id"], ["registrant.id"], name=op.f("fk_digital_id_registrant_id_registrant")
        ),
        sa.ForeignKeyConstraint(["key_id"], ["issuing_key.id"], name=op.f("fk_digital_id_key_id_issuing_key")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_digital_id_changed_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digital_id")),
        sa.UniqueConstraint("number", name=op.f("uq_digital_id_number")),
        sa.UniqueConstraint("place", name=op.f("uq_digital_id_place")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("digital_id", schema=None) as batch_op:
        batch_op.create_index("ix_digital_id_registrant_id", ["registrant_id"], unique=False)
        batch_op.create_index("ix_digital_id_state_expires_on", ["state", "expires_on"], unique=False)
        batch_op.create_index("ix_digital_id_key_id_expires_on", ["key_id", "expires_on"], unique=False)

    op.create_table(
        "digital_id_event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("digital_id_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["digital_id_id"], ["digital_id.id"], name=op.f("fk_digital_id_event_digital_id_id_digital_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_digital_id_event_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digital_id_event")),
        sa.UniqueConstraint("digital_id_id", "kind", name=op.f("uq_digital_id_event_digital_id_id_kind")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "digital_id_check",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("rule", sa.String(length=16), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("in_hour", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digital_id_check")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "spent_nonce",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spent_nonce")),
        sa.UniqueConstraint("mark", name=op.f("uq_spent_nonce_mark")),
    )
    with op.batch_alter_table("spent_nonce", schema=None) as batch_op:
        batch_op.create_index("ix_spent_nonce_at", ["at"], unique=False)

    refuse_changes_of(op, "digital_id_event")


def _json() -> sa.JSON:
    return sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
