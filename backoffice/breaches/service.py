"""What is done about a leak: its case begins with what was counted, is counted anew, and gets more time or less."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from backoffice.breaches import queries
from backoffice.breaches.clocks import clocks
from backoffice.breaches.events import BreachBegun, BreachCounted, BreachHarmJudged
from backoffice.breaches.models import Breach, BreachCount
from backoffice.data_links.affected import Days, counted
from backoffice.data_links.models import Link
from backoffice.data_links.words import attribute_name
from backoffice.errors import Invalid, Overtaken
from backoffice.identity import Staff
from backoffice.inbox import opening
from backoffice.inbox.kinds import KINDS
from backoffice.inbox.opening import Matter
from backoffice.inbox.redating import redate
from backoffice.inbox.workflow import CaseState
from backoffice.web.free_text import reason_given
from backoffice.web.translations import _, speaking
from backoffice.work import Work
from forms import catalogue
from forms.field_types import Value
from workflows.routes import RouteKind

SUBJECT = "breach"
"""What a case calls the leak that it is about."""
WRONG = _("入力を確認してください")
SENT_TWICE = timedelta(minutes=2)
"""Within so long, a leak of the same days that became known on the same day is the same form once more."""


@dataclass(frozen=True)
class Told:
    """What whoever begins says of a leak; `days` are those of the link, where it left through one."""

    what: str
    measures: str
    known_on: date
    harm_suspected: bool
    link: Link | None = None
    days: Days | None = None
    people: int | None = None
    """As far as it is known, where no link counts them."""


def begin(work: Work, told: Told) -> Breach:
    """Begin the case of a leak and send it on its way; what the use log counts now is frozen in it.

    Raises Invalid, Overtaken for a form that was sent twice.
    """
    days = (None, None) if told.days is None else (told.days.first, told.days.last)
    link_id = None if told.link is None else told.link.id
    if queries.begun_lately(work.session, link_id, days, told.known_on, work.now - SENT_TWICE):
        raise Overtaken(_("同じ日付の案件を、たった今起こしています。漏えい等への対応の一覧を確かめてください。"))
    breach = Breach(
        link_id=link_id,
        first_day=days[0],
        last_day=days[1],
        known_on=told.known_on,
        harm_suspected=told.harm_suspected,
        case_id=0,
        begun_at=work.now,
    )
    count = None if told.link is None or told.days is None else _counted(work, told.link.id, told.days)
    kind = KINDS[RouteKind.DATA_BREACH]
    case = opening.draft(work, kind, _matter(told, count))
    opening.begin(work, case, catalogue.definition(kind.form_code).version)
    breach.case_id = case.id
    work.session.add(breach)
    work.session.flush()
    case.subject_kind, case.subject_id = SUBJECT, breach.id
    work.record(BreachBegun(breach.id, case.id))
    if count is not None:
        _keep(work, breach, count)
    return breach


def recount(work: Work, breach: Breach) -> BreachCount:
    """Count anew who is affected; what was counted before stays beside it. Raises Invalid where no link counts."""
    if breach.link_id is None or breach.first_day is None or breach.last_day is None:
        raise Invalid(_("連携を通さない漏えい等の人数は、利用記録からは数えられません。"))
    count = _counted(work, breach.link_id, Days(breach.first_day, breach.last_day))
    _keep(work, breach, count)
    return count


def judge_harm(work: Work, breach: Breach, seen: int, reason: str) -> None:
    """Say that somebody may have meant harm, or, where that was said, that nobody did: the last clock goes with it.

    Raises Overtaken where another was quicker or the case is over, Invalid for no reason given.
    """
    if seen != breach.version:
        name = work.session.scalar(select(Staff.name).where(Staff.id == breach.changed_by_id))
        raise Overtaken(_("%(name)sさんが先に変更しました。最新の内容を確認してください。"), name=name or "—")
    reason = reason_given(reason, "reason")
    breach.harm_suspected = not breach.harm_suspected
    due = clocks(breach.known_on, harm_suspected=breach.harm_suspected)
    said: dict[str, Value] = {each.key: each.due_on.isoformat() for each in due}
    case = redate(work, breach.case_id, said | {"harm_suspected": breach.harm_suspected}, reason)
    if case.state != CaseState.RUNNING:
        raise Overtaken(_("この案件はもう回議中ではありません。"))
    work.record(BreachHarmJudged(breach.id))


def _counted(work: Work, link_id: int, days: Days) -> BreachCount:
    people, releases, attributes = counted(work.session, link_id, days)
    return BreachCount(
        people=people, releases=releases, attributes=dict(attributes), at=work.now, staff_id=work.actor.staff_id
    )


def _keep(work: Work, breach: Breach, count: BreachCount) -> None:
    count.breach_id = breach.id
    work.session.add(count)
    work.session.flush()
    work.record(BreachCounted(breach.id, count.people))


def _matter(told: Told, count: BreachCount | None) -> Matter:
    """Say in the case what whoever decides must know; it is stored, so it speaks the city's language."""
    kind = KINDS[RouteKind.DATA_BREACH]
    due = clocks(told.known_on, harm_suspected=told.harm_suspected)
    answers: dict[str, Value] = {
        "what": told.what,
        "known_on": told.known_on.isoformat(),
        "harm_suspected": told.harm_suspected,
        "measures": told.measures or None,
        "people": told.people if count is None else count.people,
        **{each.key: each.due_on.isoformat() for each in due},
    }
    if told.link is not None and told.days is not None and count is not None:
        with speaking("ja"):
            names = [f"{attribute_name(code)} {times}回" for code, times in count.attributes.items()]
        answers |= {
            "link": f"{told.link.name} {told.link.code}",
            "first_day": told.days.first.isoformat(),
            "last_day": told.days.last.isoformat(),
            "releases": count.releases,
            "attributes": "\n".join(names) or None,
        }
    title = "漏えい等への対応" if told.link is None else f"漏えい等への対応({told.link.name})"
    return Matter(title, answers, kind.retention_years, kind.decision_level)
