"""What may those who decide on a run be told of whom it reaches? Rounded, small cells gone (docs/decisions/0004)."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from workflows.rules.audience import Audience, pseudonyms_of
from workflows.rules.disclosure import SMALLEST, publishable, rounded, told

Counted = Counter[tuple[str, str, str]]
"""People by channel, language and ward."""


def counts_shown(audience: Audience, counted: Counted, before: frozenset[str] | None) -> dict[str, Any]:
    """Give the counts of a frozen run as they are kept and shown."""
    shown: dict[str, Any] = {
        "schema": 1,
        "hit": told(len(audience)),
        "recipients": told(counted.total()),
        "without_address": told(len(audience) - counted.total()),
        "verdicts": publishable({str(verdict): count for verdict, count in audience.counts.items()}),
    }
    for name, place in (("channels", 0), ("languages", 1), ("wards", 2)):
        shown[name] = publishable(_by(counted, place))
    if before is not None:
        now = frozenset(pseudonyms_of(audience))
        shown["before"] = {"joined": told(len(now - before)), "left": told(len(before - now))}
    return shown


def people_for_the_route(counts: Mapping[str, Any]) -> int:
    """Give how many the route is told a run reaches: never fewer than the smallest group that is told at all."""
    return max(SMALLEST, rounded(counts["recipients"] or 0))


def _by(counted: Counted, place: int) -> dict[str, int]:
    cells: Counter[str] = Counter()
    for key, people in counted.items():
        cells[key[place]] += people
    return dict(cells)
