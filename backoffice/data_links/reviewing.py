"""Is a link still needed as it is? Looked at once a year as a case, which alone decides: kept, narrowed or ended.

The worker opens it when the day comes, once; staff may earlier, or again. Nothing follows before the case is over.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.data_links import live, queries, service
from backoffice.data_links.events import LinkReviewBegun, LinkReviewed
from backoffice.data_links.models import Link, LinkReview, LinkUse, LinkVersion
from backoffice.data_links.review_days import review_days
from backoffice.data_links.weighing import terms_of
from backoffice.data_links.words import attribute_name, said
from backoffice.data_links.workflow import OPEN
from backoffice.errors import Overtaken
from backoffice.identity import Actor, Origin, Role, Staff
from backoffice.inbox import opening
from backoffice.inbox.desks import holders_of, nearest_holder, role_desk
from backoffice.inbox.events import CaseEnded
from backoffice.inbox.kinds import KINDS
from backoffice.inbox.models import Case, Task, Vote
from backoffice.inbox.opening import Matter, Owner
from backoffice.log import place_of
from backoffice.web.chips import Chip
from backoffice.web.showing import day
from backoffice.web.translations import _, speaking, translate
from backoffice.work import Office, Work
from forms.ages import birthday_in
from workflows.links import Terms, Unused, unused_in, without_unused, written_terms
from workflows.routes import RouteKind

HOUSE = Actor.house(Origin.WORKER)
SUBJECT = "link"
"""What a case calls the link that it is about."""
LOOKS_BACK = timedelta(days=365)

log = structlog.get_logger("gijo.links")


class Outcome(StrEnum):
    """How a review can end. The first three are what the department answers on its form."""

    KEPT = "kept"
    NARROWED = "narrowed"
    ENDED = "ended"
    DROPPED = "dropped"
    """The case was withdrawn, or ended otherwise: nothing follows."""


ANSWERS = (Outcome.KEPT, Outcome.NARROWED, Outcome.ENDED)
REVIEW_CHIPS: Mapping[str, Chip] = {
    "": Chip("doubt", "▲", _("見直し中")),
    Outcome.KEPT: Chip("good", "●", _("続ける")),
    Outcome.NARROWED: Chip("info", "✎", _("狭める")),
    Outcome.ENDED: Chip("bad", "✕", _("終わりにする")),
    Outcome.DROPPED: Chip("plain", "■", _("取下げ")),
}


@dataclass(frozen=True)
class Figures:
    """What left through a link in the time that a review looks at."""

    since: date
    until: date
    people: int
    times: Mapping[str, int]
    unused: Sequence[Unused]


def tick(office: Office) -> int:
    """Open the reviews whose day has come, and give how many."""
    with office.look(HOUSE) as work:
        versions = live.links_in_force(work.session)
        due = [version.link_id for version in versions if _is_due(work, version)]
    opened = 0
    for link_id in due:
        try:
            opened += _open_when_due(office, link_id)
        except Exception as trouble:  # noqa: BLE001 -- whatever one link raises, the others are reviewed; the next tick tries again
            log.error("review not opened", record_id=link_id, trouble=type(trouble).__name__, where=place_of(trouble))  # noqa: TRY400 -- a traceback may quote people's data
    return opened


def _open_when_due(office: Office, link_id: int) -> bool:
    with office.look(HOUSE) as work:
        # Counted before anything is locked: of many uses it takes a while, and nobody who shuts the link waits for it.
        version = queries.version_in_force(work.session, link_id)
        if version is None:
            return False
        figures = figures_of(work, version)
    with office.unit(HOUSE) as work:
        link = queries.lock_link(work.session, link_id)
        version = queries.version_in_force(work.session, link_id)
        # Asked again behind the lock: another worker may have been quicker.
        if version is None or link.shut_at is not None or not _is_due(work, version):
            return False
        owner = _owner_of(work, link, version)
        if owner is None:
            log.error("nobody to review a link", record_id=link_id)
            return False
        _begin(work, link, version, figures, owner)
    return True


def _is_due(work: Work, version: LinkVersion) -> bool:
    terms = terms_of(version)
    if not terms.review_on <= work.today <= terms.valid_until:
        return False
    due_on, latest = _due_on(work, version), reviews_of(work.session, version.link_id)
    if due_on > work.today:
        return False
    return not any(not review.outcome or (review.by_house and review.due_on == due_on) for review in latest)


def _due_on(work: Work, version: LinkVersion) -> date:
    return review_days(work.session, [version])[version.link_id]


def reviews_of(session: Session, link_id: int) -> Sequence[LinkReview]:
    """Give the reviews of a link, the newest first."""
    return session.scalars(
        select(LinkReview).where(LinkReview.link_id == link_id).order_by(LinkReview.id.desc()).limit(live.MOST_LISTED)
    ).all()


def begin(work: Work, link: Link) -> Case:
    """Open a review by hand. Raises NotPermitted, Overtaken where one is on its way or nothing is in force."""
    service.must_reach(work, link)
    version = queries.version_in_force(work.session, link.id)
    if version is None or link.shut_at is not None:
        raise Overtaken(_("つながっている連携だけを見直せます。"))
    figures = figures_of(work, version)
    queries.lock_link(work.session, link.id)
    if any(not review.outcome for review in reviews_of(work.session, link.id)):
        raise Overtaken(_("この連携の見直しは、もう始まっています。"))
    return _begin(work, link, version, figures, Owner(work.actor.staff_id or 0, link.department_id))


def _begin(work: Work, link: Link, version: LinkVersion, figures: Figures, owner: Owner) -> Case:
    terms, kind = terms_of(version), KINDS[RouteKind.LINK_REVIEW]
    with speaking("ja"):  # what a case says is stored, not shown anew in each language
        answers = {
            "link": link.name,
            "recipient": said(terms, "recipient"),
            "purpose": said(terms, "purposes"),
            "period": f"{day(figures.since)}～{day(figures.until)}",
            "people": translate(_("%(n)s人"), n=figures.people),
            "uses": "\n".join(_line(use.attribute, figures) for use in terms.uses),
            "never_used": "\n".join(_unused_line(each) for each in figures.unused),
        }
    title = f"{link.name}の見直し"
    matter = Matter(title, answers, kind.retention_years, kind.decision_level, subject=(SUBJECT, link.id))
    case = opening.draft(work, kind, matter, owner)
    opening.begin(work, case, 1)
    review = LinkReview(
        link_id=link.id,
        case_id=case.id,
        due_on=_due_on(work, version),
        by_house=work.actor.is_house,
        released=sorted(figures.times),
        outcome="",
        opened_at=work.now,
    )
    work.session.add(review)
    work.record(LinkReviewBegun(link.id, case.id))
    return case


def _line(attribute: str, figures: Figures) -> str:
    return f"{attribute_name(attribute)}: {translate(_('%(n)s回'), n=figures.times.get(attribute, 0))}"


def _unused_line(unused: Unused) -> str:
    name = attribute_name(unused.attribute)
    if not unused.less:
        return name
    less = "、".join(map(attribute_name, unused.less))
    return translate(_("%(name)s(渡したのは、より少ない %(less)s だけ)"), name=name, less=less)


def figures_of(work: Work, version: LinkVersion) -> Figures:
    """Count what left through a link in the last twelve months, by attribute; the same call twice counts once."""
    times = _times(work.session, version.link_id, work.now - LOOKS_BACK)
    people = live.count_people(work.session, version.link_id, work.today)
    return Figures(work.today - LOOKS_BACK, work.today, people, times, unused_in(terms_of(version), times.keys()))


def _times(session: Session, link_id: int, since: datetime) -> Counter[str]:
    """Count how often each attribute left through a link since."""
    rows = session.execute(
        select(LinkUse.released, func.count())
        .where(LinkUse.link_id == link_id, LinkUse.at >= since, LinkUse.outcome == live.RELEASED)
        .group_by(LinkUse.released)
    ).all()
    times: Counter[str] = Counter()
    for released, count in rows:
        times.update(dict.fromkeys(released, count))
    return times


def _owner_of(work: Work, link: Link, version: LinkVersion) -> Owner | None:
    """Give who answers for a review that nobody opened: whoever drafted what is in force, else a head of there."""
    if version.drafted_by_id is not None:
        drafter = work.session.get(Staff, version.drafted_by_id)
        if drafter is not None and drafter.active:
            return Owner(drafter.id, link.department_id)
    place = nearest_holder(work.session, Role.HEAD, link.department_id, work.today)
    heads = holders_of(work.session, role_desk(Role.HEAD, place), work.today)
    return Owner(heads[0][0], link.department_id) if heads else None


def settle(work: Work, ended: CaseEnded) -> None:
    """Let the end of a review take effect: the link goes on for a year, gets a narrower draft, or is shut."""
    if ended.case_kind != RouteKind.LINK_REVIEW:
        return
    review = work.session.scalars(select(LinkReview).where(LinkReview.case_id == ended.case_id)).one_or_none()
    if review is None or review.outcome:
        return
    link = queries.lock_link(work.session, review.link_id)
    outcome = _answered(work.session, ended.case_id) if ended.outcome == "approved" else Outcome.DROPPED
    review.outcome, review.settled_at = outcome, work.now
    if outcome in (Outcome.KEPT, Outcome.NARROWED):
        review.next_on = birthday_in(work.today, work.today.year + 1)
    if outcome is Outcome.NARROWED:
        _draft_what_is_used(work, link, review)
    elif outcome is Outcome.ENDED and link.shut_at is None:
        number = work.session.scalars(select(Case.number).where(Case.id == ended.case_id)).one()
        service.shut(work, link.id, f"見直しの結果、終わりにした(案件 {number})")
    work.record(LinkReviewed(link.id, ended.case_id, str(outcome)))


def _answered(session: Session, case_id: int) -> Outcome:
    """Give what the department answered last; a route drawn anew may ask it in any step."""
    votes = session.scalars(
        select(Vote.answers)
        .join(Task, Task.id == Vote.task_id)
        .where(Task.case_id == case_id, Vote.undone_at.is_(None))
        .order_by(Vote.id.desc())
    )
    said_last = (answers.get("outcome") for answers in votes)
    return next((Outcome(each) for each in said_last if each in ANSWERS), Outcome.DROPPED)


def _draft_what_is_used(work: Work, link: Link, review: LinkReview) -> None:
    """Begin a draft without what was never used; where another is being written already, that one goes on instead."""
    if any(each.state in OPEN for each in queries.versions_of(work.session, link.id)):
        return
    version = service.draft_from(work, link)
    # What left for the first time while the case was on its way is used, too.
    released = frozenset(review.released) | _times(work.session, link.id, review.opened_at).keys()
    narrowed: Terms = without_unused(terms_of(version), released)
    version.terms = written_terms(narrowed)
