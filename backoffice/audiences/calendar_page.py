"""How does a run fall on the days to come: what do its people get anyway, how many will call, what does it cost?

Where nothing was entered to reckon with, it says so instead of a number.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from backoffice.audiences import calls
from backoffice.audiences.calls import Capacity
from backoffice.audiences.models import NoticeRun
from backoffice.audiences.pages import in_language, people_said, said_or_hidden
from backoffice.audiences.run_pages import Calendar, DayShown
from backoffice.audiences.workflow import CHANNEL_NAMES
from backoffice.settings import Settings
from backoffice.web.showing import day, number
from backoffice.web.translations import _, translate
from backoffice.work import Work
from workflows.notices.calls import calls_in_a_thousand, expected_calls
from workflows.rules.facts import WARDS

NO_BASIS = _("根拠なし")


@dataclass(frozen=True)
class Telephones:
    """What calls are reckoned with."""

    in_a_thousand: float | None
    capacity: Capacity

    def calls(self, people: int | None) -> int | None:
        """Give how many of so many people call; None where that cannot be said."""
        if self.in_a_thousand is None or people is None:
            return None
        return expected_calls(people, self.in_a_thousand)


def calendar_of(work: Work, run: NoticeRun) -> Calendar:
    """Give the days of a run as they were counted when it was frozen, with the calls that are to be expected."""
    counts = run.counts or {}
    days: Sequence[Mapping[str, Any]] = counts.get("days", ())
    known = calls_in_a_thousand(calls.experience_of(work.session, run.program_id))
    telephones = Telephones(known, calls.capacity_of(work.session, run.program.department_id))
    return Calendar(
        days=[_day(each, telephones) for each in days],
        later=_unless_nobody(counts.get("later")),
        too_late=_unless_nobody(counts.get("too_late")),
        in_a_thousand="" if known is None else translate(_("1,000通で%(n)s件"), n=number(round(known, 1))),
        crowded=[line for each in days for line in _crowded_wards(each, telephones)],
    )


def cost_of(counts: Mapping[str, Any], settings: Settings) -> list[tuple[str, str]]:
    """Give what a run costs by channel, as far as prices are known."""
    prices = {"mail": settings.notice_yen_mail, "line": settings.notice_yen_line}
    return [
        (translate(CHANNEL_NAMES[kind]), _cost(people, prices[kind]))
        for kind, people in sorted(counts.get("channels", {}).items(), reverse=True)
    ]


def _cost(people: int | None, price: float | None) -> str:
    if price is None or people is None:
        return translate(NO_BASIS)
    if not price:
        return translate(_("無料"))
    return translate(_("約%(yen)s円(1通%(price)s円)"), yen=number(round(people * price)), price=f"{price:g}")


def _day(kept: Mapping[str, Any], telephones: Telephones) -> DayShown:
    expected, answered = telephones.calls(kept["sends"]), telephones.capacity.everywhere
    return DayShown(
        day=date.fromisoformat(kept["day"]),
        sends=said_or_hidden(kept["sends"]),
        second=people_said(kept["second"]),
        third=people_said(kept["third"]),
        value=kept["sends"] or 0,
        calls=_count(expected),
        capacity=_count(answered),
        is_too_much=expected is not None and answered is not None and expected > answered,
    )


def _crowded_wards(kept: Mapping[str, Any], telephones: Telephones) -> Iterator[str]:
    for ward in WARDS:
        most, expected = telephones.capacity.wards.get(ward.code), telephones.calls(kept["wards"].get(ward.code))
        if most is not None and expected is not None and expected > most:
            said = _("%(day)s %(ward)s: 電話の見込み%(calls)s件、受けられるのは%(most)s件")
            when = day(date.fromisoformat(kept["day"]))
            yield translate(said, day=when, ward=in_language(ward), calls=number(expected), most=number(most))


def _count(calls_a_day: int | None) -> str:
    return translate(NO_BASIS) if calls_a_day is None else translate(_("%(n)s件"), n=number(calls_a_day))


def _unless_nobody(people: int | None) -> str:
    return "" if people is None else people_said(people)
