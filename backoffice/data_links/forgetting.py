"""How long is it known what left of whom? As long as the trail of that year, and while the other end may still hold it.

Cut in portions, each a unit of its own, so that the gateway never waits for a whole year to go; what stops in between
goes on when it is asked for again.
"""

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlalchemy.orm import Session

from backoffice.data_links.models import LinkDeletion, LinkUse, LinkVersion
from backoffice.data_links.weighing import terms_in
from backoffice.db.append_only import delete_retired
from backoffice.db.numbering import APRIL
from backoffice.identity import Actor
from backoffice.services import TOKYO
from backoffice.work import Office

AT_ONCE = 20_000


def forget_uses(office: Office, actor: Actor, fiscal_year: int, at_once: int = AT_ONCE) -> int:
    """Delete the use log up to the end of a fiscal year, but for what is still needed, and give how many rows."""
    ends = datetime.combine(date(fiscal_year + 1, APRIL, 1), time(), TOKYO)
    forgotten = 0
    while portion := _forget_some(office, actor, ends, at_once):
        forgotten += portion
    return forgotten


def _forget_some(office: Office, actor: Actor, ends: datetime, at_once: int) -> int:
    with office.unit(actor) as work:
        old = select(LinkUse.id).where(LinkUse.at < ends, _is_needed_no_longer(work.session, work.now))
        some = old.order_by(LinkUse.id).limit(at_once).scalar_subquery()
        statement = delete(LinkUse).where(LinkUse.id.in_(some))
        return delete_retired(work.session.connection(), LinkUse.__tablename__, statement)


def _is_needed_no_longer(session: Session, now: datetime) -> ColumnElement[bool]:
    """The condition that the other end must have deleted by now what a row says it got, and was asked nothing else."""
    by_days: defaultdict[int, list[int]] = defaultdict(list)
    for version_id, terms in session.execute(select(LinkVersion.id, LinkVersion.terms)):
        by_days[terms_in(terms).retention_days].append(version_id)
    over = [and_(LinkUse.version_id.in_(ids), LinkUse.at < now - timedelta(days=days)) for days, ids in by_days.items()]
    still_to_delete = exists().where(
        LinkDeletion.link_id == LinkUse.link_id,
        LinkDeletion.registrant_id == LinkUse.registrant_id,
        LinkDeletion.done_at.is_(None),
    )
    return and_(or_(LinkUse.version_id.is_(None), *over), ~still_to_delete)
