"""which machine deletes what, and when consents are over"""

import json

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_index("ix_consent_expires_on", "consent", ["expires_on"])
    op.create_index("ix_link_consent_expires_on", "link_consent", ["expires_on"])
    with op.batch_alter_table("link_deletion", schema=None) as batch_op:
        batch_op.add_column(sa.Column("client_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("cause", sa.String(length=16), nullable=False, server_default="withdrawn"))
        batch_op.add_column(sa.Column("attributes", JSON, nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("noted_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("note", sa.String(length=500), nullable=False, server_default=""))
        batch_op.create_index("ix_link_deletion_registrant_id_link_id", ["registrant_id", "link_id"], unique=False)
    _say_of_each_what_it_is_about()
    with op.batch_alter_table("link_deletion", schema=None) as batch_op:
        batch_op.alter_column("client_id", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("cause", existing_type=sa.String(length=16), server_default=None)
        batch_op.alter_column("attributes", existing_type=JSON, server_default=None)
        batch_op.alter_column("note", existing_type=sa.String(length=500), server_default=None)
        batch_op.create_foreign_key(batch_op.f("fk_link_deletion_noted_by_id_staff"), "staff", ["noted_by_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_link_deletion_client_id_machine_client"), "machine_client", ["client_id"], ["id"]
        )


def _say_of_each_what_it_is_about() -> None:
    """Till now all that had ever left was to be deleted, by whichever machine held the link."""
    connection = op.get_bind()
    deletions = connection.execute(sa.text("SELECT id, link_id, registrant_id FROM link_deletion")).all()
    for deletion_id, link_id, registrant_id in deletions:
        uses = connection.execute(
            sa.text(
                "SELECT client_id, CAST(released AS VARCHAR) FROM link_use "
                "WHERE link_id = :link AND registrant_id = :registrant AND outcome = 'released' ORDER BY id"
            ),
            {"link": link_id, "registrant": registrant_id},
        ).all()
        attributes = sorted({code for _, released in uses for code in json.loads(released)})
        connection.execute(
            sa.text("UPDATE link_deletion SET client_id = :client, attributes = :attributes WHERE id = :id").bindparams(
                sa.bindparam("attributes", type_=JSON)
            ),
            {"client": uses[-1][0], "attributes": attributes, "id": deletion_id},
        )
