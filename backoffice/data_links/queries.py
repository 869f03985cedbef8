"""Which links are there, and which version of each counts?"""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from backoffice.clients.models import MachineClient
from backoffice.clients.scopes import Scope, scopes_in
from backoffice.data_links.models import Link, LinkAuthor, LinkStop, LinkVersion
from backoffice.data_links.workflow import OPEN, VersionState
from backoffice.db.lookup import one_or_not_there
from backoffice.identity import Department
from backoffice.web.lists import PAGE_SIZE

_LATER = aliased(LinkVersion)
COUNTS = and_(
    LinkVersion.state == VersionState.IN_FORCE,
    ~exists().where(
        _LATER.link_id == LinkVersion.link_id,
        _LATER.state == VersionState.IN_FORCE,
        _LATER.number > LinkVersion.number,
    ),
)
"""Of one link: the version that counts."""


def count_links(session: Session, keyword: str) -> int:
    return session.scalar(select(func.count()).select_from(_called(keyword).subquery())) or 0


def list_links(session: Session, keyword: str, offset: int) -> Sequence[Link]:
    """Give a page of the links with their departments, by name."""
    return session.scalars(
        _called(keyword)
        .options(joinedload(Link.department))
        .order_by(Link.name, Link.id)
        .limit(PAGE_SIZE)
        .offset(offset)
    ).all()


def _called(keyword: str) -> Select[Link]:
    statement = select(Link)
    if not keyword:
        return statement
    return statement.where(Link.name.contains(keyword, autoescape=True) | (Link.code == keyword))


def every_link(session: Session) -> Sequence[Link]:
    return session.scalars(select(Link).options(joinedload(Link.department)).order_by(Link.code)).all()


def versions_that_matter(session: Session, link_ids: Sequence[int]) -> Sequence[LinkVersion]:
    """Give of these links the versions that count and those being written or on their route."""
    return session.scalars(
        select(LinkVersion).where(LinkVersion.link_id.in_(link_ids), COUNTS | LinkVersion.state.in_(OPEN))
    ).all()


def find_link(session: Session, link_id: int) -> Link:
    """Give a link with its department. Raises NotThere."""
    return one_or_not_there(
        session,
        select(Link)
        .where(Link.id == link_id)
        .options(
            joinedload(Link.department),
            joinedload(Link.client),
            joinedload(Link.proposed_client),
            joinedload(Link.proposed_by),
        ),
    )


def link_by_code(session: Session, code: str) -> Link | None:
    return session.scalars(select(Link).where(Link.code == code).options(joinedload(Link.department))).one_or_none()


def find_version(session: Session, version_id: int) -> LinkVersion:
    """Give a version with its link, department and whoever drafted it. Raises NotThere."""
    return one_or_not_there(
        session,
        select(LinkVersion)
        .where(LinkVersion.id == version_id)
        .options(joinedload(LinkVersion.link).joinedload(Link.department), joinedload(LinkVersion.drafted_by)),
    )


def versions_of(session: Session, link_id: int) -> Sequence[LinkVersion]:
    """Give all versions of a link, the newest first."""
    return session.scalars(
        select(LinkVersion)
        .where(LinkVersion.link_id == link_id)
        .options(joinedload(LinkVersion.drafted_by))
        .order_by(LinkVersion.number.desc())
    ).all()


def versions_called(session: Session, version_ids: Collection[int]) -> Sequence[LinkVersion]:
    return session.scalars(select(LinkVersion).where(LinkVersion.id.in_(version_ids))).all()


def last_number(session: Session, link_id: int) -> int:
    return session.scalar(select(func.max(LinkVersion.number)).where(LinkVersion.link_id == link_id)) or 0


def version_in_force(session: Session, link_id: int) -> LinkVersion | None:
    return session.scalars(select(LinkVersion).where(LinkVersion.link_id == link_id, COUNTS)).one_or_none()


def version_of_case(session: Session, case_id: int) -> LinkVersion | None:
    return session.scalars(
        select(LinkVersion).where(LinkVersion.case_id == case_id).options(joinedload(LinkVersion.link))
    ).one_or_none()


def authors_of(session: Session, version_id: int) -> Sequence[int]:
    return session.scalars(select(LinkAuthor.staff_id).where(LinkAuthor.version_id == version_id)).all()


def stops_of(session: Session, link_id: int) -> Sequence[LinkStop]:
    """Give when a link was shut and when that was practised, the newest first."""
    return session.scalars(
        select(LinkStop)
        .where(LinkStop.link_id == link_id)
        .options(joinedload(LinkStop.staff))
        .order_by(LinkStop.id.desc())
        .limit(PAGE_SIZE)
    ).all()


def departments(session: Session) -> Sequence[Department]:
    return session.scalars(select(Department).order_by(Department.name)).all()


def partners(session: Session) -> Sequence[MachineClient]:
    """Give the machines that stand at the other end of links, by name; none that only tries one out."""
    real = select(MachineClient).where(~MachineClient.is_sandbox)
    found = session.scalars(real.order_by(MachineClient.name)).all()
    return [client for client in found if Scope.LINKS in scopes_in(client.scopes)]


def partner(session: Session, client_id: int) -> MachineClient | None:
    return next((each for each in partners(session) if each.id == client_id), None)


def link_of_client(session: Session, client_id: int) -> int | None:
    return session.scalars(select(Link.id).where(Link.client_id == client_id)).one_or_none()


def lock_link(session: Session, link_id: int) -> Link:
    """Give a link as it is now; whoever else locks it waits until the unit is over. Raises NotThere."""
    statement = select(Link).where(Link.id == link_id).options(joinedload(Link.department, innerjoin=True))
    return one_or_not_there(session, statement.with_for_update(of=Link).execution_options(populate_existing=True))
