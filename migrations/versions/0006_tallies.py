"""tallies, and marks for numbers given out after a restore"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DAY = {
    "sqlite": "date(finished_at, '+9 hours')",
    "postgresql": "to_char(finished_at AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM-DD')",
}
"""The day in Fukuoka on which a record was finished."""
COUNTED = (
    "'sheets', 0, department_id, state, count(*) FROM sheet GROUP BY 2, 3, 4",
    "'sheet_milliseconds', 0, department_id, '', sum({seconds}) FROM sheet GROUP BY 3",
    "'nights', target_id, 0, '', count(*) FROM night GROUP BY 2",
    "'items', target_id, department_id, state, count(*) FROM work_item GROUP BY 2, 3, 4",
    "'items_of_night', night_id, department_id, state, count(*) FROM work_item WHERE night_id > 0 GROUP BY 2, 3, 4",
    "'items_finished', target_id, department_id, {day}, count(*) FROM work_item WHERE {day} <> '' GROUP BY 2, 3, 4",
    "'item_milliseconds', 0, department_id, '', sum({seconds}) FROM work_item GROUP BY 3",
)
"""Each name with what it counts: about what, of which department, in which state or on which day, how many."""
AWAITS_PEOPLE = sa.text("state IN ('exception', 'failed', 'unknown')")


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("name", sa.String(length=24), nullable=False),
        sa.Column("about_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("department_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", "about_id", "department_id", "mark", name=op.f("pk_tally")),
    )
    _count_what_is_there()
    _change_indexes()
    op.create_table(
        "number_mark",
        sa.Column("fiscal_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("fiscal_year", name=op.f("pk_number_mark")),
    )


def _count_what_is_there() -> None:
    day = DAY[op.get_bind().dialect.name]
    for counted in COUNTED:
        column = "verify_seconds" if "FROM sheet" in counted else "exception_seconds"
        rows = counted.format(day=day, seconds=f"CAST(round({column} * 1000) AS bigint)")
        op.execute(f"INSERT INTO tally (name, about_id, department_id, mark, amount) SELECT {rows}")


def _change_indexes() -> None:
    """Counts are kept now: what served to count goes, what serves to find the first page of a list comes."""
    op.drop_index("ix_sheet_department_id_verify_seconds", "sheet")
    op.create_index("ix_sheet_settled_by_id_settled_at", "sheet", ["settled_by_id", "settled_at"])
    for columns in (
        "department_id_exception_seconds",
        "department_id_finished_at_target_id",
        "department_id_state_target_id",
        "night_id_state_department_id",
    ):
        op.drop_index(f"ix_work_item_{columns}", "work_item")
    op.create_index("ix_work_item_night_id_state_changed_at_id", "work_item", ["night_id", "state", "changed_at", "id"])
    op.create_index(
        "ix_work_item_awaits_people",
        "work_item",
        ["changed_at", "id", "state", "department_id"],
        sqlite_where=AWAITS_PEOPLE,
        postgresql_where=AWAITS_PEOPLE,
    )
