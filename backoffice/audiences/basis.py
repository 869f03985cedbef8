"""What beside the counts do those who decide on a run see of it? Its texts by how many get them, its reasons, its days.

Counted once, when the audience is frozen, as the rows stand then: no page counts people. Rounded; small cells are gone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import product
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from backoffice.audiences.models import NoticeRun, Recipient, RunBody
from backoffice.audiences.workflow import OVER, REACHED, RecipientState
from backoffice.consents.workflow import ChannelKind
from backoffice.drawing.queries import closures
from backoffice.services import TOKYO
from backoffice.work import Work
from workflows.notices.days import SendingDays
from workflows.notices.languages import NoticeLanguage
from workflows.rules.disclosure import SMALLEST, publishable, told

TEXTS_EACH = 3
"""Of each channel and language so many texts are shown."""
REASONS_SHOWN = 5
DAYS_SHOWN = timedelta(days=28)
SOME_AT_A_TIME = {"yield_per": 5_000}
COMING = (RecipientState.WAITING, RecipientState.TAKEN)


def basis_of(work: Work, run: NoticeRun) -> dict[str, Any]:
    """Give what is kept beside the counts of a run that was just written down."""
    return {"texts": _texts(work, run.id), "reasons": _reasons(work, run.id), **_days(work, run)}


def _texts(work: Work, run_id: int) -> list[list[int | None]]:
    """Give the commonest texts of each channel and language; a rare one only where there is no other."""
    found = work.session.execute(
        select(RunBody.id, RunBody.kind, RunBody.language, func.count(Recipient.id))
        .join(Recipient, Recipient.body_id == RunBody.id)
        .where(RunBody.run_id == run_id)
        .group_by(RunBody.id, RunBody.kind, RunBody.language)
        .order_by(func.count(Recipient.id).desc(), RunBody.id)
    )
    by_place: dict[tuple[ChannelKind, NoticeLanguage], list[list[int | None]]] = defaultdict(list)
    for body_id, kind, language, people in found:
        shown = by_place[ChannelKind(kind), NoticeLanguage(language)]
        if len(shown) < TEXTS_EACH and (people >= SMALLEST or not shown):
            shown.append([body_id, told(people)])
    order = list(product(ChannelKind, NoticeLanguage))
    return [text for place in order for text in by_place.get(place, ())]


def _reasons(work: Work, run_id: int) -> list[list[int | None]]:
    found = work.session.execute(
        select(Recipient.pattern_id, func.count())
        .where(Recipient.run_id == run_id)
        .group_by(Recipient.pattern_id)
        .order_by(func.count().desc(), Recipient.pattern_id)
        .limit(REASONS_SHOWN)
    ).all()
    return [[pattern_id, told(people)] for pattern_id, people in found if people >= SMALLEST]


def _days(work: Work, run: NoticeRun) -> dict[str, Any]:
    """Give, by day, how many it writes to, and for how many of them that is the second or third notice of the week."""
    shut = closures(work.session)
    days = SendingDays(max(run.send_from, work.now), shut)
    sends: Counter[date] = Counter()
    wards: dict[date, Counter[str]] = defaultdict(Counter)
    for turn, ward, people in _turns(work, run.id):
        day = days.day_of(turn)
        sends[day] += people
        wards[day][ward] += people
    load = _load(work, run, days)
    until = min(work.today + DAYS_SHOWN, run.last_day)
    shown = sorted(day for day in sends if day <= until)
    people_told = publishable({day.isoformat(): sends[day] for day in shown})
    return {
        "days": [
            {
                "day": day.isoformat(),
                "sends": people_told[day.isoformat()],
                "second": told(load[day][1]),
                "third": told(sum(people for others, people in load[day].items() if others > 1)),
                "wards": publishable(wards[day]),
            }
            for day in shown
        ],
        "later": told(sum(people for day, people in sends.items() if until < day <= run.last_day)),
        "too_late": told(sum(people for day, people in sends.items() if day > run.last_day)),
    }


def _turns(work: Work, run_id: int) -> Iterator[tuple[int, str, int]]:
    found = work.session.execute(
        select(Recipient.turn, Recipient.ward, func.count())
        .where(Recipient.run_id == run_id)
        .group_by(Recipient.turn, Recipient.ward)
    )
    return ((turn, ward, people) for turn, ward, people in found)


def _load(work: Work, run: NoticeRun, days: SendingDays) -> Mapping[date, Counter[int]]:
    """Give, by day of this run, how many of its people have so many other notices in the same week."""
    other, in_week = aliased(Recipient), Counter[tuple[int, date]]()
    both = (
        select(Recipient.registrant_id, Recipient.turn, other.run_id, other.turn, other.handed_at, other.state)
        .join(other, other.registrant_id == Recipient.registrant_id)
        .join(NoticeRun, NoticeRun.id == other.run_id)
        .where(
            Recipient.run_id == run.id,
            other.run_id != run.id,
            (other.state.in_(COMING) & NoticeRun.state.not_in(OVER))
            | (other.state.in_(REACHED) & (other.handed_at > work.now - timedelta(days=7))),
        )
    )
    theirs: dict[int, SendingDays] = {}
    mine: dict[int, date] = {}
    for registrant_id, turn, run_id, their_turn, handed_at, state in work.session.execute(
        both, execution_options=SOME_AT_A_TIME
    ):
        mine[registrant_id] = days.day_of(turn)
        if state in COMING:
            if run_id not in theirs:
                theirs[run_id] = _days_of(work, run_id)
            day = theirs[run_id].day_of(their_turn)
        else:
            day = (handed_at or work.now).astimezone(TOKYO).date()
        in_week[registrant_id, _monday(day)] += 1
    load: dict[date, Counter[int]] = defaultdict(Counter)
    for registrant_id, day in mine.items():
        load[day][in_week[registrant_id, _monday(day)]] += 1
    return load


def _days_of(work: Work, run_id: int) -> SendingDays:
    other = work.session.get_one(NoticeRun, run_id)
    begins = other.began_at or max(other.send_from, work.now)
    return SendingDays(begins, closures(work.session))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
