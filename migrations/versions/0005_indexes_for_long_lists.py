"""indexes for long lists"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_sheet_department_id_verify_seconds", "sheet", ["department_id", "verify_seconds"])
    for shorter in ("ix_work_item_department_id_state", "ix_work_item_night_id_state"):
        op.drop_index(shorter, "work_item")
    for columns in (
        ("department_id", "exception_seconds"),
        ("department_id", "finished_at", "target_id"),
        ("department_id", "state", "target_id"),
        ("night_id", "changed_at", "id"),
        ("night_id", "state", "department_id"),
    ):
        op.create_index(f"ix_work_item_{'_'.join(columns)}", "work_item", list(columns))
