"""How does a run fall on the days to come, and how much do its people get in those weeks anyway?"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from backoffice.audiences.pages import people_said, said_or_hidden
from backoffice.audiences.run_pages import Calendar, DayShown


def calendar_of(counts: Mapping[str, Any]) -> Calendar:
    """Give the days of a run as they were counted when it was frozen."""
    return Calendar(
        days=[_day(each) for each in counts.get("days", ())],
        later=_unless_nobody(counts.get("later")),
        too_late=_unless_nobody(counts.get("too_late")),
    )


def _day(kept: Mapping[str, Any]) -> DayShown:
    return DayShown(
        day=date.fromisoformat(kept["day"]),
        sends=said_or_hidden(kept["sends"]),
        second=people_said(kept["second"]),
        third=people_said(kept["third"]),
        value=kept["sends"] or 0,
    )


def _unless_nobody(people: int | None) -> str:
    return "" if people is None else people_said(people)
