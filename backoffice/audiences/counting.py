"""What may those who decide on a run be told of whom it reaches? Rounded, small cells gone (docs/decisions/0004).

Like a preview's, a run's counts are measured against those of earlier runs of its program: one that differs from an
earlier one in fewer than ten people is told by that one. What was counted is kept sealed; what is shown follows.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from workflows.rules.audience import Audience, pseudonyms_of
from workflows.rules.blocks import Verdict
from workflows.rules.disclosure import SMALLEST, publishable, rounded, steadied, told

Counted = Counter[tuple[str, str, str]]
"""People by channel, language and ward."""
Counts = Mapping[str, Any]
"""By name a number, or cells by name."""
HIT = str(Verdict.ELIGIBLE)
TABLES = ("channels", "languages", "wards")


def counts_of(audience: Audience, counted: Counted, before: frozenset[str] | None) -> Counts:
    """Give what was counted of a frozen run, as it is. `before`: whom the last run of its program hit."""
    found: dict[str, Any] = {
        "hit": len(audience),
        "recipients": counted.total(),
        "without_address": len(audience) - counted.total(),
        "verdicts": {str(verdict): count for verdict, count in audience.counts.items()},
        **{name: _by(counted, place) for place, name in enumerate(TABLES)},
    }
    if before is not None:
        now = frozenset(pseudonyms_of(audience))
        found["before"] = {"joined": len(now - before), "left": len(before - now)}
    return found


def steady(counts: Counts, earlier: Sequence[Counts]) -> Counts:
    """Put each count back to that of the newest earlier run from which it differs in fewer than ten people."""
    return {name: _steadied(value, [each.get(name) for each in earlier]) for name, value in counts.items()}


def counts_shown(counts: Counts) -> dict[str, Any]:
    """Give counts as they are kept with the run and shown."""
    verdicts = publishable(counts["verdicts"], told_beside={HIT})
    shown: dict[str, Any] = {
        "schema": 1,
        # Never told beside a table that hides it.
        "hit": told(counts["hit"]) if verdicts.get(HIT) is not None else None,
        "recipients": told(counts["recipients"]),
        "without_address": told(counts["without_address"]),
        "verdicts": verdicts,
        **{name: publishable(counts[name]) for name in TABLES},
    }
    if "before" in counts:
        shown["before"] = {name: told(people) for name, people in counts["before"].items()}
    return shown


def people_for_the_route(counts: Counts) -> int:
    """Give how many the route is told a run reaches: never fewer than the smallest group that is told at all."""
    return max(SMALLEST, rounded(counts["recipients"] or 0))


def _steadied(value: Any, before: Sequence[Any]) -> Any:  # noqa: ANN401 -- JSON values
    if isinstance(value, Mapping):
        known = [each for each in before if isinstance(each, Mapping)]
        return {name: _steadied(count, [each.get(name, 0) for each in known]) for name, count in value.items()}
    return steadied(value, *(each for each in before if isinstance(each, int)))


def _by(counted: Counted, place: int) -> dict[str, int]:
    cells: Counter[str] = Counter()
    for key, people in counted.items():
        cells[key[place]] += people
    return dict(cells)
