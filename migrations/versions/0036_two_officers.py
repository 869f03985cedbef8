"""two officers"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("issuing_key", schema=None) as batch_op:
        batch_op.add_column(sa.Column("made_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("confirmed_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_issuing_key_made_by_id_staff"), "staff", ["made_by_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_issuing_key_confirmed_by_id_staff"), "staff", ["confirmed_by_id"], ["id"]
        )

    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proposed_client_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("proposed_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_link_proposed_client_id_machine_client"), "machine_client", ["proposed_client_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_link_proposed_by_id_staff"), "staff", ["proposed_by_id"], ["id"])

    with op.batch_alter_table("machine_client", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact_changed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("contact_changed_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_machine_client_contact_changed_by_id_staff"), "staff", ["contact_changed_by_id"], ["id"]
        )

    op.add_column("client_token", sa.Column("certificate", sa.String(length=43), nullable=True))
    # What signed until now was made by one pair of eyes, and goes on.
    op.execute("UPDATE issuing_key SET confirmed_at = made_at")
