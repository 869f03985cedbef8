"""papers beside records: how they are read, what was decided; papers that go to records of a list"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    _papers_that_come()
    _papers_that_go()


def _papers_that_come() -> None:
    op.create_table(
        "paper_rule",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("paper_code", sa.String(length=40), nullable=False),
        sa.Column("pairs", _JSON, nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["design_id"], ["form_design.id"], name=op.f("fk_paper_rule_design_id_form_design")),
        sa.ForeignKeyConstraint(["set_by_id"], ["staff.id"], name=op.f("fk_paper_rule_set_by_id_staff")),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_paper_rule_changed_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_rule")),
        sa.UniqueConstraint("design_id", "key", name=op.f("uq_paper_rule_design_id_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "attached_paper",
        sa.Column("record_file_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("paper_file_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_file_id"], ["record_file.id"], name=op.f("fk_attached_paper_record_file_id_record_file")
        ),
        sa.ForeignKeyConstraint(
            ["paper_file_id"], ["paper_file.id"], name=op.f("fk_attached_paper_paper_file_id_paper_file")
        ),
        sa.PrimaryKeyConstraint("record_file_id", name=op.f("pk_attached_paper")),
    )
    op.create_index("ix_attached_paper_paper_file_id", "attached_paper", ["paper_file_id"])
    op.create_table(
        "collation_ruling",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("file_key", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("said", _JSON, nullable=True),
        sa.Column("read", _JSON, nullable=True),
        sa.Column("finding", sa.String(length=16), nullable=False),
        sa.Column("ruling", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_collation_ruling_record_id_record")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["staff.id"], name=op.f("fk_collation_ruling_decided_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collation_ruling")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_collation_ruling_record_id_id", "collation_ruling", ["record_id", "id"])


def _papers_that_go() -> None:
    op.create_table(
        "enclosure_rule",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("paper_code", sa.String(length=40), nullable=False),
        sa.Column("condition", sa.String(length=1000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["design_id"], ["form_design.id"], name=op.f("fk_enclosure_rule_design_id_form_design")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["department.id"], name=op.f("fk_enclosure_rule_department_id_department")
        ),
        sa.ForeignKeyConstraint(["changed_by_id"], ["staff.id"], name=op.f("fk_enclosure_rule_changed_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enclosure_rule")),
        sa.UniqueConstraint(
            "design_id",
            "department_id",
            "paper_code",
            name=op.f("uq_enclosure_rule_design_id_department_id_paper_code"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "packet",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("design_id", sa.Integer(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("papers", _JSON, nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("printer", sa.String(length=40), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_packet_record_id_record")),
        sa.ForeignKeyConstraint(["design_id"], ["form_design.id"], name=op.f("fk_packet_design_id_form_design")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_packet_department_id_department")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_packet_file_id_stored_file")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["staff.id"], name=op.f("fk_packet_asked_by_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packet")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_packet_design_id_department_id_id", "packet", ["design_id", "department_id", "id"])
    op.create_index("ix_packet_record_id", "packet", ["record_id"])
    op.create_index("ix_packet_file_id", "packet", ["file_id"])
    op.create_index("ix_packet_asked_at", "packet", ["asked_at"])
    op.create_index(
        "ix_packet_to_print",
        "packet",
        ["id"],
        sqlite_where=sa.text("printing_at IS NULL"),
        postgresql_where=sa.text("printing_at IS NULL"),
    )
