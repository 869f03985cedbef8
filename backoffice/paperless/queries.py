"""Which papers stand in the register, and what became of each?"""

from collections.abc import Sequence

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, joinedload

from backoffice.data_links.models import Link
from backoffice.db.lookup import one_or_not_there
from backoffice.identity import Department
from backoffice.paperless.models import NeedlessPaper, PaperChange
from backoffice.paperless.workflow import Area
from backoffice.web.lists import PAGE_SIZE

MOST_CHANGES = 50
IN_ORDER = case({area: place for place, area in enumerate(Area)}, value=NeedlessPaper.area)
"""Fields stand as the city's plan has them."""


def find_paper(session: Session, paper_id: int) -> NeedlessPaper:
    """Give a row with its department and link, also one that was taken out. Raises NotThere."""
    return one_or_not_there(
        session,
        select(NeedlessPaper)
        .where(NeedlessPaper.id == paper_id)
        .options(joinedload(NeedlessPaper.department), joinedload(NeedlessPaper.link)),
    )


def count_papers(session: Session, area: str, state: str) -> int:
    return session.scalar(select(func.count()).select_from(_in_register(area, state).subquery())) or 0


def list_papers(session: Session, area: str, state: str, offset: int) -> Sequence[NeedlessPaper]:
    """Give a page of the register, by field and procedure."""
    return session.scalars(_ordered(_in_register(area, state)).offset(offset).limit(PAGE_SIZE)).all()


def every_paper(session: Session) -> Sequence[NeedlessPaper]:
    return session.scalars(_ordered(_in_register("", ""))).all()


def standings(session: Session) -> Sequence[tuple[str, str, str, int]]:
    """Give for every row its field, procedure, state and department: what progress is counted from."""
    found = session.execute(
        select(NeedlessPaper.area, NeedlessPaper.procedure, NeedlessPaper.state, NeedlessPaper.department_id).where(
            NeedlessPaper.is_out.is_(False)
        )
    ).all()
    return [(area, procedure, state, department_id) for area, procedure, state, department_id in found]


def same_paper(session: Session, area: str, procedure: str, document: str, department_id: int) -> NeedlessPaper | None:
    """Give the row of the register for this paper of this procedure, where there is one."""
    return session.scalars(
        select(NeedlessPaper).where(
            NeedlessPaper.area == area,
            NeedlessPaper.procedure == procedure,
            NeedlessPaper.document == document,
            NeedlessPaper.department_id == department_id,
            NeedlessPaper.is_out.is_(False),
        )
    ).first()


def changes_of(session: Session, paper_id: int, most: int = MOST_CHANGES) -> Sequence[PaperChange]:
    """Give what became of a row, the newest first."""
    return session.scalars(
        select(PaperChange)
        .where(PaperChange.paper_id == paper_id)
        .options(joinedload(PaperChange.staff))
        .order_by(PaperChange.id.desc())
        .limit(most)
    ).all()


def links(session: Session) -> Sequence[Link]:
    return session.scalars(select(Link).order_by(Link.name, Link.id)).all()


def departments(session: Session) -> Sequence[Department]:
    return session.scalars(select(Department).order_by(Department.path)).all()


def _in_register(area: str, state: str) -> Select[NeedlessPaper]:
    found = select(NeedlessPaper).where(NeedlessPaper.is_out.is_(False))
    if area:
        found = found.where(NeedlessPaper.area == area)
    return found.where(NeedlessPaper.state == state) if state else found


def _ordered(found: Select[NeedlessPaper]) -> Select[NeedlessPaper]:
    return found.options(joinedload(NeedlessPaper.department), joinedload(NeedlessPaper.link)).order_by(
        IN_ORDER, NeedlessPaper.procedure, NeedlessPaper.document, NeedlessPaper.id
    )
