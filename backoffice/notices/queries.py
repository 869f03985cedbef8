"""Which wordings does a program's notice have, who wrote on them, and which one is sent?"""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, defer, joinedload

from backoffice.db.lookup import one_or_not_there
from backoffice.notices.models import NoticeAuthor, NoticeTemplate, NoticeVersion
from backoffice.notices.workflow import OPEN, NoticeState
from backoffice.programs.models import Program, ProgramVersion
from backoffice.programs.workflow import VersionState
from backoffice.web.lists import PAGE_SIZE


def find_version(session: Session, notice_id: int) -> NoticeVersion:
    """Give a version with its program and department, and whoever wrote and decided. Raises NotThere."""
    return one_or_not_there(
        session,
        select(NoticeVersion)
        .where(NoticeVersion.id == notice_id)
        .options(
            joinedload(NoticeVersion.template).joinedload(NoticeTemplate.program).joinedload(Program.department),
            joinedload(NoticeVersion.drafted_by),
            joinedload(NoticeVersion.decided_by),
        ),
    )


def find_version_of(session: Session, template_id: int, notice_id: int) -> NoticeVersion:
    """Give another version of the same notice. Raises NotThere, also for one of another program."""
    return one_or_not_there(
        session,
        select(NoticeVersion)
        .where(NoticeVersion.id == notice_id, NoticeVersion.template_id == template_id)
        .options(joinedload(NoticeVersion.drafted_by)),
    )


def versions_of(session: Session, program_id: int) -> Sequence[NoticeVersion]:
    """Give all versions of a program's notice, the newest first, without what they say."""
    return session.scalars(
        select(NoticeVersion)
        .join(NoticeVersion.template)
        .where(NoticeTemplate.program_id == program_id)
        .options(
            defer(NoticeVersion.content, raiseload=True),
            joinedload(NoticeVersion.drafted_by),
            joinedload(NoticeVersion.decided_by),
        )
        .order_by(NoticeVersion.number.desc())
    ).all()


def _listed(state: NoticeState) -> Select[NoticeVersion]:
    """Give the versions in a state; of those approved, the one of each program that is sent."""
    statement = select(NoticeVersion).where(NoticeVersion.state == state)
    if state != NoticeState.APPROVED:
        return statement
    newest = select(func.max(NoticeVersion.id)).where(NoticeVersion.state == state).group_by(NoticeVersion.template_id)
    return statement.where(NoticeVersion.id.in_(newest))


def count_listed(session: Session, state: NoticeState) -> int:
    return session.scalar(select(func.count()).select_from(_listed(state).subquery())) or 0


def list_notices(session: Session, state: NoticeState, offset: int) -> Sequence[NoticeVersion]:
    """Give a page of versions in a state with their programs and departments, the longest waiting first."""
    return session.scalars(
        _listed(state)
        .options(
            defer(NoticeVersion.content, raiseload=True),
            joinedload(NoticeVersion.template).joinedload(NoticeTemplate.program).joinedload(Program.department),
            joinedload(NoticeVersion.drafted_by),
        )
        .order_by(NoticeVersion.id)
        .limit(PAGE_SIZE)
        .offset(offset)
    ).all()


def template_of(session: Session, program_id: int) -> NoticeTemplate | None:
    return session.scalars(select(NoticeTemplate).where(NoticeTemplate.program_id == program_id)).one_or_none()


def current(session: Session, program_id: int) -> NoticeVersion | None:
    """Give the version that is sent: the newest that was approved."""
    return session.scalars(
        select(NoticeVersion)
        .join(NoticeVersion.template)
        .where(NoticeTemplate.program_id == program_id, NoticeVersion.state == NoticeState.APPROVED)
        .order_by(NoticeVersion.number.desc())
        .limit(1)
    ).one_or_none()


def worded(session: Session, program_ids: Collection[int]) -> frozenset[int]:
    """Give which of these programs have a wording that was approved."""
    approved = (
        select(NoticeTemplate.program_id)
        .join(NoticeVersion, NoticeVersion.template_id == NoticeTemplate.id)
        .where(NoticeTemplate.program_id.in_(program_ids), NoticeVersion.state == NoticeState.APPROVED)
        .distinct()
    )
    return frozenset(session.scalars(approved))


def current_id(session: Session, template_id: int) -> int | None:
    return session.scalar(
        select(func.max(NoticeVersion.id)).where(
            NoticeVersion.template_id == template_id, NoticeVersion.state == NoticeState.APPROVED
        )
    )


def has_open(session: Session, template_id: int) -> bool:
    """Say whether somebody is writing on a version already."""
    found = select(NoticeVersion.id).where(NoticeVersion.template_id == template_id, NoticeVersion.state.in_(OPEN))
    return session.scalar(found.limit(1)) is not None


def last_number(session: Session, template_id: int) -> int:
    return session.scalar(select(func.max(NoticeVersion.number)).where(NoticeVersion.template_id == template_id)) or 0


def authors_of(session: Session, version_id: int) -> Sequence[int]:
    """Give everybody who has written on a version."""
    return session.scalars(select(NoticeAuthor.staff_id).where(NoticeAuthor.version_id == version_id)).all()


def newest_of_program(session: Session, program_id: int) -> ProgramVersion | None:
    """Give what a program says before it is in force: its newest version that was not thrown away."""
    return session.scalars(
        select(ProgramVersion)
        .where(ProgramVersion.program_id == program_id, ProgramVersion.state != VersionState.DISCARDED)
        .order_by(ProgramVersion.number.desc())
        .limit(1)
    ).one_or_none()
