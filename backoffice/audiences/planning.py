"""Which programs can be told of, what keeps the others back, and what did whoever drafts a run type?"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from backoffice.audiences.service import WRONG, Plan
from backoffice.errors import Invalid
from backoffice.notices import queries as notices
from backoffice.programs import rolling_over
from backoffice.programs.models import ProgramVersion
from backoffice.programs.rolling_over import Item
from backoffice.services import TOKYO
from backoffice.web.forms_in import number_typed, read_day
from backoffice.web.showing import day_typed
from backoffice.web.translations import _
from backoffice.work import Work
from forms.ages import fiscal_year
from workflows.calendar import add_business_days
from workflows.notices.hours import CLOSES, OPENS, is_open
from workflows.notices.metering import Pace
from workflows.notices.periods import spelt
from workflows.rules.facts import WARDS

NO_WORDING = _("承認された文面がありません。")
NOT_CONFIRMED = _("年度の切替で確かめていない項目があります。")
NOT_IN_FORCE = _("有効な版がありません。")
HOURS = tuple(f"{hour:02d}:{minute:02d}" for hour in range(OPENS.hour, CLOSES.hour) for minute in (0, 30))
MOST_AN_HOUR = 1_000_000
USUAL_AN_HOUR = 5_000
USUALLY_LASTS = timedelta(days=30)


@dataclass(frozen=True)
class Candidate:
    """A program in force, and what keeps it from being told of: a msgid, or nothing."""

    version: ProgramVersion
    why_not: str


def candidates(work: Work, versions: Sequence[ProgramVersion]) -> list[Candidate]:
    """Say of programs in force whether they can be told of."""
    worded = notices.worded(work.session, [each.program_id for each in versions])
    open_items = {turn.version.id: turn.open_items for turn in rolling_over.turns_of(work, versions)}
    return [Candidate(each, _why_not(each, worded, open_items[each.id])) for each in versions]


def _why_not(version: ProgramVersion, worded: AbstractSet[int], open_items: Sequence[Item]) -> str:
    if version.program_id not in worded:
        return NO_WORDING
    return NOT_CONFIRMED if open_items else ""


def usual(today: date, closures: AbstractSet[date]) -> Mapping[str, str]:
    """Give what stands in the form before anybody has typed."""
    first = add_business_days(today, 1, closures)
    return {
        "send_on": day_typed(first),
        "send_at": "10:00",
        "last_day": day_typed(first + USUALLY_LASTS),
        "period": str(fiscal_year(first)),
        "per_hour": str(USUAL_AN_HOUR),
    }


def read_plan(form: Mapping[str, str], closures: AbstractSet[date]) -> Plan:
    """Read what was typed. Raises Invalid naming each field that cannot be."""
    wrong: dict[str, str] = {}
    first, last = _day(form, "send_on", wrong), _day(form, "last_day", wrong)
    send_from = datetime.combine(first, _hour(form), TOKYO)
    if "send_on" not in wrong and not is_open(send_from, closures):
        wrong["send_on"] = _("市役所が休みの日です。土日・祝日・年末年始・市の休業日でない日にしてください。")
    period = spelt(form.get("period", ""))
    per_hour = _people(form, "per_hour", wrong) or 1
    wards = {ward.code: most for ward in WARDS if (most := _ward(form, f"ward-{ward.code}", wrong)) is not None}
    if wrong:
        raise Invalid(WRONG, wrong)
    return Plan(send_from, last, period, Pace(per_hour, wards))


def _day(form: Mapping[str, str], field: str, wrong: dict[str, str]) -> date:
    try:
        return read_day(form, field)
    except Invalid as refusal:
        wrong.update(refusal.fields)
        return date.max


def _hour(form: Mapping[str, str]) -> time:
    said = form.get("send_at", "")
    return time.fromisoformat(said) if said in HOURS else OPENS


def _people(form: Mapping[str, str], field: str, wrong: dict[str, str]) -> int | None:
    people = number_typed(form.get(field, ""))
    if people is None or not 1 <= people <= MOST_AN_HOUR:
        wrong[field] = _("1から1,000,000までの人数を、数字で入れてください。")
        return None
    return people


def _ward(form: Mapping[str, str], field: str, wrong: dict[str, str]) -> int | None:
    """Read how many of a ward a day; whoever leaves it empty sets no bound."""
    return _people(form, field, wrong) if form.get(field, "").strip() else None
