"""Whom does a system know that only answers? Invented people, there since it was started."""

from datetime import datetime
from typing import Final

from rpa_bots.fake_base.boxes import stored_values
from rpa_bots.fake_base.ledger import Ledger
from rpa_bots.fake_offices.office import OldOffice
from rpa_bots.fake_offices.rows import rows

KNOWN: Final = 40
SEED: Final = 8


def settle(office: OldOffice, ledger: Ledger, at: datetime) -> None:
    """Write what the system knows into its ledger."""
    for row in rows(office, KNOWN, SEED, at.date()):
        values, _ = stored_values(office.fields, {each.key: row.get(each.label, "") for each in office.fields})
        ledger.register(row[office.reference.label], "", values, at)
