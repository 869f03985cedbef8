"""The pages of crowding for staff: how it is now at every counter, and through a day at one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import Request
from fastapi.responses import HTMLResponse

from backoffice.crowding import queries
from backoffice.crowding.models import CrowdReading
from backoffice.crowding.workflow import COUNTER_NAMES, FRESH, STALE, STALE_AFTER, Counter, Freshness
from backoffice.errors import Invalid, NotThere
from backoffice.identity import Permission
from backoffice.services import TOKYO
from backoffice.web import Crumb, MenuItem, Page, Reading, StaffRouter, render
from backoffice.web.chips import Chip
from backoffice.web.forms_in import read_day
from backoffice.web.showing import day_typed
from backoffice.web.translations import _, language_now, translate
from workflows.rules.facts import WARDS

MENU = (MenuItem(_("窓口の混雑"), "/crowding", Permission.CROWDING_VIEW, in_menu=False),)
LINKS = Crumb(_("データ連携"), "/links")
CROWDING = Crumb(_("窓口の混雑"), "/crowding")

staff = StaffRouter()


@dataclass(frozen=True)
class CounterRow:
    """`waiting` is None for a count that is stale: then nothing is shown as how it is now."""

    href: str
    ward: str
    counter: str
    waiting: int | None
    freshness: Freshness
    counted_at: datetime
    picture: str
    chip: Chip


@dataclass(frozen=True, kw_only=True)
class CrowdingPage(Page):
    rows: Sequence[CounterRow]
    silent: int
    """So many counters have never been counted."""
    stale_after: int


@dataclass(frozen=True)
class Hour:
    """One bar: the most who waited at once in this hour."""

    label: str
    value: int
    planned: bool = False


@dataclass(frozen=True, kw_only=True)
class DayPage(Page):
    title_text: str
    address: str
    day: date
    typed: str
    wrong: str
    hours: Sequence[Hour]
    counts: int


@staff.page("/crowding", Permission.CROWDING_VIEW)
def crowding(request: Request, work: Reading) -> HTMLResponse:
    found = {(each.ward, each.counter): each for each in queries.newest(work.session)}
    rows = [
        _row(ward.code, _ward_name(ward.code), counter, found[ward.code, counter], work.now)
        for ward in WARDS
        for counter in Counter
        if (ward.code, counter) in found
    ]
    minutes = int(STALE_AFTER.total_seconds() // 60)
    silent = len(WARDS) * len(Counter) - len(rows)
    shown = CrowdingPage(title=_("窓口の混雑"), crumbs=(LINKS,), rows=rows, silent=silent, stale_after=minutes)
    return render(request, "crowding/crowding.html", shown)


@staff.page("/crowding/{ward}/{counter}", Permission.CROWDING_VIEW)
def one_day(request: Request, work: Reading, ward: str, counter: str, day: str = "") -> HTMLResponse:
    if ward not in {each.code for each in WARDS} or counter not in set(Counter):
        raise NotThere("お探しの記録は見つかりませんでした。")
    wanted, wrong = work.today, ""
    if day.strip():
        try:
            wanted = read_day({"day": day}, "day")
        except Invalid as refusal:
            wrong = refusal.fields["day"]
    counted = [] if wrong else queries.of_day(work.session, ward, Counter(counter), wanted)
    shown = DayPage(
        title=_("窓口の混雑"),
        title_text=f"{_ward_name(ward)} {translate(COUNTER_NAMES[Counter(counter)])}",
        crumbs=(LINKS, CROWDING),
        address=f"/crowding/{ward}/{counter}",
        day=wanted,
        typed=day or day_typed(wanted),
        wrong=wrong,
        hours=hours_of(counted),
        counts=len(counted),
    )
    return render(request, "crowding/day.html", shown, status=422 if wrong else 200)


def hours_of(counted: Sequence[tuple[datetime, int]]) -> Sequence[Hour]:
    """Give the hours of a day in which anything was counted, with the most who waited at once."""
    most: dict[int, int] = {}
    for at, waiting in counted:
        hour = at.astimezone(TOKYO).hour
        most[hour] = max(waiting, most.get(hour, 0))
    return [Hour(f"{hour}:00", most[hour]) for hour in sorted(most)]


def _row(ward: str, name: str, counter: Counter, reading: CrowdReading, now: datetime) -> CounterRow:
    href, label = f"/crowding/{ward}/{counter}", COUNTER_NAMES[counter]
    freshness = Freshness.of(reading.counted_at, now)
    if freshness.is_stale:
        return CounterRow(href, name, label, None, freshness, reading.counted_at, "", STALE)
    return CounterRow(href, name, label, reading.waiting, freshness, reading.counted_at, reading.picture, FRESH)


def _ward_name(code: str) -> str:
    ward = next(each for each in WARDS if each.code == code)
    return ward.en if language_now() == "en" else ward.ja
