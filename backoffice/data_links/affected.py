"""When something has leaked: whose data left through a link in those days, what of it, and by when is it reported?

Counted from the use log. The list of people is for privacy officers alone, and on the trail.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from backoffice.consents.models import Registrant
from backoffice.consents.service import PSEUDONYM
from backoffice.data_links import pages, queries
from backoffice.data_links.events import LinkAffectedListed
from backoffice.data_links.live import RELEASED, RELEASED_AGAIN
from backoffice.data_links.models import Link, LinkUse
from backoffice.data_links.words import attribute_name
from backoffice.errors import Invalid
from backoffice.identity import Permission
from backoffice.services import TOKYO
from backoffice.web import Crumb, Page, Reading, StaffRouter, render
from backoffice.web.csv_out import csv_response
from backoffice.web.forms_in import read_day
from backoffice.web.showing import day_typed
from backoffice.web.translations import _, translate
from backoffice.work import Work

FIRST_REPORT, LAST_OF_FIRST_REPORT = 3, 5
"""Days after it was known: 速報, 個人情報保護法68条・同施行規則. To be confirmed by the office for personal data."""
FULL_REPORT, FULL_REPORT_OF_HARM = 30, 60
"""確報; the longer where somebody may have meant harm. To be confirmed likewise."""
LONGEST_AHEAD = timedelta(days=366)
WRONG = _("入力を確認してください")

staff = StaffRouter()


@dataclass(frozen=True)
class Days:
    """From the beginning of the first to the end of the last, in Tokyo."""

    first: date
    last: date

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time(), TOKYO)

    @property
    def ends(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time(), TOKYO)


@dataclass(frozen=True, kw_only=True)
class AffectedPage(Page):
    link: Link
    typed: Mapping[str, str]
    wrong: Mapping[str, str]
    counted: bool
    people: int
    releases: int
    attributes: Sequence[tuple[str, int]]
    clocks: Sequence[tuple[str, str]]
    export: str
    """Where the list is; empty for whoever may not have it."""
    begins: str
    """Where the case of a leak begins, with what was typed here; empty while nothing is counted."""


@staff.page("/links/{link_id}/affected", Permission.LINK_SHUT)
def affected(
    request: Request, work: Reading, link_id: int, first: str = "", last: str = "", known: str = ""
) -> HTMLResponse:
    link = queries.find_link(work.session, link_id)
    typed = {"first": first, "last": last, "known": known}
    wrong: Mapping[str, str] = {}
    days = known_on = None
    if first or last:
        wrong, days, known_on = _read(typed, work.today)
    shown = _page(work, link, days, known_on, typed, wrong)
    return render(request, "data_links/affected.html", shown, status=422 if wrong else 200)


@staff.page("/links/{link_id}/affected/export.csv", Permission.CONSENT_TAKE)
def export(work: Reading, link_id: int, first: str = "", last: str = "") -> Response:
    """Give who is affected, by pseudonym, with what left of each; of today where no days are named."""
    link, today = queries.find_link(work.session, link_id), work.today
    days = days_typed({"first": first, "last": last}, today) if first or last else Days(today, today)
    rows = work.session.execute(
        _left(link.id, days)
        .join(Registrant, Registrant.id == LinkUse.registrant_id)
        .with_only_columns(Registrant.sealed_pseudonym, LinkUse.released, LinkUse.purpose, LinkUse.at)
        .order_by(LinkUse.id)
    ).all()
    work.seen(LinkAffectedListed(link.id, len({row.sealed_pseudonym for row in rows})))
    opened = work.office.cipher.open
    lines = [
        (
            opened(row.sealed_pseudonym, PSEUDONYM).decode(),
            row.at.astimezone(TOKYO).isoformat(timespec="seconds"),
            row.purpose,
            " ".join(row.released),
        )
        for row in rows
    ]
    headings = [translate(each) for each in (_("仮名"), _("日時"), _("使う目的"), _("項目"))]
    return csv_response(f"{link.code}-{days.first}-{days.last}.csv", headings, lines)


def _read(typed: Mapping[str, str], today: date) -> tuple[Mapping[str, str], Days | None, date | None]:
    """Give what is wrong with what was typed, all of it; where nothing is, the days and when it was known."""
    wrong: dict[str, str] = {}
    days = known_on = None
    try:
        days = days_typed(typed, today)
    except Invalid as refusal:
        wrong |= refusal.fields
    try:
        known_on = known_typed(typed, today)
    except Invalid as refusal:
        wrong |= refusal.fields
    return (wrong, None, None) if wrong else (wrong, days, known_on)


def _page(
    work: Work,
    link: Link,
    days: Days | None,
    known_on: date | None,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
) -> AffectedPage:
    people, releases, attributes = (0, 0, []) if days is None else counted(work.session, link.id, days)
    export = ""
    if days is not None and people and work.actor.may(Permission.CONSENT_TAKE):
        export = f"/links/{link.id}/affected/export.csv?first={days.first}&last={days.last}"
    begins = ""
    if days is not None and known_on is not None:
        told = {"link": link.id, "first": days.first, "last": days.last, "known": known_on}
        begins = f"/breaches/new?{urlencode(told)}"
    return AffectedPage(
        title=_("漏えいのおそれがあるとき"),
        crumbs=(pages.LINKS, Crumb(link.name, f"/links/{link.id}")),
        link=link,
        typed=typed,
        wrong=wrong,
        counted=days is not None,
        people=people,
        releases=releases,
        attributes=[(attribute_name(code), times) for code, times in attributes],
        clocks=[] if known_on is None else _clocks(known_on),
        export=export,
        begins=begins,
    )


def _clocks(known_on: date) -> list[tuple[str, str]]:
    after = {
        _("速報(知った時から速やかに。おおむね3日から5日)"): (FIRST_REPORT, LAST_OF_FIRST_REPORT),
        _("確報(30日以内)"): (FULL_REPORT,),
        _("確報(不正の目的のおそれがあるとき。60日以内)"): (FULL_REPORT_OF_HARM,),
    }
    return [
        (translate(what), " – ".join(day_typed(known_on + timedelta(days=count)) for count in counts))
        for what, counts in after.items()
    ]


def counted(session: Session, link_id: int, days: Days) -> tuple[int, int, list[tuple[str, int]]]:
    """Count people, releases, and how often each attribute left, by its code."""
    left = _left(link_id, days)
    people = session.scalar(left.with_only_columns(func.count(LinkUse.registrant_id.distinct()))) or 0
    times: Counter[str] = Counter()
    for released, count in session.execute(
        left.with_only_columns(LinkUse.released, func.count()).group_by(LinkUse.released)
    ).all():
        times.update(dict.fromkeys(released, count))
    releases = session.scalar(left.with_only_columns(func.count())) or 0
    return people, releases, times.most_common()


def _left(link_id: int, days: Days) -> Select[LinkUse]:
    return select(LinkUse).where(
        LinkUse.link_id == link_id,
        LinkUse.outcome.in_((RELEASED, RELEASED_AGAIN)),
        LinkUse.at >= days.begins,
        LinkUse.at < days.ends,
    )


def days_typed(typed: Mapping[str, str], today: date) -> Days:
    """Give the days that were typed; the last may be still to come, and a count that is repeated then reaches it.

    Raises Invalid naming each day that is wrong, not only the first.
    """
    wrong: dict[str, str] = {}
    first, last = _day(typed, "first", wrong), _day(typed, "last", wrong)
    if first is not None and first > today:
        wrong["first"] = _("始まりの日が、今日より先です。")
    if first is not None and last is not None and last < first:
        wrong["last"] = _("終わりの日が、始まりの日より前です。")
    if wrong or first is None or last is None:
        raise Invalid(WRONG, wrong)
    return Days(first, min(last, today + LONGEST_AHEAD))


def known_typed(typed: Mapping[str, str], today: date) -> date:
    """Give the day from which the clocks run: today, unless another was typed. Raises Invalid."""
    if not typed.get("known", "").strip():
        return today
    known_on = read_day(typed, "known")
    if known_on > today:
        raise Invalid(WRONG, {"known": _("知った日が、今日より先です。")})
    return known_on


def _day(typed: Mapping[str, str], field: str, wrong: dict[str, str]) -> date | None:
    try:
        return read_day(typed, field)
    except Invalid as refusal:
        wrong.update(refusal.fields)
        return None
