"""Which counters are counted, and when is a count no longer shown as how it is now?"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from backoffice.web.chips import Chip
from backoffice.web.translations import _
from workflows.rules.facts import WARDS

STALE_AFTER = timedelta(minutes=10)
"""A first value, to be confirmed by the ward offices."""
EARLIEST = timedelta(days=1)
"""What the ward offices' system could not send at once, it may send so much later; it is history then."""
CLOCKS_APART = timedelta(minutes=5)
PACE = timedelta(seconds=15)
"""So far apart are two counts of one counter at least."""
KEPT = timedelta(days=7)
MOST_WAITING = 999
MOST_READINGS = 100


class Counter(StrEnum):
    """The counters of a ward office that are counted: a closed list, to be confirmed."""

    RESIDENTS = "residents"
    INSURANCE = "insurance"
    WELFARE = "welfare"
    CHILDREN = "children"
    TAX = "tax"


COUNTER_NAMES = {
    Counter.RESIDENTS: _("市民課(住所・戸籍・証明)"),
    Counter.INSURANCE: _("保険年金課"),
    Counter.WELFARE: _("福祉・介護保険課"),
    Counter.CHILDREN: _("子育て支援課"),
    Counter.TAX: _("課税課"),
}
COUNTERS_IN_ENGLISH = {
    Counter.RESIDENTS: "Residents (address, family register, certificates)",
    Counter.INSURANCE: "Health insurance and pension",
    Counter.WELFARE: "Welfare and long-term care",
    Counter.CHILDREN: "Child support",
    Counter.TAX: "Tax",
}
WARD_CODES = tuple(ward.code for ward in WARDS)
FRESH = Chip("good", "●", _("今の人数"))
STALE = Chip("doubt", "▲", _("古いので、今の人数ではありません"))


@dataclass(frozen=True)
class Freshness:
    """How old a count is, in whole minutes, and whether it still tells how it is now."""

    minutes: int
    is_stale: bool

    @classmethod
    def of(cls, counted_at: datetime, now: datetime) -> "Freshness":
        age = max(timedelta(), now - counted_at)
        return cls(int(age.total_seconds() // 60), age >= STALE_AFTER)
