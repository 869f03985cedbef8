"""how many consent to each link, by the last day of their consent"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _count_what_is_there()


def _count_what_is_there() -> None:
    op.execute(
        "INSERT INTO tally (name, about_id, department_id, mark, amount) "
        "SELECT 'link_consenting', link_id, 0, CAST(expires_on AS VARCHAR), count(*) FROM link_consent "
        "WHERE NOT EXISTS (SELECT 1 FROM link_consent_event WHERE consent_id = link_consent.id "
        "AND kind IN ('withdrawn', 'replaced')) GROUP BY link_id, expires_on"
    )
